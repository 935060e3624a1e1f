import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { composedScores, normalisedSimilarities, normalShare } from "../../src/retrieval/composed.ts";

describe("composed queries", () => {
  it("come out as worked by hand", () => {
    // Mean 2, deviation √(2/3): z is ∓1.2247 and 0; Φ(1.2247) = 0.88966.
    const normalised = normalisedSimilarities([1, 2, 3]);
    for (const [i, value] of [0.11034, 0.5, 0.88966].entries()) expect(normalised[i]).toBeCloseTo(value, 4);
    const scores = composedScores([1, 2, 3], [30, 10, 20], 0.25);
    for (const [i, value] of [
      0.75 * 0.11034 + 0.25 * 0.88966,
      0.75 * 0.5 + 0.25 * 0.11034,
      0.75 * 0.88966 + 0.25 * 0.5,
    ].entries())
      expect(scores[i]).toBeCloseTo(value, 4);
  });

  it("knows the normal distribution", () => {
    for (const [z, share] of [
      [0, 0.5],
      [1, 0.8413447],
      [-1.96, 0.0249979],
      [3, 0.9986501],
    ] as const)
      expect(normalShare(z)).toBeCloseTo(share, 6);
  });

  it("take what tells nothing for a half, and refuse what does not fit", () => {
    expect([...normalisedSimilarities([0.3, 0.3, 0.3])]).toEqual([0.5, 0.5, 0.5]);
    expect(() => composedScores([1, 2], [1], 0.5)).toThrow(RangeError);
    expect(() => composedScores([1], [1], 1.5)).toThrow(RangeError);
    expect(() => composedScores([1], [1], Number.NaN)).toThrow(RangeError);
  });
});

const similar = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 });
test.prop([similar, fc.double({ min: 0.1, max: 50, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true })])(
  "neither range nor offset of a modality matters, and its order stays",
  (values, scale, offset) => {
    const one = normalisedSimilarities(values);
    const other = normalisedSimilarities(values.map((value) => value * scale + offset));
    const spread = Math.max(...values) - Math.min(...values);
    fc.pre(spread > 1e-3);
    for (const [i, value] of one.entries()) expect(other[i]).toBeCloseTo(value, 4);
    for (const [i, a] of values.entries())
      for (const [j, b] of values.entries()) if (a > b) expect(one[i]).toBeGreaterThanOrEqual(one[j] as number);
  },
);

test.prop([similar])("all of one modality leaves its order alone", (values) => {
  const other = values.map((_, i) => Math.sin(i * 7));
  expect([...composedScores(values, other, 0)]).toEqual([...normalisedSimilarities(values)]);
  expect([...composedScores(other, values, 1)]).toEqual([...normalisedSimilarities(values)]);
});
