import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { areaM2 } from "../../src/geo/area.ts";
import { intersectionOf, sharedArea, unionOf } from "../../src/geo/overlay.ts";

type Box = readonly [number, number, number, number];
const square = ([x, y, w, h]: Box): GeoJSON.Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [x, y],
      [x + w, y],
      [x + w, y + h],
      [x, y + h],
      [x, y],
    ],
  ],
});
const side = fc.integer({ min: 1, max: 40 });
const corner = fc.integer({ min: 500_000, max: 500_060 });
const boxes = fc.tuple(corner, corner, side, side);

test.prop([boxes, boxes])("shares and unions of rectangles are those of their sides", (a, b) => {
  const across = Math.max(0, Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]));
  const down = Math.max(0, Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]));
  expect(sharedArea(square(a), square(b))).toBeCloseTo(across * down, 6);
  const both = unionOf([square(a), square(b)]);
  expect(both && areaM2(both)).toBeCloseTo(a[2] * a[3] + b[2] * b[3] - across * down, 6);
});

it("an outline that crosses itself where the other one lies is counted", () => {
  // A bow tie over a grid of corners that are nearly but not quite the same.
  const jitter = (value: number, i: number) => value + (i % 3) * 1e-10;
  const bow: GeoJSON.Polygon = {
    type: "Polygon",
    coordinates: [
      [
        [548_180, 4_475_050],
        [548_258, 4_475_270],
        [548_180, 4_475_270],
        [548_258, 4_475_050],
        [548_180, 4_475_050],
      ].map(([x = 0, y = 0], i) => [jitter(x, i), jitter(y, i)]),
    ],
  };
  const other = square([548_150, 4_475_000, 200, 400]);
  const shared = sharedArea(bow, other);
  expect(shared).toBeGreaterThan(0);
  expect(shared).toBeLessThanOrEqual(200 * 400);
});

it("nothing is shared by outlines apart", () => {
  expect(sharedArea(square([0, 0, 10, 10]), square([20, 20, 5, 5]))).toBe(0);
  expect(intersectionOf([square([0, 0, 10, 10]), square([20, 20, 5, 5])])).toBeNull();
});

it("puts slivers together that cross at corners of the grid, where the library gives up at every precision", () => {
  const one: GeoJSON.Polygon = {
    type: "Polygon",
    coordinates: [
      [
        [508_946, 4_276_436],
        [508_962, 4_276_272],
        [508_968, 4_276_248],
        [508_946, 4_276_436],
      ],
    ],
  };
  const other: GeoJSON.Polygon = {
    type: "Polygon",
    coordinates: [
      [
        [508_928, 4_276_310],
        [508_968, 4_276_254],
        [508_965, 4_276_260],
        [508_962, 4_276_262],
        [508_928, 4_276_310],
      ],
    ],
  };
  const both = unionOf([one, other]);
  const whole = areaM2(one) + areaM2(other);
  expect(both && areaM2(both)).toBeGreaterThan(0.9 * whole);
  expect(both && areaM2(both)).toBeLessThan(1.05 * whole);
});
