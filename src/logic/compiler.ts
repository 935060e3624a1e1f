import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Formula } from "./formula.ts";
import { areaNode, attributeNode, ConceptNode, equalNode, type Place, SpatialNode, timeNode } from "./nodes/atoms.ts";
import { BuiltShare } from "./nodes/built-share.ts";
import { AndNode, ConstantNode, NotNode, OrNode } from "./nodes/connectives.ts";
import type { Machine, Node, Slot } from "./nodes/node.ts";
import { CountNode, ExistsNode, ForallNode, hasConfidenceBound, type QuantifierParts } from "./nodes/quantifiers.ts";
import { Candidates, expectedMatches, supportOf } from "./nodes/support.ts";
import { reach } from "./spatial.ts";
import { parseFormula } from "./text.ts";
import type { Thing } from "./things.ts";

/** More variable names than this in one formula and its definitions are refused. */
const MOST_VARIABLES = 64;

export type Definitions = Readonly<Partial<Record<ConceptId, { readonly formula: string }>>>;

const parsed = new Map<string, Formula>();

/** The formula of a concept's definition, with free variable x, or null for a primitive concept. */
export function definitionFormula(concept: ConceptId, definitions: Definitions = DEFINITIONS): Formula | null {
  const text = definitions[concept]?.formula;
  if (!text) return null;
  let formula = parsed.get(text);
  if (!formula) {
    formula = parseFormula(text);
    parsed.set(text, formula);
  }
  return formula;
}

/** Turns formulas into nodes, once for every formula object. */
export class Compiler {
  readonly definitionOf: (concept: ConceptId) => Formula | null;
  readonly #machine: Machine;
  readonly #places: ReadonlyMap<string, Thing>;
  /** Variables that are bound once for every call: nothing is kept by what they stand for. */
  readonly #roots: ReadonlySet<string>;
  readonly #mayBeGuest: boolean;
  readonly #slots = new Map<string, Slot>();
  readonly #nodes = new WeakMap<Formula, Node>();
  readonly #definitions = new Map<ConceptId, ConceptNode["definition"]>();
  readonly #byDefinition = new Map<ConceptId, Map<Thing, number>>();
  readonly #builtShare: BuiltShare;
  readonly #expanding: ConceptId[] = [];

  /**
   * @param places things of the "@" terms
   * @param roots names of the variables that the caller binds
   * @param mayBeGuest whether variables may stand for things that are in no table, of any confidence
   */
  constructor(
    machine: Machine,
    options: {
      readonly places: ReadonlyMap<string, Thing>;
      readonly roots: readonly string[];
      readonly mayBeGuest: boolean;
      readonly definitions?: Definitions | undefined;
    },
  ) {
    this.#machine = machine;
    this.#places = options.places;
    this.#roots = new Set(options.roots);
    this.#mayBeGuest = options.mayBeGuest;
    this.#builtShare = new BuiltShare(machine.things);
    this.definitionOf = (concept) => definitionFormula(concept, options.definitions);
  }

  /** @throws {TerralogueError} `bad_question` for a definition that refers to itself, an unknown place, or too many variables */
  node(formula: Formula): Node {
    let node = this.#nodes.get(formula);
    if (!node) {
      node = this.#compile(formula);
      this.#nodes.set(formula, node);
    }
    return node;
  }

  slot(name: string): Slot {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = this.#slots.size;
      if (slot >= MOST_VARIABLES)
        throw new TerralogueError(
          "bad_question",
          `The formula has more than ${MOST_VARIABLES} variable names; use fewer, they may be used again.`,
        );
      this.#slots.set(name, slot);
    }
    return slot;
  }

  /** Things of the variable that can matter to the formula, given what is bound. */
  candidates(variable: string, formula: Formula): Candidates {
    const support = supportOf(variable, formula, true, this.definitionOf);
    return new Candidates(support, this.#machine, (term) => this.find(term));
  }

  /** What a term stands for, whenever it is asked. */
  find(term: string): () => Thing {
    const place = this.#place(term);
    if ("thing" in place) return () => place.thing;
    const { bound } = this.#machine;
    return () => bound[place.slot] as Thing;
  }

  #place(term: string): Place {
    if (!term.startsWith("@")) return { slot: this.slot(term) };
    const thing = this.#places.get(term);
    if (thing === undefined)
      throw new TerralogueError(
        "bad_question",
        `The formula uses the place "${term}", but no geometry was given for it.`,
      );
    return { thing };
  }

  #compile(formula: Formula): Node {
    const machine = this.#machine;
    switch (formula.kind) {
      case "true":
        return new ConstantNode(formula, 1);
      case "false":
        return new ConstantNode(formula, 0);
      case "concept":
        return new ConceptNode(
          formula,
          this.slot(formula.term),
          machine,
          this.#definition(formula.concept),
          this.#knownByDefinition(formula.concept),
          this.#mayBeGuest,
        );
      case "attribute":
        return attributeNode(formula, this.slot(formula.term), machine, this.#builtShare);
      case "area":
        return areaNode(formula, this.slot(formula.term), machine);
      case "time":
        return timeNode(formula, this.slot(formula.term), machine);
      case "equal":
        return equalNode(formula, this.slot(formula.left), this.slot(formula.right), machine);
      case "spatial":
        return this.#spatial(formula);
      case "not":
        return new NotNode(formula, this.node(formula.body));
      case "and":
        return new AndNode(
          formula,
          formula.parts.map((part) => this.node(part)),
          machine.semantics,
        );
      case "or":
        return new OrNode(
          formula,
          formula.parts.map((part) => this.node(part)),
          machine.semantics,
        );
      case "implies":
        return new OrNode(
          formula,
          [new NotNode({ kind: "not", body: formula.left }, this.node(formula.left)), this.node(formula.right)],
          machine.semantics,
        );
      case "exists":
        return new ExistsNode(formula, this.#quantifier(formula.variable, formula.body, true), machine);
      case "count":
        return new CountNode(formula, this.#quantifier(formula.variable, formula.body, true), machine);
      case "forall": {
        const parts = this.#quantifier(formula.variable, formula.body, false);
        const { body } = formula;
        const guard = body.kind === "implies" ? body.left : body.kind === "not" ? body.body : null;
        const isGuarded = guard !== null && hasConfidenceBound(this.node(guard), parts.slot);
        return new ForallNode(formula, { ...parts, isGuarded }, machine);
      }
    }
  }

  #spatial(formula: Extract<Formula, { kind: "spatial" }>): Node {
    const places = formula.terms.map((term) => this.#place(term));
    const bound = reach(formula);
    const { extent } = this.#machine.things.table;
    const width = Math.max(1e-9, extent[2] - extent[0]);
    const height = Math.max(1e-9, extent[3] - extent[1]);
    const near = Math.min(1, (2 * bound) / width) * Math.min(1, (2 * bound) / height);
    const selectivity = formula.predicate === "far_from" ? 0.9 : Number.isFinite(bound) ? Math.max(1e-6, near) : 0.3;
    return new SpatialNode(formula, places, this.#machine, selectivity);
  }

  #quantifier(variable: string, body: Formula, positive: boolean): QuantifierParts {
    const node = this.node(body);
    const slot = this.slot(variable);
    const support = supportOf(variable, body, positive, this.definitionOf);
    const free = [...node.free].filter((name) => name !== variable);
    const [only] = free;
    const keyed =
      free.length === 0
        ? "closed"
        : free.length === 1 && only !== undefined && !this.#roots.has(only)
          ? this.slot(only)
          : null;
    return {
      variable,
      slot,
      body: node,
      candidates: new Candidates(support, this.#machine, (term) => this.find(term)),
      matches: expectedMatches(support, this.#machine.things.table),
      keyed,
    };
  }

  #knownByDefinition(concept: ConceptId): Map<Thing, number> {
    let known = this.#byDefinition.get(concept);
    if (!known) {
      known = new Map();
      this.#byDefinition.set(concept, known);
    }
    return known;
  }

  #definition(concept: ConceptId): ConceptNode["definition"] {
    const known = this.#definitions.get(concept);
    if (known !== undefined) return known;
    const formula = this.definitionOf(concept);
    if (!formula) return null;
    if (this.#expanding.includes(concept))
      throw new TerralogueError(
        "bad_question",
        `The definition of ${concept} refers to itself (${[...this.#expanding, concept].join(" → ")}); definitions must not recur.`,
      );
    this.#expanding.push(concept);
    try {
      const definition = { node: this.node(formula), slot: this.slot("x") };
      this.#definitions.set(concept, definition);
      return definition;
    } finally {
      this.#expanding.pop();
    }
  }
}
