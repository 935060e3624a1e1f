/**
 * Windows of demo worlds of the training seeds, for the Python scripts: pictures with label rasters (segmenter) or with captions
 * (dual encoder).
 *
 *   node dist/export-worlds.mjs labels OUT WINDOWS [FIRST_SEED WORLDS]
 *   node dist/export-worlds.mjs chips OUT CHIPS [FIRST_SEED WORLDS]
 *
 *   node dist/export-worlds.mjs names
 *
 * `names` prints the labels in the order of their values; `labels` writes images.bin (uint8, [n, 256, 256, 3]), labels.bin (uint8, [n, 256, 256]) and windows.jsonl; `chips` writes
 * chips.bin (uint8, [n, 150, 150, 3]) and captions.jsonl.
 */
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { LABELS, LabelPainter } from "../../src/demo/label-painter.ts";
import { createScene } from "../../src/demo/landforms.ts";
import { boxOf, featuresOn, ScenePainter } from "../../src/demo/paint.ts";
import { Random } from "../../src/demo/random.ts";
import { LANDFORMS, type Scene } from "../../src/demo/scene.ts";

import { TRAINING_SEEDS } from "../../src/evaluation/seeds.ts";
import { windowCaptions } from "./captions.ts";

const [mode, out, count, first = String(TRAINING_SEEDS[0]), worlds = "36"] = process.argv.slice(2);
if (mode === "names") {
  process.stdout.write(`${LABELS.join(",")}\n`);
  process.exit(0);
}
if ((mode !== "labels" && mode !== "chips") || !out || !count) {
  process.stderr.write("Usage: export-worlds labels|chips OUT COUNT [FIRST_SEED WORLDS]\n");
  process.exit(1);
}
const total = Number(count);
const worldCount = Number(worlds);
const seed0 = Number(first);
if (seed0 < TRAINING_SEEDS[0] || seed0 + worldCount > TRAINING_SEEDS[1]) {
  process.stderr.write(`The seeds ${seed0} to ${seed0 + worldCount - 1} are not training seeds.\n`);
  process.exit(1);
}
const SIZE = 3000;
const SIDE = mode === "labels" ? 256 : 150;
/** Things that a window drawn at random seldom shows. */
const RARE = new Set([
  "ship",
  "container_crane",
  "container_yard",
  "storage_tank",
  "tank_farm",
  "solar_panel",
  "solar_farm",
  "plane",
  "runway",
  "wind_turbine",
  "stadium",
  "truck_yard",
  "parking_lot",
  "quarry",
  "mine",
  "logistics_park",
  "railway_station",
  "greenhouse",
  "bridge",
  "highway_exit",
  "wastewater_plant",
  "pier",
  "marina",
  "rail_yard",
  "beach",
  "oil_well",
  "landfill",
  "construction_site",
]);

/** Basins are the hardest to label: arid grounds look alike. */
const ORDER = mode === "labels" ? [...LANDFORMS, "basin" as const] : LANDFORMS;

mkdirSync(out, { recursive: true });
const pictures = createWriteStream(join(out, mode === "labels" ? "images.bin" : "chips.bin"));
const labels = mode === "labels" ? createWriteStream(join(out, "labels.bin")) : null;
const lines = createWriteStream(join(out, mode === "labels" ? "windows.jsonl" : "captions.jsonl"));
const histogram = new Array<number>(LABELS.length).fill(0);
let made = 0;
for (let i = 0; i < worldCount; i += 1) {
  const seed = seed0 + i;
  const landform = ORDER[i % ORDER.length] as (typeof LANDFORMS)[number];
  const scene = createScene({ seed, landform, size: SIZE });
  const random = new Random(seed * 7 + (mode === "labels" ? 1 : 2));
  const each = Math.floor(total / worldCount);
  for (let k = 0; k < each; k += 1) {
    const date = random.chance(0.5) ? 1 : 0;
    // The segmenter reads imagery at 1 m; what coarser imagery looks like at that is for its training to imitate.
    const gsd = mode === "labels" ? gsdOf(random, 0.7, 1.45) : gsdOf(random, 0.5, 4);
    const [x, y] = windowIn(scene, date, gsd, random);
    const rgb = new ScenePainter(scene, date, gsd).paint(x, y, SIDE, SIDE);
    const truth = new LabelPainter(scene, date, gsd).paint(x, y, SIDE, SIDE);
    if (labels) {
      for (const value of truth) histogram[value] = (histogram[value] as number) + 1;
      labels.write(truth);
      lines.write(`${JSON.stringify({ seed, landform, date, gsd, x, y })}\n`);
    } else {
      const { captions, concepts } = windowCaptions(
        scene,
        date,
        { x: x * gsd, y: y * gsd, side: SIDE * gsd, gsd },
        truth,
        random,
      );
      if (captions.length === 0) continue;
      lines.write(`${JSON.stringify({ seed, landform, date, gsd, captions, concepts })}\n`);
    }
    if (!pictures.write(rgb)) await new Promise((resolve) => pictures.once("drain", () => resolve(null)));
    made += 1;
  }
  process.stderr.write(`world ${i + 1} of ${worldCount}, ${made} windows\n`);
}
await Promise.all(
  [pictures, labels, lines].map((stream) => stream && new Promise((resolve) => stream.end(() => resolve(null)))),
);
const sum = histogram.reduce((a, b) => a + b, 0);
if (labels)
  for (const [i, label] of LABELS.entries())
    process.stderr.write(`${label} ${(((histogram[i] as number) / sum) * 100).toFixed(3)} %\n`);

function gsdOf(random: Random, low: number, high: number): number {
  return Math.round(Math.exp(random.between(Math.log(low), Math.log(high))) * 1000) / 1000;
}

/** The north-west pixel of a window: half of them have something rare near their middle. */
function windowIn(scene: Scene, date: 0 | 1, gsd: number, random: Random): [number, number] {
  const across = Math.floor(scene.size / gsd) - SIDE;
  if (random.chance(0.65)) {
    const features = featuresOn(scene, date);
    const kinds = [...new Set(features.flatMap(({ concept }) => (concept && RARE.has(concept) ? [concept] : [])))];
    if (kinds.length > 0) {
      const kind = random.pick(kinds);
      const feature = random.pick(features.filter(({ concept }) => concept === kind));
      const [minX, minY, maxX, maxY] = boxOf(feature);
      const reach = SIDE * 0.3;
      const x = (minX + maxX) / 2 / gsd - SIDE / 2 + random.between(-reach, reach);
      const y = (scene.size - (minY + maxY) / 2) / gsd - SIDE / 2 + random.between(-reach, reach);
      return [Math.round(Math.min(across, Math.max(0, x))), Math.round(Math.min(across, Math.max(0, y)))];
    }
  }
  return [random.integer(0, across), random.integer(0, across)];
}
