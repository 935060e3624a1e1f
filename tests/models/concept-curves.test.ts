import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conceptScorer, readConceptCurves } from "../../src/models/concept-curves.ts";

const file = (content: string) => {
  const path = join(mkdtempSync(join(tmpdir(), "terralogue-curves-")), "concepts.json");
  writeFileSync(path, content);
  return path;
};
/** "east" and "north" are the axes; anything else is their diagonal. */
const encodeTexts = async (texts: readonly string[]) =>
  Float32Array.from(
    texts.flatMap((text) => (text === "east" ? [1, 0] : text === "north" ? [0, 1] : [Math.SQRT1_2, Math.SQRT1_2])),
  );

describe("concept curves", () => {
  it("turn cosines with a concept's prompts into probabilities", async () => {
    const { score, direction } = await conceptScorer(
      {
        port: { prompts: ["east"], slope: 4, offset: -2 },
        river: { prompts: ["east", "north"], slope: 10, offset: 0 },
      },
      encodeTexts,
      2,
    );
    const chips = Float32Array.from([1, 0, 0, 1, Math.SQRT1_2, Math.SQRT1_2]);
    const port = score("port", chips) as Float32Array;
    expect(port[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(port[1]).toBeCloseTo(1 / (1 + Math.exp(2)), 6);
    // The mean of both axes is the diagonal, whose cosine with itself is 1.
    expect((score("river", chips) as Float32Array)[2]).toBeCloseTo(1 / (1 + Math.exp(-10)), 6);
    expect(score("river", new Float32Array(0))).toEqual(new Float32Array(0));
    expect(direction("port")).toEqual(Float32Array.of(1, 0));
  });

  it("say nothing of concepts that have none", async () => {
    const { score, direction } = await conceptScorer({}, encodeTexts, 2);
    expect(score("port", Float32Array.from([1, 0]))).toBeNull();
    expect(direction("port")).toBeNull();
  });

  it("are refused in one sentence when the file is not right", async () => {
    await expect(readConceptCurves(file("{"))).rejects.toThrow(/concepts\.json is not JSON; fetch or make it again\.$/);
    await expect(readConceptCurves(file('{"port":{"prompts":["a"],"slope":-1,"offset":0}}'))).rejects.toThrow(
      /port\.slope is not right .*; make it again with the weights\.$/,
    );
    await expect(readConceptCurves(file('{"dragon":{"prompts":["a"],"slope":1,"offset":0}}'))).rejects.toThrow(
      /is not right/,
    );
  });
});
