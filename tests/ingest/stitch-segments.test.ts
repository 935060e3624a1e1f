import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaM2 } from "../../src/geo/area.ts";
import { stitchSegments, type WindowFinds } from "../../src/ingest/stitch-segments.ts";
import type { Entity } from "../../src/store/entity.ts";

const rectangle = (minX: number, minY: number, maxX: number, maxY: number): GeoJSON.Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [minX, minY],
      [maxX, minY],
      [maxX, maxY],
      [minX, maxY],
      [minX, minY],
    ],
  ],
});
const entity = (id: string, geometry: GeoJSON.Polygon, change: Partial<Entity> = {}): Entity => ({
  id,
  concept: "water",
  geometry,
  confidence: 0.8,
  attributes: [],
  name: null,
  source: "segmenter:test@1",
  firstSeen: null,
  lastSeen: null,
  areaHistory: [],
  tags: {},
  ...change,
});
const west: WindowFinds["core"] = [0, 0, 1024, 1024];
const east: WindowFinds["core"] = [1024, 0, 2048, 1024];

describe("segments cut by window borders", () => {
  it("become one thing with the mean confidence by area", () => {
    const stitched = stitchSegments([
      { core: west, entities: [entity("a", rectangle(924, 100, 1024, 200), { confidence: 0.9 })] },
      { core: east, entities: [entity("b", rectangle(1024, 100, 1324, 200), { confidence: 0.5 })] },
    ]);
    expect(stitched).toHaveLength(1);
    expect(stitched[0]?.id).toBe("a");
    expect(stitched[0]?.confidence).toBe(0.6);
    expect(areaM2(stitched[0]?.geometry as GeoJSON.Polygon)).toBeCloseTo(40_000, 6);
  });

  it("stay apart when they are of two kinds, or meet the border at two places", () => {
    const stitched = stitchSegments([
      {
        core: west,
        entities: [entity("a", rectangle(924, 100, 1024, 200)), entity("c", rectangle(900, 500, 1024, 600))],
      },
      {
        core: east,
        entities: [
          entity("b", rectangle(1024, 100, 1324, 200), { concept: "bare_soil" }),
          entity("d", rectangle(1024, 700, 1100, 800)),
        ],
      },
    ]);
    expect(stitched.map(({ id }) => id).sort()).toEqual(["a", "b", "c", "d"]);
  });

  test.prop([
    fc.array(
      fc.record({
        x: fc.integer({ min: 0, max: 37 }),
        y: fc.integer({ min: 0, max: 37 }),
        w: fc.integer({ min: 1, max: 12 }),
        h: fc.integer({ min: 1, max: 12 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  ])("are what they were before a grid of windows cut them", (boxes) => {
    // Rectangles that touch would be one thing: only those apart from all before are kept.
    const apart = boxes.filter(
      (box, i) =>
        !boxes
          .slice(0, i)
          .some(({ x, y, w, h }) => box.x <= x + w && x <= box.x + box.w && box.y <= y + h && y <= box.y + box.h),
    );
    const windows: WindowFinds[] = [];
    for (let j = 0; j < 5; j += 1) {
      for (let i = 0; i < 5; i += 1) {
        const core = [i * 10, j * 10, (i + 1) * 10, (j + 1) * 10] as const;
        const entities = apart.flatMap(({ x, y, w, h }, k) => {
          const [a, b, c, d] = [
            Math.max(x, core[0]),
            Math.max(y, core[1]),
            Math.min(x + w, core[2]),
            Math.min(y + h, core[3]),
          ];
          return a < c && b < d ? [entity(`${k}/${i}/${j}`, rectangle(a, b, c, d))] : [];
        });
        windows.push({ core, entities });
      }
    }
    const areas = (list: readonly number[]) => [...list].sort((p, q) => p - q);
    expect(areas(stitchSegments(windows).map(({ geometry }) => Math.round(areaM2(geometry))))).toEqual(
      areas(apart.map(({ w, h }) => w * h)),
    );
  });
});
