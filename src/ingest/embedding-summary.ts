/** Running figures over the embeddings of pixels, band by band: enough for mean, variance and maximum, and two of them can be joined. */
export class EmbeddingSummary {
  readonly mean: Float64Array;
  readonly max: Float32Array;
  /** Sum of squared distances from the mean. */
  readonly #spread: Float64Array;
  #pixels = 0;

  constructor(bands: number) {
    this.mean = new Float64Array(bands);
    this.#spread = new Float64Array(bands);
    this.max = new Float32Array(bands).fill(Number.NEGATIVE_INFINITY);
  }

  get pixels(): number {
    return this.#pixels;
  }

  /** Mean square distance from the mean. */
  get variance(): Float32Array {
    return Float32Array.from(this.#spread, (value) => value / this.#pixels);
  }

  /** Adds the pixel whose values begin at `at`, by Welford's update: no cancellation, whatever the offset of the values. */
  add(values: ArrayLike<number>, at: number): void {
    const { mean, max } = this;
    const spread = this.#spread;
    this.#pixels += 1;
    for (let band = 0; band < mean.length; band += 1) {
      const value = values[at + band] as number;
      const from = value - (mean[band] as number);
      mean[band] = (mean[band] as number) + from / this.#pixels;
      spread[band] = (spread[band] as number) + from * (value - (mean[band] as number));
      if (value > (max[band] as number)) max[band] = value;
    }
  }

  /** Adds the pixels of another summary (Chan, Golub and LeVeque 1979). */
  join(other: EmbeddingSummary): void {
    const all = this.#pixels + other.#pixels;
    if (other.#pixels === 0) return;
    const share = other.#pixels / all;
    for (let band = 0; band < this.mean.length; band += 1) {
      const between = (other.mean[band] as number) - (this.mean[band] as number);
      this.#spread[band] =
        (this.#spread[band] as number) + (other.#spread[band] as number) + between ** 2 * this.#pixels * share;
      this.mean[band] = (this.mean[band] as number) + between * share;
      this.max[band] = Math.max(this.max[band] as number, other.max[band] as number);
    }
    this.#pixels = all;
  }
}

/** v = sign(x) · (x / 127.5)² of every int8 value x; −128 is what AlphaEarth writes for no data. */
const INT8_VALUES = Float64Array.from({ length: 256 }, (_, i) => Math.sign(i - 128) * ((i - 128) / 127.5) ** 2);

/**
 * The value that an int8 sample stands for in AlphaEarth's files, −1..1.
 *
 * @see AlphaEarth Foundations, arXiv 2507.22291, and the notes on its Satellite Embedding data set
 */
export function dequantised(sample: number): number {
  return INT8_VALUES[sample + 128] as number;
}
