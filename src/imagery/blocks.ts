import { TerralogueError } from "../errors.ts";
import { bandNamesOf } from "./band-names.ts";
import type { BandView } from "./ports.ts";
import type { Level, Raster } from "./raster.ts";
import { reason } from "./raster.ts";
import { readSamples } from "./read-samples.ts";

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
/** Share of a preview that must be black and connected to the edge to count as an undeclared border. */
const BLACK_BORDER_SHARE = 0.01;
const PREVIEW_SIDE = 256;
/** Overviews are averaged: in smaller ones than this the black of a border is mixed with what is beside it. */
const LEAST_PREVIEW_LEVEL = 256;
/** Black that JPEG may have blurred. */
const JPEG_BLACK = 4;
/** Samples of a preview decoded at once. */
const PREVIEW_CHUNK_PX = 4_194_304;

const cache = new Map<string, Promise<RgbWindow>>();
let cachedBytes = 0;

/** Reads 8-bit RGB windows of a raster's levels through a shared cache of decoded blocks. */
export class BlockReader {
  readonly raster: Raster;
  readonly #id: string;
  readonly #view: BandView;
  #looks: Promise<Looks> | null = null;
  /** Source pixels decoded so far. */
  pixelsRead = 0;

  constructor(raster: Raster, id: string, view: BandView = "natural") {
    this.raster = raster;
    this.#id = id;
    this.#view = view;
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
    const { width, height } = this.raster.levels[level] as Level;
    const block = toRgb(samples, [x0, y0, x1, y1], [width, height], looks);
    await this.#applyMask(block, level, x0, y0, signal);
    return block;
  }

  /** Takes out what the file's validity mask marks; a level without a mask of its size uses the next finer one. */
  async #applyMask(block: RgbWindow, level: number, x0: number, y0: number, signal?: AbortSignal): Promise<void> {
    const { width, height } = this.raster.levels[level] as Level;
    const mask = this.raster.masks.findLast((held) => held.width >= width) ?? this.raster.masks[0];
    if (!mask) return;
    const [fx, fy] = [mask.width / width, mask.height / height];
    const left = Math.floor(x0 * fx);
    const top = Math.floor(y0 * fy);
    const right = Math.min(mask.width, Math.ceil((x0 + block.width) * fx));
    const bottom = Math.min(mask.height, Math.ceil((y0 + block.height) * fy));
    const samples = await this.#read(mask, [left, top, right, bottom], false, signal);
    const bands = samples.length / ((right - left) * (bottom - top));
    for (let row = 0; row < block.height; row += 1) {
      const from = Math.min(bottom - 1, Math.floor((y0 + row + 0.5) * fy)) - top;
      for (let column = 0; column < block.width; column += 1) {
        const at = from * (right - left) + Math.min(right - 1, Math.floor((x0 + column + 0.5) * fx)) - left;
        if (samples[at * bands] !== 0) continue;
        const i = row * block.width + column;
        block.valid[i] = 0;
        block.rgb.fill(0, i * 3, i * 3 + 3);
      }
    }
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
    return this.#read(this.raster.levels[level] as Level, [x0, y0, x1, y1], asRgb, signal);
  }

  async #read(
    { image }: Level,
    window: [number, number, number, number],
    asRgb: boolean,
    signal?: AbortSignal,
  ): Promise<ArrayLike<number>> {
    try {
      return asRgb
        ? await image.readRGB({ window, interleave: true, ...(signal && { signal }) })
        : await readSamples(image, window, signal);
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
    const palette = photometric === PALETTE ? await paletteOf(this.raster) : null;
    if (palette) {
      const use = [0, 0, 0] as const;
      return {
        asRgb: false,
        bands,
        alpha: hasAlpha ? bands - 1 : null,
        nodata,
        use,
        stretch: null,
        border: null,
        palette,
      };
    }
    const asRgb = photometric === 6 || photometric === 5;
    if (this.#view === "infrared") return this.#findInfrared();
    const base = {
      asRgb,
      bands: asRgb ? 3 : bands,
      alpha: hasAlpha && !asRgb ? bands - 1 : null,
      nodata,
      palette: null,
    };
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
    const isDeclared = nodata !== null || base.alpha !== null || this.raster.masks.length > 0;
    if (plain && isDeclared) return { ...base, use, stretch: null, border: null };
    const preview = await this.#preview(previewLevel(levels), base.bands, asRgb);
    const border = isDeclared ? null : blackBorder(preview, use, photometric === 6 ? JPEG_BLACK : 0);
    return { ...base, use, stretch: plain ? null : stretchOf(preview, use, nodata, border), border };
  }

  /** Green and infrared from their darkest hundredth on, which is haze, on one scale; nothing of files without an infrared band that is known. */
  async #findInfrared(): Promise<Looks> {
    const { raster } = this;
    const { bands, nodata } = raster.description;
    const names = await bandNamesOf(raster);
    const [green, infrared] = [names?.indexOf("green") ?? -1, names?.indexOf("nir") ?? -1];
    const base = { asRgb: false, bands, alpha: null, nodata, border: null, palette: null };
    if (green < 0 || infrared < 0) return { ...base, use: [0, 0, 0], stretch: null, isHidden: true };
    const use = [green, infrared, infrared] as const;
    const ends = stretchOf(await this.#preview(previewLevel(raster.levels), bands, false), use, nodata, null, 0.01);
    const span = Math.max(...ends.map(([low, high]) => high - low));
    return { ...base, use, stretch: ends.map(([low]) => [low, low + span] as const) };
  }

  /** About 256 × 256 samples spread over a level; every block of the file is decoded at most once. */
  async #preview(level: number, bands: number, asRgb: boolean): Promise<Preview> {
    const { image, width, height } = this.raster.levels[level] as Level;
    const step = Math.max(1, Math.ceil(Math.max(width, height) / PREVIEW_SIDE));
    const columns = Math.ceil(width / step);
    const rows = Math.ceil(height / step);
    const samples = new Float64Array(columns * rows * bands);
    const blockHeight = Math.max(1, image.isTiled ? image.getTileHeight() : image.getBlockHeight(0));
    const blockWidth = Math.max(1, image.isTiled ? image.getTileWidth() : width);
    const chunkWidth = blockWidth * Math.max(1, Math.floor(PREVIEW_CHUNK_PX / (blockWidth * blockHeight)));
    for (let row = 0; row < rows; ) {
      const blockEnd = (Math.floor((row * step) / blockHeight) + 1) * blockHeight;
      const until = Math.min(rows, Math.ceil(blockEnd / step));
      const y0 = row * step;
      const y1 = Math.min(height, (until - 1) * step + 1);
      for (let x0 = 0; x0 < width; x0 += chunkWidth) {
        const x1 = Math.min(width, x0 + chunkWidth);
        const data = await this.#samples(level, x0, y0, x1, y1, asRgb);
        for (let r = row; r < until; r += 1) {
          for (let column = Math.ceil(x0 / step); column * step < x1; column += 1) {
            const from = ((r * step - y0) * (x1 - x0) + column * step - x0) * bands;
            const to = (r * columns + column) * bands;
            for (let band = 0; band < bands; band += 1) samples[to + band] = Number(data[from + band]);
          }
        }
      }
      row = until;
    }
    return { columns, rows, bands, samples };
  }
}

const PALETTE = 3;

/** TIFF ColorMap: all reds, then all greens, then all blues, in 16 bits. */
async function paletteOf({ levels }: { readonly levels: readonly Level[] }): Promise<Uint8Array | null> {
  const { fileDirectory } = (levels[0] as Level).image;
  const map = fileDirectory.hasTag("ColorMap") ? await fileDirectory.loadValue("ColorMap") : null;
  if (!map) return null;
  const values = Array.from(map as ArrayLike<number>);
  const count = values.length / 3;
  return Uint8Array.from({ length: values.length }, (_, i) => (values[(i % 3) * count + Math.floor(i / 3)] ?? 0) >> 8);
}

/** The coarsest level that is still large enough to show a border as it is. */
function previewLevel(levels: readonly Level[]): number {
  return Math.max(
    0,
    levels.findLastIndex(({ width, height }) => Math.max(width, height) >= LEAST_PREVIEW_LEVEL),
  );
}

interface Preview {
  readonly columns: number;
  readonly rows: number;
  readonly bands: number;
  readonly samples: Float64Array;
}

interface Looks {
  /** Let the library convert (YCbCr, CMYK). */
  readonly asRgb: boolean;
  readonly bands: number;
  readonly alpha: number | null;
  readonly nodata: number | null;
  /** Bands shown as red, green, blue: 4, 3, 2 of Sentinel-2-like stacks, 3, 2, 1 of four to nine bands. */
  readonly use: readonly [number, number, number];
  /** Lower and upper value per shown band (percentiles 2 and 98 of the preview); null for 8-bit RGB, shown as it is. */
  readonly stretch: readonly (readonly [number, number])[] | null;
  readonly border: Border | null;
  /** Red, green and blue of each index, for files whose samples are indices into a colour map. */
  readonly palette: Uint8Array | null;
  /** Whether nothing of the file is shown: it has not the bands that are wanted. */
  readonly isHidden?: boolean;
}

/** Where an undeclared black border lies: cells of a preview spread over the image, 1 in the border and right beside it. */
interface Border {
  readonly columns: number;
  readonly rows: number;
  readonly cells: Uint8Array;
  /** Samples up to this count as black. */
  readonly black: number;
}

function stretchOf(
  { columns, rows, bands, samples }: Preview,
  use: readonly number[],
  nodata: number | null,
  border: Border | null,
  tail = 0.02,
): [number, number][] {
  return use.map((band) => {
    const values: number[] = [];
    for (let i = 0; i < columns * rows; i += 1) {
      const value = samples[i * bands + band] as number;
      if (border?.cells[i] === 1 && value <= border.black) continue;
      if (Number.isFinite(value) && value !== nodata) values.push(value);
    }
    values.sort((a, b) => a - b);
    const low = values[Math.floor(values.length * tail)] ?? 0;
    const high = values[Math.min(values.length - 1, Math.floor(values.length * (1 - tail)))] ?? 1;
    return [low, high > low ? high : low + 1];
  });
}

/** The border that nobody declared: black connected to the preview's edge; null when there is (next to) none. */
function blackBorder({ columns, rows, bands, samples }: Preview, use: readonly number[], black: number): Border | null {
  const isBlack = (i: number) =>
    use.every((band) => {
      const value = samples[i * bands + band] as number;
      return value >= 0 && value <= black;
    });
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
  if (queue.length <= BLACK_BORDER_SHARE * columns * rows) return null;
  // The preview misses up to a cell beyond the border's edge.
  const cells = new Uint8Array(columns * rows);
  for (const i of queue) {
    const x = i % columns;
    const y = Math.floor(i / columns);
    for (let dy = Math.max(0, y - 1); dy <= Math.min(rows - 1, y + 1); dy += 1)
      cells.fill(1, dy * columns + Math.max(0, x - 1), dy * columns + Math.min(columns, x + 2));
  }
  return { columns, rows, cells, black };
}

/** Samples of the window [x0, y0, x1, y1] of a level of the given width and height. */
function toRgb(
  samples: ArrayLike<number>,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  [levelWidth, levelHeight]: readonly [number, number],
  looks: Looks,
): RgbWindow {
  const { bands, use, alpha, nodata, stretch, border, palette } = looks;
  const width = x1 - x0;
  const height = y1 - y0;
  const pixels = width * height;
  const isBorder = (i: number, { columns, rows, cells }: Border) => {
    const column = Math.floor(((x0 + (i % width)) / levelWidth) * columns);
    const row = Math.floor(((y0 + Math.floor(i / width)) / levelHeight) * rows);
    return cells[row * columns + column] === 1;
  };
  const rgb = new Uint8Array(pixels * 3);
  const valid = new Uint8Array(pixels);
  if (looks.isHidden) return { width, height, rgb, valid };
  const [r, g, b] = use;
  for (let i = 0, at = 0; i < pixels; i += 1, at += bands) {
    const red = samples[at + r] as number;
    const green = samples[at + g] as number;
    const blue = samples[at + b] as number;
    if (alpha !== null && samples[at + alpha] === 0) continue;
    if (nodata !== null && red === nodata && green === nodata && blue === nodata) continue;
    if (border && Math.max(red, green, blue) <= border.black && Math.min(red, green, blue) >= 0 && isBorder(i, border))
      continue;
    if (palette) {
      rgb[i * 3] = palette[red * 3] as number;
      rgb[i * 3 + 1] = palette[red * 3 + 1] as number;
      rgb[i * 3 + 2] = palette[red * 3 + 2] as number;
    } else if (stretch === null) {
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
