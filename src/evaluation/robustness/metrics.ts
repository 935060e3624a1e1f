import { type ScoredItem, tiedGroups } from "../retrieval-metrics.ts";

/** Greatest F1 over all thresholds on the score; items of score 0 are never retrieved. */
export function bestF1(items: readonly ScoredItem[]): number {
  const all = items.filter(({ isRelevant }) => isRelevant).length;
  let [seen, relevant, best] = [0, 0, 0];
  for (const group of tiedGroups(items.filter(({ score }) => score > 0))) {
    seen += group.length;
    relevant += group.filter(({ isRelevant }) => isRelevant).length;
    best = Math.max(best, (2 * relevant) / (seen + all));
  }
  return best;
}

/**
 * Robustness over levels of growing difficulty: the mean of min(1, P_l / P_first), 1 when nothing is lost. Over levels of query complexity this is
 * RRQC, over levels of image uncertainty RRIU, as we read RUNE (arXiv 2512.14102), whose own formulas we could not check.
 *
 * @param performances of each level, easiest first
 * @returns 0..1; 0 when the first level's performance is 0
 */
export function retention(performances: readonly number[]): number {
  const [first = 0] = performances;
  if (first <= 0) return 0;
  return performances.reduce((sum, performance) => sum + Math.min(1, performance / first), 0) / performances.length;
}

/** Least-squares slope of performance over the level's number. */
export function slope(performances: readonly number[]): number {
  const middle = (performances.length - 1) / 2;
  const mean = performances.reduce((sum, value) => sum + value, 0) / Math.max(1, performances.length);
  const spread = performances.reduce((sum, _, level) => sum + (level - middle) ** 2, 0);
  if (spread === 0) return 0;
  return performances.reduce((sum, value, level) => sum + (level - middle) * (value - mean), 0) / spread;
}

/**
 * Level of each value in `count` bins of equal width between the least and the greatest value.
 *
 * @returns 0 … count − 1 for each value
 */
export function equalWidthLevels(values: readonly number[], count: number): number[] {
  const least = Math.min(...values);
  const width = (Math.max(...values) - least) / count;
  return values.map((value) => (width === 0 ? 0 : Math.min(count - 1, Math.floor((value - least) / width))));
}
