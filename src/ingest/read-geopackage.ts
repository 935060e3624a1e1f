import { basename } from "node:path";
import Database from "better-sqlite3";
import { TerralogueError } from "../errors.ts";

/** A feature of a GeoPackage table, in the table's own CRS. */
export interface GeoPackageFeature {
  readonly table: string;
  readonly crs: string;
  readonly geometry: GeoJSON.Geometry | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Streams the features of every feature table of a GeoPackage.
 *
 * @throws {TerralogueError} `bad_vectors` when the file is no GeoPackage or a geometry cannot be read
 * @see OGC GeoPackage 1.3, clause 2.1.3 (geometry encoding)
 */
export function* readGeoPackage(path: string): Generator<GeoPackageFeature> {
  let db: Database.Database;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    db.prepare("SELECT table_name FROM gpkg_contents LIMIT 1").get();
  } catch (cause) {
    throw new TerralogueError(
      "bad_vectors",
      `${path} is not a readable GeoPackage; convert it with ogr2ogr -f GeoJSON.`,
      { cause },
    );
  }
  try {
    const tables = db
      .prepare<[], { name: string; geometry: string; srs: number }>(
        "SELECT g.table_name AS name, g.column_name AS geometry, coalesce(s.organization_coordsys_id, g.srs_id) AS srs FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY g.table_name",
      )
      .all();
    for (const { name, geometry: column, srs } of tables) {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      for (const row of db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${quoted}`).iterate()) {
        const { [column]: blob, ...properties } = row;
        yield {
          table: name,
          crs: `EPSG:${srs}`,
          geometry: Buffer.isBuffer(blob) ? decode(blob, `${name} of ${basename(path)}`) : null,
          properties,
        };
      }
    }
  } finally {
    db.close();
  }
}

const ENVELOPE_BYTES = [0, 32, 48, 48, 64];

/** GeoPackage header ("GP", version, flags, srs id, envelope), then well-known binary. */
function decode(blob: Buffer, what: string): GeoJSON.Geometry | null {
  try {
    if (blob.toString("latin1", 0, 2) !== "GP") throw new Error("no GeoPackage header");
    const flags = blob.readUInt8(3);
    if ((flags & 0x10) !== 0) return null;
    return new WkbReader(blob, 8 + (ENVELOPE_BYTES[(flags >> 1) & 7] ?? 0)).geometry();
  } catch (cause) {
    throw new TerralogueError(
      "bad_vectors",
      `A geometry in table ${what} cannot be read; convert the file with ogr2ogr -f GeoJSON.`,
      { cause },
    );
  }
}

/** Reads ISO and extended well-known binary; z and m values are left out. */
class WkbReader {
  readonly #data: Buffer;
  #at: number;

  constructor(data: Buffer, at: number) {
    this.#data = data;
    this.#at = at;
  }

  geometry(): GeoJSON.Geometry {
    const isLittle = this.#data.readUInt8(this.#at) === 1;
    this.#at += 1;
    const code = this.#integer(isLittle);
    if ((code & 0x20000000) !== 0) this.#at += 4;
    const kind = (code & 0xffff) % 1000;
    const thousands = Math.floor((code & 0xffff) / 1000);
    const extra =
      (thousands === 1 || (code & 0x80000000) !== 0 ? 1 : 0) +
      (thousands === 2 || (code & 0x40000000) !== 0 ? 1 : 0) +
      (thousands === 3 ? 2 : 0);
    const position = () => {
      const out = [this.#number(isLittle), this.#number(isLittle)];
      this.#at += 8 * extra;
      return out;
    };
    const many = <T>(read: () => T): T[] => Array.from({ length: this.#integer(isLittle) }, read);
    switch (kind) {
      case 1:
        return { type: "Point", coordinates: position() };
      case 2:
        return { type: "LineString", coordinates: many(position) };
      case 3:
        return { type: "Polygon", coordinates: many(() => many(position)) };
      case 4:
        return { type: "MultiPoint", coordinates: many(() => (this.geometry() as GeoJSON.Point).coordinates) };
      case 5:
        return {
          type: "MultiLineString",
          coordinates: many(() => (this.geometry() as GeoJSON.LineString).coordinates),
        };
      case 6:
        return { type: "MultiPolygon", coordinates: many(() => (this.geometry() as GeoJSON.Polygon).coordinates) };
      case 7:
        return { type: "GeometryCollection", geometries: many(() => this.geometry()) };
      default:
        throw new Error(`geometry kind ${kind}`);
    }
  }

  #integer(isLittle: boolean): number {
    const value = isLittle ? this.#data.readUInt32LE(this.#at) : this.#data.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  #number(isLittle: boolean): number {
    const value = isLittle ? this.#data.readDoubleLE(this.#at) : this.#data.readDoubleBE(this.#at);
    this.#at += 8;
    return value;
  }
}
