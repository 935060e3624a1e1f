import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Landform } from "../demo/scene.ts";
import { LANDFORMS } from "../demo/scene.ts";
import { paintWorld } from "../demo/write-demo.ts";
import { openEngine } from "../engine.ts";
import { TerralogueError } from "../errors.ts";
import { ingest } from "../ingest/ingest.ts";
import { distanceM } from "../logic/distance.ts";
import { openEncoder } from "../models/open-encoder.ts";
import { openModels, rulesBeside } from "../models/open-models.ts";
import type { Segmenter } from "../models/ports.ts";
import { PACKAGE_MODELS } from "../models/registry.ts";
import { areaM2, type Outline, overlapOfSmaller } from "../retrieval/planar.ts";
import type { Entity } from "../store/entity.ts";
import { readOptions } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";

/** Evaluation worlds; the demo's seed and the seeds of the statistics' scale are not among them. */
const SEEDS = [41, 42, 43];
const SIZE = 3000;

interface Truth {
  readonly concept: string;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly outline: Outline;
}

interface Tally {
  truth: number;
  found: number;
  dated: number;
  datedRight: number;
  segments: number;
  falseSegments: number;
}

/**
 * How well large roofs, truck yards and solar farms are found and dated, and how well the first question is answered, on worlds of unseen seeds. A thing counts as
 * found when an entity covers half of the smaller one; a region counts as right when it lies on a park that the question asks for.
 */
export const evidenceEvaluation: Measurement = {
  name: "evidence",
  summary:
    "finding and dating of large roofs, truck yards and solar farms, and the first question's precision and recall, on unseen worlds: [--seeds 41,42,43] [--segmenter ID, alone]",
  run: async (args) => {
    const values = readOptions(args, { seeds: { type: "string" }, segmenter: { type: "string" } });
    const seeds = seedsOf(values.seeds);
    const models = await openModels(
      { directory: PACKAGE_MODELS, paths: [], ...(values.segmenter && { segmenter: values.segmenter }) },
      { slots: ["segmenter"], threads: 2 },
    );
    if (!models.segmenter) throw new TerralogueError("not_found", "There is no segmenter to measure.");
    const { segmenter } = models;
    // As ingest does by itself; a segmenter that was named is measured alone.
    const rules = values.segmenter ? [] : rulesBeside(segmenter);
    const kinds: Record<"large_roof" | "truck_yard" | "solar_farm", Tally> = {
      large_roof: emptyTally(),
      truck_yard: emptyTally(),
      solar_farm: emptyTally(),
    };
    const question = { asked: 0, found: 0, shown: 0, right: 0, probabilitySum: 0 };
    for (const landform of LANDFORMS)
      for (const seed of seeds) await addWorld(landform, seed, { segmenter, rules }, kinds, question);
    await models.close();
    return {
      evaluation: "evidence",
      segmenters: [segmenter, ...rules].map(({ id }) => id),
      worlds: { landforms: LANDFORMS, seeds, metres: SIZE },
      things: Object.fromEntries(
        Object.entries(kinds).map(([kind, tally]) => [
          kind,
          {
            ...tally,
            recall: share(tally.found, tally.truth),
            datedRight: share(tally.datedRight, tally.dated),
            segmentPrecision: share(tally.segments - tally.falseSegments, tally.segments),
          },
        ]),
      ),
      question: {
        text: "find new logistics parks near highway exits",
        ...question,
        precision: share(question.right, question.shown),
        recall: share(question.found, question.asked),
        meanProbability: share(question.probabilitySum, question.shown),
      },
    };
  },
};

/** "41,42,43"; the default ones without it. */
function seedsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return SEEDS;
  const seeds = text.split(",").map(Number);
  if (seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) return seeds;
  throw new TerralogueError("bad_arguments", `The seeds "${text}" are not whole numbers with commas between.`);
}

function emptyTally(): Tally {
  return { truth: 0, found: 0, dated: 0, datedRight: 0, segments: 0, falseSegments: 0 };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 1000) / 1000 : null;
}

async function addWorld(
  landform: Landform,
  seed: number,
  looking: { readonly segmenter: Segmenter; readonly rules: readonly Segmenter[] },
  kinds: Record<"large_roof" | "truck_yard" | "solar_farm", Tally>,
  question: { asked: number; found: number; shown: number; right: number; probabilitySum: number },
): Promise<void> {
  process.stderr.write(`${landform} ${seed} …\n`);
  const folder = mkdtempSync(join(tmpdir(), "terralogue-eval-"));
  try {
    const world = await paintWorld({ out: join(folder, "demo"), landform, seed, size: SIZE });
    const workspace = join(folder, "workspace");
    await ingest({
      workspace,
      images: world.images.map(({ path, date }) => `${path}@${date}`),
      vectors: [world.layers],
      knowledge: [world.knowledge],
      encoder: await openEncoder(undefined),
      ...looking,
    });
    const engine = await openEngine(workspace);
    try {
      const truth = readTruth(world.truth, (geometry) => engine.workspace.crs.geometryFromWgs84(geometry));
      const roofs = truth.filter(
        ({ concept, outline }) =>
          ["warehouse", "factory", "shopping_mall"].includes(concept) && areaM2(outline) >= 2000,
      );
      const yards = truth.filter(({ concept }) => concept === "truck_yard");
      tally(
        kinds.large_roof,
        roofs,
        engine.workspace.entities.query({ concepts: ["large_roof", "warehouse", "factory", "shopping_mall"] }),
      );
      tally(kinds.truck_yard, yards, engine.workspace.entities.query({ concepts: ["truck_yard"] }));
      tally(
        kinds.solar_farm,
        truth.filter(({ concept }) => concept === "solar_farm"),
        engine.workspace.entities.query({ concepts: ["solar_farm", "solar_panel"] }),
      );
      const exits = truth.filter(({ concept }) => concept === "highway_exit");
      const wanted = truth.filter(
        ({ concept, firstSeen, outline }) =>
          concept === "logistics_park" &&
          firstSeen !== null &&
          exits.some((exit) => distanceM(outline, exit.outline) <= 1000),
      );
      const reply = await engine.agent.run({ message: "find new logistics parks near highway exits" });
      const regions = reply.regions.map(({ geometry, probability }) => ({
        outline: engine.workspace.crs.geometryFromWgs84(geometry) as Outline,
        probability,
      }));
      const found = wanted.filter(({ outline }) =>
        regions.some((region) => overlapOfSmaller(outline, region.outline) >= 0.5),
      ).length;
      process.stderr.write(`  ${found} of ${wanted.length} parks found\n`);
      question.asked += wanted.length;
      question.found += found;
      question.shown += regions.length;
      question.right += regions.filter((region) =>
        wanted.some(({ outline }) => overlapOfSmaller(outline, region.outline) >= 0.5),
      ).length;
      question.probabilitySum += regions.reduce((sum, { probability }) => sum + probability, 0);
    } finally {
      engine.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTruth(path: string, convert: (geometry: GeoJSON.Geometry) => GeoJSON.Geometry): readonly Truth[] {
  const { features } = JSON.parse(readFileSync(path, "utf8")) as {
    features: {
      properties: { concept: string; firstSeen: string | null; lastSeen: string | null };
      geometry: GeoJSON.Geometry;
    }[];
  };
  return features.map(({ properties, geometry }) => ({
    concept: properties.concept,
    firstSeen: properties.firstSeen,
    lastSeen: properties.lastSeen,
    outline: convert(geometry) as Outline,
  }));
}

function tally(into: Tally, truth: readonly Truth[], entities: readonly Entity[]): void {
  const outlines = entities.filter(({ geometry }) => geometry.type === "Polygon" || geometry.type === "MultiPolygon");
  into.truth += truth.length;
  for (const thing of truth) {
    const match = outlines.find(({ geometry }) => overlapOfSmaller(thing.outline, geometry as Outline) >= 0.5);
    if (!match) continue;
    into.found += 1;
    into.dated += 1;
    if (match.firstSeen === thing.firstSeen && match.lastSeen === thing.lastSeen) into.datedRight += 1;
  }
  const segments = outlines.filter(({ source }) => source.startsWith("segmenter:"));
  into.segments += segments.length;
  into.falseSegments += segments.filter(
    ({ geometry }) => !truth.some(({ outline }) => overlapOfSmaller(outline, geometry as Outline) >= 0.5),
  ).length;
}
