import type { Formula } from "../logic/formula.ts";
import { printFormula } from "../logic/text.ts";
import { defaultDistanceM } from "./defaults.ts";
import type { GeoConstraint, Noun, Quantity, Query, Relation } from "./schema.ts";

/** Things no farther apart than this make a group, in metres. */
const GROUP_DISTANCE_M = 200;

export interface CompileOptions {
  /** Dates that a time constraint compares. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Index of a geo constraint to the "@" constant of its geometry. */
  readonly geoTerms: Readonly<Record<number, string>>;
}

export interface Compiled {
  /** Free variable "x". */
  readonly formula: Formula;
  /** Which words of the query each conjunct came from, as slot paths. */
  readonly origins: readonly { readonly formula: string; readonly slot: string }[];
}

/**
 * A Query as first-order logic. The target is x; every relation is ∃ (or a count) over its anchors with their own
 * relations inside; a negated one is ¬∃; "new" and the like are time predicates; places are "@" constants. Distances that the
 * message did not give are soft thresholds.
 */
export function compileQuery(query: Query, options: CompileOptions): Compiled {
  const { target } = query;
  const parts: { formula: Formula; slot: string }[] = [
    { formula: { kind: "concept", concept: target.concept, term: "x" }, slot: "target.concept" },
  ];
  const fresh = variables();
  for (const attribute of target.attributes) {
    parts.push({ formula: { kind: "attribute", attribute, term: "x" }, slot: "target.attributes" });
  }
  const group = groupFormula(target, fresh);
  if (group) parts.push({ formula: group, slot: "target.count" });
  if (target.areaM2) parts.push({ formula: { kind: "area", term: "x", ...target.areaM2 }, slot: "target.areaM2" });
  if (query.time) {
    const { kind } = query.time;
    const dates = { ...(options.from && { from: options.from }), ...(options.to && { to: options.to }) };
    const formula: Formula =
      kind === "as_of"
        ? { kind: "time", change: "as_of", term: "x", ...(options.to && { to: options.to }) }
        : { kind: "time", change: kind, term: "x", ...dates };
    parts.push({ formula, slot: "time" });
  }
  for (const [index, relation] of query.relations.entries()) {
    parts.push({ formula: relationFormula("x", relation, fresh), slot: `relations.${index}` });
  }
  for (const [index, constraint] of query.geo.entries()) {
    const term = options.geoTerms[index];
    if (term) parts.push({ formula: geoFormula(constraint, term), slot: `geo.${index}` });
  }
  for (const [index, exclusion] of query.exclude.entries()) {
    if ("region" in exclusion) continue;
    const [attribute, ...others] = exclusion.attributes;
    if (exclusion.concept === target.concept && attribute) {
      // "not white ones" is said of the target itself.
      const said = [attribute, ...others].map((one): Formula => ({ kind: "attribute", attribute: one, term: "x" }));
      const body: Formula = said.length === 1 ? (said[0] as Formula) : { kind: "and", parts: said };
      parts.push({ formula: { kind: "not", body }, slot: `exclude.${index}` });
      continue;
    }
    const relation: Relation = { predicate: "inside", negated: true, anchors: [exclusion] };
    parts.push({ formula: relationFormula("x", relation, fresh), slot: `exclude.${index}` });
  }
  const formulas = parts.map(({ formula }) => formula);
  return {
    formula: formulas.length === 1 ? (formulas[0] as Formula) : { kind: "and", parts: formulas },
    origins: parts.map(({ formula, slot }) => ({ formula: printFormula(formula), slot })),
  };
}

/** y, z, w, then v4, v5, … */
function variables(): () => string {
  let used = 0;
  return () => {
    used += 1;
    return ["y", "z", "w"][used - 1] ?? `v${used}`;
  };
}

function relationFormula(subject: string, relation: Relation, fresh: () => string): Formula {
  const near = asNearness(relation);
  if (near) return relationFormula(subject, near, fresh);
  const positive =
    relation.predicate === "between" && relation.anchors.length > 1
      ? betweenFormula(subject, relation, fresh)
      : linkedFormula(subject, relation, relation.anchors[0] as Noun, fresh);
  return relation.negated ? { kind: "not", body: positive } : positive;
}

/** "2 km from any hospital" is far from all of them, not from some: that none is nearer. Null for other relations, and where the anchors are counted. */
function asNearness(relation: Relation): Relation | null {
  const [anchor] = relation.anchors;
  const isFar = relation.predicate === "far_from" || (relation.predicate === "near" && relation.distanceM?.op === ">=");
  if (!isFar || !anchor || anchor.count) return null;
  const value = relation.distanceM?.value ?? defaultDistanceM("far_from", anchor.concept);
  if (value === undefined) return null;
  return { ...relation, predicate: "near", negated: !relation.negated, distanceM: { op: "<=", value } };
}

function linkedFormula(subject: string, relation: Relation, anchor: Noun, fresh: () => string): Formula {
  const variable = fresh();
  const link = spatial(relation, [subject, variable], anchor);
  const body: Formula = { kind: "and", parts: [...nounParts(anchor, variable, fresh), link] };
  const { count } = anchor;
  if (!count) return { kind: "exists", variable, body };
  return { kind: "count", ...wholeCount(count), variable, body };
}

function wholeCount(count: Quantity): { readonly op: ">=" | "<=" | "="; readonly n: number } {
  const [op, n] =
    count.op === ">"
      ? ([">=", count.value + 1] as const)
      : count.op === "<"
        ? (["<=", count.value - 1] as const)
        : ([count.op, count.value] as const);
  return { op, n: Math.max(0, Math.round(n)) };
}

/** "at least three storage tanks" are one with at least two others around it; null where one alone will do. */
function groupFormula(target: Query["target"], fresh: () => string): Formula | null {
  if (!target.count) return null;
  const { op, n } = wholeCount(target.count);
  if (op === ">=" && n <= 1) return null;
  const variable = fresh();
  const body: Formula = {
    kind: "and",
    parts: [
      { kind: "concept", concept: target.concept, term: variable },
      ...target.attributes.map((attribute): Formula => ({ kind: "attribute", attribute, term: variable })),
      { kind: "spatial", predicate: "near", terms: ["x", variable], distanceM: GROUP_DISTANCE_M },
      { kind: "not", body: { kind: "equal", left: "x", right: variable } },
    ],
  };
  return { kind: "count", op, n: Math.max(0, n - 1), variable, body };
}

function betweenFormula(subject: string, relation: Relation, fresh: () => string): Formula {
  const [first, second] = relation.anchors as [Noun, Noun];
  const a = fresh();
  const b = fresh();
  const link = spatial(relation, [subject, a, b], first);
  const inner: Formula = {
    kind: "exists",
    variable: b,
    body: {
      kind: "and",
      parts: [...nounParts(second, b, fresh), { kind: "not", body: { kind: "equal", left: a, right: b } }, link],
    },
  };
  return { kind: "exists", variable: a, body: { kind: "and", parts: [...nounParts(first, a, fresh), inner] } };
}

function nounParts(noun: Noun, variable: string, fresh: () => string): Formula[] {
  return [
    { kind: "concept", concept: noun.concept, term: variable },
    ...noun.attributes.map((attribute): Formula => ({ kind: "attribute", attribute, term: variable })),
    ...(noun.areaM2 ? [{ kind: "area", term: variable, ...noun.areaM2 } satisfies Formula] : []),
    ...noun.relations.map((relation) => relationFormula(variable, relation, fresh)),
  ];
}

function spatial(relation: Relation, terms: readonly string[], anchor: Noun): Formula {
  const { distanceM } = relation;
  if (distanceM) {
    const predicate = distanceM.op === ">=" && relation.predicate === "near" ? "far_from" : relation.predicate;
    return { kind: "spatial", predicate, terms, distanceM: distanceM.value };
  }
  const fallback = defaultDistanceM(relation.predicate, anchor.concept);
  if (fallback === undefined) return { kind: "spatial", predicate: relation.predicate, terms };
  return {
    kind: "spatial",
    predicate: relation.predicate,
    terms,
    distanceM: fallback,
    ...(relation.negated ? {} : { soft: true }),
  };
}

function geoFormula(constraint: GeoConstraint, term: string): Formula {
  const relation = constraint.relation ?? "inside";
  if (relation === "outside") {
    return { kind: "not", body: { kind: "spatial", predicate: "inside", terms: ["x", term] } };
  }
  const isDistance = relation === "near" || relation === "far_from";
  return {
    kind: "spatial",
    predicate: relation,
    terms: ["x", term],
    ...(isDistance && {
      distanceM: constraint.distanceM ?? 1000,
      ...(constraint.distanceM === undefined && { soft: true }),
    }),
  };
}
