import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OWN_SET, understandingEvaluation } from "../../src/evaluation/understanding.ts";
import { readUtterances } from "../../src/evaluation/utterances.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

interface Scores {
  readonly utterances: number;
  readonly exact: number;
  readonly intent: number;
  readonly wrongButConfident: number;
  readonly parity: number;
  readonly failures?: readonly { readonly wrong: readonly string[] }[];
}
const run = async (...args: string[]) => (await understandingEvaluation.run(args)) as Scores;

describe("the project's own utterances", () => {
  const utterances = readUtterances(readFileSync(join(PACKAGE_ROOT, OWN_SET), "utf8"), OWN_SET);

  it("are as many in both languages, pair by pair, and three in ten are unseen", () => {
    expect(utterances.filter(({ language }) => language === "en")).toHaveLength(375);
    expect(utterances.filter(({ language }) => language === "zh")).toHaveLength(375);
    const byId = new Map(utterances.map((utterance) => [utterance.id, utterance]));
    for (const { id, twin, split } of utterances) expect(byId.get(twin)).toMatchObject({ twin: id, split });
    const unseen = utterances.filter(({ split }) => split === "unseen").length;
    expect(unseen / utterances.length).toBeGreaterThanOrEqual(0.3);
    expect(utterances.filter(({ context }) => context.length > 0).length).toBeGreaterThanOrEqual(120);
  });

  it("are read as their gold says", async () => {
    for (const split of ["tune", "unseen"]) {
      const { exact, parity, wrongButConfident } = await run("--split", split);
      expect(exact).toBeGreaterThanOrEqual(0.95);
      expect(parity).toBeGreaterThanOrEqual(0.97);
      expect(wrongButConfident).toBeLessThanOrEqual(0.01);
    }
  });
});

describe("a file of other utterances", () => {
  const scored = async (...lines: object[]) => {
    const folder = mkdtempSync(join(tmpdir(), "terralogue-utterances-"));
    try {
      const file = join(folder, "set.jsonl");
      writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n\n`);
      return await run("--file", file, "--failures");
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it("is compared in the slots that its gold holds, after its context", async () => {
    const near = { predicate: "near", negated: false, anchors: [{ concept: "river" }] };
    const scores = await scored(
      { text: "find quarries near a river", gold: { intent: "search", query: { target: { concept: "quarry" } } } },
      {
        text: "only within 300 m",
        context: ["find quarries near a river"],
        gold: { intent: "refine", query: { relations: [{ ...near, distanceM: { op: "<=", value: 300 } }] } },
      },
      { text: "find quarries near a river", gold: { query: { relations: [near], time: { kind: "new" } } } },
    );
    expect(scores).toMatchObject({ utterances: 3, exact: 0.6667 });
    expect(scores.failures?.map(({ wrong }) => wrong)).toEqual([["time"]]);
  });

  it("that is none is refused with its line", async () => {
    await expect(scored({ text: "find quarries" })).rejects.toThrow("Line 1");
  });
});
