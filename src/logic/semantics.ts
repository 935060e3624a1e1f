/** How truth values in [0, 1] combine. See docs/reasoning.md for the formulas and their sources. */
export interface Semantics {
  readonly name: "product" | "godel" | "lukasiewicz";
  and(a: number, b: number): number;
  or(a: number, b: number): number;
}

/** a·b and a + b − a·b: independent confidences multiply. The default. */
export const PRODUCT: Semantics = { name: "product", and: (a, b) => a * b, or: (a, b) => a + b - a * b };
/** min and max. */
export const GODEL: Semantics = { name: "godel", and: Math.min, or: Math.max };
/** max(0, a + b − 1) and min(1, a + b). */
export const LUKASIEWICZ: Semantics = {
  name: "lukasiewicz",
  and: (a, b) => Math.max(0, a + b - 1),
  or: (a, b) => Math.min(1, a + b),
};

/** Probability that at least, at most or exactly n of independent events happen (Poisson-binomial distribution, exact). */
export function countTruth(probabilities: readonly number[], op: ">=" | "<=" | "=", n: number): number {
  const positive = probabilities.filter((p) => p > 0);
  // Only the first n + 1 outcomes are kept apart; the last slot gathers the rest.
  const mass = new Float64Array(n + 2);
  mass[0] = 1;
  for (const p of positive) {
    mass[n + 1] = (mass[n + 1] as number) + (mass[n] as number) * p;
    for (let k = n; k >= 1; k -= 1) mass[k] = (mass[k] as number) * (1 - p) + (mass[k - 1] as number) * p;
    mass[0] = (mass[0] as number) * (1 - p);
  }
  const below = mass.subarray(0, n).reduce((sum, value) => sum + value, 0);
  const exactly = mass[n] as number;
  const truth = op === "=" ? exactly : op === "<=" ? below + exactly : 1 - below;
  return Math.min(1, Math.max(0, truth));
}
