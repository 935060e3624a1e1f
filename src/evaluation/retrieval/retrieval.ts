import { readFileSync } from "node:fs";
import { LANDFORMS, type Landform } from "../../demo/scene.ts";
import { type Engine, openEngine } from "../../engine.ts";
import { TerralogueError } from "../../errors.ts";
import { type FusionWeights, FusionWeightsSchema } from "../../retrieval/fusion.ts";
import { oneOf, progressLines, readOptions, shareOf, wholeNumber } from "../arguments.ts";
import type { Measurement } from "../benchmark.ts";
import { CALIBRATION_SEEDS, EVALUATION_SEEDS, TRAINING_SEEDS } from "../seeds.ts";
import { ablations } from "./ablations.ts";
import { confusionsOf } from "./confusions.ts";
import { denseWindows, fixedTiles, textToText } from "./embedding-baselines.ts";
import { judgeRegions } from "./match.ts";
import { everything, type Method, pyramidOnly, reasonerOnly } from "./methods.ts";
import { type BenchmarkQuery, countsFor, generateQueries, onlyTypes, QUERY_TYPES, type QueryType } from "./queries.ts";
import { type Asked, byProperty, figuresOf, round } from "./report.ts";
import { readTruth, type TruthWorld } from "./truth.ts";
import { type PreparedWorld, prepareWorld, worldsFolder } from "./worlds.ts";

const SEEDS = { training: TRAINING_SEEDS, calibration: CALIBRATION_SEEDS, evaluation: EVALUATION_SEEDS };
type Split = keyof typeof SEEDS;

/**
 * Retrieval over demo worlds that nothing was learned or calibrated on: questions made from the truth, asked of the whole system and of its baselines.
 */
export const retrievalEvaluation: Measurement = {
  name: "retrieval",
  summary:
    "retrieval over demo worlds, against baselines: [--worlds N a landform] [--size METRES] [--share 0..1 of the questions] [--landform NAME] [--only METHOD] [--ablations [--fusion FILE: one more, with another fusion]] [--types NAME,NAME of questions] [--errors N] [--worlds-folder DIR] [--split evaluation|calibration|training]",
  run: async (args) => {
    const values = readOptions(args, {
      worlds: { type: "string", default: "2" },
      size: { type: "string", default: "3000" },
      share: { type: "string", default: "1" },
      landform: { type: "string" },
      only: { type: "string" },
      ablations: { type: "boolean", default: false },
      fusion: { type: "string" },
      errors: { type: "string", default: "40" },
      types: { type: "string" },
      split: { type: "string", default: "evaluation" },
      "worlds-folder": { type: "string" },
    });
    const share = shareOf(values.share);
    const errors = wholeNumber(values.errors, "errors") ?? 40;
    const asked = await askAll({
      split: oneOf(values.split, Object.keys(SEEDS) as Split[], "split"),
      worlds: wholeNumber(values.worlds, "worlds") ?? 2,
      size: wholeNumber(values.size, "size") ?? 3000,
      share,
      landforms: values.landform ? [oneOf(values.landform, LANDFORMS, "landform")] : LANDFORMS,
      only: values.only,
      ablations: values.ablations,
      fusion: values.fusion === undefined ? null : readFusion(values.fusion),
      types: values.types === undefined ? QUERY_TYPES : typesOf(values.types),
      folder: worldsFolder(values["worlds-folder"]),
    });
    const [whole] = asked.methods;
    if (!whole) throw new TerralogueError("bad_arguments", `There is no method "${values.only}".`);
    return {
      evaluation: "retrieval",
      split: values.split,
      worlds: asked.worlds,
      methods: asked.methods.map(({ name, asked: own }) => ({
        method: name,
        ...figuresOf(own),
        ...byProperty(own, {
          byType: ({ query }) => query.type,
          ...(name === whole.name && {
            byLandform: ({ query }: Asked) => query.id.split("-")[0] as string,
            byLanguage: ({ query }: Asked) => query.language,
            byGsd: ({ gsd }: Asked) => `${gsd} m`,
          }),
        }),
      })),
      confusions: confusionsOf(whole.asked, errors),
    };
  },
};

/** @throws {TerralogueError} `bad_arguments` for a file that holds no fusion */
function readFusion(path: string): FusionWeights {
  try {
    return FusionWeightsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new TerralogueError(
      "bad_arguments",
      `${path} holds no fusion as \`eval -- fusion --learn FILE\` writes it.`,
      { cause },
    );
  }
}

function typesOf(names: string): readonly QueryType[] {
  return names.split(",").map((name) => oneOf(name.trim(), QUERY_TYPES, "types"));
}

interface AskOptions {
  readonly split: Split;
  readonly worlds: number;
  readonly size: number;
  readonly share: number;
  readonly landforms: readonly Landform[];
  /** One method alone. */
  readonly only: string | undefined;
  /** The whole system with one thing taken away after another, instead of the baselines. */
  readonly ablations: boolean;
  /** Another fusion, tried among the ablations. */
  readonly fusion: FusionWeights | null;
  /** Types of questions that are asked. */
  readonly types: readonly QueryType[];
  readonly folder: string;
}

export interface AskedWorlds {
  readonly worlds: readonly { readonly landform: Landform; readonly seed: number; readonly queries: number }[];
  readonly methods: readonly { readonly name: string; readonly asked: readonly Asked[] }[];
}

/** Asks every query of every world of a split of every method, world by world. */
export async function askAll(options: AskOptions): Promise<AskedWorlds> {
  const { landforms, folder, worlds: perLandform, size, split } = options;
  const asked = new Map<string, Asked[]>();
  const worlds: { landform: Landform; seed: number; queries: number }[] = [];
  for (let index = 0; index < perLandform; index += 1) {
    for (const landform of landforms) {
      const seed = SEEDS[split][0] + index;
      const prepared = await prepareWorld({ landform, seed, size }, folder);
      const truth = readTruth(prepared.world);
      const queries = generateQueries(truth, onlyTypes(countsFor(perLandform, options.share), options.types));
      worlds.push({ landform, seed, queries: queries.length });
      await withMethods(prepared, options, async (method, engine) => {
        const held = asked.get(method.name) ?? [];
        asked.set(method.name, held);
        const say = progressLines(`${landform} ${seed}, ${method.name}`);
        for (const [i, query] of queries.entries()) {
          held.push(await ask(method, query, truth, engine));
          say((i + 1) / queries.length, query.text);
        }
      });
    }
  }
  return { worlds, methods: [...asked].map(([name, own]) => ({ name, asked: own })) };
}

async function withMethods(
  { workspace }: PreparedWorld,
  { only, ablations: ablates, fusion }: AskOptions,
  each: (method: Method, engine: Engine) => Promise<void>,
): Promise<void> {
  const engine = await openEngine(workspace);
  try {
    const { stages, context } = engine;
    const without = ablates ? ablations(stages, context, fusion) : [];
    const makers: readonly (() => Method | Promise<Method>)[] = [
      () => everything(stages),
      ...without,
      () => reasonerOnly(stages),
      () => pyramidOnly(stages, context),
      () => textToText(context),
      () => fixedTiles(context),
      () => denseWindows(context),
    ];
    const chosen = only === "everything" ? 1 : ablates ? 1 + without.length : makers.length;
    for (const make of makers.slice(0, chosen)) {
      const method = await make();
      if (only === undefined || method.name === only) await each(method, engine);
    }
  } finally {
    engine.close();
  }
}

async function ask(method: Method, query: BenchmarkQuery, truth: TruthWorld, { context }: Engine): Promise<Asked> {
  const found = await method.find(query);
  const [minX, minY, maxX, maxY] = truth.box;
  return {
    query,
    found,
    judged: judgeRegions(found.regions, query.answers, query.doubtful),
    areaKm2: ((maxX - minX) * (maxY - minY)) / 1e6,
    gsd: round(context.workspace.reader.gsd(context.dates.at(-1) ?? null)),
  };
}
