/** For each row of a result: the first row that it sums, how many follow, and `width` weights of which it uses so many. */
export interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** In units of 2^-22. */
  readonly weights: Int32Array;
  readonly width: number;
}

/** weigh-rows.wat, assembled by wabt (a test compares them): JavaScript itself has no vector instructions. */
export const MODULE =
  "AGFzbQEAAAABCgFgBn9/f39/fwADAgEABQMBAAEHFgIGbWVtb3J5AgAJd2VpZ2hSb3dzAAAKnwEBnAECBH8DewNAQYCAgAH9ESIKIQsgACAGaiEIIAIhCSADIQcDQCAI/QIDACEMIAogDP2pASAJ/QkCAP21Af2uASEKIAsgDP2qASAJ/QkCAP21Af2uASELIAggAWohCCAJQQRqIQkgB0EBayIHDQALIAUgBmogCkEW/awBIAtBFv2sAf2FASIKIAr9Zv1bAwAAIAZBCGoiBiAESQ0ACws=";

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  weighRows(rows: number, stride: number, weights: number, count: number, length: number, out: number): void;
}

/** What is used here of the runtime's WebAssembly, which only the browser's library of types describes. */
const { Instance, Module } = (
  globalThis as unknown as {
    readonly WebAssembly: {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: object };
    };
  }
).WebAssembly;

const kernel = new Instance(new Module(Buffer.from(MODULE, "base64"))).exports as Kernel;

/** Columns are summed by eights: what lies behind the last of them is read, and written over by the next row. */
const SPARE = 8;
const PAGE = 65_536;

/**
 * Weighted sums of rows of bytes, rounded and cut to 0..255.
 *
 * @param rows rows of `stride` bytes each, one after the other
 * @returns a new array of as many rows as there are taps
 */
export function weighRows(rows: Uint8Array, stride: number, { first, count, weights, width }: Taps): Uint8Array {
  const from = weights.byteLength;
  const to = from + rows.length + SPARE;
  const size = first.length * stride;
  const missing = to + size + SPARE - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE));
  new Int32Array(kernel.memory.buffer).set(weights);
  const bytes = new Uint8Array(kernel.memory.buffer);
  bytes.set(rows, from);
  for (let y = 0; y < first.length; y += 1) {
    const [start, taps] = [first[y] as number, count[y] as number];
    kernel.weighRows(from + start * stride, stride, y * width * 4, taps, stride, to + y * stride);
  }
  return bytes.slice(to, to + size);
}
