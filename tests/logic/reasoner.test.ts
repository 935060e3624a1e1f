import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { EntityTable } from "../../src/logic/entity-table.ts";
import { explainProof } from "../../src/logic/explain.ts";
import type { Formula } from "../../src/logic/formula.ts";
import { prove } from "../../src/logic/prove.ts";
import { search } from "../../src/logic/search.ts";
import { countTruth } from "../../src/logic/semantics.ts";
import { parseFormula } from "../../src/logic/text.ts";
import { entity } from "../fixtures/entities.ts";
import { naiveTruth } from "./naive.ts";

const KINDS: readonly ConceptId[] = [
  "building",
  "warehouse",
  "large_roof",
  "truck_yard",
  "road",
  "highway",
  "storage_tank",
];
const worlds = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      x: fc.integer({ min: 0, max: 600 }),
      y: fc.integer({ min: 0, max: 600 }),
      side: fc.constantFrom(0, 10, 60),
      confidence: fc.constantFrom(1, 0.9, 0.5, 0),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((things) =>
    things.map(({ kind, x, y, side, confidence }, i) => entity(`e${i}`, kind, x, y, { side, confidence })),
  );
const atom = (variable: string, bound: string): fc.Arbitrary<Formula> =>
  fc.oneof(
    fc.record({
      kind: fc.constant("concept" as const),
      concept: fc.constantFrom<ConceptId>(...KINDS, "logistics_park", "tank_farm"),
      term: fc.constantFrom(variable, bound),
    }),
    fc.record({
      kind: fc.constant("spatial" as const),
      predicate: fc.constantFrom("near" as const, "far_from" as const),
      terms: fc.constant([bound, variable]),
      distanceM: fc.constantFrom(0, 50, 150, 400),
    }),
    fc.record({ kind: fc.constant("equal" as const), left: fc.constant(variable), right: fc.constant(bound) }),
  );
const bodies = (variable: string, bound: string): fc.Arbitrary<Formula> =>
  fc
    .array(
      fc.oneof(
        atom(variable, bound),
        atom(variable, bound).map((body): Formula => ({ kind: "not", body })),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts): Formula => ({ kind: "and", parts }));
const formulas: fc.Arbitrary<Formula> = fc
  .tuple(
    fc.constantFrom<ConceptId>(...KINDS, "logistics_park"),
    fc.array(
      fc.oneof(
        bodies("y", "x").map((body): Formula => ({ kind: "exists", variable: "y", body })),
        bodies("y", "x").map((body): Formula => ({ kind: "not", body: { kind: "exists", variable: "y", body } })),
        fc
          .tuple(
            bodies("y", "x"),
            fc.constantFrom(">=" as const, "<=" as const, "=" as const),
            fc.integer({ min: 0, max: 3 }),
          )
          .map(([body, op, n]): Formula => ({ kind: "count", op, n, variable: "y", body })),
        fc
          .tuple(bodies("y", "x"), bodies("y", "x"))
          .map(([left, right]): Formula => ({ kind: "forall", variable: "y", body: { kind: "implies", left, right } })),
        fc.tuple(bodies("y", "x"), bodies("z", "y")).map(
          ([outer, inner]): Formula => ({
            kind: "exists",
            variable: "y",
            body: { kind: "and", parts: [outer, { kind: "exists", variable: "z", body: inner }] },
          }),
        ),
        fc.array(atom("x", "x"), { minLength: 1, maxLength: 2 }).map((parts): Formula => ({ kind: "or", parts })),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([concept, parts]): Formula => ({ kind: "and", parts: [{ kind: "concept", concept, term: "x" }, ...parts] }));

describe("search", () => {
  test.prop([worlds, formulas], { numRuns: 1500 })("agrees with enumeration in order and truth", (world, formula) => {
    const expected = world
      .map((thing) => ({ id: thing.id, truth: naiveTruth(world, formula, { x: thing }) }))
      .filter(({ truth }) => truth > 1e-12)
      .sort((a, b) => (Math.abs(a.truth - b.truth) > 1e-9 ? b.truth - a.truth : a.id < b.id ? -1 : 1));
    const found = search(EntityTable.from(world), formula, { limit: 100 }).bindings.filter(
      ({ truth }) => truth > 1e-12,
    );
    const got = found
      .map(({ entity: thing, truth }) => ({ id: thing.id, truth }))
      .sort((a, b) => (Math.abs(a.truth - b.truth) > 1e-9 ? b.truth - a.truth : a.id < b.id ? -1 : 1));
    expect(got.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    for (const [i, { truth }] of got.entries()) expect(truth).toBeCloseTo((expected[i] as { truth: number }).truth, 9);
    for (const { proof, truth } of found) expect(proof.tree.truth).toBeCloseTo(truth, 9);
  });

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
    ).toMatchObject({ value: 0.36, threshold: 0.18 });
  });
});
