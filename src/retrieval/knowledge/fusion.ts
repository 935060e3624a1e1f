/** Rank at which a list's first and later places count nearly alike; 60 as in the paper. */
const SMOOTHING = 60;

/**
 * Reciprocal-rank fusion: an item scores the sum over the lists of weight / (60 + rank), ranks from 1. Scores of the lists need
 * not be comparable. Ties are settled by the item itself.
 *
 * @see Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods"
 */
export function fuseRanks(
  lists: readonly { readonly items: readonly string[]; readonly weight: number }[],
): readonly { readonly item: string; readonly score: number }[] {
  const scores = new Map<string, number>();
  for (const { items, weight } of lists)
    for (const [index, item] of [...new Set(items)].entries())
      scores.set(item, (scores.get(item) ?? 0) + weight / (SMOOTHING + index + 1));
  return [...scores]
    .map(([item, score]) => ({ item, score }))
    .sort((a, b) => b.score - a.score || (a.item < b.item ? -1 : 1));
}
