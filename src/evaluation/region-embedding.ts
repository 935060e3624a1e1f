import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { conceptName } from "../../knowledge/ontology/names.ts";
import { createScene } from "../demo/landforms.ts";
import { LANDFORMS, type Landform, type Position } from "../demo/scene.ts";
import { TerralogueError } from "../errors.ts";
import { workingCrs } from "../geo/crs.ts";
import { openTextEncoder } from "../models/open-encoder.ts";
import type { TextEncoder } from "../models/ports.ts";
import type { Bbox } from "../query/schema.ts";
import { terms } from "../retrieval/bm25.ts";
import { DEFAULT_WEIGHTS, embedRegion, type PartWeights } from "../retrieval/region-embedding.ts";
import { progressLines, readOptions, wholeNumber } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { similarities } from "./encode-images.ts";
import { bestRank, recallsOf } from "./retrieval-metrics.ts";

/** Worlds of these seeds and on; no other measurement, demo or training uses them. */
const FIRST_SEED = 3100;
const WORLDS_A_LANDFORM = 3;
const SIZE = 3000;
/** Regions of one kind in a world from which "which of them" is a question. */
const FEWEST_ALIKE = 3;
/** Kinds of which a world has more (houses, trees) are left out: nobody tells them apart by where they are. */
const MOST_ALIKE = 60;
const COMPASS = [
  ["south-west", "south", "south-east"],
  ["west", "centre", "east"],
  ["north-west", "north", "north-east"],
] as const;
/** The parts that each row of the result has. */
const ABLATIONS: Readonly<Record<string, Partial<PartWeights>>> = {
  textAlone: { box: 0, location: 0 },
  textAndBox: { location: 0 },
  textAndLocation: { box: 0 },
  boxAlone: { text: 0, location: 0 },
  all: {},
};

/** A thing of a painted world that a caption names. */
interface Thing {
  readonly caption: string;
  readonly box: Bbox;
  /** Row and column of the ninth of the world that its middle lies in, from the south-west. */
  readonly ninth: readonly [number, number];
}

interface World {
  readonly frame: Bbox;
  readonly things: readonly Thing[];
}

/**
 * Which of several alike: regions of demo worlds whose captions are the same but for where they are ("the storage tanks in the north-west"), found by
 * their words with and without the box and the place. A caption is asked when it fits one region of its world alone.
 */
export const regionEmbeddingEvaluation: Measurement = {
  name: "region-embedding",
  summary:
    "P@1 of captions that tell regions apart by where they are, with box and coordinates in the embedding and without: [--model ID] [--worlds N]",
  run: async (args) => {
    const values = readOptions(args, { model: { type: "string" }, worlds: { type: "string" } });
    const encoder = (await openTextEncoder(values.model)) ?? wordVectors();
    const count = wholeNumber(values.worlds, "worlds") ?? WORLDS_A_LANDFORM;
    const worlds = LANDFORMS.flatMap((landform) =>
      Array.from({ length: count }, (_, i) => worldOf(landform, FIRST_SEED + i)),
    );
    return {
      evaluation: "region-embedding",
      worlds: { landforms: LANDFORMS, seeds: [FIRST_SEED, FIRST_SEED + count - 1], metres: SIZE },
      ...(await measureRegions(worlds, encoder)),
    };
  },
};

export async function measureRegions(worlds: readonly World[], encoder: TextEncoder) {
  const ranks = new Map<string, number[]>(Object.keys(ABLATIONS).map((name) => [name, []]));
  let regions = 0;
  const examples = new Set<string>();
  let alike = 0;
  const say = progressLines("Ranking regions");
  for (const [w, { frame, things }] of worlds.entries()) {
    say(w / worlds.length, `world ${w + 1} of ${worlds.length}, ${things.length} regions`);
    regions += things.length;
    const captions = things.map(({ caption }) => caption);
    const documents = await encoder.encodePassages(captions);
    const queries = await encoder.encodeQueries(captions);
    const vectorOf = (all: Float32Array, i: number) => all.slice(i * encoder.dimensions, (i + 1) * encoder.dimensions);
    const asked = things.flatMap((thing, i) => {
      const same = things.filter(({ caption }) => caption === thing.caption);
      const here = same.filter(({ ninth }) => ninth.join() === thing.ninth.join());
      if (same.length < FEWEST_ALIKE || here.length > 1) return [];
      alike += same.length;
      if (examples.size < 5) examples.add(`the ${thing.caption} in the ${ninthName(thing.ninth)}`);
      return [{ i, box: boxOfNinth(thing.ninth, frame) }];
    });
    for (const [name, parts] of Object.entries(ABLATIONS)) {
      const weights = { ...DEFAULT_WEIGHTS, ...parts };
      const space = { frame, weights, visual: 0, text: encoder.dimensions };
      const rows = things.map(({ box }, i) => embedRegion({ visual: null, text: vectorOf(documents, i), box }, space));
      const length = rows[0]?.length ?? 0;
      const matrix = new Float32Array(rows.length * length);
      for (const [i, row] of rows.entries()) matrix.set(row, i * length);
      const scores = new Float64Array(things.length);
      for (const { i, box } of asked) {
        const query = embedRegion({ visual: null, text: vectorOf(queries, i), box }, space);
        ranks.get(name)?.push(bestRank(similarities(query, matrix, scores), [i]));
      }
    }
  }
  const asked = ranks.get("all")?.length ?? 0;
  if (asked === 0)
    throw new TerralogueError(
      "bad_arguments",
      "No region of these worlds can be told by where it is; take more worlds.",
    );
  return {
    model: encoder.id,
    weights: DEFAULT_WEIGHTS,
    regions,
    captions: asked,
    /** Regions with the same caption but for where they are, on average, the one asked for among them. */
    alike: Math.round((alike / asked) * 10) / 10,
    examples: [...examples],
    precisionAt1: Object.fromEntries([...ranks].map(([name, found]) => [name, recallsOf(found).r1])),
    recallAt5: Object.fromEntries([...ranks].map(([name, found]) => [name, recallsOf(found).r5])),
  };
}

/** The things of a painted world that have an outline; nothing is painted. */
export function worldOf(landform: Landform, seed: number): World {
  const scene = createScene({ seed, landform, size: SIZE });
  const { origin } = scene;
  const { toWgs84 } = workingCrs(`EPSG:${origin.epsg}`);
  const degrees = ([x, y]: Position) => toWgs84(origin.x + x, origin.y + y);
  const bounds = (points: readonly (readonly number[])[]): Bbox => [
    Math.min(...points.map(([x = 0]) => x)),
    Math.min(...points.map(([, y = 0]) => y)),
    Math.max(...points.map(([x = 0]) => x)),
    Math.max(...points.map(([, y = 0]) => y)),
  ];
  const things = scene.features.flatMap(({ concept, shape, span }): Thing[] => {
    if (concept === null || shape.type !== "Polygon" || span === "first") return [];
    const [minX, minY, maxX, maxY] = bounds(shape.ring);
    const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
    if (x < 0 || y < 0 || x >= SIZE || y >= SIZE) return [];
    return [
      {
        caption: conceptName(concept as ConceptId, "en", "one"),
        box: bounds(shape.ring.map(degrees)),
        ninth: [Math.floor((3 * y) / SIZE), Math.floor((3 * x) / SIZE)],
      },
    ];
  });
  const counts = new Map<string, number>();
  for (const { caption } of things) counts.set(caption, (counts.get(caption) ?? 0) + 1);
  const corners: readonly Position[] = [
    [0, 0],
    [SIZE, 0],
    [SIZE, SIZE],
    [0, SIZE],
  ];
  return {
    frame: bounds(corners.map(degrees)),
    things: things.filter(({ caption }) => (counts.get(caption) ?? 0) <= MOST_ALIKE),
  };
}

/** Words for a ninth of the world: "north-west", "centre". */
function ninthName([row, column]: readonly [number, number]): string {
  return COMPASS[row]?.[column] ?? "centre";
}

/** The box that is meant by a ninth. */
function boxOfNinth([row, column]: readonly [number, number], [west, south, east, north]: Bbox): Bbox {
  const [width, height] = [(east - west) / 3, (north - south) / 3];
  return [west + column * width, south + row * height, west + (column + 1) * width, south + (row + 1) * height];
}

const WORD_DIMENSIONS = 256;

/** Texts as hashed counts of their words, for models that encode no text. */
function wordVectors(): TextEncoder {
  const encode = async (texts: readonly string[]) => {
    const out = new Float32Array(texts.length * WORD_DIMENSIONS);
    for (const [i, text] of texts.entries()) {
      const row = out.subarray(i * WORD_DIMENSIONS, (i + 1) * WORD_DIMENSIONS);
      for (const term of terms(text)) {
        let hash = 0x811c9dc5;
        for (const unit of term) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193) >>> 0;
        row[hash % WORD_DIMENSIONS] = (row[hash % WORD_DIMENSIONS] as number) + 1;
      }
      const length = Math.hypot(...row);
      if (length > 0) for (let k = 0; k < row.length; k += 1) row[k] = (row[k] as number) / length;
    }
    return out;
  };
  return { id: "words@1", dimensions: WORD_DIMENSIONS, encodeQueries: encode, encodePassages: encode };
}
