import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import {
  averagePrecision,
  bestRank,
  meanRecall,
  medianRank,
  recallAt,
  recallsOf,
} from "../../src/evaluation/retrieval-metrics.ts";

describe("metrics of retrieval, by hand", () => {
  it("the rank counts what scores more, and what scores the same and was given before", () => {
    const scores = [0.2, 0.9, 0.5, 0.5, 0.5];
    expect([0, 1, 2, 3, 4].map((right) => bestRank(scores, [right]))).toEqual([5, 1, 2, 3, 4]);
    // The better of two counts; of two alike the one given first.
    expect(bestRank(scores, [0, 3])).toBe(3);
    expect(bestRank(scores, [4, 2])).toBe(2);
    expect(() => bestRank(scores, [])).toThrow(RangeError);
  });

  it("recall is the share of ranks up to K", () => {
    const ranks = [1, 2, 5, 6, 11];
    expect([1, 5, 10].map((k) => recallAt(ranks, k))).toEqual([1 / 5, 3 / 5, 4 / 5]);
    expect(recallsOf(ranks)).toEqual({ r1: 20, r5: 60, r10: 80, mean: 53.33, medianRank: 5 });
    expect(recallAt([], 5)).toBe(0);
    expect(medianRank([4, 1, 2, 9])).toBe(3);
  });

  it("mean recall is the mean of six figures", () => {
    // 20, 60, 80 and 0, 50, 100.
    expect(
      meanRecall([
        [1, 2, 5, 6, 11],
        [2, 10],
      ]),
    ).toBe(Number(((20 + 60 + 80 + 0 + 50 + 100) / 6).toFixed(2)));
  });

  it("average precision is the mean of the precisions at the right ones", () => {
    const item = (score: number, isRelevant: boolean) => ({ score, isRelevant });
    // Right at ranks 2 and 4: (1/2 + 2/4) / 2.
    expect(averagePrecision([item(4, false), item(3, true), item(2, false), item(1, true)])).toBeCloseTo(0.5);
  });
});

test.prop([fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 }), fc.nat(29)])(
  "ranks are those of a stable sort",
  (scores, at) => {
    const right = at % scores.length;
    const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    expect(bestRank(scores, [right])).toBe(order.indexOf(right) + 1);
  },
);
