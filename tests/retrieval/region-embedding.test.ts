import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { Bbox } from "../../src/query/schema.ts";
import { cosine } from "../../src/retrieval/likeness.ts";
import {
  type EmbeddingSpace,
  embedRegion,
  encodeBox,
  encodeLocation,
  type RegionParts,
} from "../../src/retrieval/region-embedding.ts";

const FRAME: Bbox = [10, 50, 11, 51];
const WEIGHTS = { visual: 0.4, text: 0.3, box: 0.2, location: 0.1 };
const SPACE: EmbeddingSpace = { frame: FRAME, weights: WEIGHTS, visual: 3, text: 2 };

const unit = (length: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length })
    .filter((values) => Math.hypot(...values) > 0.1)
    .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const boxes = fc.tuple(share, share, share, share).map(([x, y, w, h]): Bbox => {
  const [west, south] = [10 + x * 0.9, 50 + y * 0.9];
  return [west, south, west + w * 0.1, south + h * 0.1];
});
const parts: fc.Arbitrary<RegionParts> = fc.record({
  visual: fc.option(unit(3)),
  text: fc.option(unit(2)),
  box: fc.option(boxes),
});
const centre = ([west, south, east, north]: Bbox) => [(west + east) / 2, (south + north) / 2] as const;

test.prop([parts, parts])("the cosine of two regions is the weighted mean of the cosines of their parts", (a, b) => {
  fc.pre([a, b].every(({ visual, text, box }) => visual !== null || text !== null || box !== null));
  const knownOf = ({ visual, text, box }: RegionParts) =>
    (visual ? WEIGHTS.visual : 0) + (text ? WEIGHTS.text : 0) + (box ? WEIGHTS.box + WEIGHTS.location : 0);
  let sum = 0;
  if (a.visual && b.visual) sum += WEIGHTS.visual * cosine(a.visual, b.visual);
  if (a.text && b.text) sum += WEIGHTS.text * cosine(a.text, b.text);
  if (a.box && b.box) {
    sum += WEIGHTS.box * cosine(encodeBox(a.box, FRAME), encodeBox(b.box, FRAME));
    sum += WEIGHTS.location * cosine(encodeLocation(...centre(a.box)), encodeLocation(...centre(b.box)));
  }
  const [one, other] = [embedRegion(a, SPACE), embedRegion(b, SPACE)];
  expect(Math.hypot(...one)).toBeCloseTo(1, 5);
  expect(cosine(one, other)).toBeCloseTo(sum / Math.sqrt(knownOf(a) * knownOf(b)), 5);
});

test.prop([boxes, fc.double({ min: 0, max: 0.4, noNaN: true }), fc.double({ min: 0.01, max: 0.4, noNaN: true })])(
  "a box is the less like another, the further it is from it",
  ([west, south, east, north], near, step) => {
    const moved = (by: number): Bbox => [west + by, south, east + by, north];
    const likeness = (by: number) => cosine(encodeBox([west, south, east, north], FRAME), encodeBox(moved(by), FRAME));
    fc.pre(west + near + step < 10.95);
    expect(likeness(near)).toBeGreaterThan(likeness(near + step));
  },
);

describe("a box", () => {
  it("is unlike one of another size at its place, and of another shape", () => {
    const box = (width: number, height: number): Bbox => [
      10.5 - width / 2,
      50.5 - height / 2,
      10.5 + width / 2,
      50.5 + height / 2,
    ];
    const like = (other: Bbox) => cosine(encodeBox(box(0.1, 0.1), FRAME), encodeBox(other, FRAME));
    expect(like(box(0.1, 0.1))).toBeCloseTo(1, 6);
    expect(like(box(0.2, 0.2))).toBeLessThan(1);
    expect(like(box(0.4, 0.4))).toBeLessThan(like(box(0.2, 0.2)));
    expect(like(box(0.2, 0.05))).toBeLessThan(1);
    // A point has a place, though no size.
    expect(Math.hypot(...encodeBox([10.5, 50.5, 10.5, 50.5], FRAME))).toBeCloseTo(1, 6);
  });

  it("is the same on either side of the dateline as elsewhere", () => {
    const across: Bbox = [179.9, 0, -179.9, 0.2];
    const frame: Bbox = [179, -1, -179, 1];
    const shifted: Bbox = [9.9, 0, 10.1, 0.2];
    const a = encodeBox(across, frame);
    const b = encodeBox(shifted, [9, -1, 11, 1]);
    for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i] as number, 5);
    const near = cosine(a, encodeBox([-179.9, 0, -179.7, 0.2], frame));
    const far = cosine(a, encodeBox([-179.3, 0, -179.1, 0.2], frame));
    expect(near).toBeGreaterThan(far);
  });
});

describe("a place on the globe", () => {
  it("is the less like another, the further away it is, on average", () => {
    const places = Array.from({ length: 40 }, (_, i) => [((i * 137.5) % 360) - 180, -60 + ((i * 47) % 120)] as const);
    const meanLikeness = (km: number) => {
      const degrees = km / 111.2;
      return (
        places.reduce(
          (sum, [lon, lat]) => sum + cosine(encodeLocation(lon, lat), encodeLocation(lon, lat + degrees)),
          0,
        ) / places.length
      );
    };
    const likenesses = [0, 1, 3, 20, 100, 300, 1500, 3000].map(meanLikeness);
    expect(likenesses[0]).toBeCloseTo(1, 5);
    for (const [i, value] of likenesses.slice(1).entries()) expect(value).toBeLessThan(likenesses[i] as number);
  });

  it("is the same across the dateline and at the poles", () => {
    const like = (a: readonly [number, number], b: readonly [number, number]) =>
      cosine(encodeLocation(...a), encodeLocation(...b));
    expect(like([180, 10], [-180, 10])).toBeCloseTo(1, 5);
    expect(like([0, 90], [123, 90])).toBeCloseTo(1, 5);
    expect(like([179.999, 10], [-179.999, 10])).toBeGreaterThan(0.9);
    expect(like([179.999, 10], [-179.999, 10])).toBeCloseTo(like([9.999, 10], [10.001, 10]), 1);
  });
});

it("refuses vectors of another space, and regions of which nothing is known", () => {
  expect(() => embedRegion({ visual: Float32Array.of(1), text: null, box: null }, SPACE)).toThrow(
    /visual vector has 1 dimensions, the space 3/,
  );
  expect(() => embedRegion({ visual: null, text: null, box: null }, SPACE)).toThrow(/Nothing with a weight/);
});
