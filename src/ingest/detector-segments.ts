import type { Detector, Segmenter } from "../models/ports.ts";

/** A detector where segments are looked for: its boxes are whole things. */
export function asSegmenter(detector: Detector): Segmenter {
  return {
    id: detector.id,
    concepts: detector.concepts,
    ...(detector.gsd && { gsd: detector.gsd, targetGsd: detector.gsd.min }),
    segment: async (chip, { signal } = {}) =>
      (await detector.detect(chip, signal)).map(({ concept, confidence, polygon }) => ({
        concept,
        confidence,
        polygon,
        attributes: [],
      })),
  };
}
