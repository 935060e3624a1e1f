import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { exportThread } from "../../src/answer/export.ts";
import { exportGeoPackage } from "../../src/answer/export-geopackage.ts";
import { readGeoPackage } from "../../src/ingest/read-geopackage.ts";
import { readCsv } from "../fixtures/csv.ts";
import { exportTurns, HOSTILE } from "../fixtures/export-turns.ts";
import { geoPackageFaults } from "../fixtures/geopackage-faults.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const turns = exportTurns();
const hash = "ab".repeat(32);

/** Twice the area of a ring, positive when it runs counterclockwise. */
const turning = (ring: readonly GeoJSON.Position[]) =>
  ring.slice(1).reduce((sum, [x = 0, y = 0], i) => {
    const [px = 0, py = 0] = ring[i] ?? [];
    return sum + px * y - x * py;
  }, 0);

describe("regions as GeoJSON", () => {
  it("keep to RFC 7946: closed rings by the right-hand rule, no CRS, boxes, and every text as it was", () => {
    const file = JSON.parse(exportThread(turns, "exported", "geojson")) as GeoJSON.FeatureCollection & {
      title: string;
      plan: string;
      dates: readonly string[];
    };
    expect(file).toMatchObject({ type: "FeatureCollection", title: HOSTILE, plan: hash });
    expect(file.dates).toEqual(["2021-06-23", "2023-08-23"]);
    expect(file).not.toHaveProperty("crs");
    expect(file.features).toHaveLength(2);
    for (const feature of file.features) {
      expect(feature.type).toBe("Feature");
      expect(feature.properties).toMatchObject({ caption: HOSTILE, sources: ["layers.geojson", HOSTILE] });
      const geometry = feature.geometry as GeoJSON.Polygon | GeoJSON.MultiPolygon;
      const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      for (const rings of polygons)
        for (const [index, ring] of rings.entries()) {
          expect(ring.length).toBeGreaterThanOrEqual(4);
          expect(ring.at(-1)).toEqual(ring[0]);
          expect(turning(ring) > 0).toBe(index === 0);
        }
      const positions = polygons.flat(2);
      const [west = 0, south = 0, east = 0, north = 0] = feature.bbox ?? [];
      expect([west, east]).toEqual([Math.min, Math.max].map((of) => of(...positions.map(([x = 0]) => x))));
      expect([south, north]).toEqual([Math.min, Math.max].map((of) => of(...positions.map(([, y = 0]) => y))));
    }
  });
});

describe("regions as CSV", () => {
  it("are read back by RFC 4180, and no cell is a formula to a spreadsheet", () => {
    const [header = [], ...rows] = readCsv(exportThread(turns, "exported", "csv"));
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toHaveLength(header.length);
      const value = (name: string) => row[header.indexOf(name)];
      expect(value("caption")).toBe(`'${HOSTILE}`);
      expect(value("plan")).toBe(hash);
      expect(value("geometry_wkt")).toMatch(/^(POLYGON|MULTIPOLYGON) \(\(/);
      for (const cell of row) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?![\d.]+$)/);
    }
    expect(rows[0]?.[header.indexOf("geometry_wkt")]?.match(/\(10 50, /g)).toHaveLength(1);
  });
});

describe("regions as GeoPackage", () => {
  it("break no requirement of the standard, and every text is as it was", () => {
    const bytes = exportGeoPackage(turns, "exported");
    const file = join(folder, "regions.gpkg");
    expect(geoPackageFaults(bytes, file)).toEqual([]);
    const features = [...readGeoPackage(file)];
    expect(features.map(({ crs, geometry }) => `${crs} ${geometry?.type}`)).toEqual([
      "EPSG:4326 MultiPolygon",
      "EPSG:4326 MultiPolygon",
    ]);
    for (const { properties } of features)
      expect(properties).toMatchObject({ caption: HOSTILE, sources: `layers.geojson; ${HOSTILE}`, plan: hash });
  });

  it("are told apart from a file that does break them", () => {
    const file = join(folder, "broken.gpkg");
    geoPackageFaults(exportGeoPackage(turns, "exported"), file);
    const db = new Database(file);
    db.exec(
      "UPDATE gpkg_contents SET last_change = 'yesterday', max_x = 99; UPDATE regions SET geom = x'47500003e610000000'",
    );
    const bytes = new Uint8Array(db.serialize());
    db.close();
    expect(() => geoPackageFaults(bytes, file)).toThrow();
    const repaired = new Database(file);
    repaired.exec("DELETE FROM regions");
    const emptied = new Uint8Array(repaired.serialize());
    repaired.close();
    expect(geoPackageFaults(emptied, file).join()).toMatch(/R15.*R18/);
  });
});
