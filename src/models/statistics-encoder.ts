import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import type { Chip } from "../imagery/ports.ts";
import { STATISTIC_NAMES, type StatisticName, statisticsVector } from "../imagery/statistics.ts";
import type { Encoder } from "./ports.ts";
import { STATISTICS_SCALE } from "./statistics-scale.ts";

/** Standardised statistics are cut here, so that one odd figure does not drown the rest. */
const LARGEST_DEVIATION = 3;

/**
 * Directions in the standardised space along which a land cover stands out, with the score's midpoint: set by hand from
 * what the statistics mean. Only covers that colour and smoothness tell; things with shape are left to segmentation.
 */
const COVERS: Readonly<
  Partial<
    Record<ConceptId, { readonly weights: Readonly<Partial<Record<StatisticName, number>>>; readonly midpoint: number }>
  >
> = {
  water: {
    weights: { water_share: 1, blue_chromaticity_mean: 0.6, red_chromaticity_mean: -0.6, edge_density: -0.3 },
    midpoint: 0.3,
  },
  sea: {
    weights: { water_share: 1, blue_chromaticity_mean: 0.6, red_chromaticity_mean: -0.6, edge_density: -0.3 },
    midpoint: 0.34,
  },
  forest: {
    weights: { tree_share: 1, vegetation_share: 0.4, brightness_mean: -0.5, strong_edge_density: 0.2 },
    midpoint: 0.3,
  },
};

/**
 * An encoder without a trained model: interpretable colour and texture statistics of a chip, standardised, cut at three
 * deviations, and scaled to unit length. Its space compares chips with chips; it has no text tower, and tells only water
 * and forest among the concepts.
 */
export function createStatisticsEncoder(): Encoder {
  const dimensions = STATISTIC_NAMES.length;
  return {
    id: "statistics@1",
    dimensions,
    encodeChips: async (chips) => {
      const out = new Float32Array(chips.length * dimensions);
      for (const [i, chip] of chips.entries()) out.set(encode(chip), i * dimensions);
      return out;
    },
    encodeText: async () => null,
    scoreConcept: (concept, vectors) => {
      const cover = COVERS[concept];
      if (!cover) return null;
      const length = Math.hypot(...Object.values(cover.weights));
      const scores = new Float32Array(vectors.length / dimensions);
      for (let i = 0; i < scores.length; i += 1) {
        let dot = 0;
        for (const [k, name] of STATISTIC_NAMES.entries())
          dot += (cover.weights[name] ?? 0) * (vectors[i * dimensions + k] as number);
        scores[i] = 1 / (1 + Math.exp(-12 * (dot / length - cover.midpoint)));
      }
      return scores;
    },
  };
}

function encode(chip: Chip): Float32Array {
  const raw = statisticsVector(chip);
  const vector = Float32Array.from(STATISTIC_NAMES, (name, k) => {
    const [mean, deviation] = STATISTICS_SCALE[name];
    return Math.max(-LARGEST_DEVIATION, Math.min(LARGEST_DEVIATION, ((raw[k] as number) - mean) / deviation));
  });
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
