/** A stated probability and whether it came true. */
export interface Forecast {
  readonly probability: number;
  readonly isRight: boolean;
}

/**
 * Expected calibration error: Σ (n_b / n) · |share right − mean probability| over bins (lo, hi] of equal width; 0 falls into the first.
 *
 * @returns 0..1; 0 without forecasts
 */
export function expectedCalibrationError(forecasts: readonly Forecast[], bins = 15): number {
  const members = Array.from({ length: bins }, (): Forecast[] => []);
  for (const forecast of forecasts)
    members[Math.min(bins - 1, Math.max(0, Math.ceil(forecast.probability * bins) - 1))]?.push(forecast);
  return members.reduce((sum, own) => {
    const gap = own.reduce((total, { probability, isRight }) => total + (isRight ? 1 : 0) - probability, 0);
    return sum + Math.abs(gap) / Math.max(1, forecasts.length);
  }, 0);
}

/** Mean squared difference of probability and outcome; 0 without forecasts. */
export function brierScore(forecasts: readonly Forecast[]): number {
  const sum = forecasts.reduce((total, { probability, isRight }) => total + (probability - (isRight ? 1 : 0)) ** 2, 0);
  return sum / Math.max(1, forecasts.length);
}

/** Risk (share wrong) among the most probable share of the forecasts, for each coverage. */
export function riskCoverage(
  forecasts: readonly Forecast[],
  coverages: readonly number[] = [0.2, 0.4, 0.6, 0.8, 1],
): readonly { readonly coverage: number; readonly risk: number }[] {
  const sorted = forecasts.toSorted((a, b) => b.probability - a.probability);
  return coverages.map((coverage) => {
    const kept = sorted.slice(0, Math.ceil(coverage * sorted.length));
    return { coverage, risk: kept.filter(({ isRight }) => !isRight).length / Math.max(1, kept.length) };
  });
}

/** What was shown of one query. */
export interface ShownTally {
  readonly hasAnswer: boolean;
  readonly right: number;
  readonly wrong: number;
}

export interface AbstentionFigures {
  /** Mean over queries of wrong over shown, 0 where nothing was shown: what conformal risk control bounds. */
  readonly falseDiscoveryRate: number;
  /** All wrong over all shown. */
  readonly falseShareOfShown: number;
  /** Of the queries that were not answered, those without an answer; 1 when all were answered. */
  readonly abstentionPrecision: number;
  /** Of the queries without an answer, those that were not answered. */
  readonly abstentionRecall: number;
  /** Of the queries with an answer, those that were answered. */
  readonly answered: number;
}

export function abstentionFigures(tallies: readonly ShownTally[]): AbstentionFigures {
  const shown = ({ right, wrong }: ShownTally) => right + wrong;
  const share = (part: number, whole: number, without: number) => (whole > 0 ? part / whole : without);
  const silent = tallies.filter((tally) => shown(tally) === 0);
  const answerless = tallies.filter(({ hasAnswer }) => !hasAnswer);
  const withAnswer = tallies.filter(({ hasAnswer }) => hasAnswer);
  const wrong = tallies.reduce((sum, tally) => sum + tally.wrong, 0);
  const all = tallies.reduce((sum, tally) => sum + shown(tally), 0);
  return {
    falseDiscoveryRate:
      tallies.reduce((sum, tally) => sum + tally.wrong / Math.max(1, shown(tally)), 0) / Math.max(1, tallies.length),
    falseShareOfShown: share(wrong, all, 0),
    abstentionPrecision: share(silent.filter(({ hasAnswer }) => !hasAnswer).length, silent.length, 1),
    abstentionRecall: share(answerless.filter((tally) => shown(tally) === 0).length, answerless.length, 1),
    answered: share(withAnswer.filter((tally) => shown(tally) > 0).length, withAnswer.length, 1),
  };
}
