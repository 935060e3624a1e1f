/** Truths are ranked by whole multiples of 2^-30, so that rounding in another order of multiplication changes no rank. */
export const RANKS = 2 ** 30;

/** Rank of a truth: greater is truer, equal ranks are ties. */
export function rankOf(truth: number): number {
  return Math.round(truth * RANKS);
}

/** How truth values in [0, 1] combine. See docs/reasoning.md for the formulas and their sources. */
export interface Semantics {
  readonly name: "product" | "godel" | "lukasiewicz";
  and(a: number, b: number): number;
  or(a: number, b: number): number;
  /** The residuum a → floor: what b may not fall short of when `and(a, b)` has to reach `floor`. */
  residuum(a: number, floor: number): number;
}

/** a·b and a + b − a·b: independent confidences multiply. The default. */
export const PRODUCT: Semantics = {
  name: "product",
  and: (a, b) => a * b,
  or: (a, b) => a + b - a * b,
  residuum: (a, floor) => (a > floor ? floor / a : 1),
};
/** min and max. */
export const GODEL: Semantics = {
  name: "godel",
  and: Math.min,
  or: Math.max,
  residuum: (a, floor) => (a > floor ? floor : 1),
};
/** max(0, a + b − 1) and min(1, a + b). */
export const LUKASIEWICZ: Semantics = {
  name: "lukasiewicz",
  and: (a, b) => Math.max(0, a + b - 1),
  or: (a, b) => Math.min(1, a + b),
  residuum: (a, floor) => Math.min(1, floor + 1 - a),
};

/** A count that no further event can move by more than this is settled. */
const SETTLED = 1e-12;

/**
 * Number of independent events that happen, event by event: the Poisson-binomial distribution by dynamic programming
 * (Chen and Liu, Statistica Sinica 7, 1997), exact up to rounding. Outcomes above n are gathered, so that an event costs n + 1 steps.
 */
export class EventCount {
  readonly #n: number;
  readonly #mass: Float64Array;

  constructor(n: number) {
    this.#n = n;
    this.#mass = new Float64Array(n + 2);
    this.clear();
  }

  clear(): void {
    this.#mass.fill(0);
    this.#mass[0] = 1;
  }

  add(p: number): void {
    const mass = this.#mass;
    const n = this.#n;
    mass[n + 1] = (mass[n + 1] as number) + (mass[n] as number) * p;
    for (let k = n; k >= 1; k -= 1) mass[k] = (mass[k] as number) * (1 - p) + (mass[k - 1] as number) * p;
    mass[0] = (mass[0] as number) * (1 - p);
  }

  /** Probability that at least, at most or exactly n of the events happen. */
  truth(op: ">=" | "<=" | "="): number {
    const mass = this.#mass;
    const exactly = mass[this.#n] as number;
    if (op === "=") return exactly;
    if (op === ">=") return Math.min(1, exactly + (mass[this.#n + 1] as number));
    let upTo = 0;
    for (let k = 0; k <= this.#n; k += 1) upTo += mass[k] as number;
    return Math.min(1, upTo);
  }

  /** Whether no further event changes the truth: more than n (for ≥, n or more) have happened already. */
  isSettled(op: ">=" | "<=" | "="): boolean {
    let open = 0;
    const last = op === ">=" ? this.#n - 1 : this.#n;
    for (let k = 0; k <= last; k += 1) open += this.#mass[k] as number;
    return open < SETTLED;
  }
}

/** Probability that at least, at most or exactly n of independent events happen. */
export function countTruth(probabilities: Iterable<number>, op: ">=" | "<=" | "=", n: number): number {
  const count = new EventCount(n);
  for (const p of probabilities) if (p > 0) count.add(p);
  return count.truth(op);
}
