import { TerralogueError } from "../errors.ts";
import type { Entity } from "../store/entity.ts";
import { Compiler, type Definitions } from "./compiler.ts";
import type { EntityTable } from "./entity-table.ts";
import type { Formula } from "./formula.ts";
import { ConceptNode, CrispAtom, SpatialNode } from "./nodes/atoms.ts";
import type { Machine, Node } from "./nodes/node.ts";
import type { Measurement } from "./proof.ts";
import { PRODUCT, type Semantics } from "./semantics.ts";
import { type Thing, Things } from "./things.ts";

/** What each variable stands for. */
export type Environment = ReadonlyMap<string, Thing>;

export interface EvaluatorOptions {
  readonly semantics?: Semantics;
  /** Geometries of the "@" terms, in the table's coordinates. */
  readonly constants?: Readonly<Record<string, GeoJSON.Geometry>>;
  /** How ∃ gathers its witnesses: the best one (default), or all of them as independent events. */
  readonly exists?: "maximum" | "noisy_or";
  /** Definitions of concepts instead of the ontology's, each a formula with free variable x. */
  readonly definitions?: Definitions;
}

export interface EvaluatorUse {
  /** Variables that the caller binds; `x` by default. */
  readonly roots?: readonly string[];
  /** Whether they may stand for things that are in no table. */
  readonly mayBeGuest?: boolean;
}

/** A thing that makes a body true to some degree. */
export interface Witness {
  readonly thing: Thing;
  readonly truth: number;
}

const MOST_SLOTS = 64;

/**
 * Truths of formulas over one table. A quantified variable ranges only over the entities that its concept and the
 * distances to things already bound leave possible, found through the table's R-trees; everything else has truth 0
 * there and cannot change a maximum, a count or a minimum.
 */
export class Evaluator {
  readonly table: EntityTable;
  readonly things: Things;
  readonly machine: Machine;
  readonly compiler: Compiler;

  constructor(table: EntityTable, options: EvaluatorOptions = {}, use: EvaluatorUse = {}) {
    this.table = table;
    this.things = new Things(table);
    this.machine = {
      things: this.things,
      semantics: options.semantics ?? PRODUCT,
      existsBy: options.exists ?? "maximum",
      bound: new Int32Array(MOST_SLOTS),
      work: 0,
    };
    const places = new Map(
      Object.entries(options.constants ?? {}).map(([term, geometry]) => [term, this.#invitePlace(term, geometry)]),
    );
    this.compiler = new Compiler(this.machine, {
      places,
      roots: use.roots ?? ["x"],
      mayBeGuest: use.mayBeGuest ?? false,
      definitions: options.definitions,
    });
  }

  #invitePlace(term: string, geometry: GeoJSON.Geometry): Thing {
    return this.things.invite({
      id: term,
      concept: "landmark",
      geometry,
      confidence: 1,
      attributes: [],
      name: null,
      source: "",
      firstSeen: null,
      lastSeen: null,
      areaHistory: [],
      tags: {},
    });
  }

  /** Atoms evaluated so far. */
  get work(): number {
    return this.machine.work;
  }

  /** @throws {TerralogueError} `bad_question` for a variable that nothing binds, and what compiling refuses */
  truth(formula: Formula, env: Environment): number {
    const node = this.#bind(formula, env);
    return node.truth(0, 1);
  }

  /** Truth of a formula with what an atom measures. */
  measure(formula: Formula, env: Environment): { readonly truth: number; readonly measured?: Measurement } {
    const node = this.#bind(formula, env);
    return node instanceof ConceptNode || node instanceof CrispAtom || node instanceof SpatialNode
      ? node.measure()
      : { truth: node.truth(0, 1) };
  }

  /** Node of a formula, with the variables bound for it. */
  #bind(formula: Formula, env: Environment): Node {
    const node = this.compiler.node(formula);
    for (const [name, thing] of env) this.machine.bound[this.compiler.slot(name)] = thing;
    for (const name of node.free)
      if (!env.has(name))
        throw new TerralogueError(
          "bad_question",
          `The formula uses "${name}" where no quantifier binds it; bind it with ∃ or ∀.`,
        );
    return node;
  }

  /** Things that can make `body` true for `variable`, given what is bound, each once. */
  candidates(variable: string, body: Formula, env: Environment): Thing[] {
    for (const [name, thing] of env) this.machine.bound[this.compiler.slot(name)] = thing;
    const found: Thing[] = [];
    this.compiler.candidates(variable, body).visit(
      () => true,
      (thing) => {
        found.push(thing);
        return false;
      },
    );
    return found;
  }

  /** Things that make the body true to some degree, truest first, then nearest to what is bound. */
  witnesses(variable: string, body: Formula, env: Environment): Witness[] {
    const conjuncts = body.kind === "and" ? body.parts : [body];
    const link = conjuncts.find(
      (part) =>
        part.kind === "spatial" &&
        part.terms.includes(variable) &&
        part.terms.some((term) => term !== variable && (term.startsWith("@") || env.has(term))) &&
        part.terms.every((term) => term === variable || term.startsWith("@") || env.has(term)),
    );
    const { things } = this;
    return this.candidates(variable, body, env)
      .map((thing) => {
        const bound = new Map(env).set(variable, thing);
        const truth = this.truth(body, bound);
        const value = truth > 0 && link ? this.measure(link, bound).measured?.value : undefined;
        return { thing, truth, distance: typeof value === "number" ? value : 0 };
      })
      .filter(({ truth }) => truth > 0)
      .sort(
        (a, b) => b.truth - a.truth || a.distance - b.distance || (things.id(a.thing) < things.id(b.thing) ? -1 : 1),
      );
  }

  /** The entity in a variable's place. */
  entity(thing: Thing): Entity {
    return this.things.entity(thing);
  }
}
