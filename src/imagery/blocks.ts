import { TerralogueError } from "../errors.ts";
import type { Level, Raster } from "./raster.ts";
import { reason } from "./raster.ts";

/** 8-bit RGB pixels of a window of one level; `valid` is 1 where the file has data. */
export interface RgbWindow {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  readonly valid: Uint8Array;
}

/** Decoded blocks kept for all open rasters together, in bytes. */
const CACHE_BYTES = 256 * 1024 * 1024;
/** Strips are decoded this many rows at a time, small tiles in groups of at least this side. */
const BLOCK_SIDE = 256;
/** Share of a preview that must be pure black and connected to the edge to count as an undeclared border. */
const BLACK_BORDER_SHARE = 0.01;
const PREVIEW_SIDE = 256;

const cache = new Map<string, Promise<RgbWindow>>();
let cachedBytes = 0;

/** Reads 8-bit RGB windows of a raster's levels through a shared cache of decoded blocks. */
export class BlockReader {
  readonly raster: Raster;
  readonly #id: string;
  #looks: Promise<Looks> | null = null;
  /** Source pixels decoded so far. */
  pixelsRead = 0;

  constructor(raster: Raster, id: string) {
    this.raster = raster;
    this.#id = id;
  }

  /** Pixels of [x0, x1) × [y0, y1) of a level; the window must lie inside the level. */
  async window(
    level: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    signal?: AbortSignal,
  ): Promise<RgbWindow> {
    const { blockWidth, blockHeight } = this.#blockSize(level);
    const width = x1 - x0;
    const height = y1 - y0;
    const rgb = new Uint8Array(width * height * 3);
    const valid = new Uint8Array(width * height);
    const jobs: Promise<void>[] = [];
    for (let by = Math.floor(y0 / blockHeight); by * blockHeight < y1; by += 1) {
      for (let bx = Math.floor(x0 / blockWidth); bx * blockWidth < x1; bx += 1) {
        jobs.push(
          this.#block(level, bx, by, blockWidth, blockHeight, signal).then((block) => {
            const fromX = Math.max(x0, bx * blockWidth);
            const toX = Math.min(x1, bx * blockWidth + block.width);
            const fromY = Math.max(y0, by * blockHeight);
            const toY = Math.min(y1, by * blockHeight + block.height);
            for (let y = fromY; y < toY; y += 1) {
              const source = (y - by * blockHeight) * block.width + (fromX - bx * blockWidth);
              const target = (y - y0) * width + (fromX - x0);
              rgb.set(block.rgb.subarray(source * 3, (source + toX - fromX) * 3), target * 3);
              valid.set(block.valid.subarray(source, source + toX - fromX), target);
            }
          }),
        );
      }
    }
    await Promise.all(jobs);
    return { width, height, rgb, valid };
  }

  #blockSize(level: number): { blockWidth: number; blockHeight: number } {
    const { image, width, height } = this.raster.levels[level] as Level;
    if (!image.isTiled)
      return { blockWidth: width, blockHeight: Math.min(height, Math.max(BLOCK_SIDE / 4, image.getBlockHeight(0))) };
    const grow = (side: number) => side * Math.max(1, Math.ceil(BLOCK_SIDE / side));
    return { blockWidth: grow(image.getTileWidth()), blockHeight: grow(image.getTileHeight()) };
  }

  #block(
    level: number,
    bx: number,
    by: number,
    blockWidth: number,
    blockHeight: number,
    signal?: AbortSignal,
  ): Promise<RgbWindow> {
    const key = `${this.#id}/${level}/${bx}/${by}`;
    const held = cache.get(key);
    if (held) {
      cache.delete(key);
      cache.set(key, held);
      return held;
    }
    const { width, height } = this.raster.levels[level] as Level;
    const x0 = bx * blockWidth;
    const y0 = by * blockHeight;
    const block = this.#decode(
      level,
      x0,
      y0,
      Math.min(width, x0 + blockWidth),
      Math.min(height, y0 + blockHeight),
      signal,
    );
    cache.set(key, block);
    block.then(
      ({ rgb, valid }) => {
        cachedBytes += rgb.length + valid.length;
        for (const [oldest, promise] of cache) {
          if (cachedBytes <= CACHE_BYTES || oldest === key) break;
          cache.delete(oldest);
          promise.then(
            (gone) => {
              cachedBytes -= gone.rgb.length + gone.valid.length;
            },
            () => {},
          );
        }
      },
      () => cache.delete(key),
    );
    return block;
  }

  async #decode(
    level: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    signal?: AbortSignal,
  ): Promise<RgbWindow> {
    const looks = await this.#look();
    const samples = await this.#samples(level, x0, y0, x1, y1, looks.asRgb, signal);
    this.pixelsRead += (x1 - x0) * (y1 - y0);
    return toRgb(samples, x1 - x0, y1 - y0, looks);
  }

  async #samples(
    level: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    asRgb: boolean,
    signal?: AbortSignal,
  ): Promise<ArrayLike<number>> {
    const { image } = this.raster.levels[level] as Level;
    const window = [x0, y0, x1, y1];
    try {
      return asRgb
        ? await image.readRGB({ window, interleave: true, ...(signal && { signal }) })
        : await image.readRasters({ window, interleave: true, ...(signal && { signal }) });
    } catch (cause) {
      if (signal?.aborted) throw new TerralogueError("cancelled", "Reading was stopped.", { cause });
      throw new TerralogueError(
        "bad_raster",
        `A block of ${this.raster.description.path} cannot be decoded (${reason(cause)}); the file is damaged, copy it again.`,
        { cause },
      );
    }
  }

  #look(): Promise<Looks> {
    this.#looks ??= this.#findLooks();
    return this.#looks;
  }

  /** How the file's samples become 8-bit RGB: bands, stretch and what counts as no data; from a small preview, once. */
  async #findLooks(): Promise<Looks> {
    const { description, photometric, hasAlpha, levels } = this.raster;
    const { bands, sampleType, nodata } = description;
    const asRgb = photometric === 6 || photometric === 3 || photometric === 5;
    const base = { asRgb, bands: asRgb ? 3 : bands, alpha: hasAlpha && !asRgb ? bands - 1 : null, nodata };
    const plain = sampleType === "uint8" && (bands >= 3 || asRgb);
    const use: [number, number, number] =
      asRgb || plain
        ? [0, 1, 2]
        : bands >= 10
          ? [3, 2, 1]
          : bands >= 4
            ? [2, 1, 0]
            : bands === 3
              ? [0, 1, 2]
              : [0, 0, 0];
    const isDeclared = nodata !== null || base.alpha !== null;
    if (plain && isDeclared) return { ...base, use, stretch: null, blackIsNoData: false };
    const coarsest = levels.length - 1;
    const { width, height } = levels[coarsest] as Level;
    const preview = await this.#preview(coarsest, width, height, base.bands, asRgb);
    if (plain) return { ...base, use, stretch: null, blackIsNoData: hasBlackBorder(preview) };
    return {
      ...base,
      use,
      stretch: stretchOf(preview, use, nodata),
      blackIsNoData: nodata === null && hasBlackBorder(preview, use),
    };
  }

  /** About 256 × 256 samples spread over a level. */
  async #preview(level: number, width: number, height: number, bands: number, asRgb: boolean): Promise<Preview> {
    const step = Math.max(1, Math.ceil(Math.max(width, height) / PREVIEW_SIDE));
    const columns = Math.ceil(width / step);
    const rows = Math.ceil(height / step);
    const samples = new Float64Array(columns * rows * bands);
    const chunk = Math.max(step, Math.floor(4_194_304 / Math.max(1, width)));
    const aligned = Math.max(step, chunk - (chunk % step));
    for (let y = 0; y < height; y += aligned) {
      const until = Math.min(height, y + aligned);
      const data = await this.#samples(level, 0, y, width, until, asRgb);
      for (let row = y; row < until; row += step) {
        for (let column = 0; column < columns; column += 1) {
          const from = ((row - y) * width + column * step) * bands;
          const to = ((row / step) * columns + column) * bands;
          for (let band = 0; band < bands; band += 1) samples[to + band] = Number(data[from + band]);
        }
      }
    }
    return { columns, rows, bands, samples };
  }
}

interface Preview {
  readonly columns: number;
  readonly rows: number;
  readonly bands: number;
  readonly samples: Float64Array;
}

interface Looks {
  /** Let the library convert (YCbCr, palette, CMYK). */
  readonly asRgb: boolean;
  readonly bands: number;
  readonly alpha: number | null;
  readonly nodata: number | null;
  /** Bands shown as red, green, blue: 4, 3, 2 of Sentinel-2-like stacks, 3, 2, 1 of four to nine bands. */
  readonly use: readonly [number, number, number];
  /** Lower and upper value per shown band (percentiles 2 and 98 of the preview); null for 8-bit RGB, shown as it is. */
  readonly stretch: readonly (readonly [number, number])[] | null;
  readonly blackIsNoData: boolean;
}

function stretchOf(
  { columns, rows, bands, samples }: Preview,
  use: readonly number[],
  nodata: number | null,
): [number, number][] {
  return use.map((band) => {
    const values: number[] = [];
    for (let i = 0; i < columns * rows; i += 1) {
      const value = samples[i * bands + band] as number;
      if (Number.isFinite(value) && value !== nodata) values.push(value);
    }
    values.sort((a, b) => a - b);
    const low = values[Math.floor(values.length * 0.02)] ?? 0;
    const high = values[Math.min(values.length - 1, Math.floor(values.length * 0.98))] ?? 1;
    return [low, high > low ? high : low + 1];
  });
}

/** Whether pure zeros connected to the preview's edge make up a border that nobody declared. */
function hasBlackBorder({ columns, rows, bands, samples }: Preview, use: readonly number[] = [0, 1, 2]): boolean {
  const isBlack = (i: number) => use.every((band) => samples[i * bands + band] === 0);
  const seen = new Uint8Array(columns * rows);
  const queue: number[] = [];
  const visit = (x: number, y: number) => {
    if (x < 0 || y < 0 || x >= columns || y >= rows) return;
    const i = y * columns + x;
    if (seen[i] || !isBlack(i)) return;
    seen[i] = 1;
    queue.push(i);
  };
  for (let x = 0; x < columns; x += 1) {
    visit(x, 0);
    visit(x, rows - 1);
  }
  for (let y = 0; y < rows; y += 1) {
    visit(0, y);
    visit(columns - 1, y);
  }
  for (const i of queue) {
    const x = i % columns;
    const y = Math.floor(i / columns);
    visit(x - 1, y);
    visit(x + 1, y);
    visit(x, y - 1);
    visit(x, y + 1);
  }
  return queue.length > BLACK_BORDER_SHARE * columns * rows;
}

function toRgb(samples: ArrayLike<number>, width: number, height: number, looks: Looks): RgbWindow {
  const { bands, use, alpha, nodata, stretch, blackIsNoData } = looks;
  const pixels = width * height;
  const rgb = new Uint8Array(pixels * 3);
  const valid = new Uint8Array(pixels);
  const [r, g, b] = use;
  for (let i = 0, at = 0; i < pixels; i += 1, at += bands) {
    const red = samples[at + r] as number;
    const green = samples[at + g] as number;
    const blue = samples[at + b] as number;
    if (alpha !== null && samples[at + alpha] === 0) continue;
    if (nodata !== null && red === nodata && green === nodata && blue === nodata) continue;
    if (blackIsNoData && red === 0 && green === 0 && blue === 0) continue;
    if (stretch === null) {
      rgb[i * 3] = red;
      rgb[i * 3 + 1] = green;
      rgb[i * 3 + 2] = blue;
    } else {
      if (!Number.isFinite(red + green + blue)) continue;
      rgb[i * 3] = stretched(red, stretch[0] as [number, number]);
      rgb[i * 3 + 1] = stretched(green, stretch[1] as [number, number]);
      rgb[i * 3 + 2] = stretched(blue, stretch[2] as [number, number]);
    }
    valid[i] = 1;
  }
  return { width, height, rgb, valid };
}

function stretched(value: number, [low, high]: readonly [number, number]): number {
  return Math.max(0, Math.min(255, Math.round(((value - low) / (high - low)) * 255)));
}
