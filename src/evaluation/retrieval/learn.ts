/** Something to learn from: features by name and whether it is right. */
export interface Example {
  readonly features: Readonly<Record<string, number>>;
  readonly isRight: boolean;
  /** Weighs as much as this many others (default 1). */
  readonly weight?: number;
}

const STEPS = 4000;
const RATE = 0.5;
/** Pull of the weights towards 0. */
const RIDGE = 1e-3;

/**
 * Logistic regression by full gradient descent from zero: the same examples give the same weights.
 *
 * @param rising features whose weight is kept from falling below 0: more of them never speaks against a candidate
 */
export function learnLogistic(
  examples: readonly Example[],
  names: readonly string[],
  rising: ReadonlySet<string> = new Set(),
) {
  const weights = names.map(() => 0);
  const rows = examples.map(({ features }) => Float64Array.from(names, (name) => features[name] ?? 0));
  const total = examples.reduce((sum, { weight = 1 }) => sum + weight, 0);
  // Steps as long as each feature's own spread allows.
  const scales = names.map((_, i) =>
    Math.max(1, rows.reduce((sum, row) => sum + (row[i] as number) ** 2, 0) / Math.max(1, rows.length)),
  );
  let bias = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const slope = weights.map((weight) => RIDGE * weight);
    let biasSlope = 0;
    for (const [k, row] of rows.entries()) {
      const { isRight, weight = 1 } = examples[k] as Example;
      let sum = bias;
      for (let i = 0; i < row.length; i += 1) sum += (row[i] as number) * (weights[i] as number);
      const error = ((1 / (1 + Math.exp(-sum)) - (isRight ? 1 : 0)) * weight) / total;
      biasSlope += error;
      for (let i = 0; i < row.length; i += 1) slope[i] = (slope[i] as number) + error * (row[i] as number);
    }
    bias -= RATE * biasSlope;
    for (const [i, name] of names.entries()) {
      const next = (weights[i] as number) - (RATE / (scales[i] as number)) * (slope[i] as number);
      weights[i] = rising.has(name) ? Math.max(0, next) : next;
    }
  }
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return {
    bias: round(bias),
    weights: Object.fromEntries(names.map((name, i) => [name, round(weights[i] as number)])),
  };
}

/** Points are at least this many forecasts each, so that a step rests on something. */
const LEAST_IN_STEP = 15;

/**
 * Isotonic regression by pooling adjacent violators: the rising function of the raw score that is nearest to what came true. Each step counts one half right
 * and one half wrong more than it has, so that none says never or always.
 *
 * @returns rising points (mean raw score of a step, its share right)
 */
export function learnIsotonic(
  forecasts: readonly { readonly raw: number; readonly isRight: boolean }[],
): [number, number][] {
  const sorted = forecasts.toSorted((a, b) => a.raw - b.raw);
  const blocks: { raw: number; right: number; count: number }[] = [];
  for (const { raw, isRight } of sorted) {
    const last = blocks.at(-1);
    if (last && last.count < LEAST_IN_STEP) {
      last.raw += raw;
      last.right += isRight ? 1 : 0;
      last.count += 1;
    } else blocks.push({ raw, right: isRight ? 1 : 0, count: 1 });
    for (;;) {
      const [before, own] = blocks.slice(-2);
      if (!before || !own || own.count < LEAST_IN_STEP || before.right * own.count <= own.right * before.count) break;
      blocks.splice(-2, 2, {
        raw: before.raw + own.raw,
        right: before.right + own.right,
        count: before.count + own.count,
      });
    }
  }
  const [before, own] = blocks.slice(-2);
  if (before && own && before.right * own.count > own.right * before.count)
    blocks.splice(-2, 2, {
      raw: before.raw + own.raw,
      right: before.right + own.right,
      count: before.count + own.count,
    });
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  // The half more of each may lower a small step under the one before it.
  let least = 0;
  return blocks.map(({ raw, right, count }) => {
    least = Math.max(least, (right + 0.5) / (count + 1));
    return [round(raw / count), round(least)];
  });
}

/** Regions of one calibration query that might be shown, with their probabilities. */
export type Showable = readonly { readonly probability: number; readonly isRight: boolean }[];

/**
 * Conformal risk control: the least threshold whose share of wrong regions among those shown, made to fall with the threshold (its greatest value from there on) and meant over the calibration
 * queries, stays within α with the correction for their number, (n / (n + 1)) · risk + 1 / (n + 1) ≤ α.
 * It holds on average over queries that are exchangeable with those of the calibration.
 *
 * @returns 0 where everything may be shown, above 1 where nothing may
 * @see Angelopoulos, Bates, Fisch, Lei and Schuster, Conformal Risk Control, ICLR 2024
 */
export function conformalThreshold(queries: readonly Showable[], alpha: number): number {
  const thresholds = [...new Set(queries.flatMap((query) => query.map(({ probability }) => probability)))].sort(
    (a, b) => b - a,
  );
  const worst = queries.map(() => 0);
  let best = 1.01;
  for (const threshold of thresholds) {
    for (const [i, query] of queries.entries()) {
      const shown = query.filter(({ probability }) => probability >= threshold);
      const wrong = shown.filter(({ isRight }) => !isRight).length;
      worst[i] = Math.max(worst[i] as number, wrong / Math.max(1, shown.length));
    }
    const risk = worst.reduce((sum, one) => sum + one, 0) / queries.length;
    if ((queries.length / (queries.length + 1)) * risk + 1 / (queries.length + 1) > alpha) return best;
    best = threshold;
  }
  // Everything that there is may be shown; without any calibration query nothing is known.
  return queries.length > 0 && 1 / (queries.length + 1) <= alpha ? 0 : 1.01;
}
