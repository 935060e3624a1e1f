/** Deterministic random numbers (mulberry32) with the helpers that the scene builders share. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i -= 1) {
      const j = Math.floor(this.next() * (i + 1));
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  /** A generator of its own for a part, so that changing one part leaves the others as they were. */
  fork(label: string): Random {
    let hash = this.#state ^ 0x9e3779b9;
    for (const unit of label) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
    return new Random(hash >>> 0);
  }
}

const NOISE_SIDE = 256;

/** Smooth tileable noise in [−1, 1] over a lattice of 256 cells; `at` takes lattice units. */
export class ValueNoise {
  readonly #values: Float32Array;

  constructor(random: Random) {
    this.#values = Float32Array.from({ length: NOISE_SIDE * NOISE_SIDE }, () => random.next() * 2 - 1);
  }

  at(x: number, y: number): number {
    const ix = Math.floor(x);
    const iy = Math.floor(y);
    const fx = x - ix;
    const fy = y - iy;
    const u = fx * fx * (3 - 2 * fx);
    const v = fy * fy * (3 - 2 * fy);
    const x0 = ix & (NOISE_SIDE - 1);
    const x1 = (ix + 1) & (NOISE_SIDE - 1);
    const y0 = (iy & (NOISE_SIDE - 1)) * NOISE_SIDE;
    const y1 = ((iy + 1) & (NOISE_SIDE - 1)) * NOISE_SIDE;
    const a = this.#values[y0 + x0] as number;
    const b = this.#values[y0 + x1] as number;
    const c = this.#values[y1 + x0] as number;
    const d = this.#values[y1 + x1] as number;
    return (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * c + u * d);
  }
}
