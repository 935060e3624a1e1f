import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { distanceM, shareInside } from "../../src/logic/distance.ts";
import { entity } from "../fixtures/entities.ts";

const square = (x: number, y: number, side: number) => entity("s", "building", x, y, { side }).geometry;

describe("planar distance", () => {
  test.prop([
    fc.integer({ min: -500, max: 500 }),
    fc.integer({ min: -500, max: 500 }),
    fc.constantFrom(0, 10, 80),
    fc.constantFrom(0, 10, 80),
  ])("is that of boxes for squares", (dx, dy, a, b) => {
    const gapX = Math.max(0, Math.abs(dx) - (a + b) / 2);
    const gapY = Math.max(0, Math.abs(dy) - (a + b) / 2);
    const found = distanceM(square(0, 0, a), square(dx, dy, b));
    expect(found).toBeCloseTo(Math.hypot(gapX, gapY), 9);
    expect(distanceM(square(dx, dy, b), square(0, 0, a))).toBeCloseTo(found, 9);
  });

  it("is 0 inside a polygon and positive inside its hole", () => {
    const ring = square(0, 0, 100) as GeoJSON.Polygon;
    const hole = square(0, 0, 40) as GeoJSON.Polygon;
    const holed: GeoJSON.Polygon = {
      type: "Polygon",
      coordinates: [ring.coordinates[0] as number[][], hole.coordinates[0] as number[][]],
    };
    expect(distanceM({ type: "Point", coordinates: [30, 0] }, holed)).toBe(0);
    expect(distanceM({ type: "Point", coordinates: [0, 0] }, holed)).toBe(20);
  });

  it("measures a point to a line between its vertices", () => {
    expect(
      distanceM(
        { type: "Point", coordinates: [50, 30] },
        {
          type: "LineString",
          coordinates: [
            [0, 0],
            [100, 0],
          ],
        },
      ),
    ).toBe(30);
    expect(
      distanceM(
        {
          type: "LineString",
          coordinates: [
            [50, -10],
            [50, 10],
          ],
        },
        {
          type: "LineString",
          coordinates: [
            [0, 0],
            [100, 0],
          ],
        },
      ),
    ).toBe(0);
  });

  it("knows which share of a thing lies inside another", () => {
    expect(shareInside(square(0, 0, 100), square(0, 0, 20))).toBe(1);
    expect(shareInside(square(0, 0, 100), square(500, 0, 20))).toBe(0);
  });
});
