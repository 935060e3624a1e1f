import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import { CONCEPT_IDS, PREDICATE_IDS } from "../../knowledge/ontology/ids.ts";
import type { Formula } from "../../src/logic/formula.ts";
import { parseFormula, printFormula } from "../../src/logic/text.ts";

const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant("concept" as const),
      concept: fc.constantFrom(...CONCEPT_IDS),
      term: fc.constantFrom("x", "y"),
    }),
    fc.record({
      kind: fc.constant("area" as const),
      term: fc.constant("x"),
      op: fc.constantFrom("<=" as const, ">" as const),
      value: fc.integer({ min: 1, max: 1e6 }),
    }),
    fc.record({
      kind: fc.constant("time" as const),
      change: fc.constantFrom("new" as const, "gone" as const),
      term: fc.constant("x"),
      from: fc.constant("2020-01-31"),
    }),
    fc.record({
      kind: fc.constant("spatial" as const),
      predicate: fc.constantFrom(...PREDICATE_IDS),
      terms: fc.constant(["x", "@geo0"]),
      distanceM: fc.integer({ min: 0, max: 9999 }),
    }),
    fc.record({ kind: fc.constant("not" as const), body: tie("formula") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("formula"), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("implies" as const), left: tie("formula"), right: tie("formula") }),
    fc.record({
      kind: fc.constantFrom("exists" as const, "forall" as const),
      variable: fc.constant("y"),
      body: tie("formula"),
    }),
    fc.record({
      kind: fc.constant("count" as const),
      op: fc.constantFrom(">=" as const, "<=" as const, "=" as const),
      n: fc.integer({ min: 0, max: 9 }),
      variable: fc.constant("y"),
      body: tie("formula"),
    }),
  ) as fc.Arbitrary<Formula>,
}));

describe("the text form of formulas", () => {
  test.prop([formula], { numRuns: 500 })("reads back what it prints", (value) => {
    expect(parseFormula(printFormula(value))).toEqual(value);
  });

  it("takes ASCII spellings", () => {
    expect(parseFormula("quarry(x) & !exists y (river(y) & near(x, y, 500))")).toEqual(
      parseFormula("quarry(x) ∧ ¬∃y (river(y) ∧ near(x, y, 500))"),
    );
  });

  it.each([
    "",
    "quarry(",
    "quarry(x) ∧",
    "unicorn(x)",
    "near(x)",
    "new(x, 2020)",
    "((((quarry(x))",
    "≥-1 y (quarry(y))",
    "quarry(x) quarry(x)",
  ])("refuses %j in one sentence", (text) => {
    expect(() => parseFormula(text)).toThrow(/^(The formula|A formula).*\.$/);
  });

  it("refuses formulas nested beyond reason instead of overflowing", () => {
    expect(() => parseFormula(`${"(".repeat(50_000)}quarry(x)${")".repeat(50_000)}`)).toThrow(/nested deeper/);
  });

  it("parses every definition of the ontology", () => {
    for (const definition of Object.values(DEFINITIONS))
      expect(printFormula(parseFormula(definition.formula))).toBe(definition.formula);
  });
});
