import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CALIBRATION_SEEDS, EVALUATION_SEEDS, TRAINING_SEEDS } from "../../src/evaluation/seeds.ts";

const ranges = { training: TRAINING_SEEDS, calibration: CALIBRATION_SEEDS, evaluation: EVALUATION_SEEDS };

describe("seeds of demo worlds", () => {
  it("for training, calibration and evaluation never mix", () => {
    const sorted = Object.values(ranges).sort((a, b) => a[0] - b[0]);
    for (const [i, [from, to]] of sorted.entries()) {
      expect(from).toBeLessThan(to);
      const next = sorted[i + 1];
      if (next) expect(to).toBeLessThanOrEqual(next[0]);
    }
  });

  it("of training are not those of the demo", () => {
    const defaultSeed = /seed = (\d+)/.exec(
      readFileSync(new URL("../../src/demo/write-demo.ts", import.meta.url), "utf8"),
    );
    const seed = Number(defaultSeed?.[1]);
    expect(Number.isInteger(seed)).toBe(true);
    expect(seed >= TRAINING_SEEDS[0] && seed < TRAINING_SEEDS[1]).toBe(false);
  });

  it("are kept by the exporter of training windows, which refuses others", () => {
    const exporter = readFileSync(new URL("../../training/worlds/export.ts", import.meta.url), "utf8");
    expect(exporter).toContain("TRAINING_SEEDS");
  });
});
