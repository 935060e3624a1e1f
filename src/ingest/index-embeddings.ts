import { basename } from "node:path";
import { converter, type WorkingCrs } from "../geo/crs.ts";
import { scalesFor, tilesMeeting } from "../geo/tile-grid.ts";
import { imageBox } from "../imagery/mosaic.ts";
import type { RasterDescription } from "../imagery/ports.ts";
import { openRaster } from "../imagery/raster.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertTile } from "../store/sqlite/tiles.ts";
import { isDone, markDone } from "./ingest.ts";

/**
 * Mean embedding per tile from an n-band embedding raster, unit length, under the encoder id `raster:NAME@YEAR`. Int8
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
  const job = `embeddings/${description.fingerprint}/${year}`;
  if (isDone(db, job)) return;
  const raster = await openRaster(description.path);
  try {
    const { bands, width, height, transform, sampleType, nodata } = description;
    const first = raster.levels[0] as (typeof raster.levels)[number];
    const toSource = converter(crs.code, description.crs);
    const rows: { tile: ReturnType<typeof tilesMeeting>[number]; vector: Float32Array; coverage: number }[] = [];
    for (const scale of scalesFor(description.gsd)) {
      for (const tile of tilesMeeting(imageBox(description, crs.code), scale)) {
        const window = windowOf(tile.box, toSource, transform, width, height);
        if (!window) continue;
        const samples = (await first.image.readRasters({
          window: [...window],
          interleave: true,
        })) as unknown as ArrayLike<number>;
        const mean = new Float32Array(bands);
        let counted = 0;
        const pixels = samples.length / bands;
        for (let i = 0; i < pixels; i += 1) {
          const at = i * bands;
          const isEmpty =
            sampleType === "int8" ? samples[at] === (nodata ?? -128) : nodata !== null && samples[at] === nodata;
          if (isEmpty || !Number.isFinite(samples[at] as number)) continue;
          counted += 1;
          for (let band = 0; band < bands; band += 1)
            mean[band] = (mean[band] as number) + dequantised(samples[at + band] as number, sampleType);
        }
        const length = Math.hypot(...mean);
        if (counted > 0 && length > 0)
          rows.push({ tile, vector: mean.map((value) => value / length), coverage: counted / Math.max(1, pixels) });
      }
    }
    db.transaction(() => {
      for (const { tile, vector, coverage } of rows)
        insertTile(db, { ...tile, date: `${year}-12-31`, coverage, statistics: {} }, [{ encoder, vector }], {
          keepDescribed: true,
        });
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
