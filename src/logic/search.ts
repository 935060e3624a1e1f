import type { Entity } from "../store/entity.ts";
import type { EntityTable } from "./entity-table.ts";
import { Evaluator, type EvaluatorOptions, witnessesOf } from "./evaluate.ts";
import type { Formula } from "./formula.ts";
import type { Proof, ProofNode } from "./proof.ts";

export interface SearchOptions extends EvaluatorOptions {
  /** The free variable, "x" by default. */
  readonly free?: string;
  /** Bindings returned; default 10. */
  readonly limit?: number;
  /** Bindings below this truth are left out; default: everything above 0. */
  readonly minTruth?: number;
  /** Proof trees for the returned bindings; default true. */
  readonly proofs?: boolean;
}

export interface Binding {
  readonly entity: Entity;
  readonly truth: number;
  readonly proof: Proof;
}

export interface SearchResult {
  readonly bindings: readonly Binding[];
  /** Things that the free variable could stand for, and how many of them were looked at. */
  readonly plan: { readonly candidates: number; readonly evaluated: number };
  readonly work: { readonly predicatesEvaluated: number };
}

const EMPTY_NODE: ProofNode = { formula: "true", kind: "true", truth: 1, witnesses: [], children: [] };

/** The entities that make the formula truest, best first, ties by id. */
export function search(table: EntityTable, formula: Formula, options: SearchOptions = {}): SearchResult {
  const { free = "x", limit = 10, minTruth = 0, proofs = true } = options;
  const evaluator = new Evaluator(table, options);
  const things = evaluator.candidates(free, formula, new Map());
  const scored: { entity: Entity; truth: number }[] = [];
  for (const entity of things) {
    const truth = evaluator.truth(formula, new Map([[free, entity]]));
    if (truth > 0 && truth >= minTruth) scored.push({ entity, truth });
  }
  scored.sort((a, b) => b.truth - a.truth || (a.entity.id < b.entity.id ? -1 : 1));
  const bindings = scored.slice(0, limit).map(({ entity, truth }): Binding => {
    const tree = proofs ? evaluator.prove(formula, new Map([[free, entity]])) : { ...EMPTY_NODE, truth };
    return { entity, truth, proof: { truth, tree, witnesses: witnessesOf(tree), failure: null } };
  });
  return {
    bindings,
    plan: { candidates: things.length, evaluated: things.length },
    work: { predicatesEvaluated: evaluator.work },
  };
}
