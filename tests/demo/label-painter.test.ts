import { describe, expect, it } from "vitest";
import { LABELS, type Label, LabelPainter } from "../../src/demo/label-painter.ts";
import { createScene } from "../../src/demo/landforms.ts";
import { boxOf, featuresOn } from "../../src/demo/paint.ts";
import type { Feature, Scene } from "../../src/demo/scene.ts";

const SIZE = 1200;
const scene = createScene({ seed: 31, landform: "harbour", size: SIZE });
const whole = new LabelPainter(scene, 1).paint(0, 0, SIZE, SIZE);
const labelAt = (x: number, y: number) => LABELS[whole[Math.floor(SIZE - y) * SIZE + Math.floor(x)] as number];

/** Middles of the features of a kind that nothing drawn later covers. */
function middles(of: Scene, accepts: (feature: Feature) => boolean): readonly [number, number][] {
  const drawn = featuresOn(of, 1);
  return drawn.flatMap((feature, i) => {
    if (!accepts(feature)) return [];
    const [minX, minY, maxX, maxY] = boxOf(feature);
    const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
    const isCovered = drawn.slice(i + 1).some((other) => {
      const box = boxOf(other);
      return box[0] <= x + 2 && box[2] >= x - 2 && box[1] <= y + 2 && box[3] >= y - 2;
    });
    return isCovered || x < 2 || y < 2 || x > SIZE - 2 || y > SIZE - 2 ? [] : [[x, y] as [number, number]];
  });
}

describe("labels of a demo world", () => {
  it("say at the middle of each thing what it is", () => {
    const expected: readonly [Label, (feature: Feature) => boolean][] = [
      ["building", ({ look }) => look.kind === "roof"],
      ["ship", ({ look }) => look.kind === "ship"],
      ["storage_tank", ({ look }) => look.kind === "disc" && look.height > 2],
      ["truck_yard", ({ concept }) => concept === "truck_yard"],
      ["field", ({ look }) => look.kind === "field"],
    ];
    let checked = 0;
    for (const [label, accepts] of expected) {
      for (const [x, y] of middles(scene, accepts)) {
        expect(`${labelAt(x, y)} at ${Math.round(x)}, ${Math.round(y)}`).toBe(
          `${label} at ${Math.round(x)}, ${Math.round(y)}`,
        );
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(20);
  });

  it("are the same whether a window or the whole is labelled", () => {
    const window = new LabelPainter(scene, 1).paint(300, 500, 200, 150);
    for (let row = 0; row < 150; row += 1)
      expect(window.subarray(row * 200, (row + 1) * 200)).toEqual(
        whole.subarray((500 + row) * SIZE + 300, (500 + row) * SIZE + 500),
      );
  });

  it("cover the same share of the ground at another GSD", () => {
    const coarse = new LabelPainter(scene, 1, 3).paint(0, 0, SIZE / 3, SIZE / 3);
    for (const label of ["water", "field", "building"] as const) {
      const share = (labels: Uint8Array) => labels.filter((value) => LABELS[value] === label).length / labels.length;
      expect(share(coarse)).toBeCloseTo(share(whole), 2);
    }
  });
});
