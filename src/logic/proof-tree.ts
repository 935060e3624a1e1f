import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { Environment, Evaluator, Witness } from "./evaluate.ts";
import type { Formula } from "./formula.ts";
import type { Measurement, ProofNode } from "./proof.ts";
import { printFormula } from "./text.ts";

const MOST_WITNESSES = 20;
const MOST_COUNT_CHILDREN = 3;

/** The proof tree: truth per node, what was measured, and for quantifiers the best witness (for ∀ the worst). */
export function proofTree(evaluator: Evaluator, formula: Formula, env: Environment): ProofNode {
  const of = (part: Formula, inner: Environment = env) => proofTree(evaluator, part, inner);
  const node = (
    children: readonly ProofNode[],
    witnesses: readonly string[] = [],
    measured?: Measurement,
  ): ProofNode => ({
    formula: printFormula(formula),
    kind: formula.kind,
    truth: evaluator.truth(formula, env),
    ...(measured && { measured }),
    witnesses,
    children,
  });
  const ids = (found: readonly Witness[]) => found.map(({ thing }) => evaluator.things.id(thing));
  switch (formula.kind) {
    case "and":
    case "or":
      return node(formula.parts.map((part) => of(part)));
    case "not":
      return node([of(formula.body)]);
    case "implies":
      return node([of(formula.left), of(formula.right)]);
    case "exists": {
      const best = evaluator.witnesses(formula.variable, formula.body, env).slice(0, 1);
      return node(
        best.map(({ thing }) => of(formula.body, new Map(env).set(formula.variable, thing))),
        ids(best),
      );
    }
    case "count": {
      const found = evaluator.witnesses(formula.variable, formula.body, env);
      const value = found.filter(({ truth }) => truth >= 0.5).length;
      const children = found
        .slice(0, MOST_COUNT_CHILDREN)
        .map(({ thing }) => of(formula.body, new Map(env).set(formula.variable, thing)));
      const measured = { name: "count", value, unit: "count", op: formula.op, threshold: formula.n } as const;
      return node(children, ids(found.slice(0, MOST_WITNESSES)), measured);
    }
    case "forall": {
      // What speaks against it: the things of which the body's denial is true.
      const denial: Formula = { kind: "not", body: formula.body };
      const worst = evaluator.witnesses(formula.variable, denial, env).slice(0, 1);
      return node(
        worst.map(({ thing }) => of(formula.body, new Map(env).set(formula.variable, thing))),
        ids(worst),
      );
    }
    case "concept": {
      const child = definitionTree(evaluator, formula, env);
      return node(child ? [child] : [], child ? witnessesOf(child) : [], evaluator.measure(formula, env).measured);
    }
    default:
      return node([], [], evaluator.measure(formula, env).measured);
  }
}

/** The definition's tree, where the thing is of the concept by its definition rather than by its own kind. */
function definitionTree(
  evaluator: Evaluator,
  formula: Extract<Formula, { kind: "concept" }>,
  env: Environment,
): ProofNode | null {
  const definition = evaluator.compiler.definitionOf(formula.concept);
  const thing = env.get(formula.term);
  if (!definition || thing === undefined) return null;
  const truth = evaluator.truth(formula, env);
  const kind = evaluator.things.concept(thing);
  const isOwn = kind === formula.concept || subsumedConcepts(formula.concept).includes(kind);
  const isByDefinition = truth > 0 && (!isOwn || evaluator.things.confidence(thing) < truth);
  return isByDefinition ? proofTree(evaluator, definition, new Map([["x", thing]])) : null;
}

export function witnessesOf(node: ProofNode): string[] {
  return [...new Set([...node.witnesses, ...node.children.flatMap(witnessesOf)])];
}
