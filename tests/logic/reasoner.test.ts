import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { EntityTable } from "../../src/logic/entity-table.ts";
import { explainProof } from "../../src/logic/explain.ts";
import { prove } from "../../src/logic/prove.ts";
import { scoreWorlds } from "../../src/logic/score.ts";
import { search } from "../../src/logic/search.ts";
import { countTruth, GODEL, LUKASIEWICZ, PRODUCT } from "../../src/logic/semantics.ts";
import { parseFormula } from "../../src/logic/text.ts";
import { entity } from "../fixtures/entities.ts";
import { naiveTruth } from "./naive.ts";
import { formulasOver, worlds } from "./worlds.ts";

const SEMANTICS = { product: PRODUCT, godel: GODEL, lukasiewicz: LUKASIEWICZ };
const semantics = fc.constantFrom("product" as const, "godel" as const, "lukasiewicz" as const);

/** Truths are ranked to 2^-30, ties by id. */
function ranked(found: readonly { id: string; truth: number }[]) {
  return found
    .map(({ id, truth }) => ({ id, truth, rank: Math.round(truth * 2 ** 30) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1));
}

describe("search", () => {
  test.prop(
    [
      worlds,
      formulasOver(["x"], 3),
      semantics,
      fc.constantFrom("maximum" as const, "noisy_or" as const),
      fc.constantFrom("map" as const, "image" as const),
      fc.constantFrom(1, 3, 100),
      fc.constantFrom(0, 0.3, 0.8),
    ],
    { numRuns: 4000 },
  )(
    "gives the first bindings that enumeration gives, in its order and truth",
    (world, formula, name, exists, space, limit, minTruth) => {
      const expected = ranked(
        world.map((thing) => ({
          id: thing.id,
          truth: naiveTruth(world, formula, { x: thing }, { semantics: name, exists, space }),
        })),
      )
        // A truth within rounding of the least one wanted may come or not.
        .filter(({ truth }) => truth >= minTruth - 1e-9);
      const found = search(EntityTable.from(world, { space }), formula, {
        limit,
        minTruth: minTruth - 1e-9,
        exists,
        semantics: SEMANTICS[name],
        proofs: false,
      }).bindings;
      expect(found.map(({ entity: { id } }) => id)).toEqual(expected.slice(0, limit).map(({ id }) => id));
      for (const [i, { truth }] of found.entries())
        expect(Math.abs(truth - (expected[i] as { truth: number }).truth)).toBeLessThan(1e-9);
    },
  );

  test.prop([worlds, formulasOver(["x"], 2)], { numRuns: 300 })(
    "proves each binding with its own truth",
    (world, formula) => {
      for (const { truth, proof } of search(EntityTable.from(world), formula, { limit: 3 }).bindings)
        expect(Math.abs(proof.tree.truth - truth)).toBeLessThan(1e-9);
    },
  );

  test.prop([worlds, formulasOver([], 3), semantics], { numRuns: 800 })(
    "gives closed formulas the truth of enumeration",
    (world, formula, name) => {
      const [scored] = scoreWorlds(formula, [{ id: "w", entities: world }], { semantics: SEMANTICS[name] });
      expect(Math.abs((scored?.truth ?? -1) - naiveTruth(world, formula, {}, { semantics: name }))).toBeLessThan(1e-9);
    },
  );

  it("looks only at things in reach", () => {
    const world = Array.from({ length: 4000 }, (_, i) =>
      entity(`r${i}`, i % 2 ? "river" : "quarry", (i % 80) * 500, Math.floor(i / 80) * 500, { side: 0 }),
    );
    const { work } = search(EntityTable.from(world), parseFormula("quarry(x) ∧ ∃y (river(y) ∧ near(x, y, 600))"), {
      limit: 5,
      proofs: false,
    });
    expect(work.predicatesEvaluated).toBeLessThan(40_000);
  });

  it("refuses a coordinate that is no number, naming the entity", () => {
    expect(() => EntityTable.from([entity("bad1", "river", Number.NaN, 0)])).toThrow(/"bad1" has a coordinate/);
  });
});

describe("counting under independent confidences", () => {
  test.prop([fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 }), fc.integer({ min: 0, max: 5 })])(
    "at least, exactly and at most agree",
    (chances, n) => {
      const [atLeast, exactly, atMost] = [
        countTruth(chances, ">=", n),
        countTruth(chances, "=", n),
        countTruth(chances, "<=", n),
      ];
      expect(atLeast + atMost - exactly).toBeCloseTo(1, 9);
    },
  );

  it("gives the hand-worked distribution of 0.5 and 0.2", () => {
    expect(countTruth([0.5, 0.2], "=", 0)).toBeCloseTo(0.4);
    expect(countTruth([0.5, 0.2], "=", 1)).toBeCloseTo(0.5);
    expect(countTruth([0.5, 0.2], ">=", 2)).toBeCloseTo(0.1);
  });
});

describe("prove", () => {
  const world = [
    entity("exit", "highway_exit", 1000, 0, { side: 0, name: "Exit 1" }),
    entity("home", "residential_area", 0, 150),
  ];
  const table = EntityTable.from(world);
  const park = entity("park", "logistics_park", 0, 0, { side: 100, confidence: 0.9 });

  it("names the first failing part, its margin, and the change that admits", () => {
    const proof = prove(table, parseFormula("logistics_park(x) ∧ ∃y (highway_exit(y) ∧ near(x, y, 500))"), park);
    expect(proof.truth).toBe(0);
    expect(proof.failure).toMatchObject({
      measured: { name: "distance", value: 950, threshold: 500 },
      margin: 450,
      witness: "exit",
      change: { kind: "distance", value: 950, admits: true },
    });
    expect(explainProof(proof, "en")).toContain(
      "the nearest is 950 m away, 450 m too far. A distance of 950 m instead of 500 m would admit it.",
    );
    expect(explainProof(proof, "zh")).toContain("最近的在 950 米 之外");
  });

  it("says that a change alone would not help when another part fails too", () => {
    const proof = prove(
      table,
      parseFormula(
        "logistics_park(x) ∧ ∃y (highway_exit(y) ∧ near(x, y, 500)) ∧ ¬∃z (residential_area(z) ∧ near(x, z, 200))",
      ),
      park,
    );
    expect(proof.failure?.change?.admits).toBe(false);
    expect(explainProof(proof, "en")).not.toContain("would admit");
  });

  it("names what stands where nothing may", () => {
    const proof = prove(table, parseFormula("logistics_park(x) ∧ ¬∃z (residential_area(z) ∧ near(x, z, 200))"), park);
    expect(proof.failure).toMatchObject({
      witness: "home",
      measured: { value: 90 },
      change: { kind: "distance", value: 89, admits: true },
    });
  });

  it("binds the nearest witness and measures outline to outline", () => {
    const proof = prove(table, parseFormula("logistics_park(x) ∧ ∃y (highway_exit(y) ∧ near(x, y, 2000))"), park);
    expect(proof.witnesses).toEqual(["exit"]);
    expect(proof.tree.children[1]?.children[0]?.children[1]?.measured).toEqual({
      name: "distance",
      value: 950,
      unit: "m",
      op: "<=",
      threshold: 2000,
    });
  });
});

describe("dense and sparse", () => {
  const houses = Array.from({ length: 36 }, (_, i) =>
    entity(`h${i}`, "building", 8 + (i % 6) * 16, 8 + Math.floor(i / 6) * 16, { side: 10 }),
  );
  const table = EntityTable.from([
    ...houses,
    entity("full", "residential_area", 50, 50, { side: 100 }),
    entity("bare", "residential_area", 500, 50, { side: 100 }),
    entity("one", "building", 500, 50, { side: 10 }),
  ]);

  it("are measured from the buildings when nobody states them", () => {
    const found = (text: string) => search(table, parseFormula(text)).bindings.map(({ entity: { id } }) => id);
    expect(found("residential_area(x) ∧ dense(x)")).toEqual(["full"]);
    expect(found("residential_area(x) ∧ sparse(x)")).toEqual(["bare"]);
    expect(
      search(table, parseFormula("residential_area(x) ∧ dense(x)")).bindings[0]?.proof.tree.children[1]?.measured,
    ).toMatchObject({ value: 0.36, threshold: 0.22 });
  });
});
