import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { EntityTable } from "../../src/logic/entity-table.ts";
import { Evaluator } from "../../src/logic/evaluate.ts";
import type { Formula } from "../../src/logic/formula.ts";
import { search } from "../../src/logic/search.ts";
import { GODEL, LUKASIEWICZ, PRODUCT, type Semantics } from "../../src/logic/semantics.ts";
import type { Entity } from "../../src/store/entity.ts";
import { entity } from "../fixtures/entities.ts";
import { naiveTruth } from "./naive.ts";
import { formulasOver, worlds } from "./worlds.ts";

const semantics = fc.constantFrom<Semantics>(PRODUCT, GODEL, LUKASIEWICZ);

function truthOf(world: readonly Entity[], formula: Formula, logic: Semantics): number {
  return new Evaluator(EntityTable.from(world), { semantics: logic }).truth(formula, new Map());
}

const not = (body: Formula): Formula => ({ kind: "not", body });

describe("laws that hold whatever the things and the parts", () => {
  test.prop([worlds, formulasOver([], 2), formulasOver([], 2), semantics], { numRuns: 400 })(
    "De Morgan",
    (world, a, b, logic) => {
      const left = truthOf(world, not({ kind: "and", parts: [a, b] }), logic);
      expect(left).toBeCloseTo(truthOf(world, { kind: "or", parts: [not(a), not(b)] }, logic), 9);
      const right = truthOf(world, not({ kind: "or", parts: [a, b] }), logic);
      expect(right).toBeCloseTo(truthOf(world, { kind: "and", parts: [not(a), not(b)] }, logic), 9);
    },
  );

  test.prop([worlds, formulasOver(["y"], 2), semantics], { numRuns: 400 })(
    "duality of the quantifiers",
    (world, body, logic) => {
      const none = truthOf(world, not({ kind: "exists", variable: "y", body }), logic);
      expect(none).toBeCloseTo(truthOf(world, { kind: "forall", variable: "y", body: not(body) }, logic), 9);
    },
  );

  test.prop([worlds, formulasOver(["y"], 2), fc.integer({ min: 1, max: 3 })], { numRuns: 400 })(
    "at least n is what at most n − 1 is not, and at least one is noisy-or",
    (world, body, n) => {
      const count = (op: ">=" | "<=", value: number): Formula => ({ kind: "count", op, n: value, variable: "y", body });
      expect(truthOf(world, count(">=", n), PRODUCT)).toBeCloseTo(1 - truthOf(world, count("<=", n - 1), PRODUCT), 9);
      const noisy = new Evaluator(EntityTable.from(world), { exists: "noisy_or" });
      const some = noisy.truth({ kind: "exists", variable: "y", body }, new Map());
      expect(noisy.truth(count(">=", 1), new Map())).toBeCloseTo(some, 9);
    },
  );

  test.prop([worlds, formulasOver([], 2), semantics], { numRuns: 400 })(
    "negation is its own inverse, and an implication its contraposition",
    (world, a, logic) => {
      expect(truthOf(world, not(not(a)), logic)).toBeCloseTo(truthOf(world, a, logic), 9);
      const b: Formula = { kind: "exists", variable: "y", body: { kind: "concept", concept: "building", term: "y" } };
      const straight = truthOf(world, { kind: "implies", left: a, right: b }, logic);
      expect(straight).toBeCloseTo(truthOf(world, { kind: "implies", left: not(b), right: not(a) }, logic), 9);
    },
  );
});

/** Formulas without negation, in which more truth of any part is more truth of the whole. */
const positive: fc.Arbitrary<Formula> = fc
  .tuple(
    fc.constantFrom("exists" as const, "count" as const),
    fc.constantFrom("and" as const, "or" as const),
    fc.constantFrom(50.37, 200.37, 500.37),
    fc.integer({ min: 1, max: 2 }),
  )
  .map(([quantifier, connective, distanceM, n]): Formula => {
    const body: Formula = {
      kind: "and",
      parts: [
        { kind: "concept", concept: "storage_tank", term: "y" },
        { kind: "spatial", predicate: "near", terms: ["x", "y"], distanceM, soft: true },
      ],
    };
    const some: Formula =
      quantifier === "exists"
        ? { kind: "exists", variable: "y", body }
        : { kind: "count", op: ">=", n, variable: "y", body };
    return { kind: connective, parts: [{ kind: "concept", concept: "building", term: "x" }, some] };
  });

describe("monotonicity", () => {
  test.prop([worlds, positive, semantics, fc.double({ min: 0, max: 1, noNaN: true })], { numRuns: 300 })(
    "more confidence never makes less true",
    (world, formula, logic, share) => {
      const surer = world.map((thing) => ({ ...thing, confidence: thing.confidence + (1 - thing.confidence) * share }));
      for (const [i, thing] of world.entries()) {
        const before = truthFound(world, formula, thing.id, logic);
        expect(truthFound(surer, formula, (surer[i] as Entity).id, logic)).toBeGreaterThanOrEqual(before - 1e-9);
      }
    },
  );

  test.prop([worlds, positive, fc.constantFrom(1.5, 3)], { numRuns: 300 })(
    "more distance allowed never makes less true",
    (world, formula, factor) => {
      const wider = JSON.parse(
        JSON.stringify(formula, (key, value) => (key === "distanceM" ? value * factor : value)),
      ) as Formula;
      for (const { id } of world)
        expect(truthFound(world, wider, id, PRODUCT)).toBeGreaterThanOrEqual(
          truthFound(world, formula, id, PRODUCT) - 1e-9,
        );
    },
  );
});

/** Truth that `search` gives a thing; 0 where it leaves it out. */
function truthFound(world: readonly Entity[], formula: Formula, id: string, logic: Semantics): number {
  const { bindings } = search(EntityTable.from(world), formula, { limit: 100, semantics: logic, proofs: false });
  return bindings.find((binding) => binding.entity.id === id)?.truth ?? 0;
}

describe("plans over many things", () => {
  const things = fc.array(
    fc.record({
      x: fc.integer({ min: 0, max: 20_000 }),
      y: fc.integer({ min: 0, max: 20_000 }),
      side: fc.constantFrom(0, 40, 300),
      confidence: fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100),
    }),
    { minLength: 150, maxLength: 220 },
  );
  const formulas = fc
    .record({
      near: fc.constantFrom(900.37, 4000.37),
      inner: fc.constantFrom(2000.37, 6000.37),
      form: fc.constantFrom("exists" as const, "nested" as const, "count" as const, "not" as const),
    })
    .map(({ near, inner, form }): Formula => {
      const link: Formula = { kind: "spatial", predicate: "near", terms: ["x", "y"], distanceM: near };
      const exit: Formula = { kind: "concept", concept: "highway_exit", term: "y" };
      const hospital: Formula = {
        kind: "exists",
        variable: "z",
        body: {
          kind: "and",
          parts: [
            { kind: "concept", concept: "hospital", term: "z" },
            { kind: "spatial", predicate: "near", terms: ["y", "z"], distanceM: inner },
          ],
        },
      };
      const body: Formula = { kind: "and", parts: form === "nested" ? [exit, link, hospital] : [exit, link] };
      const some: Formula =
        form === "count"
          ? { kind: "count", op: ">=", n: 2, variable: "y", body }
          : { kind: "exists", variable: "y", body };
      const building: Formula = { kind: "concept", concept: "building", term: "x" };
      return { kind: "and", parts: [building, form === "not" ? not(some) : some] };
    });
  const joined = { semi: 0, scans: 0 };

  test.prop([things, formulas, fc.constantFrom(1, 10)], { numRuns: 120 })(
    "begin where it is cheapest and end with what enumeration finds",
    (places, formula, limit) => {
      const world = places.map(({ x, y, ...options }, i) =>
        entity(
          `e${String(i).padStart(3, "0")}`,
          i < 5 ? "hospital" : i < 12 ? "highway_exit" : "building",
          x,
          y,
          options,
        ),
      );
      const result = search(EntityTable.from(world), formula, { limit, proofs: false });
      if (result.plan.steps.some(({ step }) => step === "semi-join")) joined.semi += 1;
      else joined.scans += 1;
      // The quantified variables are exits and hospitals: buildings leave them at 0.
      const anchors = world.filter(({ concept }) => concept !== "building");
      const expected = world
        .map((thing) => ({ id: thing.id, truth: naiveTruth(anchors, formula, { x: thing }) }))
        .map((found) => ({ ...found, rank: Math.round(found.truth * 2 ** 30) }))
        .filter(({ rank }) => rank > 0)
        .sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1))
        .slice(0, limit);
      expect(result.bindings.map(({ entity: { id } }) => id)).toEqual(expected.map(({ id }) => id));
    },
  );

  test("take both ways", () => {
    expect(joined.semi).toBeGreaterThan(0);
    expect(joined.scans).toBeGreaterThan(0);
  });
});
