import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Chip } from "../../src/imagery/ports.ts";
import { type OnnxSegmenter, openSegmenter } from "../../src/models/onnx-segmenter.ts";
import { ofKind, readManifest } from "../../src/models/read-manifest.ts";
import type { LabelRaster } from "../../src/models/segments/components.ts";
import { type Colour, paintedChip, TINY_MODELS } from "../fixtures/models.ts";

const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];
const BLACK: Colour = [0, 0, 0];
const opened: OnnxSegmenter[] = [];

async function open(name: string, change: Record<string, unknown> = {}): Promise<OnnxSegmenter> {
  const model = ofKind(await readManifest(join(TINY_MODELS, name)), "segmenter");
  const segmenter = await openSegmenter({ ...model, manifest: { ...model.manifest, ...change } });
  opened.push(segmenter);
  return segmenter;
}
afterAll(async () => {
  for (const segmenter of opened) await segmenter.close();
});

/** A roof of 20 × 10 m across the tiles' borders, and a pond in the corner. */
const roofAndPond = (gsd = 1) =>
  paintedChip(
    100 / gsd,
    80 / gsd,
    (px, py) => {
      const [x, y] = [px * gsd, py * gsd];
      if (x >= 20 && x < 40 && y >= 24 && y < 34) return RED;
      return x >= 90 && y < 6 ? BLUE : BLACK;
    },
    gsd,
  );

describe("the segmenter", () => {
  it("gives exact polygons with confidence, measures and attributes", async () => {
    const segmenter = await open("tiny-segmenter");
    expect(segmenter).toMatchObject({ id: "tiny-segmenter@1", concepts: ["building", "water"] });
    const found = await segmenter.segment(roofAndPond());
    const sure = 1 / (1 + Math.exp(-10) + Math.exp(-5));
    expect(found).toEqual([
      {
        concept: "water",
        confidence: Math.round(sure * 100) / 100,
        polygon: {
          type: "Polygon",
          coordinates: [
            [
              [90, 0],
              [90, 6],
              [100, 6],
              [100, 0],
              [90, 0],
            ],
          ],
        },
        attributes: ["blue", "rectangular"],
        measures: { areaM2: 60, elongation: 0.4, orientationDeg: 90, rectangularity: 1 },
      },
      {
        concept: "building",
        confidence: Math.round(sure * 100) / 100,
        polygon: {
          type: "Polygon",
          coordinates: [
            [
              [20, 24],
              [20, 34],
              [40, 34],
              [40, 24],
              [20, 24],
            ],
          ],
        },
        attributes: ["red", "rectangular"],
        measures: { areaM2: 200, elongation: 0.5, orientationDeg: 90, rectangularity: 1 },
      },
    ]);
  });

  it("leaves out what is too small or too unsure", async () => {
    const segmenter = await open("tiny-segmenter");
    const small = paintedChip(40, 40, (x, y) => (x < 2 && y < 3 ? RED : BLACK));
    expect(await segmenter.segment(small)).toEqual([]);
    // Logit 5.3 against 5 and 0: 0.573 of the probability, under the 0.6 that is asked.
    const faint = paintedChip(40, 40, (x, y) => (x < 20 && y < 20 ? [135, 0, 0] : BLACK));
    expect(await segmenter.segment(faint)).toEqual([]);
  });

  it("finds nothing in imagery that it was not made for, nor where there is none", async () => {
    const segmenter = await open("tiny-segmenter");
    const chip = roofAndPond();
    expect(await segmenter.segment({ ...chip, box: [0, 0, 1000, 800] })).toEqual([]);
    expect(await segmenter.segment({ ...chip, valid: new Uint8Array(chip.valid.length) })).toEqual([]);
  });

  it("resamples to its own GSD and gives polygons in the chip's pixels", async () => {
    const segmenter = await open("tiny-segmenter", { targetGsd: 2 });
    const roof = (await segmenter.segment(roofAndPond(0.5))).find(({ concept }) => concept === "building");
    expect(roof?.polygon.coordinates[0]?.[0]).toEqual([40, 48]);
    expect(roof?.measures).toMatchObject({ areaM2: 200 });
  });

  it.each([
    ["tiny-segmenter", 32],
    ["tiny-segmenter-wide", 64],
  ])("%s labels the same whatever the tiles", async (name, tileSize) => {
    const noisy = paintedChip(150, 130, (x, y) => [
      (x * 31 + y * 17 + ((x * y) % 13) * 9) % 256,
      0,
      (x * 7 + y * 43) % 256,
    ]);
    const tiled = (await (await open(name, { tileSize })).labels(noisy)) as LabelRaster;
    const whole = (await (await open(name, { tileSize: 160 })).labels(noisy)) as LabelRaster;
    expect(new Set(tiled.labels)).toEqual(new Set([0, 1, 2]));
    expect(tiled.labels).toEqual(whole.labels);
    const apart = tiled.confidences.map((value, i) => Math.abs(value - (whole.confidences[i] as number)));
    expect(apart.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(1e-5);
  });

  it("takes labels that the graph settled itself as its own", async () => {
    const own = await (await open("tiny-segmenter")).segment(roofAndPond());
    expect(own).toHaveLength(2);
    expect(await (await open("tiny-segmenter-labels")).segment(roofAndPond())).toEqual(own);
    const { manifest } = ofKind(await readManifest(join(TINY_MODELS, "tiny-segmenter-labels")), "segmenter");
    const fewer = await open("tiny-segmenter-labels", { classes: manifest.classes.slice(0, 2) });
    await expect(fewer.segment(roofAndPond())).rejects.toThrow(/gives the label 2, but its manifest lists 2 classes/);
  });

  it("is stopped by a signal", async () => {
    const segmenter = await open("tiny-segmenter");
    await expect(segmenter.segment(roofAndPond(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it.each([
    [
      "classes",
      (manifest: { classes: unknown[] }) => ({ classes: manifest.classes.slice(0, 2) }),
      /tells 3 classes, but its manifest lists 2; list them all/,
    ],
    ["stride", () => ({ outputStride: 2 }), /set outputStride to 1 in the manifest\.$/],
    ["margin", () => ({ margin: 16 }), /margin 16 leaves nothing of tiles of 32 pixels/],
  ])("a manifest with wrong %s is refused with one sentence", async (_, change, sentence) => {
    const { manifest } = ofKind(await readManifest(join(TINY_MODELS, "tiny-segmenter")), "segmenter");
    const run = async (chip: Chip) => (await open("tiny-segmenter", change(manifest))).segment(chip);
    await expect(run(roofAndPond())).rejects.toThrow(sentence);
  });
});
