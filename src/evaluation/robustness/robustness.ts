import { join } from "node:path";
import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { Formula } from "../../logic/formula.ts";
import { scoreWorlds, type World } from "../../logic/score.ts";
import { printFormula } from "../../logic/text.ts";
import { compileQuery } from "../../query/compile.ts";
import { complexityOf } from "../../query/explain-formula.ts";
import { EMPTY_DIALOGUE } from "../../query/turn.ts";
import { understand } from "../../query/understand.ts";
import type { Measurement } from "../benchmark.ts";
import { averagePrecision, type ScoredItem } from "../retrieval-metrics.ts";
import { degrade, uncertainty } from "./degrade.ts";
import { airportImages, ROBUSTNESS_SEEDS, worldImages } from "./images.ts";
import { bestF1, equalWidthLevels, retention, slope } from "./metrics.ts";
import { AIRPORT_QUERIES, WORLD_QUERIES } from "./queries.ts";

const RATES = [0, 0.15, 0.3, 0.45, 0.6];
const LEVELS = 4;
const SEED = 5;
/** A class counts as seen from here on, for the peer that believes or disbelieves every detection. */
const BELIEVED_FROM = 0.5;
/** A query that fewer or more images satisfy tells rankings nothing. */
const FEWEST = 2;

interface Question {
  readonly text: string;
  readonly formula: Formula;
  readonly complexity: number;
  readonly relevant: ReadonlySet<string>;
}

/**
 * How much retrieval of whole images loses as questions grow more complex (RRQC) and as detections grow worse (RRIU). Truth is what the
 * undegraded things satisfy; the peer, in the same run, believes each detection of 0.5 or more and forgets the others.
 */
export const robustnessEvaluation: Measurement = {
  name: "robustness",
  summary: "retrieval robustness to query complexity (RRQC) and to image uncertainty (RRIU)",
  run: async () => {
    const sets: [string, World[], readonly string[]][] = [["painted worlds", worldImages(), WORLD_QUERIES]];
    const data = process.env.TERRALOGUE_DATA;
    if (data) {
      const images = await airportImages(join(data, "geo/detections/naip_aircraft"));
      if (images.length > 0) sets.push(["labelled airports", images, AIRPORT_QUERIES]);
    }
    if (sets.length === 1)
      process.stderr.write(
        "No label data: set TERRALOGUE_DATA to the folder that holds geo/detections; painted worlds only.\n",
      );
    return {
      evaluation: "robustness",
      seeds: ROBUSTNESS_SEEDS,
      definitions: "RRQC and RRIU as we read arXiv 2512.14102; see docs/reasoning.md",
      sets: sets.map(([name, images, texts]) => ({ set: name, ...measureSet(images, texts) })),
    };
  },
};

function measureSet(images: readonly World[], texts: readonly string[]) {
  const read = texts.map(readQuestion);
  const misread = texts.filter((_, i) => read[i] === null);
  const questions = read
    .flatMap((question) => question ?? [])
    .map((question): Question => ({ ...question, relevant: satisfied(question.formula, images) }));
  const telling = questions.filter(
    ({ relevant }) => relevant.size >= FEWEST && relevant.size <= images.length - FEWEST,
  );
  const levels = equalWidthLevels(
    telling.map(({ complexity }) => complexity),
    LEVELS,
  );
  const concepts = [...new Set(images.flatMap(({ entities }) => entities.map(({ concept }) => concept)))];
  const steps = RATES.map((rate) => measureStep(images, telling, levels, concepts, rate));
  return {
    images: images.length,
    entities: images.reduce((sum, { entities }) => sum + entities.length, 0),
    queries: { asked: texts.length, misread, telling: telling.length },
    levels: Array.from({ length: LEVELS }, (_, level) => {
      const own = telling.filter((_, i) => levels[i] === level);
      const complexities = own.map(({ complexity }) => complexity);
      return {
        queries: own.length,
        complexity: [Math.min(...complexities), Math.max(...complexities)],
        example: own[0] && { text: own[0].text, formula: printFormula(own[0].formula) },
      };
    }),
    steps: steps.map(({ rate, uncertainty: u, reasoner, believer }) => ({
      rate,
      uncertainty: round(u),
      reasoner: summary(reasoner),
      believer: summary(believer),
    })),
    rriu: {
      reasoner: robustnessOver(steps.map(({ reasoner }) => reasoner)),
      believer: robustnessOver(steps.map(({ believer }) => believer)),
    },
  };
}

function readQuestion(text: string): Omit<Question, "relevant"> | null {
  const { query, unparsed } = understand(text, EMPTY_DIALOGUE, {
    gazetteer: { places: [] },
    newestDate: "2025-06-01",
    dates: [],
  });
  if (!query || unparsed.length > 0) return null;
  const { formula } = compileQuery(query, { geoTerms: {} });
  const closed: Formula = { kind: "exists", variable: "x", body: formula };
  const { predicates, quantifiers } = complexityOf(closed);
  return { text, formula: closed, complexity: predicates + quantifiers };
}

function satisfied(formula: Formula, images: readonly World[]): ReadonlySet<string> {
  const scored = scoreWorlds(formula, images);
  return new Set(scored.filter(({ truth }) => truth >= BELIEVED_FROM).map(({ id }) => id));
}

/** Mean performance of each level, easiest first. */
interface Performance {
  readonly f1: readonly number[];
  readonly meanAveragePrecision: readonly number[];
}

function measureStep(
  images: readonly World[],
  questions: readonly Question[],
  levels: readonly number[],
  concepts: readonly ConceptId[],
  rate: number,
) {
  const detected = images.map((world) => degrade(world, rate, concepts, SEED));
  const believed = detected.map(({ id, entities }) => ({
    id,
    entities: entities
      .filter(({ confidence }) => confidence >= BELIEVED_FROM)
      .map((entity) => ({ ...entity, confidence: 1 })),
  }));
  return {
    rate,
    uncertainty: uncertainty(detected),
    reasoner: measureRetrieval(detected, questions, levels),
    believer: measureRetrieval(believed, questions, levels),
  };
}

function measureRetrieval(
  images: readonly World[],
  questions: readonly Question[],
  levels: readonly number[],
): Performance {
  const items = questions.map(({ formula, relevant }): ScoredItem[] =>
    scoreWorlds(formula, images).map(({ id, truth }) => ({ score: truth, isRelevant: relevant.has(id) })),
  );
  const ofLevel = (level: number, measure: (all: readonly ScoredItem[]) => number) => {
    const values = items.filter((_, i) => levels[i] === level).map(measure);
    return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  };
  const all = Array.from({ length: LEVELS }, (_, level) => level);
  return {
    f1: all.map((level) => ofLevel(level, bestF1)),
    meanAveragePrecision: all.map((level) => ofLevel(level, averagePrecision)),
  };
}

function summary({ f1, meanAveragePrecision }: Performance) {
  return {
    f1: f1.map(round),
    meanAveragePrecision: meanAveragePrecision.map(round),
    rrqc: round(retention(f1)),
    rrqcSlope: round(slope(f1)),
    rrqcOfMeanAveragePrecision: round(retention(meanAveragePrecision)),
  };
}

/** Over the steps of degradation: of all questions, and of each level of complexity. */
function robustnessOver(steps: readonly Performance[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const overall = steps.map(({ f1 }) => mean(f1));
  return {
    f1: overall.map(round),
    rriu: round(retention(overall)),
    slope: round(slope(overall)),
    rriuOfMeanAveragePrecision: round(retention(steps.map(({ meanAveragePrecision: map }) => mean(map)))),
    byLevel: Array.from({ length: LEVELS }, (_, level) => round(retention(steps.map(({ f1 }) => f1[level] ?? 0)))),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
