/**
 * Antialiased resizing of 8-bit pictures, bit for bit as Pillow does it: a horizontal and a vertical pass of a separable filter, whose
 * support widens with the reduction, in fixed point with rounding to bytes after each pass.
 *
 * @see Pillow's Resample.c; image processors of Hugging Face and open_clip resize through it
 */

import { type Taps, weighRows } from "./weigh-rows.ts";

type Filter = "nearest" | "box" | "bilinear" | "bicubic" | "lanczos";

/** Pillow's 32 − 8 − 2 bits of precision for 8-bit channels. */
const ONE = 2 ** 22;

const SUPPORT: Readonly<Record<Exclude<Filter, "nearest">, number>> = { box: 0.5, bilinear: 1, bicubic: 2, lanczos: 3 };

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

function weightAt(filter: Exclude<Filter, "nearest">, at: number): number {
  const x = Math.abs(at);
  switch (filter) {
    case "box":
      return at > -0.5 && at <= 0.5 ? 1 : 0;
    case "bilinear":
      return x < 1 ? 1 - x : 0;
    case "bicubic":
      // Keys' cubic with a = -0.5.
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    case "lanczos":
      return x < 3 ? sinc(x) * sinc(x / 3) : 0;
  }
}

const tapsCache = new Map<string, Taps>();

function tapsFor(from: number, to: number, filter: Exclude<Filter, "nearest">): Taps {
  const key = `${from}/${to}/${filter}`;
  const cached = tapsCache.get(key);
  if (cached) return cached;
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const support = SUPPORT[filter] * stretch;
  const width = Math.ceil(support) * 2 + 1;
  const taps: Taps = {
    first: new Int32Array(to),
    count: new Int32Array(to),
    weights: new Int32Array(to * width),
    width,
  };
  const row = new Float64Array(width);
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(from, Math.trunc(centre + support + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < count; k += 1) {
      row[k] = weightAt(filter, (k + first - centre + 0.5) / stretch);
      sum += row[k] as number;
    }
    taps.first[i] = first;
    taps.count[i] = count;
    for (let k = 0; k < count; k += 1) {
      const weight = ((row[k] as number) / (sum === 0 ? 1 : sum)) * ONE;
      taps.weights[i * width + k] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
  }
  if (tapsCache.size > 64) tapsCache.clear();
  tapsCache.set(key, taps);
  return taps;
}

/**
 * @param rgb interleaved bytes, 3 a pixel, row-major
 * @returns a new array of toWidth × toHeight × 3 bytes; the same one where the size does not change
 */
export function resizeRgb(
  rgb: Uint8Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
  filter: Filter,
): Uint8Array {
  if (width === toWidth && height === toHeight) return rgb;
  if (filter === "nearest") return nearest(rgb, width, height, toWidth, toHeight);
  const wide = width === toWidth ? rgb : horizontally(rgb, width, height, tapsFor(width, toWidth, filter));
  return height === toHeight ? wide : weighRows(wide, toWidth * 3, tapsFor(height, toHeight, filter));
}

/** A picture's columns are the rows of the turned one. */
function horizontally(rgb: Uint8Array, width: number, height: number, taps: Taps): Uint8Array {
  const columns = weighRows(transposed(rgb, width, height), height * 3, taps);
  return transposed(columns, height, taps.first.length);
}

/** Pixels (x, y) at (y, x). */
function transposed(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let y = 0, from = 0; y < height; y += 1) {
    for (let x = 0, to = y * 3; x < width; x += 1, from += 3, to += height * 3) {
      out[to] = rgb[from] as number;
      out[to + 1] = rgb[from + 1] as number;
      out[to + 2] = rgb[from + 2] as number;
    }
  }
  return out;
}

function nearest(rgb: Uint8Array, width: number, height: number, toWidth: number, toHeight: number): Uint8Array {
  const out = new Uint8Array(toWidth * toHeight * 3);
  for (let y = 0; y < toHeight; y += 1) {
    const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / toHeight)) * width;
    for (let x = 0; x < toWidth; x += 1) {
      const at = (row + Math.min(width - 1, Math.floor(((x + 0.5) * width) / toWidth))) * 3;
      out.set(rgb.subarray(at, at + 3), (y * toWidth + x) * 3);
    }
  }
  return out;
}
