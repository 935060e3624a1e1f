import type { Entity } from "../store/entity.ts";
import { BoundedRows, type CandidateQueue, RowsByConfidence, SLACK } from "./candidate-queue.ts";
import type { EntityTable } from "./entity-table.ts";
import { Evaluator, type EvaluatorOptions } from "./evaluate.ts";
import type { Formula } from "./formula.ts";
import { ConceptNode, CrispAtom } from "./nodes/atoms.ts";
import { AndNode } from "./nodes/connectives.ts";
import type { Node } from "./nodes/node.ts";
import { CountNode, ExistsNode, ForallNode } from "./nodes/quantifiers.ts";
import { type PlannedRows, type PlanStep, planRows } from "./plan-rows.ts";
import type { Proof, ProofNode } from "./proof.ts";
import { proofTree, witnessesOf } from "./proof-tree.ts";
import { RANKS, rankOf } from "./semantics.ts";
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
  const planned = planRows(evaluator, free, formula, limit);
  const slot = compiler.slot(free);
  const queue = createQueue(evaluator, node, planned, slot);
  const kept: Ranked[] = [];
  let floor = Math.max(0, minTruth - SLACK);
  let evaluated = 0;
  for (let next = queue.pop(); next !== null && limit > 0; next = queue.pop()) {
    const worst = kept[limit - 1];
    if (worst && comesBefore(worst, next, table.idRank)) break;
    machine.bound[slot] = next.thing;
    evaluated += 1;
    const truth = node.truth(floor, 1);
    const rank = rankOf(truth);
    if (rank === 0 || truth < minTruth) continue;
    insert(kept, { thing: next.thing, truth, rank }, table.idRank);
    if (kept.length > limit) kept.pop();
    const last = kept[limit - 1];
    if (last) floor = Math.max(floor, (last.rank - 2) / RANKS);
  }
  const quantifiers = quantifierStatistics(evaluator, formula);
  const predicatesEvaluated = evaluator.work;
  const bindings = kept.map(({ thing, truth }): Binding => {
    const tree = proofs ? proofTree(evaluator, formula, new Map([[free, thing]])) : { ...EMPTY_NODE, truth };
    return { entity: table.entity(thing), truth, proof: { truth, tree, witnesses: witnessesOf(tree), failure: null } };
  });
  return {
    bindings,
    plan: { steps: planned.steps, candidates: queue.size, evaluated, quantifiers },
    work: { predicatesEvaluated },
  };
}

/** Puts a binding in its place among those kept, best first. */
function insert(kept: Ranked[], item: Ranked, idRank: Uint32Array): void {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareRanked(kept[middle] as Ranked, item, idRank) <= 0) low = middle + 1;
    else high = middle;
  }
  kept.splice(low, 0, item);
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

/** Truth that the node cannot exceed for what is bound: what is cheap as it is, everything else at its greatest. */
function upperBound(node: Node, isKnown: (part: Node) => boolean, and: (a: number, b: number) => number): number {
  if (!(node instanceof AndNode)) return isKnown(node) ? node.truth(0, 1) : node.upper;
  let bound = 1;
  for (const part of node.parts) {
    bound = and(bound, isKnown(part) ? part.truth(0, 1) : part.upper);
    if (bound === 0) return 0;
  }
  return bound;
}

const CHEAP = 0.2;
const isCheap = (node: Node) => node.cost <= CHEAP;
/** What keeps the bounds falling with the confidence: concepts, and what is true or not. */
const isMonotone = (node: Node) => isCheap(node) && (node instanceof ConceptNode || node instanceof CrispAtom);

function createQueue(evaluator: Evaluator, node: Node, planned: PlannedRows, slot: number): CandidateQueue {
  const { machine, table } = evaluator;
  const isKnown = planned.rows ? isCheap : isMonotone;
  const bound = (thing: Thing) => {
    machine.bound[slot] = thing;
    return upperBound(node, isKnown, machine.semantics.and);
  };
  return planned.rows
    ? new BoundedRows(planned.rows, bound, table.idRank)
    : new RowsByConfidence(planned.kinds, bound, table);
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
