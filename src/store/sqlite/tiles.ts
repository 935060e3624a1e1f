import { TerralogueError } from "../../errors.ts";
import { tileAt } from "../../geo/tile-grid.ts";
import type { BoxM, TileIndex, TileMatch, TileRecord } from "../ports.ts";
import { VectorScan } from "../vector-scan.ts";
import type { Db } from "./database.ts";

interface Row {
  readonly id: string;
  readonly date: string;
  readonly scale: number;
  readonly ix: number;
  readonly iy: number;
  readonly coverage: number;
  readonly statistics: string;
}

interface Matrix {
  readonly ids: readonly string[];
  readonly rowOf: ReadonlyMap<string, number>;
  readonly scan: VectorScan;
}

/** Undated imagery is stored under the empty date. */
const dateKey = (date: string | null) => date ?? "";

/** Statistics are seldom read: they are parsed where they are. */
function asRecord(row: Row): TileRecord {
  let statistics: TileRecord["statistics"] | undefined;
  return {
    ...tileAt(row.scale, row.ix, row.iy),
    date: row.date === "" ? null : row.date,
    coverage: row.coverage,
    get statistics() {
      statistics ??= JSON.parse(row.statistics) as TileRecord["statistics"];
      return statistics;
    },
  };
}

/** Tiles in SQLite; vectors of one encoder, date and scale are read into memory together at first use and scanned exactly. */
export function sqliteTileIndex(db: Db): TileIndex {
  const matrices = new Map<string, Matrix>();
  const matrix = (encoder: string, date: string | null, scale: number): Matrix => {
    const key = `${encoder}|${dateKey(date)}|${scale}`;
    let found = matrices.get(key);
    if (!found) {
      const rows = db
        .prepare<[string, string, number], { tile: string; vector: Buffer }>(
          "SELECT tile, vector FROM vectors WHERE encoder = ? AND date = ? AND scale = ? ORDER BY tile",
        )
        .all(encoder, dateKey(date), scale);
      const dimensions = rows[0] ? rows[0].vector.byteLength / 4 : 0;
      const vectors = new Float32Array(rows.length * dimensions);
      for (const [i, { tile, vector }] of rows.entries()) {
        if (vector.byteLength !== dimensions * 4)
          throw new TerralogueError(
            "bad_workspace",
            `The vectors of ${encoder} have ${dimensions} and, at tile ${tile}, ${vector.byteLength / 4} dimensions; ingest their source into a new workspace.`,
          );
        for (let k = 0; k < dimensions; k += 1) vectors[i * dimensions + k] = vector.readFloatLE(k * 4);
      }
      found = {
        ids: rows.map(({ tile }) => tile),
        rowOf: new Map(rows.map(({ tile }, i) => [tile, i])),
        scan: new VectorScan(vectors, dimensions),
      };
      matrices.set(key, found);
    }
    return found;
  };
  const tiles: TileIndex["tiles"] = ({ scale, box, date }) => {
    const found = (scale === undefined ? scales() : [scale]).flatMap((side) => {
      const where = ["scale = ?"];
      const values: (string | number)[] = [side];
      if (date !== undefined) {
        where.push("date = ?");
        values.push(dateKey(date));
      }
      if (box) {
        where.push("ix > ? AND ix < ? AND iy > ? AND iy < ?");
        values.push(box[0] / side - 1, box[2] / side, box[1] / side - 1, box[3] / side);
      }
      return db
        .prepare<(string | number)[], Row>(
          `SELECT * FROM tiles WHERE ${where.join(" AND ")} ORDER BY date, scale, ix, iy`,
        )
        .all(...values);
    });
    if (date === undefined) found.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
    return found.map(asRecord);
  };
  const nextScale = db.prepare<[number], number | null>("SELECT min(scale) FROM tiles WHERE scale > ?").pluck();
  const nextDate = db
    .prepare<[string, string], string | null>("SELECT min(date) FROM vectors WHERE encoder = ? AND date > ?")
    .pluck();
  const hasUndated = db
    .prepare<[string], number>("SELECT 1 FROM vectors WHERE encoder = ? AND date = '' LIMIT 1")
    .pluck();
  const datesOf = (encoder: string): readonly (string | null)[] => {
    const found: (string | null)[] = hasUndated.get(encoder) ? [null] : [];
    for (let next = nextDate.get(encoder, ""); next; next = nextDate.get(encoder, next)) found.push(next);
    return found;
  };
  const recordOf = db.prepare<[string, string], Row>("SELECT * FROM tiles WHERE date = ? AND id = ?");
  const counted = db
    .prepare<[number, string], number>("SELECT count(*) FROM tiles WHERE scale = ? AND date = ?")
    .pluck();
  /** By one look into the index a scale, however many tiles there are. */
  const scales = (): readonly number[] => {
    const found: number[] = [];
    for (let next = nextScale.get(0); next; next = nextScale.get(next)) found.push(next);
    return found;
  };
  const encoders = (): readonly { readonly encoder: string; readonly dimensions: number }[] => {
    const next = db.prepare<[string], { encoder: string; dimensions: number }>(
      "SELECT encoder, length(vector) / 4 AS dimensions FROM vectors WHERE encoder > ? ORDER BY encoder LIMIT 1",
    );
    const found = [];
    for (let one = next.get(""); one; one = next.get(one.encoder)) found.push(one);
    return found;
  };
  const checkQuery = (query: Float32Array, encoder: string) => {
    const all = encoders();
    const held = all.find((one) => one.encoder === encoder);
    if (!held && all.length > 0)
      throw new TerralogueError(
        "bad_arguments",
        `There are no vectors of ${encoder} to search; there are those of ${all.map((one) => one.encoder).join(", ")}.`,
      );
    if (held && held.dimensions !== query.length)
      throw new TerralogueError(
        "bad_arguments",
        `The query has ${query.length} dimensions, the vectors of ${encoder} have ${held.dimensions}; encode it with ${encoder}.`,
      );
  };
  return {
    tiles,
    vector: (tileId, date, encoder) => {
      const held = matrix(encoder, date, Number(tileId.split("/")[0]));
      const row = held.rowOf.get(tileId);
      return row === undefined ? null : held.scan.row(row).slice();
    },
    nearest: (query, { encoder, limit, scale, box, date }) => {
      checkQuery(query, encoder);
      const dates = date === undefined ? datesOf(encoder) : [date];
      const sides = scale === undefined ? scales() : [scale];
      const found = dates.flatMap((day) =>
        sides.flatMap((side) => {
          const { ids, scan } = matrix(encoder, day, side);
          const among = box ? rowsMeeting(box, side, ids) : undefined;
          return scan.nearest(query, limit, among).flatMap(({ row, similarity }): TileMatch[] => {
            const tile = recordOf.get(dateKey(day), ids[row] as string);
            return tile ? [{ tile: asRecord(tile), similarity }] : [];
          });
        }),
      );
      return found.sort((a, b) => b.similarity - a.similarity || (a.tile.id < b.tile.id ? -1 : 1)).slice(0, limit);
    },
    count: (scale, date) => counted.get(scale, dateKey(date)) ?? 0,
    scales,
  };
}

/** Rows whose tile shares area with a box. */
function rowsMeeting(box: BoxM, scale: number, ids: readonly string[]): number[] {
  const rows: number[] = [];
  for (const [row, id] of ids.entries()) {
    const [, ix, iy] = id.split("/").map(Number) as [number, number, number];
    if (ix * scale < box[2] && (ix + 1) * scale > box[0] && iy * scale < box[3] && (iy + 1) * scale > box[1])
      rows.push(row);
  }
  return rows;
}

/**
 * Writes a tile with its vectors in place of an earlier one of the same date. `keepDescribed`: a tile that is there already
 * keeps its coverage and statistics, since those of imagery say more than those of an embedding raster.
 */
export function insertTile(
  db: Db,
  tile: TileRecord,
  vectors: readonly { readonly encoder: string; readonly vector: Float32Array }[],
  options: { readonly keepDescribed?: boolean } = {},
): void {
  const date = dateKey(tile.date);
  db.prepare(
    `INSERT OR ${options.keepDescribed ? "IGNORE" : "REPLACE"} INTO tiles (id, date, scale, ix, iy, coverage, statistics) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(tile.id, date, tile.scale, tile.ix, tile.iy, tile.coverage, JSON.stringify(tile.statistics));
  for (const { encoder, vector } of vectors)
    insertVector(db, { encoder, date, tile: tile.id, scale: tile.scale, vector });
}

/** Writes the vector of a tile in place of an earlier one of that encoder and date (the empty one for undated imagery). */
export function insertVector(
  db: Db,
  {
    encoder,
    date,
    tile,
    scale,
    vector,
  }: {
    readonly encoder: string;
    readonly date: string;
    readonly tile: string;
    readonly scale: number;
    readonly vector: Float32Array;
  },
): void {
  const blob = Buffer.alloc(vector.length * 4);
  for (const [i, value] of vector.entries()) blob.writeFloatLE(value, i * 4);
  db.prepare("INSERT OR REPLACE INTO vectors (encoder, date, tile, scale, vector) VALUES (?, ?, ?, ?, ?)").run(
    encoder,
    date,
    tile,
    scale,
    blob,
  );
}
