import type { Formula } from "../formula.ts";
import type { Semantics } from "../semantics.ts";
import type { Thing, Things } from "../things.ts";

/** What the nodes of one evaluator share. */
export interface Machine {
  readonly things: Things;
  readonly semantics: Semantics;
  readonly existsBy: "maximum" | "noisy_or";
  /** The thing that each variable stands for, by the variable's slot. */
  readonly bound: Int32Array;
  /** Atoms evaluated so far. */
  work: number;
}

/** One sub-formula, ready to be evaluated over what the machine's slots hold. */
export interface Node {
  readonly formula: Formula;
  /** Names of its free variables. */
  readonly free: ReadonlySet<string>;
  /** No truth of this node is greater, whatever is bound. */
  readonly upper: number;
  /** Estimated share of bindings of which it is more than 0 true. */
  readonly selectivity: number;
  /** Estimated work of one evaluation, in distances between two things. */
  readonly cost: number;
  /**
   * Truth in 0..1, where it lies in floor..ceiling: below the floor any value below it may come back, and above the
   * ceiling any value above it, as in alpha-beta search.
   */
  truth(floor: number, ceiling: number): number;
}

/** A variable's place in `Machine.bound`. */
export type Slot = number;

export type { Thing };
