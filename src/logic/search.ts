import type { Entity } from "../store/entity.ts";
import type { EntityTable } from "./entity-table.ts";
import { Evaluator, type EvaluatorOptions } from "./evaluate.ts";
import type { Formula } from "./formula.ts";
import { ConceptNode, CrispAtom } from "./nodes/atoms.ts";
import { AndNode } from "./nodes/connectives.ts";
import type { Node } from "./nodes/node.ts";
import { CountNode, ExistsNode, ForallNode } from "./nodes/quantifiers.ts";
import { type PlanStep, planRows } from "./plan-rows.ts";
import type { Proof, ProofNode } from "./proof.ts";
import { proofTree, witnessesOf } from "./proof-tree.ts";
import { printFormula } from "./text.ts";
import type { Thing } from "./things.ts";

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

/** How the search went about it. */
export interface SearchPlan {
  /** Steps that found what the free variable can stand for, in the order in which they were taken. */
  readonly steps: readonly PlanStep[];
  /** Things that the free variable could stand for, and how many of them were evaluated before no other could be better. */
  readonly candidates: number;
  readonly evaluated: number;
  /** Each quantifier: how many things were expected and seen at one evaluation, and how often it was evaluated. */
  readonly quantifiers: readonly QuantifierStatistics[];
}

export interface QuantifierStatistics {
  readonly formula: string;
  readonly estimated: number;
  readonly actual: number;
  readonly evaluations: number;
}

export interface SearchResult {
  readonly bindings: readonly Binding[];
  readonly plan: SearchPlan;
  readonly work: { readonly predicatesEvaluated: number };
}

const EMPTY_NODE: ProofNode = { formula: "true", kind: "true", truth: 1, witnesses: [], children: [] };
/** Truths are ranked by whole multiples of 2^-30, so that rounding in another order of multiplication changes no rank. */
const RANKS = 2 ** 30;
const SLACK = 1e-12;

interface Ranked {
  readonly thing: Thing;
  readonly truth: number;
  readonly rank: number;
}

/**
 * The entities that make the formula truest, best first, ties by id. Best-first: every candidate is bounded by what is cheap to know of
 * it, the most promising are evaluated first, and the search ends where the next bound is no better than the last binding kept
 * (threshold algorithm; Fagin, Lotem and Naor, PODS 2001). The result is that of evaluating everything.
 *
 * @throws {TerralogueError} `bad_question` for a formula that cannot be evaluated, naming why
 */
export function search(table: EntityTable, formula: Formula, options: SearchOptions = {}): SearchResult {
  const { free = "x", limit = 10, minTruth = 0, proofs = true } = options;
  const evaluator = new Evaluator(table, options, { roots: [free] });
  const { compiler, machine } = evaluator;
  const node = compiler.node(formula);
  for (const name of node.free) if (name !== free) evaluator.truth(formula, new Map([[free, 0]]));
  const { rows, steps } = planRows(evaluator, free, formula, limit);
  const slot = compiler.slot(free);
  const queue = new BoundQueue(
    rows,
    (thing) => {
      machine.bound[slot] = thing;
      return upperBound(node, machine.semantics.and);
    },
    table.idRank,
  );
  let kept: Ranked[] = [];
  let floor = Math.max(0, minTruth - SLACK);
  let evaluated = 0;
  for (let next = queue.pop(); next !== null && limit > 0; next = queue.pop()) {
    const last = kept[limit - 1];
    if (last && comesBefore(last, next, table.idRank)) {
      kept.sort((a, b) => compareRanked(a, b, table.idRank));
      kept.length = limit;
      const worst = kept[limit - 1] as Ranked;
      if (comesBefore(worst, next, table.idRank)) break;
    }
    machine.bound[slot] = next.thing;
    evaluated += 1;
    const truth = node.truth(floor, 1);
    const rank = Math.round(truth * RANKS);
    if (rank === 0 || truth < minTruth) continue;
    kept.push({ thing: next.thing, truth, rank });
    if (kept.length < 2 * limit && kept.length !== limit) continue;
    kept.sort((a, b) => compareRanked(a, b, table.idRank));
    kept = kept.slice(0, limit);
    const worst = kept[limit - 1];
    if (worst) floor = Math.max(floor, (worst.rank - 2) / RANKS);
  }
  kept.sort((a, b) => compareRanked(a, b, table.idRank));
  const quantifiers = quantifierStatistics(evaluator, formula);
  const predicatesEvaluated = evaluator.work;
  const bindings = kept.slice(0, limit).map(({ thing, truth }): Binding => {
    const tree = proofs ? proofTree(evaluator, formula, new Map([[free, thing]])) : { ...EMPTY_NODE, truth };
    return { entity: table.entity(thing), truth, proof: { truth, tree, witnesses: witnessesOf(tree), failure: null } };
  });
  return {
    bindings,
    plan: { steps, candidates: rows.length, evaluated, quantifiers },
    work: { predicatesEvaluated },
  };
}

function compareRanked(a: Ranked, b: Ranked, idRank: Uint32Array): number {
  return b.rank - a.rank || (idRank[a.thing] as number) - (idRank[b.thing] as number) || a.thing - b.thing;
}

/** Whether a binding stays ahead of anything that the next candidate can become. */
function comesBefore(kept: Ranked, next: { thing: Thing; rank: number }, idRank: Uint32Array): boolean {
  return (
    next.rank < kept.rank ||
    (next.rank === kept.rank && (idRank[next.thing] as number) > (idRank[kept.thing] as number))
  );
}

/** Truth that the node cannot exceed for what is bound: cheap atoms as they are, everything else at its greatest. */
function upperBound(node: Node, and: (a: number, b: number) => number): number {
  if (!(node instanceof AndNode)) return isCheap(node) ? node.truth(0, 1) : node.upper;
  let bound = 1;
  for (const part of node.parts) {
    bound = and(bound, isCheap(part) ? part.truth(0, 1) : part.upper);
    if (bound === 0) return 0;
  }
  return bound;
}

const CHEAP = 0.2;

function isCheap(node: Node): boolean {
  return (node instanceof ConceptNode || node instanceof CrispAtom) && node.cost <= CHEAP;
}

/** Candidates by falling bound, ties by id: a binary heap, since only the first few are asked for as a rule. */
class BoundQueue {
  readonly #things: Int32Array;
  readonly #ranks: Int32Array;
  readonly #idRank: Uint32Array;
  #length = 0;

  constructor(rows: Int32Array, bound: (thing: Thing) => number, idRank: Uint32Array) {
    this.#things = new Int32Array(rows.length);
    this.#ranks = new Int32Array(rows.length);
    this.#idRank = idRank;
    for (const row of rows) {
      const upper = bound(row);
      if (upper === 0) continue;
      this.#things[this.#length] = row;
      this.#ranks[this.#length] = Math.round(Math.min(1, upper + SLACK) * RANKS);
      this.#length += 1;
    }
    for (let at = (this.#length >> 1) - 1; at >= 0; at -= 1) this.#sink(at);
  }

  pop(): { thing: Thing; rank: number } | null {
    if (this.#length === 0) return null;
    const top = { thing: this.#things[0] as number, rank: this.#ranks[0] as number };
    this.#length -= 1;
    this.#things[0] = this.#things[this.#length] as number;
    this.#ranks[0] = this.#ranks[this.#length] as number;
    this.#sink(0);
    return top;
  }

  #isBefore(a: number, b: number): boolean {
    const [rankA, rankB] = [this.#ranks[a] as number, this.#ranks[b] as number];
    if (rankA !== rankB) return rankA > rankB;
    return (this.#idRank[this.#things[a] as number] as number) < (this.#idRank[this.#things[b] as number] as number);
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      let first = at;
      const left = 2 * at + 1;
      if (left < this.#length && this.#isBefore(left, first)) first = left;
      if (left + 1 < this.#length && this.#isBefore(left + 1, first)) first = left + 1;
      if (first === at) return;
      this.#swap(at, first);
      at = first;
    }
  }

  #swap(a: number, b: number): void {
    for (const column of [this.#things, this.#ranks]) {
      const value = column[a] as number;
      column[a] = column[b] as number;
      column[b] = value;
    }
  }
}

function quantifierStatistics(evaluator: Evaluator, formula: Formula): QuantifierStatistics[] {
  const found: QuantifierStatistics[] = [];
  const visit = (part: Formula): void => {
    if (part.kind === "and" || part.kind === "or") part.parts.forEach(visit);
    else if (part.kind === "not") visit(part.body);
    else if (part.kind === "implies") [part.left, part.right].forEach(visit);
    else if (part.kind === "exists" || part.kind === "forall" || part.kind === "count") {
      const node = evaluator.compiler.node(part);
      if (node instanceof ExistsNode || node instanceof ForallNode || node instanceof CountNode) {
        const { visits, seen } = node.candidates;
        found.push({
          formula: printFormula(part),
          estimated: Math.round(node.matches * 100) / 100,
          actual: Math.round((seen / Math.max(1, visits)) * 100) / 100,
          evaluations: visits,
        });
      }
      visit(part.body);
    } else if (part.kind === "concept") {
      const definition = evaluator.compiler.definitionOf(part.concept);
      if (definition) visit(definition);
    }
  };
  visit(formula);
  return found;
}
