import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import { distanceM } from "../../src/logic/distance.ts";
import type { Formula } from "../../src/logic/formula.ts";
import { parseFormula } from "../../src/logic/text.ts";
import type { Entity } from "../../src/store/entity.ts";

/** The reasoner without any cleverness: every quantifier runs over everything, counting sums over all subsets. */
export function naiveTruth(world: readonly Entity[], formula: Formula, env: Readonly<Record<string, Entity>>): number {
  const of = (term: string) => env[term] as Entity;
  switch (formula.kind) {
    case "true":
      return 1;
    case "false":
      return 0;
    case "concept": {
      const thing = of(formula.term);
      const own =
        thing.concept === formula.concept || subsumedConcepts(formula.concept).includes(thing.concept)
          ? thing.confidence
          : 0;
      const definition = DEFINITIONS[formula.concept];
      return definition ? Math.max(own, naiveTruth(world, parseFormula(definition.formula), { x: thing })) : own;
    }
    case "spatial": {
      const gap = distanceM(of(formula.terms[0] as string).geometry, of(formula.terms[1] as string).geometry);
      if (formula.terms[0] === formula.terms[1]) return 1;
      return formula.predicate === "near"
        ? Number(gap <= (formula.distanceM as number))
        : Number(gap >= (formula.distanceM as number));
    }
    case "equal":
      return Number(of(formula.left).id === of(formula.right).id);
    case "not":
      return 1 - naiveTruth(world, formula.body, env);
    case "and":
      return formula.parts.reduce((truth, part) => truth * naiveTruth(world, part, env), 1);
    case "or":
      return formula.parts.reduce((truth, part) => {
        const next = naiveTruth(world, part, env);
        return truth + next - truth * next;
      }, 0);
    case "implies": {
      const [left, right] = [1 - naiveTruth(world, formula.left, env), naiveTruth(world, formula.right, env)];
      return left + right - left * right;
    }
    case "exists":
      return Math.max(
        0,
        ...world.map((thing) => naiveTruth(world, formula.body, { ...env, [formula.variable]: thing })),
      );
    case "forall":
      return Math.min(
        1,
        ...world.map((thing) => naiveTruth(world, formula.body, { ...env, [formula.variable]: thing })),
      );
    case "count": {
      const chances = world
        .map((thing) => naiveTruth(world, formula.body, { ...env, [formula.variable]: thing }))
        .filter((p) => p > 0);
      let truth = 0;
      for (let subset = 0; subset < 1 << chances.length; subset += 1) {
        let weight = 1;
        let size = 0;
        for (const [i, p] of chances.entries()) {
          const isIn = (subset >> i) & 1;
          weight *= isIn ? p : 1 - p;
          size += isIn;
        }
        if (formula.op === ">=" ? size >= formula.n : formula.op === "<=" ? size <= formula.n : size === formula.n)
          truth += weight;
      }
      return truth;
    }
    default:
      throw new Error(`The oracle does not know ${formula.kind}.`);
  }
}
