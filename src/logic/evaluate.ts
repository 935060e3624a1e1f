import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Entity } from "../store/entity.ts";
import { inPolygon, middle } from "./distance.ts";
import type { EntityTable } from "./entity-table.ts";
import type { Formula } from "./formula.ts";
import type { Measurement, ProofNode } from "./proof.ts";
import { countTruth, PRODUCT, type Semantics } from "./semantics.ts";
import { type Measured, measureSpatial, reach } from "./spatial.ts";
import { parseFormula, printFormula } from "./text.ts";
import { measureTime } from "./time.ts";

/** What a variable stands for: an entity of the table, or a candidate that is in no table. */
export type Environment = ReadonlyMap<string, Entity>;

export interface EvaluatorOptions {
  readonly semantics?: Semantics;
  /** Geometries of the "@" terms, in the table's coordinates. */
  readonly constants?: Readonly<Record<string, GeoJSON.Geometry>>;
  /** How ∃ gathers its witnesses: the best one (default), or all of them as independent events. */
  readonly exists?: "maximum" | "noisy_or";
}

/** Areas of which "dense" and "sparse" are asked, and the built shares that make them so. Maps miss buildings: the shares are low. */
const BUILT_UP: ReadonlySet<ConceptId> = new Set([
  "residential_area",
  "city_center",
  "town",
  "village",
  "city",
  "industrial_area",
  "commercial_area",
]);
const DENSE_FROM = 0.18;
const SPARSE_UP_TO = 0.12;
const MOST_WITNESSES = 20;
const MOST_COUNT_CHILDREN = 3;

/**
 * Truth and proofs of formulas over one table. A quantified variable ranges only over the entities that its concept and
 * the distances to things already bound leave possible, found through the table's R-trees; everything else has truth 0
 * there and cannot change a maximum, a count or a minimum.
 */
export class Evaluator {
  readonly table: EntityTable;
  readonly semantics: Semantics;
  readonly constants: Readonly<Record<string, GeoJSON.Geometry>>;
  readonly #existsBy: "maximum" | "noisy_or";
  readonly #definitionTruth = new Map<ConceptId, Map<string, number>>();
  readonly #builtShares = new Map<string, number>();
  readonly #expanding: ConceptId[] = [];
  /** Atoms evaluated so far. */
  work = 0;

  constructor(table: EntityTable, options: EvaluatorOptions = {}) {
    this.table = table;
    this.semantics = options.semantics ?? PRODUCT;
    this.constants = options.constants ?? {};
    this.#existsBy = options.exists ?? "maximum";
  }

  truth(formula: Formula, env: Environment): number {
    switch (formula.kind) {
      case "true":
        return 1;
      case "false":
        return 0;
      case "not":
        return 1 - this.truth(formula.body, env);
      case "and": {
        let truth = 1;
        for (const part of cheapestFirst(formula.parts)) {
          truth = this.semantics.and(truth, this.truth(part, env));
          if (truth === 0) return 0;
        }
        return truth;
      }
      case "or": {
        let truth = 0;
        for (const part of cheapestFirst(formula.parts)) {
          truth = this.semantics.or(truth, this.truth(part, env));
          if (truth === 1) return 1;
        }
        return truth;
      }
      case "implies":
        return this.semantics.or(1 - this.truth(formula.left, env), this.truth(formula.right, env));
      case "exists":
        return this.#exists(formula, env);
      case "forall":
        return this.#forall(formula, env);
      case "count":
        return countTruth(
          this.candidates(formula.variable, formula.body, env).map((thing) =>
            this.truth(formula.body, new Map(env).set(formula.variable, thing)),
          ),
          formula.op,
          formula.n,
        );
      default:
        return this.measure(formula, env).truth;
    }
  }

  #exists(formula: Extract<Formula, { kind: "exists" }>, env: Environment): number {
    const things = this.candidates(formula.variable, formula.body, env);
    let best = 0;
    let none = 1;
    for (const thing of things) {
      const truth = this.truth(formula.body, new Map(env).set(formula.variable, thing));
      best = Math.max(best, truth);
      none *= 1 - truth;
      if (best === 1) break;
    }
    return this.#existsBy === "maximum" ? best : 1 - none;
  }

  #forall(formula: Extract<Formula, { kind: "forall" }>, env: Environment): number {
    const { body, variable } = formula;
    const guard = body.kind === "implies" ? body.left : { kind: "true" as const };
    let truth = 1;
    for (const thing of this.candidates(variable, guard, env)) {
      truth = Math.min(truth, this.truth(body, new Map(env).set(variable, thing)));
      if (truth === 0) break;
    }
    return truth;
  }

  /** Truth of an atom with what was measured. */
  measure(formula: Formula, env: Environment): { truth: number; measured?: Measurement } {
    this.work += 1;
    switch (formula.kind) {
      case "concept":
        return this.#concept(formula.concept, this.#thing(formula.term, env));
      case "attribute":
        return this.#attribute(formula.attribute, this.#thing(formula.term, env));
      case "area": {
        const value = areaOf(this.#thing(formula.term, env).geometry);
        return {
          truth: Number(compare(value, formula.op, formula.value)),
          measured: { name: "area", value, unit: "m2", op: formula.op, threshold: formula.value },
        };
      }
      case "time":
        return measureTime(formula.change, this.#thing(formula.term, env), formula.from, formula.to);
      case "spatial": {
        const [subject, ...anchors] = formula.terms.map((term) => this.geometry(term, env));
        if (!subject) return { truth: 0 };
        const same = formula.terms[0] === formula.terms[1];
        return same ? { truth: 1 } : (measureSpatial(formula, subject, anchors, this.table.space) as Measured);
      }
      case "equal":
        return { truth: Number(this.#thing(formula.left, env).id === this.#thing(formula.right, env).id) };
      default:
        return { truth: this.truth(formula, env) };
    }
  }

  /** Stated attributes are true; how densely an area is built is measured from the buildings in it when nobody states it. */
  #attribute(attribute: AttributeId, thing: Entity): { truth: number; measured?: Measurement } {
    if (thing.attributes.includes(attribute)) return { truth: 1 };
    const isBuiltUp = attribute === "dense" || attribute === "sparse";
    if (
      !isBuiltUp ||
      thing.attributes.includes("dense") ||
      thing.attributes.includes("sparse") ||
      !BUILT_UP.has(thing.concept)
    )
      return { truth: 0 };
    const value = this.#builtShare(thing);
    const [op, threshold] = attribute === "dense" ? ([">=", DENSE_FROM] as const) : (["<=", SPARSE_UP_TO] as const);
    const truth = value > 0 && compare(value, op, threshold);
    return { truth: Number(truth), measured: { name: "overlap", value, unit: "ratio", op, threshold } };
  }

  /** Share of an area that the footprints of the buildings with their middle in it cover. */
  #builtShare(thing: Entity): number {
    const known = this.#builtShares.get(thing.id);
    if (known !== undefined) return known;
    const { geometry } = thing;
    const polygons =
      geometry.type === "Polygon"
        ? [geometry.coordinates]
        : geometry.type === "MultiPolygon"
          ? geometry.coordinates
          : [];
    let covered = 0;
    for (const kind of ["building" as const, ...subsumedConcepts("building")]) {
      for (const row of this.table.within(kind, ...boundsOf(geometry))) {
        const building = this.table.entities[row] as Entity;
        const [x, y] = middle(building.geometry);
        if (polygons.some((polygon) => inPolygon(x, y, polygon))) covered += areaOf(building.geometry);
      }
    }
    const share = covered / Math.max(1, areaOf(geometry));
    this.#builtShares.set(thing.id, share);
    return share;
  }

  #concept(concept: ConceptId, thing: Entity): { truth: number; measured: Measurement } {
    const direct =
      thing.concept === concept || subsumedConcepts(concept).includes(thing.concept) ? thing.confidence : 0;
    const truth = direct < 1 ? Math.max(direct, this.#definition(concept, thing)) : direct;
    return { truth, measured: { name: "confidence", value: truth, unit: "ratio" } };
  }

  /** Truth of the concept's definition for a thing; 0 for a primitive concept and for things of the wrong kind. */
  #definition(concept: ConceptId, thing: Entity): number {
    const formula = definitionOf(concept);
    if (!formula) return 0;
    const known = this.#definitionTruth.get(concept)?.get(thing.id);
    if (known !== undefined) return known;
    if (this.#expanding.includes(concept)) {
      throw new TerralogueError(
        "bad_question",
        `The definition of ${concept} refers to itself (${[...this.#expanding, concept].join(" → ")}); definitions must not recur.`,
      );
    }
    this.#expanding.push(concept);
    const truth = this.truth(formula, new Map([["x", thing]]));
    this.#expanding.pop();
    const cache = this.#definitionTruth.get(concept) ?? new Map<string, number>();
    this.#definitionTruth.set(concept, cache.set(thing.id, truth));
    return truth;
  }

  #thing(term: string, env: Environment): Entity {
    const thing = env.get(term);
    if (!thing)
      throw new TerralogueError(
        "bad_question",
        `The formula uses "${term}" where no quantifier binds it; bind it with ∃ or ∀.`,
      );
    return thing;
  }

  geometry(term: string, env: Environment): GeoJSON.Geometry {
    if (!term.startsWith("@")) return this.#thing(term, env).geometry;
    const geometry = this.constants[term];
    if (!geometry)
      throw new TerralogueError(
        "bad_question",
        `The formula uses the place "${term}", but no geometry was given for it.`,
      );
    return geometry;
  }

  /** Entities that can make `body` true for `variable`, given what is bound. */
  candidates(variable: string, body: Formula, env: Environment): Entity[] {
    const { table } = this;
    const conjuncts = body.kind === "and" ? body.parts : [body];
    const kinds = conceptsFor(variable, conjuncts);
    const box = this.#box(variable, conjuncts, env);
    if (!box) {
      if (!kinds) return [...table.entities];
      return kinds.flatMap((kind) => Array.from(table.rowsOf(kind), (row) => table.entities[row] as Entity));
    }
    const rows = (kinds ?? [""]).flatMap((kind) => table.within(kind as ConceptId | "", ...box));
    return rows.map((row) => table.entities[row] as Entity);
  }

  /** Box that the variable must meet, from distances to what is bound; null when nothing bounds it. */
  #box(variable: string, conjuncts: readonly Formula[], env: Environment): [number, number, number, number] | null {
    let box: [number, number, number, number] | null = null;
    for (const part of conjuncts) {
      if (part.kind !== "spatial" || !part.terms.includes(variable)) continue;
      const limit = reach(part);
      if (!Number.isFinite(limit)) continue;
      for (const term of part.terms) {
        if (term === variable || !(term.startsWith("@") || env.has(term))) continue;
        const [minX, minY, maxX, maxY] = boundsOf(this.geometry(term, env));
        const grown: [number, number, number, number] = [minX - limit, minY - limit, maxX + limit, maxY + limit];
        box = box
          ? [
              Math.max(box[0], grown[0]),
              Math.max(box[1], grown[1]),
              Math.min(box[2], grown[2]),
              Math.min(box[3], grown[3]),
            ]
          : grown;
      }
    }
    return box;
  }

  /** The proof tree: truth per node, what was measured, and for quantifiers the best witness. */
  prove(formula: Formula, env: Environment): ProofNode {
    const node = (
      truth: number,
      children: readonly ProofNode[],
      witnesses: readonly string[] = [],
      measured?: Measurement,
    ): ProofNode => ({
      formula: printFormula(formula),
      kind: formula.kind,
      truth,
      ...(measured && { measured }),
      witnesses,
      children,
    });
    switch (formula.kind) {
      case "and":
      case "or":
        return node(
          this.truth(formula, env),
          formula.parts.map((part) => this.prove(part, env)),
        );
      case "not":
        return node(this.truth(formula, env), [this.prove(formula.body, env)]);
      case "implies":
        return node(this.truth(formula, env), [this.prove(formula.left, env), this.prove(formula.right, env)]);
      case "exists": {
        const best = this.witnesses(formula.variable, formula.body, env)[0];
        const children = best ? [this.prove(formula.body, new Map(env).set(formula.variable, best.thing))] : [];
        return node(this.truth(formula, env), children, best ? [best.thing.id] : []);
      }
      case "count": {
        const found = this.witnesses(formula.variable, formula.body, env);
        const value = found.filter(({ truth }) => truth >= 0.5).length;
        return node(
          this.truth(formula, env),
          found
            .slice(0, MOST_COUNT_CHILDREN)
            .map(({ thing }) => this.prove(formula.body, new Map(env).set(formula.variable, thing))),
          found.slice(0, MOST_WITNESSES).map(({ thing }) => thing.id),
          { name: "count", value, unit: "count", op: formula.op, threshold: formula.n },
        );
      }
      case "forall":
        return node(this.truth(formula, env), []);
      case "concept": {
        const thing = this.#thing(formula.term, env);
        const { truth, measured } = this.#concept(formula.concept, thing);
        const definition = definitionOf(formula.concept);
        const own = thing.concept === formula.concept || subsumedConcepts(formula.concept).includes(thing.concept);
        const byDefinition = definition !== null && truth > 0 && (!own || thing.confidence < truth);
        const child = byDefinition && definition ? this.prove(definition, new Map([["x", thing]])) : null;
        return node(truth, child ? [child] : [], child ? witnessesOf(child) : [], measured);
      }
      default: {
        const { truth, measured } = this.measure(formula, env);
        return node(truth, [], [], measured);
      }
    }
  }

  /** Things that make the body true to some degree, truest first, then nearest to what is bound. */
  witnesses(variable: string, body: Formula, env: Environment): { thing: Entity; truth: number }[] {
    const conjuncts = body.kind === "and" ? body.parts : [body];
    const link = conjuncts.find(
      (part) =>
        part.kind === "spatial" &&
        part.terms.includes(variable) &&
        part.terms.some((term) => term !== variable && (term.startsWith("@") || env.has(term))),
    );
    return this.candidates(variable, body, env)
      .map((thing) => {
        const bound = new Map(env).set(variable, thing);
        const truth = this.truth(body, bound);
        const value = truth > 0 && link ? this.measure(link, bound).measured?.value : undefined;
        return { thing, truth, distance: typeof value === "number" ? value : 0 };
      })
      .filter(({ truth }) => truth > 0)
      .sort((a, b) => b.truth - a.truth || a.distance - b.distance || (a.thing.id < b.thing.id ? -1 : 1));
  }
}

const RANK: Readonly<Record<Formula["kind"], number>> = {
  true: 0,
  false: 0,
  equal: 0,
  attribute: 1,
  time: 1,
  area: 2,
  concept: 2,
  spatial: 3,
  not: 4,
  or: 4,
  implies: 4,
  and: 4,
  exists: 5,
  count: 6,
  forall: 7,
};
const ordered = new WeakMap<readonly Formula[], readonly Formula[]>();

/** Cheap atoms before distances before quantifiers: a part with truth 0 ends a conjunction. */
function cheapestFirst(parts: readonly Formula[]): readonly Formula[] {
  let order = ordered.get(parts);
  if (!order) {
    const cost = (formula: Formula): number => (formula.kind === "not" ? cost(formula.body) : RANK[formula.kind]);
    order = [...parts].sort((a, b) => cost(a) - cost(b));
    ordered.set(parts, order);
  }
  return order;
}

const definitions = new Map<ConceptId, Formula>();

/** The parsed definition of a concept, or null for a primitive one. */
export function definitionOf(concept: ConceptId): Formula | null {
  const text = DEFINITIONS[concept]?.formula;
  if (!text) return null;
  let formula = definitions.get(concept);
  if (!formula) {
    formula = parseFormula(text);
    definitions.set(concept, formula);
  }
  return formula;
}

/** The kinds that a variable is confined to by its conjuncts (the seeds of definitions included), or null when any kind will do. */
function conceptsFor(variable: string, conjuncts: readonly Formula[]): readonly ConceptId[] | null {
  let best: readonly ConceptId[] | null = null;
  for (const part of conjuncts) {
    const kinds = kindsOf(variable, part, []);
    if (kinds && (!best || kinds.length < best.length)) best = kinds;
  }
  return best;
}

function kindsOf(variable: string, formula: Formula, expanding: readonly ConceptId[]): readonly ConceptId[] | null {
  if (formula.kind === "and") {
    const options = formula.parts.flatMap((part) => {
      const kinds = kindsOf(variable, part, expanding);
      return kinds ? [kinds] : [];
    });
    return options.sort((a, b) => a.length - b.length)[0] ?? null;
  }
  if (formula.kind === "or") {
    const options = formula.parts.map((part) => kindsOf(variable, part, expanding));
    return options.every((kinds) => kinds !== null) ? [...new Set(options.flatMap((kinds) => kinds ?? []))] : null;
  }
  if (formula.kind !== "concept" || formula.term !== variable) return null;
  const kinds = new Set<ConceptId>([formula.concept, ...subsumedConcepts(formula.concept)]);
  const definition = definitionOf(formula.concept);
  if (definition && !expanding.includes(formula.concept)) {
    const seeds = kindsOf("x", definition, [...expanding, formula.concept]);
    if (!seeds) return null;
    for (const seed of seeds) kinds.add(seed);
  }
  return [...kinds];
}

export function witnessesOf(node: ProofNode): string[] {
  return [...new Set([...node.witnesses, ...node.children.flatMap(witnessesOf)])];
}

function compare(value: number, op: "<" | "<=" | "=" | ">=" | ">", threshold: number): boolean {
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

/** Square metres of polygons, holes taken off; 0 for lines and points. */
function areaOf(geometry: GeoJSON.Geometry): number {
  const polygons =
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  let sum = 0;
  for (const rings of polygons) {
    for (const [index, ring] of rings.entries()) {
      let twice = 0;
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const [x0 = 0, y0 = 0] = ring[i] ?? [];
        const [x1 = 0, y1 = 0] = ring[i + 1] ?? [];
        twice += x0 * y1 - x1 * y0;
      }
      sum += ((index === 0 ? 1 : -1) * Math.abs(twice)) / 2;
    }
  }
  return Math.max(0, sum);
}

const bounds = new WeakMap<GeoJSON.Geometry, readonly [number, number, number, number]>();

function boundsOf(geometry: GeoJSON.Geometry): readonly [number, number, number, number] {
  let box = bounds.get(geometry);
  if (!box) {
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    const visit = (coordinates: unknown): void => {
      if (!Array.isArray(coordinates)) return;
      if (typeof coordinates[0] === "number") {
        const [x, y] = coordinates as [number, number];
        minX = Math.min(minX, x);
        minY = Math.min(minY, y);
        maxX = Math.max(maxX, x);
        maxY = Math.max(maxY, y);
      } else for (const part of coordinates) visit(part);
    };
    if (geometry.type === "GeometryCollection")
      for (const part of geometry.geometries) visit("coordinates" in part ? part.coordinates : []);
    else visit(geometry.coordinates);
    box = [minX, minY, maxX, maxY];
    bounds.set(geometry, box);
  }
  return box;
}
