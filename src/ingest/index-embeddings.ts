import { basename } from "node:path";
import { TerralogueError } from "../errors.ts";
import { converter, type WorkingCrs } from "../geo/crs.ts";
import { scalesFor, tileAt } from "../geo/tile-grid.ts";
import type { RasterDescription } from "../imagery/ports.ts";
import { openRaster, type Raster, reason } from "../imagery/raster.ts";
import { readSamples } from "../imagery/read-samples.ts";
import type { Tile } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertTile } from "../store/sqlite/tiles.ts";
import { dequantised, EmbeddingSummary } from "./embedding-summary.ts";
import { isDone, markDone } from "./ingest.ts";

/** Part of the job's name: a raster whose tiles were made by an older reading is read again. */
const READING = 3;
/** Tiles written in one transaction. */
const BATCH = 500;
/** Samples read at once where the file's own blocks are smaller. */
const WINDOW_SAMPLES = 4_000_000;

/**
 * Mean, maximum and variance of the embeddings of every tile, band by band, from an n-band embedding raster, under the
 * encoder ids `raster:NAME@YEAR` (the mean, at unit length), `raster:NAME@YEAR#max`, `#variance` (as measured) and `#length` (the one
 * number by which the unit mean was divided). A pixel belongs to the tile in which its centre lies, so that every pixel counts once at every
 * scale; it is empty when any of its bands is. Int8 files are read as AlphaEarth writes them: v = sign(x) · (x / 127.5)², −128 is no data. Every block of the file is
 * decoded once, at full resolution: overviews hold means brought back to unit length, from which neither length nor variance can be told.
 *
 * @throws {TerralogueError} `bad_raster` when a block cannot be decoded, or a raster of the same name and year has another number of bands
 */
export async function indexEmbeddings(deps: {
  readonly db: Db;
  readonly description: RasterDescription;
  readonly year: number;
  readonly crs: WorkingCrs;
  readonly onProgress?: (done: number, label: string) => void;
}): Promise<void> {
  const { db, description, year, crs, onProgress = () => {} } = deps;
  const name = basename(description.path).replace(/\.[^.]+$/, "");
  const encoder = `raster:${name}@${year}`;
  const job = `embeddings/${description.fingerprint}/${year}/${READING}/${crs.code}`;
  if (isDone(db, job)) return;
  checkBands(db, encoder, description);
  const scales = scalesFor(description.gsd);
  const raster = await openRaster(description.path, description);
  let finest: ReadonlyMap<string, TileSummary>;
  try {
    finest = await summarise(raster, scales[0] as number, crs, (done) => onProgress(done, basename(description.path)));
  } finally {
    await raster.close();
  }
  const expected = pixelsOf(description, crs);
  const write = db.transaction((tiles: readonly TileSummary[]) => {
    for (const { tile, summary } of tiles) {
      const length = Math.hypot(...summary.mean);
      // A mean without a direction resembles nothing.
      if (!(length > 0)) continue;
      const coverage = Math.round(Math.min(1, summary.pixels / expected(tile)) * 1e4) / 1e4;
      insertTile(
        db,
        { ...tile, date: `${year}-12-31`, coverage, statistics: {} },
        [
          { encoder, vector: Float32Array.from(summary.mean, (value) => value / length) },
          { encoder: `${encoder}#max`, vector: summary.max },
          { encoder: `${encoder}#variance`, vector: summary.variance },
          { encoder: `${encoder}#length`, vector: Float32Array.of(length) },
        ],
        { keepDescribed: true },
      );
    }
  });
  for (const scale of scales) {
    const tiles = [...(scale === scales[0] ? finest : joined(finest, scale, description.bands)).values()];
    for (let at = 0; at < tiles.length; at += BATCH) write.immediate(tiles.slice(at, at + BATCH));
  }
  db.transaction(() => {
    db.prepare(
      "INSERT OR REPLACE INTO sources (kind, fingerprint, date, path, description) VALUES ('embeddings', ?, ?, ?, ?)",
    ).run(description.fingerprint, String(year), description.path, JSON.stringify(description));
    markDone(db, job);
  }).immediate();
}

interface TileSummary {
  readonly tile: Tile;
  readonly summary: EmbeddingSummary;
}

function checkBands(db: Db, encoder: string, { path, bands }: RasterDescription): void {
  const held = db
    .prepare<[string], number>("SELECT length(vector) / 4 FROM vectors WHERE encoder = ? LIMIT 1")
    .pluck()
    .get(encoder);
  if (held !== undefined && held !== bands)
    throw new TerralogueError(
      "bad_raster",
      `${path} has ${bands} bands, but ${encoder} in this workspace has ${held}; give the file another name.`,
    );
}

/** Summary of the pixels of every tile of one scale that has any, in the order in which the file holds them. */
async function summarise(
  raster: Raster,
  scale: number,
  crs: WorkingCrs,
  onProgress: (done: number) => void,
): Promise<ReadonlyMap<string, TileSummary>> {
  const { bands, width, height, transform, sampleType, nodata, path } = raster.description;
  const { image } = raster.levels[0] as Raster["levels"][number];
  const [x0, dx, , y0, , dy] = transform;
  const toWorking = converter(raster.description.crs, crs.code);
  const isInt8 = sampleType === "int8";
  const empty = isInt8 ? (nodata ?? -128) : nodata;
  const tiles = new Map<string, TileSummary>();
  const values = new Float64Array(bands);
  let here: TileSummary | null = null;
  const windows = windowsOf(image, width, height, bands);
  for (const [index, window] of windows.entries()) {
    onProgress(index / windows.length);
    const samples = await readSamples(image, window).catch((cause: unknown) => {
      throw new TerralogueError(
        "bad_raster",
        `${path} cannot be decoded (${reason(cause)}); it may be damaged, copy it again.`,
        { cause },
      );
    });
    let at = 0;
    for (let row = window[1]; row < window[3]; row += 1) {
      for (let column = window[0]; column < window[2]; column += 1, at += bands) {
        let isEmpty = false;
        for (let band = 0; band < bands && !isEmpty; band += 1) {
          const sample = samples[at + band] as number;
          isEmpty = sample === empty || !Number.isFinite(sample);
          values[band] = isInt8 ? dequantised(sample) : sample;
        }
        if (isEmpty) continue;
        const [x, y] = toWorking(x0 + (column + 0.5) * dx, y0 + (row + 0.5) * dy);
        const [ix, iy] = [Math.floor(x / scale), Math.floor(y / scale)];
        if (here?.tile.ix !== ix || here.tile.iy !== iy) here = tileOf(tiles, tileAt(scale, ix, iy), bands);
        here.summary.add(values, 0);
      }
    }
  }
  return tiles;
}

function tileOf(tiles: Map<string, TileSummary>, tile: Tile, bands: number): TileSummary {
  let found = tiles.get(tile.id);
  if (!found) {
    found = { tile, summary: new EmbeddingSummary(bands) };
    tiles.set(tile.id, found);
  }
  return found;
}

/** Windows [x0, y0, x1, y1) that follow the file's blocks, so that each is decoded once; strips are taken many at a time. */
function windowsOf(
  image: Raster["levels"][number]["image"],
  width: number,
  height: number,
  bands: number,
): readonly (readonly [number, number, number, number])[] {
  const [blockWidth, blockHeight] = image.isTiled
    ? [image.getTileWidth(), image.getTileHeight()]
    : [width, Math.max(1, Math.min(height, image.getBlockHeight(0)))];
  const blocks = image.isTiled ? 1 : Math.max(1, Math.floor(WINDOW_SAMPLES / (width * bands * blockHeight)));
  const windows: (readonly [number, number, number, number])[] = [];
  for (let y = 0; y < height; y += blockHeight * blocks)
    for (let x = 0; x < width; x += blockWidth)
      windows.push([x, y, Math.min(width, x + blockWidth), Math.min(height, y + blockHeight * blocks)]);
  return windows;
}

/** The same pixels at a coarser scale. */
function joined(finest: ReadonlyMap<string, TileSummary>, scale: number, bands: number): Map<string, TileSummary> {
  const tiles = new Map<string, TileSummary>();
  for (const { tile, summary } of finest.values()) {
    const ix = Math.floor((tile.ix * tile.scale) / scale);
    const iy = Math.floor((tile.iy * tile.scale) / scale);
    tileOf(tiles, tileAt(scale, ix, iy), bands).summary.join(summary);
  }
  return tiles;
}

/** How many pixels of the raster a tile holds when it is full: its area in pixels. */
function pixelsOf({ crs: source, transform }: RasterDescription, crs: WorkingCrs): (tile: Tile) => number {
  const [, dx, , , , dy] = transform;
  const toSource = converter(crs.code, source);
  return ({ box: [minX, minY, maxX, maxY] }) => {
    const corners = [toSource(minX, minY), toSource(maxX, minY), toSource(maxX, maxY), toSource(minX, maxY)];
    let twice = 0;
    for (const [i, [xa, ya]] of corners.entries()) {
      const [xb, yb] = corners[(i + 1) % 4] as [number, number];
      twice += xa * yb - xb * ya;
    }
    return Math.abs(twice / 2 / (dx * dy));
  };
}
