import type { Entity } from "../store/entity.ts";
import { EntityTable, type Frame } from "./entity-table.ts";
import { Evaluator, type EvaluatorOptions } from "./evaluate.ts";
import type { Formula } from "./formula.ts";
import type { Proof } from "./proof.ts";
import { proofTree, witnessesOf } from "./proof-tree.ts";
import { rankOf } from "./semantics.ts";

/** One image or region with the things in it. */
export interface World {
  readonly id: string;
  readonly entities: readonly Entity[];
}

export interface ScoredWorld {
  readonly id: string;
  readonly truth: number;
  readonly proof: Proof;
}

/**
 * Ranks whole worlds by the truth of a closed formula in each, truest first, ties by id: RUNE's retrieval task (arXiv 2512.14102). The first
 * `proofs` worlds come with their proof trees.
 *
 * @throws {TerralogueError} `bad_question` for a formula with a free variable
 */
export function scoreWorlds(
  formula: Formula,
  worlds: Iterable<World>,
  options: EvaluatorOptions & Partial<Frame> & { readonly proofs?: number } = {},
): readonly ScoredWorld[] {
  const scored = Array.from(worlds, (world) => ({
    world,
    truth: evaluatorOf(world, options).truth(formula, new Map()),
  })).sort((a, b) => rankOf(b.truth) - rankOf(a.truth) || (a.world.id < b.world.id ? -1 : 1));
  const { proofs = 0 } = options;
  return scored.map(({ world, truth }, i) => {
    const tree =
      i < proofs
        ? proofTree(evaluatorOf(world, options), formula, new Map())
        : { formula: "true", kind: "true", truth, witnesses: [], children: [] };
    return { id: world.id, truth, proof: { truth, tree, witnesses: witnessesOf(tree), failure: null } };
  });
}

function evaluatorOf({ entities }: World, options: EvaluatorOptions & Partial<Frame>): Evaluator {
  return new Evaluator(EntityTable.from(entities, options), options, { roots: [] });
}
