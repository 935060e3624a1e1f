import { fc, test } from "@fast-check/vitest";
import * as turf from "@turf/turf";
import { expect, it } from "vitest";
import { nearestPositions } from "../../ui/src/map/nearest.ts";

const box = (west: number, south: number, size: number): GeoJSON.Polygon =>
  turf.bboxPolygon([west, south, west + size, south + size]).geometry;
const offset = fc.double({ min: 0, max: 0.05, noNaN: true });

test.prop([offset, offset, offset, offset])(
  "a point is nearest where the outline comes closest to it",
  (x, y, px, py) => {
    const polygon = box(2 + x, 41 + y, 0.01);
    const point = [2.02 + px, 40.97 + py];
    const found = nearestPositions({ type: "Point", coordinates: point }, polygon);
    const [from, to] = found ?? [];
    expect(from?.[0]).toBeCloseTo(point[0] as number, 9);
    const outline = turf.polygonToLine(polygon) as GeoJSON.Feature<GeoJSON.LineString>;
    const expected = turf.pointToLineDistance(point, outline, { units: "meters", method: "planar" });
    const measured = turf.distance([...(from ?? [])], [...(to ?? [])], { units: "meters" });
    // Both are plane approximations; they agree within a part in a thousand and a metre.
    expect(Math.abs(measured - expected)).toBeLessThan(1 + expected / 500);
  },
);

it("gives the nearest corners of two boxes, in either order", () => {
  const [a, b] = [box(2, 41, 0.01), box(2.02, 41.02, 0.01)];
  const there = nearestPositions(a, b);
  expect(there?.[0].map((n) => n.toFixed(6))).toEqual(["2.010000", "41.010000"]);
  expect(there?.[1].map((n) => n.toFixed(6))).toEqual(["2.020000", "41.020000"]);
  expect(nearestPositions(b, a)?.[0].map((n) => n.toFixed(6))).toEqual(["2.020000", "41.020000"]);
});

it("meets in one position where outlines cross, and in none where one is empty", () => {
  const found = nearestPositions(
    {
      type: "LineString",
      coordinates: [
        [0, 0],
        [2, 2],
      ],
    },
    {
      type: "LineString",
      coordinates: [
        [0, 2],
        [2, 0],
      ],
    },
  );
  expect(found?.[0]).toEqual(found?.[1]);
  expect(found?.[0][0]).toBeCloseTo(1, 9);
  expect(nearestPositions({ type: "MultiPoint", coordinates: [] }, box(0, 0, 1))).toBeNull();
});
