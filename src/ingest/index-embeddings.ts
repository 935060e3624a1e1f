import { basename } from "node:path";
import { converter, type WorkingCrs } from "../geo/crs.ts";
import { scalesFor, tilesMeeting } from "../geo/tile-grid.ts";
import { imageBox } from "../imagery/mosaic.ts";
import type { RasterDescription } from "../imagery/ports.ts";
import { openRaster } from "../imagery/raster.ts";
import type { Tile } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertTile } from "../store/sqlite/tiles.ts";
import { isDone, markDone } from "./ingest.ts";

/** Part of the job's name: a raster whose tiles were made by an older reading is read again. */
const READING = 2;
/** Tiles written in one transaction. */
const BATCH = 500;

/**
 * Mean, maximum and variance of the embeddings of every tile, band by band, from an n-band embedding raster, under the
 * encoder ids `raster:NAME@YEAR` (the mean, at unit length), `raster:NAME@YEAR#max` and `raster:NAME@YEAR#variance` (as measured). Int8
 * files are read as AlphaEarth writes them: v = sign(x) · (x / 127.5)², −128 is no data.
 *
 * @see AlphaEarth Foundations, arXiv 2507.22291
 */
export async function indexEmbeddings(deps: {
  readonly db: Db;
  readonly description: RasterDescription;
  readonly year: number;
  readonly crs: WorkingCrs;
}): Promise<void> {
  const { db, description, year, crs } = deps;
  const name = basename(description.path).replace(/\.[^.]+$/, "");
  const encoder = `raster:${name}@${year}`;
  const job = `embeddings/${description.fingerprint}/${year}/${READING}/${crs.code}`;
  if (isDone(db, job)) return;
  const raster = await openRaster(description.path);
  try {
    const { bands, width, height, transform, sampleType, nodata } = description;
    const first = raster.levels[0] as (typeof raster.levels)[number];
    const toSource = converter(crs.code, description.crs);
    const isEmpty = (value: number) =>
      !Number.isFinite(value) || value === (sampleType === "int8" ? (nodata ?? -128) : nodata);
    const write = (rows: readonly Row[]) => {
      for (const { tile, summary, coverage } of rows)
        insertTile(
          db,
          { ...tile, date: `${year}-12-31`, coverage, statistics: {} },
          [
            { encoder, vector: summary.mean },
            { encoder: `${encoder}#max`, vector: summary.max },
            { encoder: `${encoder}#variance`, vector: summary.variance },
          ],
          { keepDescribed: true },
        );
    };
    let rows: Row[] = [];
    for (const scale of scalesFor(description.gsd)) {
      for (const tile of tilesMeeting(imageBox(description, crs.code), scale)) {
        const window = windowOf(tile.box, toSource, transform, width, height);
        if (!window) continue;
        const samples = (await first.image.readRasters({
          window: [...window],
          interleave: true,
        })) as unknown as ArrayLike<number>;
        const summary = summaryOf(samples, bands, isEmpty, (value) => dequantised(value, sampleType));
        if (!summary) continue;
        rows.push({ tile, summary, coverage: summary.pixels / (samples.length / bands) });
        if (rows.length < BATCH) continue;
        const full = rows;
        rows = [];
        db.transaction(() => write(full)).immediate();
      }
    }
    db.transaction(() => {
      write(rows);
      db.prepare(
        "INSERT OR REPLACE INTO sources (kind, fingerprint, date, path, description) VALUES ('embeddings', ?, ?, ?, ?)",
      ).run(description.fingerprint, String(year), description.path, JSON.stringify(description));
      markDone(db, job);
    }).immediate();
  } finally {
    await raster.close();
  }
}

function dequantised(value: number, sampleType: string): number {
  return sampleType === "int8" ? Math.sign(value) * (value / 127.5) ** 2 : value;
}

interface Row {
  readonly tile: Tile;
  readonly summary: Summary;
  readonly coverage: number;
}

interface Summary {
  /** Unit length. */
  readonly mean: Float32Array;
  readonly max: Float32Array;
  /** Mean square distance from the mean (before it is brought to unit length), band by band. */
  readonly variance: Float32Array;
  readonly pixels: number;
}

/** Summary of the pixels whose first band is not empty; null when there is none or the mean has no direction. */
function summaryOf(
  samples: ArrayLike<number>,
  bands: number,
  isEmpty: (value: number) => boolean,
  toValue: (sample: number) => number,
): Summary | null {
  const mean = new Float64Array(bands);
  const spread = new Float64Array(bands);
  const max = new Float32Array(bands).fill(Number.NEGATIVE_INFINITY);
  let pixels = 0;
  for (let at = 0; at < samples.length; at += bands) {
    if (isEmpty(samples[at] as number)) continue;
    pixels += 1;
    for (let band = 0; band < bands; band += 1) {
      const value = toValue(samples[at + band] as number);
      // Welford's update: no cancellation, whatever the offset of the values.
      const from = value - (mean[band] as number);
      mean[band] = (mean[band] as number) + from / pixels;
      spread[band] = (spread[band] as number) + from * (value - (mean[band] as number));
      if (value > (max[band] as number)) max[band] = value;
    }
  }
  const length = Math.hypot(...mean);
  if (pixels === 0 || !(length > 0)) return null;
  return {
    mean: Float32Array.from(mean, (value) => value / length),
    max,
    variance: Float32Array.from(spread, (value) => value / pixels),
    pixels,
  };
}

/** Pixel window [x0, y0, x1, y1) of a box in the working CRS, or null outside the raster. */
function windowOf(
  box: readonly [number, number, number, number],
  toSource: (x: number, y: number) => [number, number],
  transform: RasterDescription["transform"],
  width: number,
  height: number,
): readonly [number, number, number, number] | null {
  const [x0, dx, , y0, , dy] = transform;
  const corners = [
    [box[0], box[1]],
    [box[2], box[1]],
    [box[0], box[3]],
    [box[2], box[3]],
  ].map(([x, y]) => {
    const [sx, sy] = toSource(x as number, y as number);
    return [(sx - x0) / dx, (sy - y0) / dy] as const;
  });
  const left = Math.max(0, Math.floor(Math.min(...corners.map(([c]) => c))));
  const top = Math.max(0, Math.floor(Math.min(...corners.map(([, r]) => r))));
  const right = Math.min(width, Math.ceil(Math.max(...corners.map(([c]) => c))));
  const bottom = Math.min(height, Math.ceil(Math.max(...corners.map(([, r]) => r))));
  return right > left && bottom > top ? [left, top, right, bottom] : null;
}
