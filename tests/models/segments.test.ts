import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { SegmentClass } from "../../src/models/manifest.ts";
import { colourWords } from "../../src/models/segments/attributes.ts";
import { connectedComponents, type LabelRaster } from "../../src/models/segments/components.ts";
import { smallestRectangle } from "../../src/models/segments/shape.ts";
import { hasCrossings, simplifyOutline } from "../../src/models/segments/simplify.ts";
import { type Outline, signedArea, traceOutlines } from "../../src/models/segments/trace.ts";
import { vectorise } from "../../src/models/segments/vectorise.ts";

/** Labels by letters: "." none that counts (0), "a" 1, "b" 2. */
function rasterOf(rows: readonly string[]): LabelRaster {
  const width = rows[0]?.length ?? 0;
  const letters = rows.join("");
  return {
    width,
    height: rows.length,
    labels: Uint8Array.from(letters, (letter) => (letter === "." ? 0 : letter.charCodeAt(0) - 96)),
    confidences: new Float32Array(letters.length).fill(0.75),
    rgb: new Uint8Array(letters.length * 3).fill(128),
  };
}

function outlinesOf(raster: LabelRaster): readonly Outline[] {
  return traceOutlines(
    connectedComponents(raster, (label) => label > 0),
    raster.width,
    raster.height,
    () => true,
  ) as readonly Outline[];
}

const KIND: SegmentClass = {
  name: "a",
  minConfidence: 0.5,
  sizes: [],
  minAreaM2: 0,
  shape: "outline",
  rectangleFill: 0.85,
};
const options = (change: Partial<SegmentClass> = {}, simplify = 0) => ({
  classes: [
    { ...KIND, concept: null },
    { ...KIND, ...change, concept: "building" as const },
    { ...KIND, ...change, concept: "water" as const },
  ],
  gsd: 2,
  scaleX: 1,
  scaleY: 1,
  simplify,
});

describe("outlines of labels", () => {
  it("of a square run against the clock as seen, from its upper left", () => {
    expect(outlinesOf(rasterOf(["....", ".aa.", ".aa.", "...."]))).toEqual([
      {
        outer: [
          [1, 1],
          [1, 3],
          [3, 3],
          [3, 1],
        ],
        holes: [],
      },
    ]);
  });

  it("keep holes, running the other way", () => {
    const [ring] = outlinesOf(rasterOf(["aaaa", "a..a", "aaaa"]));
    expect(signedArea(ring?.outer ?? [])).toBe(-12);
    expect(ring?.holes).toHaveLength(1);
    expect(signedArea(ring?.holes[0] ?? [])).toBe(2);
    expect(new Set(ring?.holes[0]?.map(String))).toEqual(new Set(["1,1", "3,1", "3,2", "1,2"]));
  });

  it("part things of two classes, and things that touch at a corner only", () => {
    expect(outlinesOf(rasterOf(["aabb", "aabb"])).map(({ outer }) => outer)).toEqual([
      [
        [0, 0],
        [0, 2],
        [2, 2],
        [2, 0],
      ],
      [
        [2, 0],
        [2, 2],
        [4, 2],
        [4, 0],
      ],
    ]);
    expect(outlinesOf(rasterOf(["a.", ".a"]))).toHaveLength(2);
  });

  it("let a hole touch the outside in a point instead of touching themselves", () => {
    const [ring] = outlinesOf(rasterOf([".aa", "a.a", "aaa"]));
    expect(ring?.holes).toHaveLength(1);
    for (const line of [ring?.outer ?? [], ...(ring?.holes ?? [])])
      expect(new Set(line.map(String)).size).toBe(line.length);
  });

  const grids = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([width, height]) =>
    fc.array(fc.string({ unit: fc.constantFrom(".", "a", "b"), minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  );

  test.prop([grids])("cover exactly the pixels of their component, and no ring touches itself", (rows) => {
    const raster = rasterOf(rows);
    const found = connectedComponents(raster, (label) => label > 0);
    const outlines = traceOutlines(found, raster.width, raster.height, () => true) as readonly Outline[];
    expect(outlines).toHaveLength(found.list.length);
    for (const [i, { outer, holes }] of outlines.entries()) {
      const area = -signedArea(outer) - holes.reduce((sum, hole) => sum + signedArea(hole), 0);
      expect(area).toBe(found.list[i]?.pixels);
      expect(hasCrossings([outer, ...holes])).toBe(false);
      expect([outer, ...holes].every((ring) => new Set(ring.map(String)).size === ring.length)).toBe(true);
    }
    const labelled = raster.labels.filter((label) => label > 0).length;
    expect(found.list.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(labelled);
  });

  test.prop([grids, fc.constantFrom(0.5, 0.8, 1.5, 3)])("stay valid and near when simplified", (rows, tolerance) => {
    for (const outline of outlinesOf(rasterOf(rows))) {
      const simple = simplifyOutline(outline, tolerance);
      expect(hasCrossings([simple.outer, ...simple.holes])).toBe(false);
      expect(signedArea(simple.outer)).toBeLessThan(0);
      expect(simple.outer.length).toBeLessThanOrEqual(outline.outer.length);
      const corners = new Set(outline.outer.map(String));
      expect(simple.outer.every((corner) => corners.has(String(corner)))).toBe(true);
    }
  });

  it("of a turned rectangle become four corners", () => {
    const rows = Array.from({ length: 60 }, (_, y) =>
      Array.from({ length: 60 }, (_, x) => {
        const [u, v] = [(x - 30) * 0.8 + (y - 30) * 0.6, (y - 30) * 0.8 - (x - 30) * 0.6];
        return Math.abs(u) <= 20 && Math.abs(v) <= 8 ? "a" : ".";
      }).join(""),
    );
    const [outline] = outlinesOf(rasterOf(rows));
    expect(outline?.outer.length).toBeGreaterThan(40);
    expect(simplifyOutline(outline as Outline, 1.5).outer.length).toBeLessThanOrEqual(6);
  });
});

describe("segments of labels", () => {
  it("carry area, shape and direction in metres on the ground", () => {
    const [segment, ...rest] = vectorise(rasterOf(["......", ".aaaa.", "......"]), options());
    expect(rest).toEqual([]);
    expect(segment).toMatchObject({
      concept: "building",
      confidence: 0.75,
      measures: { areaM2: 16, elongation: 0.75, orientationDeg: 90, rectangularity: 1 },
      attributes: ["grey", "rectangular", "elongated"],
    });
    const [upright] = vectorise(rasterOf([".a.", ".a.", ".a.", ".a."]), options());
    expect(upright?.measures?.orientationDeg).toBe(0);
  });

  it("fill gaps that are too small to be any, and keep others", () => {
    const rows = ["aaaaaa", "a.aaaa", "aaa..a", "aaa..a", "aaaaaa"];
    const [segment] = vectorise(rasterOf(rows), options({ minHoleAreaM2: 8 }));
    expect(segment?.polygon.coordinates).toHaveLength(2);
    expect(segment?.measures?.areaM2).toBe(26 * 4);
  });

  it("are left out when small or unsure, and give only the attributes that their class allows", () => {
    const raster = rasterOf(["aa.", "aa.", "..b"]);
    expect(vectorise(raster, options({ minAreaM2: 5 })).map(({ concept }) => concept)).toEqual(["building"]);
    expect(vectorise(raster, options({ minConfidence: 0.8 }))).toEqual([]);
    const [segment] = vectorise(raster, options({ attributes: ["large", "small"], smallToM2: 16 }));
    expect(segment?.attributes).toEqual(["small"]);
  });

  it("become rectangles where their class says so and they nearly are", () => {
    const rows = ["aaaaaa", "aaaaaa", "aaaaa."];
    const [box] = vectorise(rasterOf(rows), options({ shape: "rectangle" }));
    expect(new Set(box?.polygon.coordinates[0]?.map(String))).toEqual(new Set(["0,0", "0,3", "6,3", "6,0"]));
    const [outline] = vectorise(rasterOf(["aaaaaa", "a.....", "a....."]), options({ shape: "rectangle" }));
    expect(outline?.polygon.coordinates[0]).toHaveLength(7);
  });

  it("are closed and right-handed once y points north", () => {
    const rows = ["aaaa.", "a..a.", "aaaab", "..bbb"];
    for (const { polygon } of vectorise(rasterOf(rows), options())) {
      const north = polygon.coordinates.map((ring) => ring.map(([x = 0, y = 0]) => [x, -y]));
      for (const ring of polygon.coordinates) expect(ring.at(-1)).toEqual(ring[0]);
      const turns = (ring: readonly number[][]) =>
        ring.slice(1).reduce((sum, [x = 0, y = 0], i) => sum + (ring[i]?.[0] ?? 0) * y - x * (ring[i]?.[1] ?? 0), 0);
      expect(turns(north[0] as number[][])).toBeGreaterThan(0);
      for (const hole of north.slice(1)) expect(turns(hole)).toBeLessThan(0);
    }
  });
});

test.prop([
  fc.double({ min: 5, max: 50, noNaN: true }),
  fc.double({ min: 1, max: 4, noNaN: true }),
  fc.double({ min: 0, max: Math.PI, noNaN: true }),
])("the smallest rectangle around a turned rectangle is itself", (long, short, angle) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([u = 0, v = 0]) => [u * long * c - v * short * s, u * long * s + v * short * c] as const);
  const rectangle = smallestRectangle(corners);
  expect(rectangle.long).toBeCloseTo(2 * long, 4);
  expect(rectangle.short).toBeCloseTo(2 * short, 4);
  const heading = ((((Math.atan2(c, -s) * 180) / Math.PI) % 180) + 180) % 180;
  const apart = Math.abs(rectangle.orientationDeg - heading);
  expect(Math.min(apart, 180 - apart)).toBeLessThan(0.2);
});

it.each([
  [
    [230, 228, 226],
    ["white", "bright"],
  ],
  [[130, 128, 126], ["grey"]],
  [[40, 44, 50], ["dark"]],
  [[80, 81, 84], ["dark"]],
  [[168, 92, 70], ["red"]],
  [[130, 92, 69], ["red"]],
  [[163, 132, 100], ["brown"]],
  [[90, 130, 80], ["green"]],
  [[60, 90, 150], ["blue"]],
  [
    [20, 40, 90],
    ["blue", "dark"],
  ],
] as const)("the colour %j is called %j", (colour, words) => {
  expect(colourWords(colour)).toEqual(words);
});
