import { describe, expect, it } from "vitest";
import { averagePrecision, type ScoredItem } from "../../src/evaluation/retrieval-metrics.ts";
import { bestF1, equalWidthLevels, retention, slope } from "../../src/evaluation/robustness/metrics.ts";

const items = (...pairs: readonly (readonly [number, boolean])[]): ScoredItem[] =>
  pairs.map(([score, isRelevant]) => ({ score, isRelevant }));

describe("metrics of robustness, by hand", () => {
  it("average precision is the mean of the precisions at the relevant ranks", () => {
    // Relevant at ranks 1 and 3: (1/1 + 2/3) / 2.
    expect(averagePrecision(items([0.9, true], [0.8, false], [0.7, true], [0.1, false]))).toBeCloseTo(5 / 6);
    expect(averagePrecision(items([0.9, false], [0.8, false]))).toBe(0);
    // One relevant among four of one score stands at rank 2.5.
    expect(averagePrecision(items([0, true], [0, false], [0, false], [0, false]))).toBeCloseTo(1 / 2.5);
    expect(averagePrecision(items([0.5, true], [0.5, true]))).toBe(1);
  });

  it("best F1 is over all thresholds, never retrieving what scored 0", () => {
    // Threshold 0.7: precision 2/3, recall 1, F1 0.8.
    expect(bestF1(items([0.9, true], [0.8, false], [0.7, true], [0.1, false]))).toBeCloseTo(0.8);
    // One of two relevant scored 0: precision 1, recall 1/2.
    expect(bestF1(items([0.9, true], [0, true], [0, false]))).toBeCloseTo(2 / 3);
    expect(bestF1(items([0, true]))).toBe(0);
  });

  it("retention is the mean share of the first level's performance that is left, no more than all of it", () => {
    // min(1, 0.8/0.8), min(1, 0.6/0.8), min(1, 0.9/0.8): (1 + 0.75 + 1) / 3.
    expect(retention([0.8, 0.6, 0.9])).toBeCloseTo(2.75 / 3);
    expect(retention([0.5, 0.5])).toBe(1);
    expect(retention([0, 0.4])).toBe(0);
  });

  it("slope is that of the least-squares line", () => {
    // Levels 0, 1, 2 with 0.9, 0.6, 0.6: Σ(l − 1)(P − 0.7) / Σ(l − 1)² = (−0.2 − 0.1) / 2.
    expect(slope([0.9, 0.6, 0.6])).toBeCloseTo(-0.15);
    expect(slope([0.4])).toBe(0);
  });

  it("levels are bins of equal width", () => {
    expect(equalWidthLevels([2, 5, 5, 8, 11], 3)).toEqual([0, 1, 1, 2, 2]);
    expect(equalWidthLevels([4, 4], 3)).toEqual([0, 0]);
  });
});
