import {
  abstentionFigures,
  brierScore,
  expectedCalibrationError,
  type Forecast,
  riskCoverage,
} from "./calibration-metrics.ts";
import { groupBy } from "./group-by.ts";
import type { JudgedRegion } from "./match.ts";
import type { Found } from "./methods.ts";
import { type OutlineFigures, outlineFigures, rankingFigures } from "./metrics.ts";
import type { BenchmarkQuery } from "./queries.ts";

/** One query asked of one method. */
export interface Asked {
  readonly query: BenchmarkQuery;
  readonly found: Found;
  readonly judged: readonly JudgedRegion[];
  /** Square kilometres that were searched. */
  readonly areaKm2: number;
  readonly gsd: number;
}

/** Everything that is measured of a set of asked queries. Rates are means over queries; those of ranking over queries that have an answer. */
export function figuresOf(asked: readonly Asked[]) {
  const answerable = asked.filter(({ query }) => query.answers.length > 0);
  const ranking = answerable.map(({ judged, query }) => rankingFigures(judged, query.answers.length));
  const outlines = answerable.flatMap((one) => firstRight(one) ?? []);
  const forecasts = asked.flatMap(({ judged }) => forecastsOf(judged));
  const tallies = asked.map(({ query, judged }) => ({
    hasAnswer: query.answers.length > 0,
    right: judged.filter(({ kind }) => kind === "right" || kind === "repeat" || kind === "doubt").length,
    wrong: judged.filter(({ kind }) => kind === "wrong").length,
  }));
  const pixels = mean(asked.map(({ found }) => found.pixelsSeen));
  const { falseDiscoveryRate, ...abstention } = abstentionFigures(tallies);
  return {
    queries: asked.length,
    withAnswer: answerable.length,
    ...(answerable.length > 0 && {
      recallAt1: round(mean(ranking.map(({ recall }) => recall[1]))),
      recallAt5: round(mean(ranking.map(({ recall }) => recall[5]))),
      recallAt10: round(mean(ranking.map(({ recall }) => recall[10]))),
      mAP: round(mean(ranking.map(({ averagePrecision }) => averagePrecision))),
      ndcgAt10: round(mean(ranking.map(({ ndcg }) => ndcg))),
      mrr: round(mean(ranking.map(({ reciprocalRank }) => reciprocalRank))),
    }),
    ...(outlines.length > 0 && {
      firstRight: {
        medianIou: round(median(outlines.map(({ iou }) => iou))),
        medianCentreDistanceM: round(median(outlines.map(({ centreDistanceM }) => centreDistanceM))),
        medianAreaError: round(median(outlines.map(({ areaError }) => areaError))),
        medianBoundaryF1: round(median(outlines.map(({ boundaryF1 }) => boundaryF1))),
      },
    }),
    falseDiscoveryRate: round(falseDiscoveryRate),
    falseShareOfShown: round(abstention.falseShareOfShown),
    abstentionPrecision: round(abstention.abstentionPrecision),
    abstentionRecall: round(abstention.abstentionRecall),
    answered: round(abstention.answered),
    ece: round(expectedCalibrationError(forecasts)),
    brier: round(brierScore(forecasts)),
    riskCoverage: riskCoverage(forecasts).map(({ coverage, risk }) => ({ coverage, risk: round(risk) })),
    pixelsPerQuery: Math.round(pixels),
    pixelsPerKm2: Math.round(mean(asked.map(({ found, areaKm2 }) => found.pixelsSeen / areaKm2))),
    chipsPerQuery: round(mean(asked.map(({ found }) => found.chipsSeen))),
    medianMs: round(median(asked.map(({ found }) => found.ms))),
  };
}

/** Shown regions as forecasts; what is in doubt is none, and what repeats a right answer is right. */
export function forecastsOf(judged: readonly JudgedRegion[]): readonly Forecast[] {
  return judged
    .filter(({ kind }) => kind !== "doubt")
    .map(({ probability, kind }) => ({ probability, isRight: kind !== "wrong" }));
}

function firstRight({ judged, found, query }: Asked): OutlineFigures | null {
  const first = judged.findIndex(({ kind }) => kind === "right");
  const region = found.regions[first];
  const fit = judged[first]?.fit;
  const answer = fit ? query.answers[fit.answer] : undefined;
  return region && fit && answer ? outlineFigures(region.outline, answer, fit.iou) : null;
}

/** The figures of the whole, and by each property of the queries. */
export function byProperty(asked: readonly Asked[], properties: Readonly<Record<string, (one: Asked) => string>>) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, of]) => {
      const groups = groupBy(asked, of);
      return [name, Object.fromEntries([...groups].map(([value, own]) => [value, figuresOf(own)]))];
    }),
  );
}

export function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return sorted.length > 0 ? ((sorted[Math.floor(half)] as number) + (sorted[Math.ceil(half)] as number)) / 2 : 0;
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
