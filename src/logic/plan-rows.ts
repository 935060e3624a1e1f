import type { Evaluator } from "./evaluate.ts";
import type { Formula } from "./formula.ts";
import { boxAt } from "./nodes/built-share.ts";
import { expectedMatches, meanSize, type Support, supportOf } from "./nodes/support.ts";
import { reach } from "./spatial.ts";
import { printFormula } from "./text.ts";
import type { Thing } from "./things.ts";

/** One step of a plan, with how many things it was estimated to leave and how many it left. */
export interface PlanStep {
  readonly step: "scan" | "semi-join" | "filter";
  /** What it ranges over, in the formula's text. */
  readonly over: string;
  readonly estimated: number;
  readonly actual: number;
}

/** What a variable can stand for; all other rows leave the formula at 0. */
export interface PlannedRows {
  /** Those rows, each once; null where they are all rows of the kinds, best taken by falling confidence. */
  readonly rows: Int32Array | null;
  /** Numbers of the kinds that the variable may be of. */
  readonly kinds: readonly number[];
  readonly steps: readonly PlanStep[];
  /** The rows, gathered now where they were not. */
  scan(): Int32Array;
}

/** Work, in distances between two things, of bounding a row, of one look into an R-tree, and of one row found there. */
const BOUND = 0.1;
const LOOK = 2;
const FOUND = 0.3;
/** A search for the best k is estimated to look at this many times k rows that satisfy the formula. */
const SLACK = 4;

interface Route {
  readonly cost: number;
  readonly rows: number;
  run(): PlannedRows;
}

/**
 * Finds where to begin: at the things of the variable's own kind, or, as a semi-join, at those of a rarer thing that the formula
 * links it to (and so on from there); whichever is estimated to cost less for the best `limit`.
 */
export function planRows(evaluator: Evaluator, variable: string, formula: Formula, limit: number): PlannedRows {
  return cheapestRoute(evaluator, variable, formula, limit).run();
}

function cheapestRoute(evaluator: Evaluator, variable: string, formula: Formula, limit: number): Route {
  const { table, compiler } = evaluator;
  const support = supportOf(variable, formula, true, compiler.definitionOf);
  const node = compiler.node(formula);
  const scanned = expectedMatches(support, table);
  const share = scanned / Math.max(1, table.size);
  const satisfied = Math.min(1, node.selectivity / Math.max(1e-12, share)) * scanned;
  const looked = (rows: number) => Math.min(rows, (SLACK * limit * rows) / Math.max(1e-9, satisfied));
  const isOrdered = isByConfidence(evaluator, variable, formula, support);
  let best: Route = {
    cost: (isOrdered ? looked(scanned) : scanned) * BOUND + looked(scanned) * node.cost,
    rows: scanned,
    run: () => scanOf(evaluator, variable, formula, support, isOrdered, scanned),
  };
  for (const part of formula.kind === "and" ? formula.parts : [formula]) {
    const link = linkOf(evaluator, variable, part);
    if (!link) continue;
    const from = cheapestRoute(evaluator, link.variable, link.own, Number.POSITIVE_INFINITY);
    const each = expectedMatches(
      support.map(({ kinds }) => ({ kinds, links: [{ term: "", reach: link.reach, side: null }] })),
      table,
      meanSize(supportOf(link.variable, link.own, true, compiler.definitionOf), table),
    );
    const rows = Math.min(scanned, from.rows * each);
    const cost = from.cost + from.rows * (LOOK + each * FOUND) + rows * BOUND + looked(rows) * node.cost;
    if (cost >= best.cost) continue;
    best = { cost, rows, run: () => semiJoin(evaluator, support, link, from, Math.round(rows)) };
  }
  return best;
}

/**
 * Whether the rows need no bound of their own beforehand: a primitive concept bounds the truth by the confidence, and each kind's rows are kept
 * in that order.
 */
function isByConfidence(evaluator: Evaluator, variable: string, formula: Formula, support: Support): boolean {
  const { definitionOf } = evaluator.compiler;
  const isWhole = support.length === 1 && support[0]?.links.length === 0;
  const parts = formula.kind === "and" ? formula.parts : [formula];
  return (
    isWhole &&
    parts.some((part) => part.kind === "concept" && part.term === variable && definitionOf(part.concept) === null)
  );
}

function scanOf(
  evaluator: Evaluator,
  variable: string,
  formula: Formula,
  support: Support,
  isOrdered: boolean,
  estimated: number,
): PlannedRows {
  const { table } = evaluator;
  const kinds = kindsIn(support, table.presentKinds);
  const gather = () => Int32Array.from(evaluator.candidates(variable, formula, new Map()));
  const rows = isOrdered ? null : gather();
  const actual = rows?.length ?? kinds.reduce((sum, kind) => sum + table.statistics(kind).count, 0);
  const step = {
    step: "scan",
    over: variableText(variable, formula),
    estimated: Math.round(estimated),
    actual,
  } as const;
  return { rows, kinds, steps: [step], scan: () => rows ?? gather() };
}

function kindsIn(support: Support, present: readonly number[]): number[] {
  return [...new Set(support.flatMap(({ kinds }) => kinds ?? present))];
}

interface JoinLink {
  readonly variable: string;
  /** What the body says of that variable alone. */
  readonly own: Formula;
  readonly reach: number;
  readonly formula: Formula;
}

/** A part that can only be true near one of the things that its own quantifier ranges over. */
function linkOf(evaluator: Evaluator, variable: string, part: Formula): JoinLink | null {
  const isJoin = part.kind === "exists" || (part.kind === "count" && part.op !== "<=" && part.n > 0);
  if (!isJoin || part.variable === variable) return null;
  const conjuncts = part.body.kind === "and" ? part.body.parts : [part.body];
  let least = Number.POSITIVE_INFINITY;
  for (const atom of conjuncts) {
    if (atom.kind !== "spatial" || atom.terms.length !== 2) continue;
    if (atom.terms.includes(variable) && atom.terms.includes(part.variable)) least = Math.min(least, reach(atom));
  }
  if (!Number.isFinite(least)) return null;
  const own = conjuncts.filter((conjunct) => {
    const { free } = evaluator.compiler.node(conjunct);
    return free.size === 1 && free.has(part.variable);
  });
  if (own.length === 0) return null;
  const [only] = own;
  const formula: Formula = own.length === 1 && only ? only : { kind: "and", parts: own };
  return { variable: part.variable, own: formula, reach: least, formula: part };
}

function semiJoin(evaluator: Evaluator, support: Support, link: JoinLink, from: Route, estimated: number): PlannedRows {
  const { table, things } = evaluator;
  const began = from.run();
  const node = evaluator.compiler.node(link.own);
  const slot = evaluator.compiler.slot(link.variable);
  const seen = new Uint8Array(table.size);
  const rows: Thing[] = [];
  let kept = 0;
  const collect = (row: Thing): boolean => {
    if (seen[row] === 0) {
      seen[row] = 1;
      rows.push(row);
    }
    return false;
  };
  const all = () => true;
  const kinds = kindsIn(support, table.presentKinds);
  const anchors = began.scan();
  for (const thing of anchors) {
    evaluator.machine.bound[slot] = thing;
    if (node.truth(0, 1) === 0) continue;
    kept += 1;
    const [minX, minY, maxX, maxY] = boxAt(things.shapes(thing).boxes, things.shapeIndex(thing));
    for (const kind of kinds) table.treeOf(kind)?.visit(minX, minY, maxX, maxY, link.reach, all, collect);
  }
  const steps: PlanStep[] = [
    ...began.steps,
    ...(kept === anchors.length
      ? []
      : [{ step: "filter", over: printFormula(link.own), estimated: anchors.length, actual: kept } as const]),
    { step: "semi-join", over: printFormula(link.formula), estimated, actual: rows.length },
  ];
  const found = Int32Array.from(rows);
  return { rows: found, kinds, steps, scan: () => found };
}

/** The conjuncts that say what the variable is. */
function variableText(variable: string, formula: Formula): string {
  const parts = formula.kind === "and" ? formula.parts : [formula];
  const concepts = parts.filter((part) => part.kind === "concept" && part.term === variable);
  return concepts.length > 0 ? concepts.map(printFormula).join(" ∧ ") : `every ${variable}`;
}
