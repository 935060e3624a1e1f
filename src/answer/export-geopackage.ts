import Database from "better-sqlite3";
import type { StoredTurn } from "../store/ports.ts";
import { lastSearch } from "./export.ts";
import { exportGeometry, provenanceOf, sourcesOf } from "./export-parts.ts";
import type { Region } from "./reply.ts";

export const GEOPACKAGE_TYPE = "application/geopackage+sqlite3";

/** "GPKG" in ASCII, and version 1.3. */
const APPLICATION_ID = 0x47504b47;
const VERSION = 10300;
const WGS84 =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]';

/**
 * The regions of a thread's last search as a GeoPackage with one layer, `regions`, of multipolygons in WGS84.
 *
 * @throws {TerralogueError} `not_found` when the thread has no turn with regions
 * @see OGC GeoPackage 1.3
 */
export function exportGeoPackage(turns: readonly StoredTurn[], thread: string): Uint8Array {
  const { reply, message } = lastSearch(turns, thread);
  const db = new Database(":memory:");
  try {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${VERSION}`);
    db.exec(TABLES);
    const insertSrs = db.prepare(
      "INSERT INTO gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition) VALUES (?, ?, ?, ?, ?)",
    );
    insertSrs.run("Undefined Cartesian", -1, "NONE", -1, "undefined");
    insertSrs.run("Undefined geographic", 0, "NONE", 0, "undefined");
    insertSrs.run("WGS 84", 4326, "EPSG", 4326, WGS84);
    const at = (index: 0 | 1 | 2 | 3, of: (...values: number[]) => number) =>
      of(...reply.regions.map(({ bbox }) => bbox[index]));
    db.prepare(
      "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) VALUES ('regions', 'features', 'regions', ?, ?, ?, ?, ?, 4326)",
    ).run(message, at(0, Math.min), at(1, Math.min), at(2, Math.max), at(3, Math.max));
    db.prepare("INSERT INTO gpkg_geometry_columns VALUES ('regions', 'geom', 'MULTIPOLYGON', 4326, 0, 0)").run();
    const insert = db.prepare(
      "INSERT INTO regions (geom, rank, region, caption, probability, area_m2, flags, sources, dates, formula, plan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    const { plan, formula, dates } = provenanceOf(reply);
    db.transaction(() => {
      for (const region of reply.regions)
        insert.run(
          geometryBlob(exportGeometry(region), region.bbox),
          region.rank,
          region.id,
          region.caption,
          region.probability,
          region.areaM2,
          region.flags.join(" "),
          sourcesOf(region).join("; "),
          dates.join(" "),
          formula,
          plan,
        );
    })();
    return new Uint8Array(db.serialize());
  } finally {
    db.close();
  }
}

const TABLES = `
  CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT
  );
  CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id)
  );
  CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents (table_name), column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys (srs_id),
    z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name)
  );
  CREATE TABLE regions (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, rank INTEGER, region TEXT, caption TEXT,
    probability DOUBLE, area_m2 DOUBLE, flags TEXT, sources TEXT, dates TEXT, formula TEXT, plan TEXT
  );
`;

/** Little-endian with an envelope of x and y (clause 2.1.3). */
const FLAGS = 0b0000_0011;
const HEADER_BYTES = 8 + 4 * 8;
const WKB_POLYGON = 3;
const WKB_MULTIPOLYGON = 6;

/** GeoPackage header, envelope, and the geometry as well-known binary. */
function geometryBlob(
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon,
  [west, south, east, north]: Region["bbox"],
): Buffer {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const ringBytes = (ring: readonly unknown[]) => 4 + ring.length * 16;
  const size =
    HEADER_BYTES +
    9 +
    polygons.reduce((sum, rings) => sum + 9 + rings.reduce((bytes, ring) => bytes + ringBytes(ring), 0), 0);
  const blob = Buffer.alloc(size);
  let at = blob.write("GP", 0, "latin1");
  at = blob.writeUInt8(0, at);
  at = blob.writeUInt8(FLAGS, at);
  at = blob.writeInt32LE(4326, at);
  for (const bound of [west, east, south, north]) at = blob.writeDoubleLE(bound, at);
  at = blob.writeUInt8(1, at);
  at = blob.writeUInt32LE(WKB_MULTIPOLYGON, at);
  at = blob.writeUInt32LE(polygons.length, at);
  for (const rings of polygons) {
    at = blob.writeUInt8(1, at);
    at = blob.writeUInt32LE(WKB_POLYGON, at);
    at = blob.writeUInt32LE(rings.length, at);
    for (const ring of rings) {
      at = blob.writeUInt32LE(ring.length, at);
      for (const [x = 0, y = 0] of ring) {
        at = blob.writeDoubleLE(x, at);
        at = blob.writeDoubleLE(y, at);
      }
    }
  }
  return blob;
}
