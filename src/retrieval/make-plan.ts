import { createHash } from "node:crypto";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { printFormula } from "../logic/text.ts";
import { compileQuery } from "../query/compile.ts";
import type { AreaGeometry, Noun, Query, Relation, TimeConstraint } from "../query/schema.ts";
import type { DialogueState, Turn } from "../query/turn.ts";
import type { BoxM } from "../store/ports.ts";
import type { PlanOutcome } from "../turn/stages.ts";
import type { RetrievalContext } from "./context.ts";
import type { Outcome } from "./outcome.ts";
import { type Budget, PLAN_VERSION, type Plan } from "./plan.ts";
import { boxOf, boxPolygon, type Outline } from "./planar.ts";
import { coverage, resolveGeo } from "./resolve-geo.ts";
import { supportingConcepts } from "./supporting-concepts.ts";

export const DEFAULT_BUDGET: Budget = { tiles: 64, pixels: 1_500_000, regions: 10 };

/** Looks up the outline of an earlier result by its region id. */
export type RegionLookup = (regionId: string) => AreaGeometry | null;

/**
 * Query to Plan: places and views become polygons, dates become those of the imagery, the query becomes a formula.
 * Refuses, with the kind of "no" that it is, what the workspace cannot answer at all. Pure: no pixel is read.
 */
export function makePlan(
  turn: Turn,
  dialogue: DialogueState,
  context: RetrievalContext,
  regionOutline: RegionLookup,
): PlanOutcome {
  const { query } = turn;
  if (!query) return refuse({ kind: "cannot_decide", because: "the message asks for nothing that can be searched" });
  const uncovered = uncoveredConcept(query, context);
  if (uncovered) return refuse({ kind: "not_covered", missing: "concept", detail: uncovered });
  const dates = resolveDates(query.time, query.target.concept, context);
  if ("kind" in dates) return refuse(dates);
  const geo = resolveGeo(query, context.workspace, {
    gazetteer: context.gazetteer,
    viewport: dialogue.viewport,
    drawn: dialogue.area,
  });
  if (geo.kind === "unknown_place") {
    const hint = geo.nearest.length > 0 ? `:${geo.nearest.join("|")}` : "";
    return refuse({ kind: "not_covered", missing: "place", detail: `${geo.name}${hint}` });
  }
  if (geo.kind === "ambiguous_place")
    return refuse({ kind: "cannot_decide", because: `which_place:${geo.name}:${geo.choices.join("|")}` });
  if (geo.kind === "no_view") return refuse({ kind: "cannot_decide", because: "no_view" });
  if (geo.kind === "outside") return refuse({ kind: "not_covered", missing: "imagery", detail: geo.what });

  const constants: Record<string, GeoJSON.Geometry> = { ...geo.constants };
  for (const exclusion of query.exclude) {
    if (!("region" in exclusion)) continue;
    const outline = regionOutline(exclusion.region);
    if (outline) constants[`@exclude:${exclusion.region}`] = outline;
  }
  const similar =
    turn.action === "similar_to" ? turn.references.find((reference) => reference.region)?.region : undefined;
  const { formula } = compileQuery(query, {
    from: dates.before ?? undefined,
    to: dates.after ?? undefined,
    geoTerms: geo.terms,
  });
  return {
    kind: "planned",
    plan: hashed({
      version: PLAN_VERSION,
      workspace: context.workspace.fingerprint,
      // The words that the query came from belong to the turn: the same query in other words is the same plan.
      query: { ...query, spans: [] },
      formula: printFormula(formula),
      area: hasNoPlace(query, dialogue) ? whereverKnown(query.target.concept, geo.area, context) : geo.area,
      constants,
      similarTo: similar ? regionOutline(similar) : null,
      dates,
      budget: { ...DEFAULT_BUDGET, regions: query.limit ?? DEFAULT_BUDGET.regions },
    }),
  };
}

const hasNoPlace = ({ geo }: Query, { viewport, area }: DialogueState) =>
  geo.length === 0 && viewport === null && area === null;

/**
 * What the imagery covers; where maps know the concept only beyond it, what the map knows of it instead: an answer from the map alone is better than
 * none, and its flags say what it is.
 */
function whereverKnown(concept: ConceptId, covered: AreaGeometry, context: RetrievalContext): AreaGeometry {
  const { crs, images } = context.workspace;
  const known = context.boxes(concept);
  if (images.length === 0 || known.size === 0) return covered;
  if (known.within(boxOf(crs.geometryFromWgs84(covered) as Outline)).length > 0) return covered;
  const boxes = known.within([-Infinity, -Infinity, Infinity, Infinity]).map(({ geometry }) => boxOf(geometry));
  const side = (of: (a: number, b: number) => number, i: 0 | 1 | 2 | 3) =>
    boxes.reduce((best, box) => of(best, box[i]), boxes[0]?.[i] ?? 0);
  const box: BoxM = [side(Math.min, 0), side(Math.min, 1), side(Math.max, 2), side(Math.max, 3)];
  return crs.geometryToWgs84(boxPolygon(box)) as AreaGeometry;
}

/** The same plan over everything that the workspace covers, for questions about places outside its search area. */
export function widenPlan(plan: Plan, context: RetrievalContext): Plan {
  const { hash: _, ...rest } = plan;
  return hashed({ ...rest, area: coverage(context.workspace) });
}

function hashed(plan: Omit<Plan, "hash">): Plan {
  return { ...plan, hash: createHash("sha256").update(canonicalJson(plan)).digest("hex") };
}

/** JSON with sorted keys, so that equal values have equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) =>
    entry !== null && typeof entry === "object" && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}

function refuse(outcome: Outcome): PlanOutcome {
  return { kind: "refused", outcome };
}

/** The first concept that is needed and that neither an entity nor the imagery's encoder can show. */
function uncoveredConcept(query: Query, context: RetrievalContext): ConceptId | null {
  const present = new Set(context.workspace.entities.counts().map(({ concept }) => concept));
  const shown = (concept: ConceptId) =>
    supportingConcepts(concept).some((supporting) => present.has(supporting)) ||
    (context.workspace.images.length > 0 && context.encoder.scoreConcept(concept, new Float32Array(0)) !== null);
  const needed: ConceptId[] = [query.target.concept];
  const absent: ConceptId[] = [];
  const visit = (relations: readonly Relation[]) => {
    for (const relation of relations) {
      const concepts = relation.anchors.map((anchor) => (anchor as Noun).concept);
      if (relation.negated || relation.predicate === "far_from") absent.push(...concepts);
      if (relation.negated) continue;
      needed.push(...concepts);
      for (const anchor of relation.anchors) visit(anchor.relations);
    }
  };
  visit(query.relations);
  // That something is far from all of a kind needs a source that would say where they are: imagery alone has not looked beyond its edge.
  const hasMap = context.workspace.sources().some(({ kind }) => kind === "vectors" || kind === "detections");
  const isUnknown = (concept: ConceptId) => ![concept, ...subsumedConcepts(concept)].some((kind) => present.has(kind));
  return needed.find((concept) => !shown(concept)) ?? (hasMap ? null : (absent.find(isUnknown) ?? null));
}

/** Imagery dates that bracket the time asked for. A single date cannot show change unless entities carry life spans. */
function resolveDates(
  time: TimeConstraint | null,
  concept: ConceptId,
  context: RetrievalContext,
): { before: string | null; after: string | null } | Outcome {
  const { dates } = context;
  const oldest = dates[0] ?? null;
  const newest = dates.at(-1) ?? null;
  if (!time) return { before: null, after: newest };
  const to = time.to ?? newest ?? undefined;
  if (time.kind === "as_of") {
    const after = dates.filter((date) => !to || date <= to).at(-1);
    if (!after && newest) return { kind: "not_covered", missing: "date", detail: `${to}:${dates.join("|")}` };
    return { before: null, after: after ?? to ?? null };
  }
  const dated = context.workspace.entities
    .query({ concepts: supportingConcepts(concept) })
    .some((entity) => entity.firstSeen !== null || entity.lastSeen !== null);
  const before =
    dates.filter((date) => time.from === undefined || date <= time.from).at(time.from === undefined ? 0 : -1) ?? oldest;
  const after = dates.filter((date) => !to || date <= to).at(-1) ?? newest;
  if (before && after && before < after) return { before, after };
  // Without two mosaics, entities that state their own dates can still answer a question that states its range.
  if (dates.length < 2 && dated && time.from !== undefined) return { before: time.from, after: to ?? null };
  return { kind: "not_covered", missing: "date", detail: `${time.from ?? ""}/${time.to ?? ""}:${dates.join("|")}` };
}
