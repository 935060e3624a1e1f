import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { converter, isMetric, utmCodeFor, workingCodeFor, workingCrs } from "../../src/geo/crs.ts";
import { scalesFor, tileAt, tilesMeeting } from "../../src/geo/tile-grid.ts";
import { checkWgs84Geometry } from "../../src/geo/validate.ts";

describe("coordinate systems", () => {
  test.prop([fc.double({ min: -179, max: 179, noNaN: true }), fc.double({ min: -79, max: 79, noNaN: true })])(
    "the UTM zone of a place gives it back to a centimetre",
    (lon, lat) => {
      const { fromWgs84, toWgs84 } = workingCrs(utmCodeFor(lon, lat));
      const [backLon, backLat] = toWgs84(...fromWgs84(lon, lat));
      expect(Math.abs(backLon - lon) * 111_320).toBeLessThan(0.01);
      expect(Math.abs(backLat - lat) * 111_320).toBeLessThan(0.01);
    },
  );

  it("agrees with published positions", () => {
    // Central meridian of zone 31 on the equator; the Royal Observatory in the British national grid (datum shift aside).
    expect(workingCrs("EPSG:32631").fromWgs84(3, 0).map(Math.round)).toEqual([500_000, 0]);
    expect(workingCrs("EPSG:32731").fromWgs84(3, 0).map(Math.round)).toEqual([500_000, 10_000_000]);
    const [x, y] = converter("EPSG:4326", "EPSG:3857")(180, 0);
    expect(x).toBeCloseTo(20_037_508.34, 1);
    expect(y).toBeCloseTo(0, 6);
  });

  it("works in the raster's own system only when it measures in metres", () => {
    expect(isMetric("EPSG:32650")).toBe(true);
    expect(isMetric("EPSG:4326")).toBe(false);
    expect(isMetric("EPSG:3857")).toBe(false);
    expect(isMetric("EPSG:2263")).toBe(false);
    expect(workingCodeFor("EPSG:3857", 12.4, 42)).toBe("EPSG:32633");
    expect(workingCodeFor("EPSG:27700", 0, 51)).toBe("EPSG:27700");
  });

  it("refuses an unknown code in one sentence", () => {
    expect(() => workingCrs("EPSG:999999")).toThrow(
      'The CRS "EPSG:999999" is not known; name it as EPSG:n or a proj4 string.',
    );
  });
});

describe("the tile grid", () => {
  test.prop([
    fc.integer({ min: -9000, max: 9000 }),
    fc.integer({ min: -9000, max: 9000 }),
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 1, max: 5000 }),
    fc.constantFrom(256, 512, 2048),
  ])("covers a box exactly, without overlap", (x, y, w, h, scale) => {
    const tiles = tilesMeeting([x, y, x + w, y + h], scale);
    const shared = tiles.reduce(
      (sum, { box }) =>
        sum +
        Math.max(0, Math.min(box[2], x + w) - Math.max(box[0], x)) *
          Math.max(0, Math.min(box[3], y + h) - Math.max(box[1], y)),
      0,
    );
    expect(shared).toBe(w * h);
    expect(new Set(tiles.map(({ id }) => id)).size).toBe(tiles.length);
    for (const tile of tiles) expect(tileAt(scale, tile.ix, tile.iy)).toEqual(tile);
  });

  it("leaves out scales finer than 16 pixels", () => {
    expect(scalesFor(1)).toEqual([256, 512, 1024, 2048]);
    expect(scalesFor(30)).toEqual([512, 1024, 2048]);
    expect(scalesFor(500)).toEqual([2048]);
  });
});

describe("WGS84 geometry", () => {
  it.each([
    [{ type: "Point", coordinates: [500_000, 4_000_000] }, /in metres/],
    [{ type: "Point", coordinates: [Number.NaN, 0] }, /not a finite number/],
    [
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
      /does not close/,
    ],
    [
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [0, 0],
          ],
        ],
      },
      /fewer than four/,
    ],
    [{ type: "Circle" }, /no GeoJSON geometry/],
    [{ type: "LineString", coordinates: [[0, 0]] }, /fewer than two/],
    [{ type: "Point", coordinates: null }, /no coordinates/],
  ])("refuses %j", (geometry, reason) => {
    expect(() => checkWgs84Geometry(geometry, "feature 3 of roads.geojson")).toThrow(reason);
    expect(() => checkWgs84Geometry(geometry, "feature 3 of roads.geojson")).toThrow(/feature 3 of roads\.geojson/);
  });
});
