import type { Entity } from "../store/entity.ts";
import type { EntityTable } from "./entity-table.ts";
import { type Environment, Evaluator, type EvaluatorOptions } from "./evaluate.ts";
import { explainFailure } from "./explain.ts";
import type { Formula } from "./formula.ts";
import type { Failure, Proof } from "./proof.ts";
import { proofTree, witnessesOf } from "./proof-tree.ts";
import { printFormula } from "./text.ts";
import type { Thing } from "./things.ts";

/** A candidate below this truth fails; its proof says where. */
export const FAILS_BELOW = 0.3;

export interface ProveOptions extends EvaluatorOptions {
  /** The free variable, "x" by default. */
  readonly free?: string;
}

/**
 * Proves a formula for one candidate, which need not be in the table. For a candidate that fails, the proof names the
 * first failing part, what was measured there, by how much it misses, and the smallest single change of the query at that part; whether
 * that change alone would admit the candidate is found by evaluating the changed formula.
 */
export function prove(table: EntityTable, formula: Formula, candidate: Entity, options: ProveOptions = {}): Proof {
  return createProver(table, formula, options)(candidate);
}

/** Proves one formula for many candidates, one after the other; what is found of the table is kept between them. */
export function createProver(
  table: EntityTable,
  formula: Formula,
  options: ProveOptions = {},
): (candidate: Entity) => Proof {
  const { free = "x" } = options;
  const evaluator = new Evaluator(table, options, { roots: [free], mayBeGuest: true });
  let guest: Thing | null = null;
  return (candidate) => {
    if (guest === null) guest = evaluator.things.invite(candidate);
    else evaluator.things.replace(guest, candidate);
    const env: Environment = new Map([[free, guest]]);
    const tree = proofTree(evaluator, formula, env);
    return {
      truth: tree.truth,
      tree,
      witnesses: witnessesOf(tree),
      failure: tree.truth < FAILS_BELOW ? worded(findFailure(evaluator, formula, env)) : null,
    };
  };
}

interface Found {
  readonly part: Formula;
  readonly failure: Omit<Failure, "explanation" | "repair">;
}

function worded({ part, failure }: Found): Failure {
  return { ...failure, ...explainFailure(part, failure, "en") };
}

/** First conjunct of the whole that fails (the weakest one when none fails alone), with its measurement and repair. */
function findFailure(evaluator: Evaluator, formula: Formula, env: Environment): Found {
  const parts = formula.kind === "and" ? formula.parts : [formula];
  const scored = parts.map((part) => ({ part, truth: evaluator.truth(part, env) }));
  const failing =
    scored.find(({ truth }) => truth < FAILS_BELOW) ?? scored.reduce((a, b) => (b.truth < a.truth ? b : a));
  const { part } = failing;
  const { changed, ...rest } = failureOf(evaluator, part, env);
  const failure: Omit<Failure, "explanation" | "repair"> = { formula: printFormula(part), ...rest };
  if (!rest.change) return { part, failure };
  const whole: Formula = { kind: "and", parts: parts.flatMap((other) => (other === part ? (changed ?? []) : other)) };
  const admits = evaluator.truth(whole, env) >= FAILS_BELOW;
  return { part, failure: { ...failure, change: { ...rest.change, admits } } };
}

type PartFailure = Partial<Pick<Failure, "measured" | "margin" | "change" | "witness">> & {
  /** The part as it would have to be; absent when it would have to go. */
  readonly changed?: Formula;
};

function failureOf(evaluator: Evaluator, part: Formula, env: Environment): PartFailure {
  switch (part.kind) {
    case "exists":
      return existsFailure(evaluator, part, env);
    case "count":
      return countFailure(evaluator, part, env);
    case "not":
      return notFailure(evaluator, part, env);
    case "area":
    case "spatial":
      return atomFailure(evaluator, part, env);
    default: {
      const { measured } =
        part.kind === "and" || part.kind === "or" ? { measured: undefined } : evaluator.measure(part, env);
      return { ...(measured && { measured }), change: { kind: "drop", admits: false } };
    }
  }
}

/** The distance link of a quantified body: a bounded "near" between the variable and what is bound. */
function linkOf(variable: string, body: Formula, env: Environment): Extract<Formula, { kind: "spatial" }> | null {
  const conjuncts = body.kind === "and" ? body.parts : [body];
  for (const part of conjuncts) {
    if (part.kind !== "spatial" || !part.terms.includes(variable)) continue;
    const bound = part.terms.some((term) => term !== variable && (term.startsWith("@") || env.has(term)));
    if (bound && ["near", "along", "adjacent"].includes(part.predicate)) return part;
  }
  return null;
}

function withoutLink(body: Formula, link: Formula): Formula {
  return body.kind === "and" ? { kind: "and", parts: body.parts.filter((part) => part !== link) } : { kind: "true" };
}

function withDistance(body: Formula, link: Extract<Formula, { kind: "spatial" }>, value: number): Formula {
  const { soft: _, ...rest } = link;
  const changed: Formula = { ...rest, predicate: "near", distanceM: value };
  return body.kind === "and"
    ? { kind: "and", parts: body.parts.map((part) => (part === link ? changed : part)) }
    : changed;
}

/** No witness in reach: the nearest thing that fits all but the distance, and the distance that would take it in. */
function existsFailure(
  evaluator: Evaluator,
  part: Extract<Formula, { kind: "exists" }>,
  env: Environment,
): PartFailure {
  const link = linkOf(part.variable, part.body, env);
  if (!link) return { change: { kind: "drop", admits: false } };
  const free = withoutLink(part.body, link);
  let nearest: { id: string; distance: number } | null = null;
  let measured: PartFailure["measured"];
  for (const thing of evaluator.candidates(part.variable, free, env)) {
    const bound = new Map(env).set(part.variable, thing);
    const found = evaluator.measure(link, bound).measured;
    if (typeof found?.value !== "number" || (nearest && found.value >= nearest.distance)) continue;
    if (evaluator.truth(free, bound) < FAILS_BELOW) continue;
    nearest = { id: evaluator.things.id(thing), distance: found.value };
    measured = found;
  }
  if (!nearest || !measured) {
    return {
      measured: { name: "count", value: 0, unit: "count", op: ">=", threshold: 1 },
      change: { kind: "drop", admits: false },
    };
  }
  const threshold = typeof measured.threshold === "number" ? measured.threshold : 0;
  if (nearest.distance <= threshold) return { measured, witness: nearest.id, change: { kind: "drop", admits: false } };
  const value = Math.ceil(nearest.distance);
  return {
    measured,
    margin: nearest.distance - threshold,
    witness: nearest.id,
    change: { kind: "distance", value, admits: false },
    changed: { ...part, body: withDistance(part.body, link, value) },
  };
}

function countFailure(evaluator: Evaluator, part: Extract<Formula, { kind: "count" }>, env: Environment): PartFailure {
  const value = evaluator.witnesses(part.variable, part.body, env).filter(({ truth }) => truth >= 0.5).length;
  return {
    measured: { name: "count", value, unit: "count", op: part.op, threshold: part.n },
    margin: Math.abs(value - part.n),
    change: { kind: "count", value, admits: false },
    changed: { ...part, n: value },
  };
}

/** Something stands where nothing may: the nearest such thing, and the distance that would leave it out. */
function notFailure(evaluator: Evaluator, part: Extract<Formula, { kind: "not" }>, env: Environment): PartFailure {
  const { body } = part;
  if (body.kind !== "exists") {
    const measured = body.kind === "and" || body.kind === "or" ? undefined : evaluator.measure(body, env).measured;
    return { ...(measured && { measured }), change: { kind: "drop", admits: false } };
  }
  const link = linkOf(body.variable, body.body, env);
  const found = evaluator.witnesses(body.variable, body.body, env);
  if (!link)
    return {
      ...(found[0] && { witness: evaluator.things.id(found[0].thing) }),
      change: { kind: "drop", admits: false },
    };
  const measured = found
    .map(({ thing }) => ({ thing, measured: evaluator.measure(link, new Map(env).set(body.variable, thing)).measured }))
    .sort((a, b) => Number(a.measured?.value) - Number(b.measured?.value))[0];
  if (!measured?.measured || typeof measured.measured.value !== "number")
    return { change: { kind: "drop", admits: false } };
  const threshold = Number(measured.measured.threshold ?? 0);
  const value = Math.max(0, Math.floor(measured.measured.value) - 1);
  return {
    measured: { ...measured.measured, op: ">=" },
    margin: Math.max(0, threshold - measured.measured.value),
    witness: evaluator.things.id(measured.thing),
    change: value > 0 ? { kind: "distance", value, admits: false } : { kind: "drop", admits: false },
    ...(value > 0 && {
      changed: { kind: "not", body: { ...body, body: withDistance(body.body, link, value) } } as Formula,
    }),
  };
}

function atomFailure(
  evaluator: Evaluator,
  part: Extract<Formula, { kind: "area" | "spatial" }>,
  env: Environment,
): PartFailure {
  const { measured } = evaluator.measure(part, env);
  if (!measured || typeof measured.value !== "number" || typeof measured.threshold !== "number") {
    return { ...(measured && { measured }), change: { kind: "drop", admits: false } };
  }
  const margin = Math.abs(measured.value - measured.threshold);
  if (part.kind === "area") {
    const value = part.op === "<=" || part.op === "<" ? Math.ceil(measured.value) + 1 : Math.floor(measured.value) - 1;
    return { measured, margin, change: { kind: "area", value, admits: false }, changed: { ...part, value } };
  }
  if (measured.name !== "distance") return { measured, margin, change: { kind: "drop", admits: false } };
  const value = measured.op === ">=" ? Math.floor(measured.value) : Math.ceil(measured.value);
  const { soft: _, ...rest } = part;
  return {
    measured,
    margin,
    change: { kind: "distance", value, admits: false },
    changed: { ...rest, distanceM: value },
  };
}
