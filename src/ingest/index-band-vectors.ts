import { basename } from "node:path";
import { converter, type WorkingCrs } from "../geo/crs.ts";
import { scalesFor, tilesMeeting } from "../geo/tile-grid.ts";
import { bandName, bandNamesOf } from "../imagery/band-names.ts";
import { readBandWindow } from "../imagery/band-window.ts";
import type { BandWindow, MosaicImage } from "../imagery/ports.ts";
import { openRaster, type Raster } from "../imagery/raster.ts";
import type { BandEncoder } from "../models/ports.ts";
import { readMeta } from "../open-workspace.ts";
import type { BoxM, Tile } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertTile } from "../store/sqlite/tiles.ts";
import { isDone, markDone } from "./ingest.ts";

/** Windows that go through the model at once. */
const BATCH = 8;
/** Tiles of which less is covered have no vector. */
const LEAST_COVERED = 0.5;
/** Least share of the model's window that a tile's own pixels are. */
const LEAST_OF_WINDOW = 0.2;
/** Of the workspace's facts: the model whose vectors it holds. */
const KEY = "geo_encoder";

/**
 * Vectors of tiles from all bands of the imagery, by an encoder of multispectral windows: those of the newest date of each year, under `raster:MODEL@YEAR` as the
 * means of embedding rasters are, so that likeness and priors use them in the same way. Tiles of every scale are read that give the model at least a fifth of its window's pixels.
 *
 * @returns files that were left out, with the reason
 */
export async function indexBandVectors(deps: {
  readonly db: Db;
  readonly images: readonly MosaicImage[];
  readonly encoder: BandEncoder;
  readonly crs: WorkingCrs;
  readonly onProgress: (done: number, label: string) => void;
}): Promise<readonly string[]> {
  const { db, images, encoder, crs, onProgress } = deps;
  const left: string[] = [];
  forgetOthers(db, encoder.id);
  const newest = newestOfYears(images);
  for (const [i, image] of newest.entries()) {
    const job = `bands/${encoder.id}/${crs.code}/${image.id}`;
    if (isDone(db, job)) continue;
    onProgress(i / newest.length, basename(image.description.path));
    const raster = await openRaster(image.description.path, image.description);
    try {
      const names = await readNames(raster, encoder);
      if (names === null) {
        left.push(
          `${basename(image.description.path)} has no bands that are known to be ${encoder.bands.join(", ")}, and was left out of ${encoder.id}; name its bands with gdal_edit.py or leave the model out.`,
        );
        continue;
      }
      await describe(image, raster, names, deps);
    } finally {
      await raster.close();
    }
    db.transaction(() => markDone(db, job)).immediate();
  }
  return left;
}

/** Vectors of another model, or version, are of another space: nothing of them stays beside those of this one. */
function forgetOthers(db: Db, encoderId: string): void {
  const held = readMeta(db, KEY);
  if (held === encoderId) return;
  db.transaction(() => {
    if (held !== null) {
      db.prepare("DELETE FROM vectors WHERE encoder GLOB ?").run(`${spaceOf(held)}@*`);
      db.prepare("DELETE FROM jobs WHERE id GLOB ?").run(`bands/${held}/*`);
    }
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(KEY, encoderId);
  }).immediate();
}

/** "raster:prithvi-v1" of "prithvi@1". */
const spaceOf = (encoderId: string) => `raster:${encoderId.replace(/@/g, "-v")}`;

/** Of each year the images of its newest date; undated ones are of no year. */
function newestOfYears(images: readonly MosaicImage[]): readonly MosaicImage[] {
  const newest = new Map<string, string>();
  for (const { date } of images) {
    const year = date?.slice(0, 4);
    if (date && year && date > (newest.get(year) ?? "")) newest.set(year, date);
  }
  return images.filter(({ date }) => date !== null && newest.get(date.slice(0, 4)) === date);
}

/** Names of the raster's bands as the encoder calls them, null for those that it does not take; null when one of its own is not there. */
async function readNames(raster: Raster, encoder: BandEncoder): Promise<readonly (string | null)[] | null> {
  const found = await bandNamesOf(raster);
  if (!found) return null;
  const names = found.map((name) => encoder.bands.find((wanted) => bandName(wanted) === name) ?? null);
  return encoder.bands.every((wanted) => names.includes(wanted)) ? names : null;
}

async function describe(
  image: MosaicImage,
  raster: Raster,
  names: readonly (string | null)[],
  { db, encoder, crs }: { readonly db: Db; readonly encoder: BandEncoder; readonly crs: WorkingCrs },
): Promise<void> {
  const { gsd } = image.description;
  const scales = scalesFor(gsd);
  const fit = scales.filter((scale) => scale / gsd >= LEAST_OF_WINDOW * encoder.inputSize);
  const year = (image.date as string).slice(0, 4);
  const space = `${spaceOf(encoder.id)}@${year}`;
  const toRaster = converter(crs.code, image.description.crs);
  const tiles = (fit.length > 0 ? fit : scales.slice(-1)).flatMap((scale) => tilesMeeting(image.box, scale));
  for (let at = 0; at < tiles.length; at += BATCH) {
    const read: { tile: Tile; window: BandWindow; coverage: number }[] = [];
    for (const tile of tiles.slice(at, at + BATCH)) {
      const window = await readBandWindow(raster, names, pixelsOf(tile.box, raster, toRaster), encoder.inputSize);
      const coverage = window.valid.reduce((sum, one) => sum + one, 0) / window.valid.length;
      if (coverage >= LEAST_COVERED) read.push({ tile, window, coverage });
    }
    if (read.length === 0) continue;
    const vectors = await encoder.encodeWindows(read.map(({ window }) => window));
    db.transaction(() => {
      for (const [i, { tile, coverage }] of read.entries())
        insertTile(
          db,
          { ...tile, date: `${year}-12-31`, coverage: Math.round(coverage * 1e4) / 1e4, statistics: {} },
          [{ encoder: space, vector: vectors.slice(i * encoder.dimensions, (i + 1) * encoder.dimensions) }],
          { keepDescribed: true },
        );
    }).immediate();
  }
}

/** Pixels of the full image around a box of the working CRS: [left, top, right, bottom). */
function pixelsOf(
  [minX, minY, maxX, maxY]: BoxM,
  { description }: Raster,
  toRaster: (x: number, y: number) => readonly [number, number],
): readonly [number, number, number, number] {
  const [x0, dx, , y0, , dy] = description.transform;
  const corners = [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
  ].map(([x = 0, y = 0]) => {
    const [u, v] = toRaster(x, y);
    return [(u - x0) / dx, (v - y0) / dy] as const;
  });
  const columns = corners.map(([column]) => column);
  const rows = corners.map(([, row]) => row);
  return [Math.min(...columns), Math.min(...rows), Math.max(...columns), Math.max(...rows)];
}
