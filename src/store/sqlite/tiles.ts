import { exactSearch, MetricKind } from "usearch";
import { TerralogueError } from "../../errors.ts";
import { tileAt } from "../../geo/tile-grid.ts";
import type { BoxM, TileIndex, TileRecord } from "../ports.ts";
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
  readonly vectors: Float32Array;
  readonly dimensions: number;
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
        vectors,
        dimensions,
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
      return row === undefined ? null : held.vectors.slice(row * held.dimensions, (row + 1) * held.dimensions);
    },
    nearest: (query, { encoder, limit, scale, box, date }) => {
      checkQuery(query, encoder);
      const kept = tiles({
        ...(scale !== undefined && { scale }),
        ...(box && { box: box as BoxM }),
        ...(date !== undefined && { date }),
      });
      const groups = new Map<string, TileRecord[]>();
      for (const tile of kept) {
        const key = `${tile.date ?? ""}|${tile.scale}`;
        groups.set(key, [...(groups.get(key) ?? []), tile]);
      }
      const found = [...groups.values()].flatMap((group) => {
        const first = group[0] as TileRecord;
        const held = matrix(encoder, first.date, first.scale);
        const members = group.flatMap((tile) => {
          const row = held.rowOf.get(tile.id);
          return row === undefined ? [] : [{ tile, row }];
        });
        if (members.length === 0) return [];
        const dataset = new Float32Array(members.length * held.dimensions);
        for (const [i, { row }] of members.entries())
          dataset.set(held.vectors.subarray(row * held.dimensions, (row + 1) * held.dimensions), i * held.dimensions);
        const { keys, distances } = exactSearch(
          dataset,
          query,
          held.dimensions,
          Math.min(limit, members.length),
          MetricKind.Cos,
          1,
        );
        return Array.from(keys, (key, i) => ({
          tile: (members[Number(key)] as (typeof members)[number]).tile,
          similarity: 1 - (distances[i] as number),
        }));
      });
      return found.sort((a, b) => b.similarity - a.similarity || (a.tile.id < b.tile.id ? -1 : 1)).slice(0, limit);
    },
  };
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
