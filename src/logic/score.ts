import type { Entity } from "../store/entity.ts";
import { EntityTable, type Frame } from "./entity-table.ts";
import { Evaluator, type EvaluatorOptions } from "./evaluate.ts";
import type { Formula } from "./formula.ts";

/** One image or region with the things in it. */
export interface World {
  readonly id: string;
  readonly entities: readonly Entity[];
}

/** Ranks whole worlds by the truth of a closed formula in each, truest first, ties by id: RUNE's retrieval task. */
export function scoreWorlds(
  formula: Formula,
  worlds: readonly World[],
  options: EvaluatorOptions & Partial<Frame> = {},
): readonly { readonly id: string; readonly truth: number }[] {
  return worlds
    .map(({ id, entities }) => ({
      id,
      truth: new Evaluator(EntityTable.from(entities, options), options).truth(formula, new Map()),
    }))
    .sort((a, b) => b.truth - a.truth || (a.id < b.id ? -1 : 1));
}
