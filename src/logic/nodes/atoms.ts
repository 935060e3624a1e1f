import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { type AttributeId, CONCEPT_IDS, type ConceptId } from "../../../knowledge/ontology/ids.ts";
import { CONCEPT_NUMBER } from "../entity-table.ts";
import type { Comparison, Formula } from "../formula.ts";
import type { Measurement } from "../proof.ts";
import { type Measured, measureSpatial, type Placed, spatialTruth } from "../spatial.ts";
import type { Thing } from "../things.ts";
import { measureTime } from "../time.ts";
import type { BuiltShare } from "./built-share.ts";
import type { Machine, Node, Slot } from "./node.ts";

/** A node that measures something. */
export interface Atom extends Node {
  measure(): { readonly truth: number; readonly measured?: Measurement };
}

const CHEAP = 0.05;
const DISTANCE = 1;

type AtomFormula<K extends Formula["kind"]> = Extract<Formula, { kind: K }>;

/** `concept(x)`: the confidence of a thing of that kind or of one below it, or the truth of the concept's definition where that is greater. */
export class ConceptNode implements Atom {
  readonly formula: AtomFormula<"concept">;
  readonly free: ReadonlySet<string>;
  readonly upper: number;
  readonly selectivity: number;
  readonly cost: number;
  readonly slot: Slot;
  /** The definition with free variable x, and x's slot; null for a primitive concept. */
  readonly definition: { readonly node: Node; readonly slot: Slot } | null;
  readonly #matches: Uint8Array;
  readonly #machine: Machine;
  readonly #byDefinition: Map<Thing, number>;

  constructor(
    formula: AtomFormula<"concept">,
    slot: Slot,
    machine: Machine,
    definition: ConceptNode["definition"],
    known: Map<Thing, number>,
    mayBeGuest: boolean,
  ) {
    const { table } = machine.things;
    const kinds = kindsOf(formula.concept);
    this.formula = formula;
    this.free = new Set([formula.term]);
    this.slot = slot;
    this.definition = definition;
    this.#machine = machine;
    this.#byDefinition = known;
    this.#matches = new Uint8Array(CONCEPT_IDS.length);
    let count = 0;
    let most = 0;
    for (const kind of kinds) {
      this.#matches[kind] = 1;
      const { count: own, maxConfidence } = table.statistics(kind);
      count += own;
      most = Math.max(most, maxConfidence);
    }
    this.upper = mayBeGuest ? 1 : Math.max(most, definition?.node.upper ?? 0);
    this.selectivity = Math.min(1, (count + (definition ? count : 0)) / Math.max(1, table.size));
    this.cost = definition ? definition.node.cost : CHEAP;
  }

  truth(_: number, ceiling: number): number {
    const machine = this.#machine;
    machine.work += 1;
    const thing = machine.bound[this.slot] as Thing;
    const own = this.#matches[machine.things.conceptNumber(thing)] === 1 ? machine.things.confidence(thing) : 0;
    if (!this.definition || own >= 1 || own > ceiling) return own;
    return Math.max(own, this.byDefinition(thing));
  }

  /** Confidence that the thing is of the concept's own kinds, its definition left aside. */
  own(thing: Thing): number {
    const { things } = this.#machine;
    return this.#matches[things.conceptNumber(thing)] === 1 ? things.confidence(thing) : 0;
  }

  /** Truth of the definition for a thing; 0 for a primitive concept. */
  byDefinition(thing: Thing): number {
    if (!this.definition) return 0;
    const known = thing >= 0 ? this.#byDefinition.get(thing) : undefined;
    if (known !== undefined) return known;
    const { node, slot } = this.definition;
    const { bound } = this.#machine;
    const outer = bound[slot] as number;
    bound[slot] = thing;
    const truth = node.truth(0, 1);
    bound[slot] = outer;
    if (thing >= 0) this.#byDefinition.set(thing, truth);
    return truth;
  }

  measure() {
    const truth = this.truth(0, 1);
    return { truth, measured: { name: "confidence", value: truth, unit: "ratio" } satisfies Measurement };
  }
}

/** Numbers of a concept and of all below it. */
export function kindsOf(concept: ConceptId): readonly number[] {
  return [concept, ...subsumedConcepts(concept)].map((kind) => CONCEPT_NUMBER.get(kind) as number);
}

/** An atom of one thing that is true or not. */
export class CrispAtom implements Atom {
  readonly formula: Formula;
  readonly free: ReadonlySet<string>;
  readonly upper = 1;
  readonly selectivity: number;
  readonly cost: number;
  readonly #machine: Machine;
  readonly #measure: () => { readonly truth: number; readonly measured?: Measurement };

  constructor(
    formula: Formula,
    free: readonly string[],
    machine: Machine,
    estimate: { readonly selectivity: number; readonly cost?: number },
    measure: () => { readonly truth: number; readonly measured?: Measurement },
  ) {
    this.formula = formula;
    this.free = new Set(free);
    this.selectivity = estimate.selectivity;
    this.cost = estimate.cost ?? CHEAP;
    this.#machine = machine;
    this.#measure = measure;
  }

  truth(): number {
    this.#machine.work += 1;
    return this.#measure().truth;
  }

  measure() {
    this.#machine.work += 1;
    return this.#measure();
  }
}

export function attributeNode(
  formula: AtomFormula<"attribute">,
  slot: Slot,
  machine: Machine,
  builtShare: BuiltShare,
): CrispAtom {
  const { bound, things } = machine;
  const attribute: AttributeId = formula.attribute;
  const isMeasured = attribute === "dense" || attribute === "sparse";
  const share = things.table.attributeShare(attribute);
  return new CrispAtom(
    formula,
    [formula.term],
    machine,
    { selectivity: isMeasured ? 0.5 : share, cost: isMeasured ? 5 : CHEAP },
    () => {
      const thing = bound[slot] as Thing;
      if (things.hasAttribute(thing, attribute)) return { truth: 1 };
      return isMeasured ? builtShare.measure(attribute, thing) : { truth: 0 };
    },
  );
}

export function areaNode(formula: AtomFormula<"area">, slot: Slot, machine: Machine): CrispAtom {
  const { bound, things } = machine;
  const unit = things.table.unit === "m" ? "m2" : "px";
  return new CrispAtom(formula, [formula.term], machine, { selectivity: 0.5, cost: 2 * CHEAP }, () => {
    const value = things.area(bound[slot] as Thing);
    return {
      truth: Number(compare(value, formula.op, formula.value)),
      measured: { name: "area", value, unit, op: formula.op, threshold: formula.value },
    };
  });
}

export function timeNode(formula: AtomFormula<"time">, slot: Slot, machine: Machine): CrispAtom {
  const { bound, things } = machine;
  return new CrispAtom(formula, [formula.term], machine, { selectivity: 0.2 }, () =>
    measureTime(formula.change, things.lifeSpan(bound[slot] as Thing), formula.from, formula.to),
  );
}

export function equalNode(formula: AtomFormula<"equal">, left: Slot, right: Slot, machine: Machine): CrispAtom {
  const { bound, things } = machine;
  return new CrispAtom(formula, [formula.left, formula.right], machine, { selectivity: 0.001 }, () => ({
    truth: Number(things.areSame(bound[left] as Thing, bound[right] as Thing)),
  }));
}

/** Where a term of a spatial atom finds its thing: a variable's slot, or a place that stays the same. */
export type Place = { readonly slot: Slot } | { readonly thing: Thing };

/** A predicate of space between two or three things. */
export class SpatialNode implements Atom {
  readonly formula: AtomFormula<"spatial">;
  readonly free: ReadonlySet<string>;
  readonly upper = 1;
  readonly selectivity: number;
  readonly cost = DISTANCE;
  readonly #machine: Machine;
  readonly #places: readonly Place[];
  readonly #placed: { shapes: Placed["shapes"]; index: number }[];
  readonly #truth: (subject: Placed, anchor: Placed, other: Placed | null) => number;
  readonly #isReflexive: boolean;

  constructor(formula: AtomFormula<"spatial">, places: readonly Place[], machine: Machine, selectivity: number) {
    this.formula = formula;
    this.free = new Set(formula.terms.filter((term) => !term.startsWith("@")));
    this.selectivity = selectivity;
    this.#machine = machine;
    this.#places = places;
    this.#placed = places.map(() => ({ shapes: machine.things.table.shapes, index: 0 }));
    this.#truth = spatialTruth(formula, machine.things.table);
    this.#isReflexive = formula.terms[0] === formula.terms[1];
  }

  #place(): void {
    const { things, bound } = this.#machine;
    for (let i = 0; i < this.#places.length; i += 1) {
      const place = this.#places[i] as Place;
      const thing = "slot" in place ? (bound[place.slot] as Thing) : place.thing;
      const placed = this.#placed[i] as { shapes: Placed["shapes"]; index: number };
      placed.shapes = things.shapes(thing);
      placed.index = things.shapeIndex(thing);
    }
  }

  truth(): number {
    this.#machine.work += 1;
    if (this.#isReflexive) return 1;
    if (this.#placed.length < 2) return 0;
    this.#place();
    return this.#truth(this.#placed[0] as Placed, this.#placed[1] as Placed, this.#placed[2] ?? null);
  }

  measure(): { readonly truth: number; readonly measured?: Measurement } {
    this.#machine.work += 1;
    if (this.#isReflexive) return { truth: 1 };
    this.#place();
    const [subject, ...anchors] = this.#placed;
    return subject
      ? (measureSpatial(this.formula, subject, anchors, this.#machine.things.table) as Measured)
      : { truth: 0 };
  }
}

export function compare(value: number, op: Comparison, threshold: number): boolean {
  switch (op) {
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case "=":
      return Math.abs(value - threshold) <= 0.05 * threshold;
    case ">=":
      return value >= threshold;
    case ">":
      return value > threshold;
  }
}
