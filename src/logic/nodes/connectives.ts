import type { Formula } from "../formula.ts";
import type { Semantics } from "../semantics.ts";
import type { Node } from "./node.ts";

const NOTHING: ReadonlySet<string> = new Set();

export class ConstantNode implements Node {
  readonly formula: Formula;
  readonly free = NOTHING;
  readonly upper: number;
  readonly selectivity: number;
  readonly cost = 0;

  constructor(formula: Formula, value: 0 | 1) {
    this.formula = formula;
    this.upper = value;
    this.selectivity = value;
  }

  truth(): number {
    return this.upper;
  }
}

export class NotNode implements Node {
  readonly formula: Formula;
  readonly free: ReadonlySet<string>;
  readonly upper = 1;
  readonly selectivity: number;
  readonly cost: number;
  readonly body: Node;

  constructor(formula: Formula, body: Node) {
    this.formula = formula;
    this.body = body;
    this.free = body.free;
    this.selectivity = Math.max(0.01, 1 - body.selectivity);
    this.cost = body.cost;
  }

  truth(floor: number, ceiling: number): number {
    return 1 - this.body.truth(1 - ceiling, 1 - floor);
  }
}

/** Conjunction: what is cheap and selective first; a part that cannot lift the whole over the floor any more ends it. */
export class AndNode implements Node {
  readonly formula: Formula;
  readonly free: ReadonlySet<string>;
  readonly upper: number;
  readonly selectivity: number;
  readonly cost: number;
  /** In the order of the formula. */
  readonly parts: readonly Node[];
  readonly #ordered: readonly Node[];
  /** The greatest truth that the parts after each one can have together. */
  readonly #rest: Float64Array;
  readonly #semantics: Semantics;

  constructor(formula: Formula, parts: readonly Node[], semantics: Semantics) {
    this.formula = formula;
    this.parts = parts;
    this.#semantics = semantics;
    this.free = new Set(parts.flatMap((part) => [...part.free]));
    this.#ordered = [...parts].sort((a, b) => rank(a) - rank(b));
    this.#rest = new Float64Array(parts.length);
    let upper = 1;
    for (let i = parts.length - 1; i >= 0; i -= 1) {
      this.#rest[i] = upper;
      upper = semantics.and(upper, (this.#ordered[i] as Node).upper);
    }
    this.upper = upper;
    let reached = 1;
    let cost = 0;
    for (const part of this.#ordered) {
      cost += reached * part.cost;
      reached *= part.selectivity;
    }
    this.selectivity = reached;
    this.cost = cost;
  }

  truth(floor: number, _: number): number {
    const { and, residuum } = this.#semantics;
    let truth = 1;
    for (let i = 0; i < this.#ordered.length; i += 1) {
      const part = this.#ordered[i] as Node;
      if (floor <= 0) truth = and(truth, part.truth(0, 1));
      else {
        const open = and(truth, this.#rest[i] as number);
        const needed = residuum(open, floor);
        if (open < floor || needed > part.upper) return 0;
        const value = part.truth(needed, 1);
        if (value < needed) return 0;
        truth = and(truth, value);
      }
      if (truth === 0) return 0;
    }
    return truth;
  }
}

/** Least work before most bindings fall away (the order of filters of Hellerstein and Stonebraker, SIGMOD 1993). */
function rank(node: Node): number {
  return node.cost / Math.max(1e-6, 1 - node.selectivity);
}

export class OrNode implements Node {
  readonly formula: Formula;
  readonly free: ReadonlySet<string>;
  readonly upper: number;
  readonly selectivity: number;
  readonly cost: number;
  readonly parts: readonly Node[];
  readonly #ordered: readonly Node[];
  readonly #semantics: Semantics;

  constructor(formula: Formula, parts: readonly Node[], semantics: Semantics) {
    this.formula = formula;
    this.parts = parts;
    this.#semantics = semantics;
    this.free = new Set(parts.flatMap((part) => [...part.free]));
    this.#ordered = [...parts].sort((a, b) => a.cost - b.cost);
    this.upper = parts.reduce((upper, part) => semantics.or(upper, part.upper), 0);
    this.selectivity = 1 - parts.reduce((none, part) => none * (1 - part.selectivity), 1);
    this.cost = parts.reduce((sum, part) => sum + part.cost, 0);
  }

  truth(_: number, ceiling: number): number {
    const { or } = this.#semantics;
    let truth = 0;
    for (const part of this.#ordered) {
      truth = or(truth, part.truth(0, 1));
      if (truth === 1 || truth > ceiling) return truth;
    }
    return truth;
  }
}
