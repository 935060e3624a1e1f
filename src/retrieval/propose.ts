import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import { search } from "../logic/search.ts";
import { parseFormula } from "../logic/text.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";
import { proposeClusters } from "./clusters.ts";
import { conceptScores } from "./coarse.ts";
import type { RetrievalContext } from "./context.ts";
import type { Plan } from "./plan.ts";
import {
  areaM2,
  asOutline,
  boxesMeet,
  boxOf,
  boxPolygon,
  mergeOutlines,
  type Outline,
  outlinesMeet,
  overlapOfSmaller,
} from "./planar.ts";
import type { Candidate, Saliency, SaliencyCell, TileHit } from "./values.ts";

/** Candidates of each origin that go on to the proof. */
const MOST_BINDINGS = 200;
const MOST_BY_CONCEPT = 200;
const MOST_COMPONENTS = 50;
/** A cell from this saliency on belongs to a component. */
const COMPONENT_FROM = 0.6;
/** What saliency alone establishes of a concept, at most: no entity confirms it. */
const SALIENCY_CONFIDENCE = 0.6;
/** Two candidates of one concept that share this much of the smaller one are one place. */
const SAME_PLACE = 0.5;
/** A thing of a more general kind is proposed as the one sought from this likeness on. */
const ALIKE_FROM = 0.2;
const EXCLUDED_OVERLAP = 0.3;

/**
 * Candidate regions inside the search area: entities that the whole formula admits, entities of the concept that it
 * may not (they become near misses), clusters of entities that fit the concept's definition, and connected salient
 * cells where imagery shows the concept and no entity does. A mapped outline and a cluster on one place become one candidate.
 */
export function propose(
  tiles: readonly TileHit[],
  saliency: Saliency,
  plan: Plan,
  context: RetrievalContext,
): readonly Candidate[] {
  const { crs } = context.workspace;
  const area = crs.geometryFromWgs84(plan.area) as Outline;
  const entities = [...admitted(plan, context), ...ofConcept(plan, context, area)];
  const single = [...new Map(entities.map((entity) => [entity.id, entity])).values()].map((entity) =>
    ofEntity(entity, context),
  );
  const clusters = proposeClusters(plan.query.target.concept, area, plan.dates, tableFor(plan, context), context);
  const known = mergePlaces([...withoutParts(single, clusters, plan), ...clusters]);
  const alike = ofLikeness(saliency, plan, context).filter(
    (one) => !known.some((candidate) => overlapOfSmaller(candidate.geometry, one.geometry) >= SAME_PLACE),
  );
  const components = ofSaliency(saliency, plan, context).filter(
    (component) =>
      ![...known, ...alike].some((candidate) => overlapOfSmaller(candidate.geometry, component.geometry) > 0.1),
  );
  const excluded = Object.entries(plan.constants).flatMap(([term, geometry]) =>
    term.startsWith("@exclude:") ? [crs.geometryFromWgs84(geometry as GeoJSON.Geometry) as Outline] : [],
  );
  const heat = heatUnder(
    tiles,
    saliency,
    conceptScores(plan.query.target.concept, new Float32Array(0), context) !== null,
  );
  const { after } = plan.dates;
  // Without a time in the question it is about what stands now: the map may still hold what the imagery shows to be gone.
  const stands = ({ lastSeen }: Candidate) =>
    plan.query.time !== null || lastSeen === null || after === null || lastSeen >= after;
  return [...known, ...alike, ...components]
    .filter(stands)
    .filter((candidate) => outlinesMeet(candidate.geometry, area))
    .filter(
      (candidate) => !excluded.some((outline) => overlapOfSmaller(candidate.geometry, outline) >= EXCLUDED_OVERLAP),
    )
    .map((candidate) => ({ ...candidate, ...heat(candidate.geometry) }));
}

/** Entities that the whole formula admits, best first. */
function admitted(plan: Plan, context: RetrievalContext): readonly Entity[] {
  const { bindings } = search(tableFor(plan, context), parseFormula(plan.formula), {
    free: "x",
    limit: MOST_BINDINGS,
    minTruth: 0.02,
    constants: planConstants(plan, context),
    proofs: false,
  });
  return bindings.map(({ entity }) => entity);
}

/** Without a time in the question it is about what stands now; else also about what is gone. */
function tableFor(plan: Plan, context: RetrievalContext) {
  return plan.query.time === null ? context.standing(plan.dates.after) : context.table();
}

/** Entities of the concept or of what it subsumes in the area, most confident and largest first. */
function ofConcept(plan: Plan, context: RetrievalContext, area: Outline): readonly Entity[] {
  const { concept } = plan.query.target;
  return context.workspace.entities
    .query({ concepts: [concept, ...subsumedConcepts(concept)], box: boxOf(area) })
    .map((entity) => ({ entity, size: areaM2(entity.geometry) }))
    .sort(
      (a, b) => b.entity.confidence - a.entity.confidence || b.size - a.size || (a.entity.id < b.entity.id ? -1 : 1),
    )
    .slice(0, MOST_BY_CONCEPT)
    .map(({ entity }) => entity);
}

/** The plan's "@" constants in working-CRS metres. */
export function planConstants(plan: Plan, context: RetrievalContext): Record<string, GeoJSON.Geometry> {
  const { crs } = context.workspace;
  return Object.fromEntries(
    Object.entries(plan.constants).map(([term, geometry]) => [
      term,
      crs.geometryFromWgs84(geometry as GeoJSON.Geometry),
    ]),
  );
}

/** Kinds that a line stands for also where it ends where it began. */
const LINEAR: ReadonlySet<string> = new Set([
  "road",
  "highway",
  "railway",
  "wall",
  "river",
  "stream",
  "canal",
  "coast",
  "roundabout",
  "track_field",
]);

/** A closed line around an area, as some exports give parks and harbours beside their polygons, is that area. */
function outlineOf({ geometry, concept }: Entity, context: RetrievalContext): Outline {
  if (geometry.type === "LineString" && !LINEAR.has(concept) && geometry.coordinates.length >= 4) {
    const [first, last] = [geometry.coordinates[0], geometry.coordinates.at(-1)];
    if (first?.[0] === last?.[0] && first?.[1] === last?.[1])
      return { type: "Polygon", coordinates: [geometry.coordinates] };
  }
  return asOutline(geometry, context.workspace.crs);
}

function ofEntity(entity: Entity, context: RetrievalContext): Candidate {
  return {
    id: entity.id,
    concept: entity.concept,
    geometry: outlineOf(entity, context),
    confidence: entity.confidence,
    origin: "entity",
    conceptProof: null,
    attributes: entity.attributes,
    name: entity.name,
    source: entity.source,
    areaHistory: entity.areaHistory,
    entityIds: [entity.id],
    firstSeen: entity.firstSeen,
    lastSeen: entity.lastSeen,
    saliency: 0,
    coarse: 0,
  };
}

/** One candidate a place: a mapped outline keeps its geometry and name and takes over the cluster's evidence. */
function mergePlaces(candidates: readonly Candidate[]): readonly Candidate[] {
  const entities = candidates.filter(({ origin }) => origin === "entity");
  const clusters = candidates.filter(({ origin }) => origin === "cluster");
  const taken = new Set<string>();
  const merged = entities.map((entity) => {
    if (areaM2(entity.geometry) === 0) return entity;
    const same = clusters.filter(
      (cluster) =>
        !taken.has(cluster.id) &&
        entity.concept === cluster.concept &&
        overlapOfSmaller(entity.geometry, cluster.geometry) >= SAME_PLACE,
    );
    for (const cluster of same) taken.add(cluster.id);
    return same.reduce(joinEvidence, entity);
  });
  return [...merged, ...clusters.filter(({ id }) => !taken.has(id))];
}

function joinEvidence(entity: Candidate, cluster: Candidate): Candidate {
  return {
    ...entity,
    confidence: 1 - (1 - entity.confidence) * (1 - cluster.confidence),
    conceptProof: entity.conceptProof ?? cluster.conceptProof,
    entityIds: [...new Set([...entity.entityIds, ...cluster.entityIds])],
    firstSeen: entity.firstSeen ?? cluster.firstSeen,
    lastSeen: entity.lastSeen ?? cluster.lastSeen,
    areaHistory: entity.areaHistory.length > 0 ? entity.areaHistory : cluster.areaHistory,
  };
}

/** A roof that stands for its logistics park, with the same witnesses, is a part of the cluster and no place beside it. */
function withoutParts(single: readonly Candidate[], clusters: readonly Candidate[], plan: Plan): readonly Candidate[] {
  const { concept } = plan.query.target;
  const kinds = new Set<string>([concept, ...subsumedConcepts(concept)]);
  const parts = new Set(clusters.flatMap(({ entityIds }) => entityIds));
  return single.filter(({ id, concept: own }) => kinds.has(own) || !parts.has(id));
}

/** Things of a more general kind that look like the one sought, with their own outlines and life spans. */
function ofLikeness({ likeness }: Saliency, plan: Plan, context: RetrievalContext): readonly Candidate[] {
  return Object.entries(likeness).flatMap(([id, score]): Candidate[] => {
    const entity = score >= ALIKE_FROM ? context.entity(id) : null;
    if (!entity) return [];
    const { concept } = plan.query.target;
    return [{ ...ofEntity(entity, context), concept, confidence: score, origin: "likeness" }];
  });
}

/** Connected cells of high saliency as candidates, where the encoder itself can tell the concept. */
function ofSaliency(saliency: Saliency, plan: Plan, context: RetrievalContext): readonly Candidate[] {
  const { concept } = plan.query.target;
  if (context.encoder.scoreConcept(concept, new Float32Array(0)) === null) return [];
  const cells = saliency.cells.filter(({ score, box }) => score >= COMPONENT_FROM && box[2] - box[0] <= 256);
  const components = connected(cells).sort((a, b) => mean(b) - mean(a) || b.length - a.length);
  return components.slice(0, MOST_COMPONENTS).flatMap((members, index): Candidate[] => {
    const geometry = mergeOutlines(members.map(({ box }) => boxPolygon(box)));
    if (!geometry) return [];
    return [
      {
        id: `saliency:${plan.hash.slice(0, 8)}:${index}`,
        concept,
        geometry,
        confidence: SALIENCY_CONFIDENCE * mean(members),
        origin: "saliency",
        conceptProof: null,
        attributes: [],
        name: null,
        source: `encoder:${context.encoder.id}`,
        areaHistory: [],
        entityIds: [],
        firstSeen: plan.query.time?.kind === "new" ? plan.dates.after : null,
        lastSeen: plan.query.time?.kind === "gone" ? plan.dates.before : null,
        saliency: 0,
        coarse: 0,
      },
    ];
  });
}

function mean(cells: readonly SaliencyCell[]): number {
  return cells.reduce((sum, { score }) => sum + score, 0) / cells.length;
}

/** Groups of cells that touch along an edge. */
function connected(cells: readonly SaliencyCell[]): SaliencyCell[][] {
  const groups: SaliencyCell[][] = [];
  const rest = new Set(cells);
  for (const start of cells) {
    if (!rest.delete(start)) continue;
    const group = [start];
    for (const cell of group) {
      for (const other of rest) {
        if (!touch(cell.box, other.box)) continue;
        rest.delete(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

function touch(a: BoxM, b: BoxM): boolean {
  const overlapX = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const overlapY = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return (overlapX >= 0 && overlapY > 0) || (overlapX > 0 && overlapY >= 0);
}

/** Mean saliency of the cells and mean score of the coarse tiles whose box meets the outline's box. */
function heatUnder(tiles: readonly TileHit[], saliency: Saliency, seen: boolean) {
  return (geometry: Outline): { saliency: number; coarse: number } => {
    const box = boxOf(geometry);
    const cells = seen ? saliency.cells.filter((cell) => boxesMeet(cell.box, box)) : [];
    const under = tiles.filter(({ tile }) => boxesMeet(tile.box, box));
    return {
      saliency: cells.length > 0 ? mean(cells) : 0,
      coarse: under.length > 0 ? Math.max(...under.map(({ score }) => score)) : 0,
    };
  };
}
