import { describe, expect, it } from "vitest";
import { emptyConfusion, segmentationFigures } from "../../src/evaluation/segmentation-metrics.ts";

describe("segmentation figures", () => {
  it("are those worked out by hand", () => {
    // Truth × said; the third column is no label at all.
    const confusion = emptyConfusion(2);
    confusion.set([6, 2, 0, 1, 3, 4]);
    const { meanIou, pixelAccuracy, classes } = segmentationFigures(confusion, ["a", "b"]);
    expect(classes).toEqual([
      { label: "a", pixels: 8, iou: 0.6667, precision: 0.8571, recall: 0.75, takenFor: { label: "b", share: 0.25 } },
      { label: "b", pixels: 8, iou: 0.3, precision: 0.6, recall: 0.375, takenFor: { label: "no label", share: 0.5 } },
    ]);
    expect(meanIou).toBe(0.4833);
    expect(pixelAccuracy).toBe(0.5625);
  });

  it("leave out what the truth does not hold", () => {
    const confusion = emptyConfusion(2);
    confusion.set([5, 5, 0, 0, 0, 0]);
    const { meanIou, classes } = segmentationFigures(confusion, ["a", "b"]);
    expect(classes.map(({ label }) => label)).toEqual(["a"]);
    expect(meanIou).toBe(0.5);
  });
});
