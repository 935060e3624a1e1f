/** One thing's score for a query, and whether it satisfies the query in truth. */
export interface ScoredItem {
  readonly score: number;
  readonly isRelevant: boolean;
}

/**
 * Mean of the precision at each relevant item, items ranked by falling score; among equal scores the relevant ones are spread evenly (the
 * expectation over their orders, to first order), so that ties neither help nor harm.
 *
 * @returns 0..1; 0 without a relevant item
 */
export function averagePrecision(items: readonly ScoredItem[]): number {
  let [seen, relevant, sum] = [0, 0, 0];
  for (const group of tiedGroups(items)) {
    const hits = group.filter(({ isRelevant }) => isRelevant).length;
    const step = group.length / Math.max(1, hits);
    for (let hit = 1; hit <= hits; hit += 1) sum += (relevant + hit) / (seen + step * (hit - 0.5) + 0.5);
    seen += group.length;
    relevant += hits;
  }
  return relevant > 0 ? sum / relevant : 0;
}

/**
 * Place of the best of the right things when all are ranked by falling score, from 1 on; of equal scores the one that was given first stands first,
 * so that a tie favours nobody.
 *
 * @param scores of every thing
 * @param right indices of the right ones; at least one
 */
export function bestRank(scores: ArrayLike<number>, right: readonly number[]): number {
  const [first, ...others] = right;
  if (first === undefined) throw new RangeError("There is nothing right to rank.");
  const best = others.reduce(
    (held, one) =>
      (scores[one] as number) > (scores[held] as number) || (scores[one] === scores[held] && one < held) ? one : held,
    first,
  );
  const score = scores[best] as number;
  let rank = 1;
  for (let i = 0; i < scores.length; i += 1)
    if ((scores[i] as number) > score || (scores[i] === score && i < best)) rank += 1;
  return rank;
}

/** Share of ranks up to k, 0..1; 0 of none. */
export function recallAt(ranks: readonly number[], k: number): number {
  return ranks.length > 0 ? ranks.filter((rank) => rank <= k).length / ranks.length : 0;
}

/** Middle rank; the mean of the two middle ones of an even number. */
export function medianRank(ranks: readonly number[]): number {
  const sorted = ranks.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

/** R@1, R@5, R@10 in percent, their mean, and the median rank, as published tables give them. */
export interface Recalls {
  readonly r1: number;
  readonly r5: number;
  readonly r10: number;
  readonly mean: number;
  readonly medianRank: number;
}

export function recallsOf(ranks: readonly number[]): Recalls {
  const [r1, r5, r10] = [1, 5, 10].map((k) => recallAt(ranks, k) * 100) as [number, number, number];
  return {
    r1: percent(r1),
    r5: percent(r5),
    r10: percent(r10),
    mean: percent((r1 + r5 + r10) / 3),
    medianRank: medianRank(ranks),
  };
}

/** Mean of R@1, R@5 and R@10 of both directions, in percent: "mean recall" of image-text retrieval. */
export function meanRecall(ranks: readonly (readonly number[])[]): number {
  const all = ranks.flatMap((one) => [1, 5, 10].map((k) => recallAt(one, k) * 100));
  return percent(all.reduce((sum, value) => sum + value, 0) / all.length);
}

/** Two decimals. */
export function percent(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Things of equal score together, by falling score. */
export function tiedGroups(items: readonly ScoredItem[]): ScoredItem[][] {
  const groups: ScoredItem[][] = [];
  for (const item of items.toSorted((a, b) => b.score - a.score)) {
    const last = groups.at(-1);
    if (last?.[0] && Math.abs(last[0].score - item.score) < 1e-9) last.push(item);
    else groups.push([item]);
  }
  return groups;
}
