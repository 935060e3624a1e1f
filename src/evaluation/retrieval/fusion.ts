import { writeFileSync } from "node:fs";
import { LANDFORMS } from "../../demo/scene.ts";
import { type Engine, openEngine } from "../../engine.ts";
import {
  calibrated,
  FUSION,
  FUSION_FEATURES,
  type FusionWeights,
  fusedScore,
  fusionVector,
  kindOf,
  QUERY_KINDS,
  type QueryKind,
} from "../../retrieval/fusion.ts";
import { boxPolygon, outlinesMeet, overlapOfSmaller } from "../../retrieval/planar.ts";
import type { ProvedCandidate } from "../../retrieval/values.ts";
import { readOptions, required, shareOf, wholeNumber } from "../arguments.ts";
import type { Measurement } from "../benchmark.ts";
import { CALIBRATION_SEEDS, TRAINING_SEEDS } from "../seeds.ts";
import { brierScore, expectedCalibrationError } from "./calibration-metrics.ts";
import { conformalThreshold, type Example, learnIsotonic, learnLogistic } from "./learn.ts";
import { judgeRegions } from "./match.ts";
import { dialogueOf } from "./methods.ts";
import { type BenchmarkQuery, countsFor, generateQueries, type QueryType } from "./queries.ts";
import { round } from "./report.ts";
import { readTruth } from "./truth.ts";
import { prepareWorld, worldsFolder } from "./worlds.ts";

const ALPHA = 0.1;
/** Candidates of a query that are learned from, truest first. */
const MOST_CANDIDATES = 40;
const LEAST_TRUTH = 0.01;
/** Regions of a query that are shown at most. */
const SHOWN = 10;
const SAME_PLACE = 0.5;
/** Parts of a tile's score that are learned; likeness to a region is asked for in no question here, and keeps its weight. */
const TILE_PARTS = ["image", "context", "entities", "caption", "relation", "change"] as const;

/**
 * Learns the fusion of tiles and of candidates on training worlds, calibrates its probabilities and sets the threshold of abstention on calibration worlds, and
 * writes the versioned file that the stages read.
 */
export const fusionLearning: Measurement = {
  name: "fusion",
  summary:
    "learns how scores are fused, calibrated and held back: --learn FILE [--worlds N a landform and split] [--size METRES] [--share 0..1 of the questions] [--without-hard-negatives] [--worlds-folder DIR]",
  run: async (args) => {
    const values = readOptions(args, {
      learn: { type: "string" },
      worlds: { type: "string", default: "1" },
      size: { type: "string", default: "2000" },
      share: { type: "string", default: "1" },
      "without-hard-negatives": { type: "boolean", default: false },
      "worlds-folder": { type: "string" },
    });
    const file = required(values.learn, "learn");
    const options = {
      worlds: wholeNumber(values.worlds, "worlds") ?? 1,
      size: wholeNumber(values.size, "size") ?? 2000,
      share: shareOf(values.share),
      folder: worldsFolder(values["worlds-folder"]),
    };
    const isEasy = values["without-hard-negatives"];
    const training = await collect(TRAINING_SEEDS[0], options);
    const kept = FUSION.coarse.weights;
    const tiles = learnLogistic(training.tiles, TILE_PARTS, new Set(TILE_PARTS));
    const rank = learnLogistic(
      (isEasy ? withoutHardNegatives(training.queries) : training.queries).flatMap(({ candidates }) =>
        candidates.map(exampleOf),
      ),
      FUSION_FEATURES,
      new Set(["truth", "heat", "coarse"]),
    ) as FusionWeights["rank"];
    const calibration = await collect(CALIBRATION_SEEDS[0], options);
    const draft: FusionWeights = {
      ...FUSION,
      version: FUSION.version + 1,
      made: `learned ${isEasy ? "without hard negatives " : ""}on ${training.queries.length} questions about training worlds of seeds from ${TRAINING_SEEDS[0]}, calibrated on ${calibration.queries.length} about worlds of seeds from ${CALIBRATION_SEEDS[0]}, ${options.worlds} of ${options.size} m a landform each`,
      coarse: { bias: tiles.bias, weights: { ...kept, ...tiles.weights } },
      rank,
      calibration: calibrationOf(calibration.queries, rank),
    };
    const showable = calibration.queries.map((query) => ({ kind: query.kind, regions: showableOf(query, draft) }));
    const ofKind = (kind: QueryKind) => showable.filter((one) => one.kind === kind).map(({ regions }) => regions);
    const learned: FusionWeights = {
      ...draft,
      abstention: {
        alpha: ALPHA,
        thresholds: forKinds((kind) => floor(conformalThreshold(ofKind(kind), ALPHA))),
        queries: forKinds((kind) => ofKind(kind).length),
      },
    };
    writeFileSync(file, `${JSON.stringify(learned, null, 2)}\n`);
    const forecasts = showable.flatMap(({ regions }) => regions);
    return {
      evaluation: "fusion",
      file,
      training: { questions: training.queries.length, candidates: count(training), tiles: training.tiles.length },
      calibration: {
        questions: calibration.queries.length,
        candidates: count(calibration),
        // Of the very questions that it was fitted on.
        ece: round(expectedCalibrationError(forecasts)),
        brier: round(brierScore(forecasts)),
      },
      learned,
    };
  },
};

interface Labelled {
  readonly proved: ProvedCandidate;
  readonly features: Readonly<Record<string, number>>;
  readonly isRight: boolean;
}

interface LabelledQuery {
  readonly type: QueryType;
  readonly kind: QueryKind;
  readonly candidates: readonly Labelled[];
}

interface Collected {
  readonly queries: LabelledQuery[];
  readonly tiles: Example[];
}

/** From this truth of its proof on a wrong candidate is a hard one: the logic alone cannot rule it out. */
const HARD_FROM = 0.2;

/** The questions that are no hard ones, with the wrong candidates that are easily told. */
function withoutHardNegatives(queries: readonly LabelledQuery[]): readonly LabelledQuery[] {
  return queries
    .filter(({ type }) => type !== "hard_negative")
    .map((query) => ({
      ...query,
      candidates: query.candidates.filter(({ proved, isRight }) => isRight || proved.proof.truth < HARD_FROM),
    }));
}

const count = ({ queries }: Collected) => queries.reduce((sum, { candidates }) => sum + candidates.length, 0);
const exampleOf = ({ features, isRight }: Labelled): Example => ({ features, isRight });

interface CollectOptions {
  /** Of each landform. */
  readonly worlds: number;
  /** Metres. */
  readonly size: number;
  /** Of the questions, above 0 and up to 1. */
  readonly share: number;
  readonly folder: string;
}

/** Candidates and tiles of every question, each with whether it is right. */
async function collect(firstSeed: number, { worlds, size, share, folder }: CollectOptions): Promise<Collected> {
  const out: Collected = { queries: [], tiles: [] };
  for (const landform of LANDFORMS) {
    for (let index = 0; index < worlds; index += 1) {
      const prepared = await prepareWorld({ landform, seed: firstSeed + index, size }, folder);
      const queries = generateQueries(readTruth(prepared.world), countsFor(1, share));
      const engine = await openEngine(prepared.workspace);
      try {
        for (const query of queries) await collectQuery(query, engine, out);
      } finally {
        engine.close();
      }
      process.stderr.write(`Collected ${landform} ${firstSeed + index}\n`);
    }
  }
  return out;
}

async function collectQuery(query: BenchmarkQuery, { stages }: Engine, out: Collected): Promise<void> {
  const turn = await stages.understand(query.text, dialogueOf(query));
  const planned = turn.intent === "search" ? stages.plan(turn, dialogueOf(query)) : null;
  if (planned?.kind !== "planned") {
    out.queries.push({ type: query.type, kind: "object", candidates: [] });
    return;
  }
  const { plan } = planned;
  const tiles = await stages.coarse(plan);
  const saliency = await stages.refine(tiles, plan);
  const { proved } = stages.prove(stages.propose(tiles, saliency, plan), plan);
  const told = proved.filter(({ proof }) => proof.truth >= LEAST_TRUTH).slice(0, MOST_CANDIDATES);
  const candidates = told.flatMap((one): Labelled[] => {
    const [judged] = judgeRegions([{ outline: one.candidate.geometry, probability: 1 }], query.answers, query.doubtful);
    if (!judged || judged.kind === "doubt") return [];
    return [{ proved: one, features: fusionVector(one, plan), isRight: judged.kind !== "wrong" }];
  });
  out.queries.push({ type: query.type, kind: kindOf(plan.query), candidates });
  if (query.answers.length === 0) return;
  for (const { tile, parts } of tiles)
    out.tiles.push({
      features: parts,
      isRight: query.answers.some((answer) => outlinesMeet(boxPolygon(tile.box), answer)),
    });
}

function calibrationOf(queries: readonly LabelledQuery[], rank: FusionWeights["rank"]): FusionWeights["calibration"] {
  const weights = { ...FUSION, rank };
  const raw = (own: readonly LabelledQuery[]) =>
    own.flatMap(({ candidates }) =>
      candidates.map(({ features, isRight }) => ({
        raw: fusedScore(features as Parameters<typeof fusedScore>[0], weights),
        isRight,
      })),
    );
  return forKinds((kind) => learnIsotonic(raw(queries.filter((query) => query.kind === kind))));
}

/** A threshold that is rounded up would hide what it was learned to show. */
const floor = (value: number) => Math.floor(value * 1000) / 1000;

function forKinds<T>(of: (kind: QueryKind) => T): Record<QueryKind, T> {
  return Object.fromEntries(QUERY_KINDS.map((kind) => [kind, of(kind)])) as Record<QueryKind, T>;
}

/** What of a query's candidates would be shown without a threshold: places once, the best ten. */
function showableOf({ kind, candidates }: LabelledQuery, weights: FusionWeights) {
  const scored = candidates
    .map(({ proved, features, isRight }) => {
      const raw = fusedScore(features as Parameters<typeof fusedScore>[0], weights);
      return { proved, raw, probability: calibrated(raw, kind, weights), isRight };
    })
    .sort((a, b) => b.probability - a.probability || b.raw - a.raw);
  const kept: typeof scored = [];
  for (const one of scored) {
    if (kept.length >= SHOWN) break;
    const { geometry } = one.proved.candidate;
    if (!kept.some((other) => overlapOfSmaller(other.proved.candidate.geometry, geometry) >= SAME_PLACE))
      kept.push(one);
  }
  return kept.map(({ probability, isRight }) => ({ probability, isRight }));
}
