import type { Formula } from "../formula.ts";
import { EventCount } from "../semantics.ts";
import type { Thing } from "../things.ts";
import { ConceptNode } from "./atoms.ts";
import { AndNode } from "./connectives.ts";
import type { Machine, Node, Slot } from "./node.ts";
import type { Candidates } from "./support.ts";

/** What the quantifiers are made from. */
export interface QuantifierParts {
  readonly variable: string;
  readonly slot: Slot;
  readonly body: Node;
  /** Things that can matter, given what is bound. */
  readonly candidates: Candidates;
  /** Estimated number of them. */
  readonly matches: number;
  /** Slot of its only free variable where truths are worth keeping by it; "closed" without free variables; null for neither. */
  readonly keyed: Slot | "closed" | null;
}

/** Bounds of the confidence that a witness needs: the body's truth is at most `and(confidence, rest)`. */
interface ByConfidence {
  readonly rest: number;
}

const ALL_CONFIDENCES = () => true;

abstract class QuantifierNode<F extends Formula> implements Node {
  readonly formula: F;
  readonly free: ReadonlySet<string>;
  abstract readonly upper: number;
  abstract readonly selectivity: number;
  readonly cost: number;
  readonly slot: Slot;
  readonly body: Node;
  readonly candidates: Candidates;
  readonly matches: number;
  protected readonly machine: Machine;
  readonly #keyed: QuantifierParts["keyed"];
  readonly #known = new Map<number, number>();

  constructor(formula: F, parts: QuantifierParts, machine: Machine) {
    this.formula = formula;
    this.machine = machine;
    this.slot = parts.slot;
    this.body = parts.body;
    this.candidates = parts.candidates;
    this.matches = parts.matches;
    this.#keyed = parts.keyed;
    this.free = new Set([...parts.body.free].filter((name) => name !== parts.variable));
    this.cost = 2 + this.matches * (0.2 + parts.body.cost);
  }

  truth(floor: number, ceiling: number): number {
    if (this.#keyed === null) return this.#rebinding(floor, ceiling);
    const key = this.#keyed === "closed" ? 0 : (this.machine.bound[this.#keyed] as Thing);
    const keeps = this.#keyed === "closed" || key >= 0;
    const known = keeps ? this.#known.get(key) : undefined;
    if (known !== undefined) return known;
    const truth = this.#rebinding(0, 1);
    if (keeps) this.#known.set(key, truth);
    return truth;
  }

  /** The variable's slot may be in use further out, by a variable of the same name. */
  #rebinding(floor: number, ceiling: number): number {
    const { bound } = this.machine;
    const outer = bound[this.slot] as number;
    const truth = this.quantify(floor, ceiling);
    bound[this.slot] = outer;
    return truth;
  }

  protected abstract quantify(floor: number, ceiling: number): number;
}

/** ∃: the truest witness, or all of them as independent events. */
export class ExistsNode extends QuantifierNode<Extract<Formula, { kind: "exists" }>> {
  readonly upper: number;
  readonly selectivity: number;
  readonly #byConfidence: ByConfidence | null;

  constructor(formula: Extract<Formula, { kind: "exists" }>, parts: QuantifierParts, machine: Machine) {
    super(formula, parts, machine);
    this.upper = machine.existsBy === "maximum" ? parts.body.upper : 1;
    this.selectivity = 1 - Math.exp(-this.matches);
    this.#byConfidence = confidenceBound(parts.body, parts.slot, machine);
  }

  protected quantify(floor: number, ceiling: number): number {
    return this.machine.existsBy === "maximum" ? this.#maximum(floor, ceiling) : this.#noisyOr(ceiling);
  }

  #maximum(floor: number, ceiling: number): number {
    const { bound, semantics } = this.machine;
    const { body, slot, upper } = this;
    const rest = this.#byConfidence?.rest;
    let best = 0;
    let needed = rest === undefined || floor <= 0 ? 0 : semantics.residuum(rest, floor) * (1 - 1e-12);
    const admits = rest === undefined ? ALL_CONFIDENCES : (confidence: number) => confidence > needed;
    this.candidates.visit(admits, (thing) => {
      bound[slot] = thing;
      const truth = body.truth(Math.max(floor, best), ceiling);
      if (truth <= best || truth < floor) return false;
      best = truth;
      if (rest !== undefined) needed = Math.max(needed, semantics.residuum(rest, best));
      return best > ceiling || best >= upper;
    });
    return best;
  }

  #noisyOr(ceiling: number): number {
    const { bound } = this.machine;
    let none = 1;
    this.candidates.visit(ALL_CONFIDENCES, (thing) => {
      bound[this.slot] = thing;
      none *= 1 - this.body.truth(0, 1);
      return none === 0 || 1 - none > ceiling;
    });
    return 1 - none;
  }
}

/** ∀: the least true instance. */
export class ForallNode extends QuantifierNode<Extract<Formula, { kind: "forall" }>> {
  readonly upper = 1;
  readonly selectivity: number;
  readonly #isGuarded: boolean;

  /** @param guard the concept that the variable must be of for the body to be in doubt */
  constructor(
    formula: Extract<Formula, { kind: "forall" }>,
    parts: QuantifierParts & { readonly isGuarded: boolean },
    machine: Machine,
  ) {
    super(formula, parts, machine);
    this.selectivity = Math.max(0.01, parts.body.selectivity);
    this.#isGuarded = parts.isGuarded;
  }

  protected quantify(floor: number, _: number): number {
    const { bound } = this.machine;
    let least = 1;
    // A thing that is of the guarding concept with confidence c leaves the body at least 1 − c true.
    const admits = this.#isGuarded ? (confidence: number) => confidence > 1 - least : ALL_CONFIDENCES;
    this.candidates.visit(admits, (thing) => {
      bound[this.slot] = thing;
      const truth = this.body.truth(floor, least);
      if (truth < least) least = truth;
      return least === 0 || least < floor;
    });
    return least;
  }
}

/** ≥n, ≤n, =n: exact under independent confidences, and over as soon as no further thing changes it. */
export class CountNode extends QuantifierNode<Extract<Formula, { kind: "count" }>> {
  readonly upper = 1;
  readonly selectivity: number;
  readonly #counts: EventCount[] = [];
  #depth = 0;

  constructor(formula: Extract<Formula, { kind: "count" }>, parts: QuantifierParts, machine: Machine) {
    super(formula, parts, machine);
    const { op, n } = formula;
    const few = this.matches < n;
    this.selectivity = op === ">=" ? (few ? 0.1 : 0.7) : op === "<=" ? (few ? 0.9 : 0.3) : 0.2;
  }

  protected quantify(floor: number, ceiling: number): number {
    const { op, n } = this.formula;
    const { bound } = this.machine;
    const count = this.#counts[this.#depth] ?? new EventCount(n);
    this.#counts[this.#depth] = count;
    count.clear();
    this.#depth += 1;
    if (!count.isSettled(op))
      this.candidates.visit(ALL_CONFIDENCES, (thing) => {
        bound[this.slot] = thing;
        const truth = this.body.truth(0, 1);
        if (truth === 0) return false;
        count.add(truth);
        return count.isSettled(op) || this.#isDecided(count, floor, ceiling);
      });
    this.#depth -= 1;
    return count.truth(op);
  }

  /** At least n grows ever likelier with every thing, at most n ever less likely. */
  #isDecided(count: EventCount, floor: number, ceiling: number): boolean {
    const { op } = this.formula;
    return (op === ">=" && count.truth(op) > ceiling) || (op === "<=" && count.truth(op) < floor);
  }
}

/** Whether the body's truth is at most the confidence of the thing in the slot. */
export function hasConfidenceBound(body: Node, slot: Slot): boolean {
  return conceptConjunct(body, slot) !== undefined;
}

function conceptConjunct(body: Node, slot: Slot): Node | undefined {
  const parts = body instanceof AndNode ? body.parts : [body];
  return parts.find((part) => part instanceof ConceptNode && part.slot === slot && !part.definition);
}

/** The conjunct that asserts a primitive concept of the variable bounds the body's truth by the thing's confidence. */
function confidenceBound(body: Node, slot: Slot, machine: Machine): ByConfidence | null {
  const parts = body instanceof AndNode ? body.parts : [body];
  const concept = conceptConjunct(body, slot);
  if (!concept) return null;
  const rest = parts
    .filter((part) => part !== concept)
    .reduce((upper, part) => machine.semantics.and(upper, part.upper), 1);
  return { rest };
}
