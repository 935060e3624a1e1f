import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { deflate } from "node:zlib";

const deflateAsync = promisify(deflate);

export interface GeoTiffOptions {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly sampleType: "uint8" | "uint16" | "float32";
  /** EPSG code of the CRS; `isGeographic` says which GeoKey it goes into. */
  readonly epsg: number;
  readonly isGeographic?: boolean;
  /** Coordinates of the outer corner of the top left pixel, and pixel size (both sides positive). */
  readonly originX: number;
  readonly originY: number;
  readonly pixelSize: number;
  /** Default "deflate". */
  readonly compression?: "none" | "deflate";
  /** Tile side in pixels, a multiple of 16; default 256. */
  readonly tileSize?: number;
  /** Declared in GDAL's nodata tag. */
  readonly nodata?: number;
  /** Write overviews of half, quarter … size until they fit one tile; default true. 8-bit only. */
  readonly overviews?: boolean;
}

/** Gives the pixels of a window, band-interleaved by pixel, row by row from the top. */
export type WindowSource = (
  x: number,
  y: number,
  width: number,
  height: number,
) => Promise<ArrayBufferView> | ArrayBufferView;

const BYTES = { uint8: 1, uint16: 2, float32: 4 } as const;
const SAMPLE_FORMAT = { uint8: 1, uint16: 1, float32: 3 } as const;

interface Level {
  readonly width: number;
  readonly height: number;
  readonly source: WindowSource;
}

/**
 * Writes a tiled GeoTIFF (TIFF 6.0, OGC GeoTIFF 1.1) tile by tile, so that no more than one row of tiles is in memory
 * at once; 8-bit images get averaged overviews. The horizontal predictor is used for 8-bit deflate.
 */
export async function writeGeoTiff(path: string, options: GeoTiffOptions, source: WindowSource): Promise<void> {
  const file = await open(path, "w");
  try {
    await new Writer(file, options).write(source);
  } finally {
    await file.close();
  }
}

class Writer {
  readonly #file: FileHandle;
  readonly #options: GeoTiffOptions;
  readonly #tile: number;
  #position = 8;

  constructor(file: FileHandle, options: GeoTiffOptions) {
    this.#file = file;
    this.#options = options;
    this.#tile = options.tileSize ?? 256;
  }

  async write(source: WindowSource): Promise<void> {
    const { width, height } = this.#options;
    const withOverviews = this.#options.overviews !== false && this.#options.sampleType === "uint8";
    let level: Level = { width, height, source };
    const directories: Buffer[] = [];
    const offsets: number[] = [];
    for (let index = 0; ; index += 1) {
      const isLast = !withOverviews || Math.max(level.width, level.height) <= this.#tile;
      const half = isLast
        ? null
        : new Uint8Array(Math.ceil(level.width / 2) * Math.ceil(level.height / 2) * this.#options.bands);
      const { tileOffsets, tileBytes } = await this.#writeTiles(level, half);
      const directory = this.#directory(level, index > 0, tileOffsets, tileBytes);
      offsets.push(directory.offset);
      directories.push(directory.buffer);
      if (!half) break;
      const [w, h] = [Math.ceil(level.width / 2), Math.ceil(level.height / 2)];
      const { bands } = this.#options;
      level = { width: w, height: h, source: (x, y, ww, hh) => crop(half, w, bands, x, y, ww, hh) };
    }
    for (const [index, buffer] of directories.entries()) {
      // The last four bytes of a directory point to the next one.
      buffer.writeUInt32LE(offsets[index + 1] ?? 0, buffer.readUInt16LE(0) * 12 + 2);
      await this.#file.write(buffer, 0, buffer.length, offsets[index] as number);
    }
    const header = Buffer.alloc(8);
    header.write("II", 0, "latin1");
    header.writeUInt16LE(42, 2);
    header.writeUInt32LE(offsets[0] as number, 4);
    await this.#file.write(header, 0, 8, 0);
  }

  async #writeTiles(level: Level, half: Uint8Array | null): Promise<{ tileOffsets: number[]; tileBytes: number[] }> {
    const { bands, sampleType, compression = "deflate" } = this.#options;
    const side = this.#tile;
    const bytes = BYTES[sampleType] * bands;
    const tileOffsets: number[] = [];
    const tileBytes: number[] = [];
    for (let y = 0; y < level.height; y += side) {
      const rows = Math.min(side, level.height - y);
      const view = await level.source(0, y, level.width, rows);
      const strip = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
      if (half) halve(strip, level.width, rows, y, half, bands);
      const tiles: Buffer[] = [];
      for (let x = 0; x < level.width; x += side) {
        const columns = Math.min(side, level.width - x);
        const tile = Buffer.alloc(side * side * bytes);
        for (let row = 0; row < rows; row += 1) {
          strip.copy(
            tile,
            row * side * bytes,
            (row * level.width + x) * bytes,
            (row * level.width + x + columns) * bytes,
          );
        }
        if (compression === "deflate" && sampleType === "uint8") predict(tile, side, bands);
        tiles.push(tile);
      }
      const packed =
        compression === "deflate" ? await Promise.all(tiles.map((tile) => deflateAsync(tile, { level: 4 }))) : tiles;
      for (const tile of packed) {
        tileOffsets.push(this.#position);
        tileBytes.push(tile.length);
        await this.#file.write(tile, 0, tile.length, this.#position);
        this.#position += tile.length + (tile.length % 2);
      }
    }
    return { tileOffsets, tileBytes };
  }

  /** Lays out one image file directory with its long values behind it, at the end of the file. */
  #directory(
    level: Level,
    isOverview: boolean,
    tileOffsets: number[],
    tileBytes: number[],
  ): { offset: number; buffer: Buffer } {
    const {
      bands,
      sampleType,
      compression = "deflate",
      epsg,
      isGeographic,
      originX,
      originY,
      pixelSize,
      nodata,
      width,
    } = this.#options;
    const scale = (pixelSize * width) / level.width;
    const SHORT = 3;
    const LONG = 4;
    const DOUBLE = 12;
    const ASCII = 2;
    const entries: [tag: number, type: number, values: number[] | string][] = [
      [254, LONG, [isOverview ? 1 : 0]],
      [256, LONG, [level.width]],
      [257, LONG, [level.height]],
      [258, SHORT, Array(bands).fill(BYTES[sampleType] * 8)],
      [259, SHORT, [compression === "deflate" ? 8 : 1]],
      [262, SHORT, [bands >= 3 && sampleType === "uint8" ? 2 : 1]],
      [277, SHORT, [bands]],
      [284, SHORT, [1]],
      [317, SHORT, [compression === "deflate" && sampleType === "uint8" ? 2 : 1]],
      [322, LONG, [this.#tile]],
      [323, LONG, [this.#tile]],
      [324, LONG, tileOffsets],
      [325, LONG, tileBytes],
      ...(bands > 3 && sampleType === "uint8"
        ? ([[338, SHORT, Array(bands - 3).fill(bands === 4 ? 2 : 0)]] as [number, number, number[]][])
        : []),
      ...(bands > 1 && sampleType !== "uint8"
        ? ([[338, SHORT, Array(bands - 1).fill(0)]] as [number, number, number[]][])
        : []),
      [339, SHORT, Array(bands).fill(SAMPLE_FORMAT[sampleType])],
      ...(isOverview
        ? []
        : ([
            [33550, DOUBLE, [scale, scale, 0]],
            [33922, DOUBLE, [0, 0, 0, originX, originY, 0]],
            [
              34735,
              SHORT,
              [1, 1, 0, 3, 1024, 0, 1, isGeographic ? 2 : 1, 1025, 0, 1, 1, isGeographic ? 2048 : 3072, 0, 1, epsg],
            ],
            ...(nodata === undefined ? [] : ([[42113, ASCII, `${nodata}\0`]] as [number, number, string][])),
          ] as [number, number, number[] | string][])),
    ];
    entries.sort((a, b) => a[0] - b[0]);
    const sizeOf = { 2: 1, 3: 2, 4: 4, 12: 8 } as Record<number, number>;
    const offset = this.#position;
    const head = 2 + entries.length * 12 + 4;
    const payload = entries.map(([, type, values]) => {
      const size = sizeOf[type] as number;
      const buffer = Buffer.alloc(values.length * size);
      for (const [i, value] of [...values].entries()) {
        if (typeof value === "string") buffer.write(value, i, "latin1");
        else if (type === SHORT) buffer.writeUInt16LE(value, i * 2);
        else if (type === LONG) buffer.writeUInt32LE(value, i * 4);
        else buffer.writeDoubleLE(value, i * 8);
      }
      return buffer;
    });
    const extra = payload.reduce(
      (sum, buffer) => sum + (buffer.length > 4 ? buffer.length + (buffer.length % 2) : 0),
      0,
    );
    const buffer = Buffer.alloc(head + extra);
    buffer.writeUInt16LE(entries.length, 0);
    let behind = head;
    for (const [i, [tag, type, values]] of entries.entries()) {
      const at = 2 + i * 12;
      const data = payload[i] as Buffer;
      buffer.writeUInt16LE(tag, at);
      buffer.writeUInt16LE(type, at + 2);
      buffer.writeUInt32LE(values.length, at + 4);
      if (data.length <= 4) data.copy(buffer, at + 8);
      else {
        buffer.writeUInt32LE(offset + behind, at + 8);
        data.copy(buffer, behind);
        behind += data.length + (data.length % 2);
      }
    }
    this.#position += buffer.length;
    return { offset, buffer };
  }
}

/** TIFF's horizontal differencing for 8-bit samples, in place. */
function predict(tile: Buffer, side: number, bands: number) {
  const row = side * bands;
  for (let start = 0; start < tile.length; start += row) {
    for (let i = start + row - 1; i >= start + bands; i -= 1)
      tile[i] = ((tile[i] as number) - (tile[i - bands] as number)) & 255;
  }
}

/** Averages 2 × 2 pixels of a strip into the half-size image. */
function halve(strip: Buffer, width: number, rows: number, y: number, half: Uint8Array, bands: number) {
  const halfWidth = Math.ceil(width / 2);
  for (let row = 0; row < rows; row += 2) {
    const below = Math.min(row + 1, rows - 1);
    for (let column = 0; column < halfWidth; column += 1) {
      const right = Math.min(2 * column + 1, width - 1);
      for (let band = 0; band < bands; band += 1) {
        const sum =
          (strip[(row * width + 2 * column) * bands + band] as number) +
          (strip[(row * width + right) * bands + band] as number) +
          (strip[(below * width + 2 * column) * bands + band] as number) +
          (strip[(below * width + right) * bands + band] as number);
        half[(((y + row) / 2) * halfWidth + column) * bands + band] = (sum + 2) >> 2;
      }
    }
  }
}

function crop(image: Uint8Array, width: number, bands: number, x: number, y: number, w: number, h: number): Uint8Array {
  if (x === 0 && w === width) return image.subarray(y * width * bands, (y + h) * width * bands);
  const out = new Uint8Array(w * h * bands);
  for (let row = 0; row < h; row += 1) {
    const start = ((y + row) * width + x) * bands;
    out.set(image.subarray(start, start + w * bands), row * w * bands);
  }
  return out;
}
