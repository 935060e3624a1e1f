import { readMeta } from "../open-workspace.ts";
import { rasterSpace } from "../store/encoder-ids.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertVector } from "../store/sqlite/tiles.ts";

const KEY = "differences";
/** Counts what is derived here, so that a workspace of an older reading is derived again. */
const DERIVATION = 1;

interface Space {
  readonly encoder: string;
  readonly year: number;
  readonly name: string;
  readonly dimensions: number;
}

/**
 * What changed from one year to the next in the embeddings of a tile: the mean (as measured, not at unit length) less that of the year before,
 * under `raster:NAME@YEAR#difference`. Rasters with the same number of bands are taken as of one model, whatever their files are called; where several of
 * the year before describe a tile, the one whose name differs least in its digits counts. Derived again whenever the rasters have changed.
 */
export function differEmbeddings(db: Db, crs: string): void {
  const sources = db
    .prepare<[], string>("SELECT fingerprint || '@' || date FROM sources WHERE kind = 'embeddings' ORDER BY 1")
    .pluck()
    .all();
  const key = JSON.stringify([DERIVATION, crs, sources]);
  if (sources.length === 0 || readMeta(db, KEY) === key) return;
  db.prepare("DELETE FROM meta WHERE key = ?").run(KEY);
  const spaces = db
    .prepare<[], { encoder: string; dimensions: number }>(
      "SELECT encoder, max(length(vector)) / 4 AS dimensions FROM vectors WHERE encoder GLOB 'raster:*' GROUP BY encoder",
    )
    .all()
    .flatMap(({ encoder, dimensions }): Space[] => {
      const space = rasterSpace(encoder);
      return space && space.part === null ? [{ encoder, dimensions, year: space.year, name: space.name }] : [];
    });
  const remove = db.prepare("DELETE FROM vectors WHERE encoder = ?");
  const read = db.prepare<[string, string, string], Buffer>(
    "SELECT vector FROM vectors WHERE encoder = ? AND date = ? AND tile = ?",
  );
  const meanOf = ({ encoder, year }: Space, tile: string): readonly number[] | null => {
    const unit = read.pluck().get(encoder, `${year}-12-31`, tile);
    const length = read.pluck().get(`${encoder}#length`, `${year}-12-31`, tile);
    return unit && length ? floats(unit).map((value) => value * (floats(length)[0] as number)) : null;
  };
  for (const space of spaces) {
    const earlier = spaces
      .filter(({ year, dimensions }) => year === space.year - 1 && dimensions === space.dimensions)
      .sort((a, b) => Number(stem(b) === stem(space)) - Number(stem(a) === stem(space)) || (a.name < b.name ? -1 : 1));
    db.transaction(() => {
      remove.run(`${space.encoder}#difference`);
      if (earlier.length === 0) return;
      const tiles = db
        .prepare<[string], { tile: string; scale: number }>("SELECT tile, scale FROM vectors WHERE encoder = ?")
        .all(space.encoder);
      for (const { tile, scale } of tiles) {
        const after = meanOf(space, tile);
        const before = earlier.reduce<readonly number[] | null>((found, one) => found ?? meanOf(one, tile), null);
        if (!after || !before) continue;
        const vector = Float32Array.from(after, (value, band) => value - (before[band] as number));
        insertVector(db, { encoder: `${space.encoder}#difference`, date: `${space.year}-12-31`, tile, scale, vector });
      }
    }).immediate();
  }
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(KEY, key);
}

/** The name without its digits, which mostly count years. */
function stem({ name }: Space): string {
  return name.replace(/\d+/g, "");
}

function floats(blob: Buffer): number[] {
  return Array.from({ length: blob.byteLength / 4 }, (_, i) => blob.readFloatLE(i * 4));
}
