import type { Formula } from "../logic/formula.ts";
import { parseFormula } from "../logic/text.ts";
import type { RetrievalContext } from "../retrieval/context.ts";
import { widenPlan } from "../retrieval/make-plan.ts";
import type { Plan } from "../retrieval/plan.ts";
import { type Outline, outlinesMeet, overlapOfSmaller } from "../retrieval/planar.ts";
import { searchEntities } from "../retrieval/search-again.ts";
import type { ProvedCandidate } from "../retrieval/values.ts";
import type { Difference, Left } from "./difference.ts";

interface Placed {
  readonly id: string;
  readonly rank: number;
  readonly geometry: Outline;
}

/** A region is the one of before when they share this much of the smaller. */
const SAME_FROM = 0.5;

/**
 * Which results of the reply before still stand, and why the others do not: each is proved under the new query, over the entities of
 * the workspace, and grouped by the part that fails with what was measured of it.
 *
 * @param before the results of the reply before, WGS84
 * @param after the results now, WGS84
 */
export function turnDifference(
  before: readonly Placed[],
  after: readonly Placed[],
  plan: Plan,
  context: RetrievalContext,
): Difference {
  const { crs } = context.workspace;
  const metric = (placed: Placed) => crs.geometryFromWgs84(placed.geometry) as Outline;
  const now = after.map(metric);
  const then = before.map((placed) => ({ placed, outline: metric(placed) }));
  const isSame = (a: Outline, b: Outline) => overlapOfSmaller(a, b) >= SAME_FROM;
  const gone = then.filter(({ outline }) => !now.some((other) => isSame(outline, other)));
  const added = now.filter((outline) => !then.some((other) => isSame(outline, other.outline))).length;
  const counted = { of: before.length, remain: before.length - gone.length, added };
  if (gone.length === 0) return { ...counted, left: [] };
  const { proved } = searchEntities(widenPlan(plan, context), context);
  const area = crs.geometryFromWgs84(plan.area) as Outline;
  const isFull = after.length >= plan.budget.regions;
  const reasons = gone.map(({ placed, outline }) => {
    if (plan.query.exclude.some((one) => "region" in one && one.region === placed.id))
      return reasonOf(placed, "excluded");
    const entry = bestOverlap(proved, outline);
    if (!entry) return reasonOf(placed, "kind");
    if (entry.proof.failure) return failing(placed, entry);
    if (!outlinesMeet(entry.candidate.geometry, area)) return reasonOf(placed, "outside");
    return reasonOf(placed, isFull ? "limit" : "weak");
  });
  return { ...counted, left: grouped(reasons) };
}

function bestOverlap(proved: readonly ProvedCandidate[], outline: Outline): ProvedCandidate | null {
  const found = proved
    .map((entry) => ({ entry, overlap: overlapOfSmaller(entry.candidate.geometry, outline) }))
    .filter(({ overlap }) => overlap >= SAME_FROM)
    .sort((a, b) => b.overlap - a.overlap || b.entry.candidate.confidence - a.entry.candidate.confidence);
  return found[0]?.entry ?? null;
}

function reasonOf({ rank }: Placed, reason: Left["reason"]): Left {
  return { count: 1, ranks: [rank], reason };
}

function failing(placed: Placed, { proof }: ProvedCandidate): Left {
  const failure = proof.failure;
  const base = { ...reasonOf(placed, "fails"), ...(failure && { formula: failure.formula }) };
  const measured = failure?.measured;
  if (!measured || typeof measured.value !== "number") return base;
  if (measured.name !== "distance" && measured.name !== "area" && measured.name !== "count") return base;
  return {
    ...base,
    measured: measured.name,
    unit: measured.unit,
    ...(typeof measured.threshold === "number" && { threshold: measured.threshold }),
    nearest: measured.value,
    farthest: measured.value,
  };
}

/** One entry a reason and failing part, the most frequent first. */
function grouped(reasons: readonly Left[]): Left[] {
  const groups = new Map<string, Left>();
  for (const one of reasons) {
    const key = `${one.reason}|${one.formula ?? ""}`;
    const held = groups.get(key);
    groups.set(key, held ? merged(held, one) : one);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

function merged(a: Left, b: Left): Left {
  const ends = (pick: (values: number[]) => number, x: number | undefined, y: number | undefined) =>
    x === undefined || y === undefined ? (x ?? y) : pick([x, y]);
  const nearest = ends((values) => Math.min(...values), a.nearest, b.nearest);
  const farthest = ends((values) => Math.max(...values), a.farthest, b.farthest);
  return {
    ...a,
    count: a.count + b.count,
    ranks: [...a.ranks, ...b.ranks].sort((x, y) => x - y),
    ...(nearest !== undefined && { nearest }),
    ...(farthest !== undefined && { farthest }),
  };
}

/** The failing part of a group as a formula, or null. */
export function leftFormula({ formula }: Left): Formula | null {
  try {
    return formula === undefined ? null : parseFormula(formula);
  } catch {
    return null;
  }
}
