import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { EntityTable } from "../../src/logic/entity-table.ts";
import { formulaFromJson } from "../../src/logic/formula-json.ts";
import { freeVariables } from "../../src/logic/free-variables.ts";
import { search } from "../../src/logic/search.ts";
import { parseFormula, printFormula } from "../../src/logic/text.ts";
import { entity } from "../fixtures/entities.ts";
import { formulasOver } from "./worlds.ts";

describe("a formula as JSON", () => {
  test.prop([formulasOver(["x", "y"], 3)], { numRuns: 500 })("comes back as it was", (formula) => {
    expect(formulaFromJson(JSON.stringify(formula))).toEqual(formula);
  });

  test.prop([formulasOver(["x", "y"], 3)], { numRuns: 500 })("and its text says the same", (formula) => {
    const text = printFormula(formula);
    expect(printFormula(parseFormula(text))).toBe(text);
  });

  it.each([
    ['{"kind":"concept","concept":"quary","term":"x"}', /not right at concept: "quary" is no concept/],
    ['{"kind":"not","body":{"kind":"near"}}', /not right at body\.kind/],
    ['{"kind":"count","op":">=","n":-1,"variable":"y","body":{"kind":"true"}}', /not right at n/],
    ["{", /not JSON/],
  ])("refuses %s", (text, reason) => {
    expect(() => formulaFromJson(text)).toThrow(reason);
  });
});

describe("free variables", () => {
  it("are those that no quantifier binds, places among them", () => {
    const formula = parseFormula("quarry(x) ∧ ∃y (near(x, y, 5) ∧ inside(y, @a)) ∧ river(y)");
    expect([...freeVariables(formula)].sort()).toEqual(["@a", "x", "y"]);
    expect(freeVariables(parseFormula("∃x (quarry(x))")).size).toBe(0);
  });
});

describe("definitions", () => {
  const table = EntityTable.from([entity("a", "building", 0, 0)]);
  const names = (formula: string, definitions: Parameters<typeof search>[2]) =>
    search(table, parseFormula(formula), definitions).bindings.map(({ entity: { id } }) => id);

  it("stand for their formulas", () => {
    expect(names("village(x)", { definitions: { village: { formula: "building(x) ∧ area(x) >= 100" } } })).toEqual([
      "a",
    ]);
  });

  it("must not refer to themselves, directly or through others", () => {
    const definitions = {
      village: { formula: "building(x) ∧ ∃y (town(y) ∧ near(x, y, 5))" },
      town: { formula: "∃y (village(y) ∧ near(x, y, 5))" },
    };
    expect(() => names("village(x)", { definitions })).toThrow(
      /definition of village refers to itself \(village → town → village\); definitions must not recur/,
    );
  });
});
