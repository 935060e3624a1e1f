import Flatbush from "flatbush";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { boundsOf } from "../geo/bounds.ts";
import { distanceM, inPolygon } from "../logic/distance.ts";
import type { Entity } from "../store/entity.ts";
import { SEEN_ON } from "./map-features.ts";

/** Two outlines of the same kind are one thing from this overlap (intersection over union) on. */
export const SAME_IOU = 0.4;
/** A segment of which mapped things of its kind cover this share tells nothing new. */
const KNOWN_SHARE = 0.6;
/** Sample points a side of a segment's box. */
const LATTICE = 24;

/** What maps call a find beside its own kind and the kinds below it. */
const ALSO_MAPPED_AS: Readonly<Partial<Record<ConceptId, readonly ConceptId[]>>> = {
  large_roof: ["building", "factory", "greenhouse", "railway_station"],
  truck_yard: ["parking_lot"],
  quarry: ["mine"],
  bare_soil: ["quarry", "mine", "construction_site", "beach", "landfill", "desert"],
  grassland: ["park", "golf_course", "soccer_field"],
  forest: ["park"],
};

/** Tag of a joined segment that was found on one of the two dates alone, with that date. Never published. */
export const FOUND_ONLY_ON = "segment:only-on";

/** One entity a thing: the newest segment stands for those of all dates that lie on it; what is mapped already is left out. */
export function joinSegments(
  found: ReadonlyMap<string | null, readonly Entity[]>,
  mapped: readonly Entity[],
  pair: readonly [string, string] | null,
): Entity[] {
  const knownNear = mappedNear(mapped);
  const kept: Entity[] = [];
  const keptOn: (string | null)[] = [];
  for (const date of [...found.keys()].sort((a, b) => (b ?? "").localeCompare(a ?? ""))) {
    // What is kept of this date alone needs no looking for: windows are stitched before.
    const before = indexByConcept(kept);
    for (const entity of found.get(date) ?? []) {
      if (isKnown(entity, knownNear(entity))) continue;
      const same = before(entity).find((i) => overlap(entity.geometry, (kept[i] as Entity).geometry) >= SAME_IOU);
      if (same !== undefined) {
        if (keptOn[same] === date) continue;
        const held = kept[same] as Entity;
        const { [FOUND_ONLY_ON]: _, ...tags } = held.tags;
        kept[same] = {
          ...held,
          tags,
          confidence: Math.round(Math.min(0.95, 1 - (1 - held.confidence) * (1 - entity.confidence * 0.6)) * 100) / 100,
        };
        continue;
      }
      keptOn.push(date);
      const tags = {
        ...entity.tags,
        ...(pair && date === pair[0] && { [SEEN_ON]: date }),
        ...(pair && date !== null && pair.includes(date) && { [FOUND_ONLY_ON]: date }),
      };
      kept.push({ ...entity, tags });
    }
  }
  return kept;
}

/** Finds the places in `entities` of those of an entity's concept whose boxes meet its own. */
function indexByConcept(
  entities: readonly Entity[],
): (entity: Pick<Entity, "concept" | "geometry">) => readonly number[] {
  const groups = new Map<ConceptId, number[]>();
  for (const [i, { concept }] of entities.entries()) groups.set(concept, [...(groups.get(concept) ?? []), i]);
  const trees = new Map(
    [...groups].map(([concept, members]) => {
      const tree = new Flatbush(members.length);
      for (const i of members) tree.add(...boundsOf((entities[i] as Entity).geometry));
      tree.finish();
      return [concept, { tree, members }] as const;
    }),
  );
  return ({ concept, geometry }) => {
    const group = trees.get(concept);
    return group ? group.tree.search(...boundsOf(geometry)).map((k) => group.members[k] as number) : [];
  };
}

/** Finds mapped things of an entity's kind, or of what maps call such finds, whose boxes meet its own. */
function mappedNear(mapped: readonly Entity[]): (entity: Entity) => readonly Entity[] {
  const at = indexByConcept(mapped);
  const kinds = new Map<ConceptId, readonly ConceptId[]>();
  return (entity) => {
    const { concept } = entity;
    let wanted = kinds.get(concept);
    if (!wanted) {
      wanted = [...new Set([concept, ...subsumedConcepts(concept), ...(ALSO_MAPPED_AS[concept] ?? [])])];
      kinds.set(concept, wanted);
    }
    return wanted.flatMap((kind) => at({ ...entity, concept: kind }).map((i) => mapped[i] as Entity));
  };
}

/** Whether a map says already what a segment found. Of roads a map holds the line, not the ground: one across the segment is enough. */
function isKnown(entity: Entity, near: readonly Entity[]): boolean {
  if (near.length === 0) return false;
  if (entity.concept === "road") return near.some(({ geometry }) => distanceM(entity.geometry, geometry) === 0);
  const areas = near.filter(({ geometry }) => geometry.type === "Polygon" || geometry.type === "MultiPolygon");
  if (areas.some(({ geometry }) => overlap(entity.geometry, geometry) >= SAME_IOU)) return true;
  return coveredShare(entity.geometry, areas) >= KNOWN_SHARE;
}

/** Finds the share of an outline that entities of some kinds cover. */
export function coverOf(entities: readonly Entity[]): (geometry: GeoJSON.Geometry, kinds: readonly string[]) => number {
  const near = indexByConcept(entities);
  return (geometry, kinds) => {
    const polygons: readonly GeoJSON.Polygon[] =
      geometry.type === "Polygon"
        ? [geometry]
        : geometry.type === "MultiPolygon"
          ? geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }))
          : [];
    const shares = polygons.map((polygon) => {
      const others = kinds.flatMap((concept) =>
        near({ concept: concept as ConceptId, geometry: polygon }).map((i) => entities[i] as Entity),
      );
      return coveredShare(polygon, others);
    });
    return shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : 0;
  };
}

/** Share of a polygon's lattice points that lie in some of the outlines. */
function coveredShare(geometry: GeoJSON.Geometry, others: readonly Entity[]): number {
  if (geometry.type !== "Polygon" || others.length === 0) return 0;
  let [inside, covered] = [0, 0];
  for (const [x, y] of lattice(boundsOf(geometry))) {
    if (!inPolygon(x, y, geometry.coordinates)) continue;
    inside += 1;
    if (others.some((other) => isIn(x, y, other.geometry))) covered += 1;
  }
  return inside > 0 ? covered / inside : 0;
}

/** Intersection over union on a lattice over both boxes: enough to tell the same thing from a neighbour. */
export function overlap(a: GeoJSON.Geometry, b: GeoJSON.Geometry): number {
  if (a.type !== "Polygon" || (b.type !== "Polygon" && b.type !== "MultiPolygon")) return 0;
  const boxA = boundsOf(a);
  const boxB = boundsOf(b);
  if (boxA[0] > boxB[2] || boxB[0] > boxA[2] || boxA[1] > boxB[3] || boxB[1] > boxA[3] || distanceM(a, b) > 0) return 0;
  let both = 0;
  let either = 0;
  const around = [
    Math.min(boxA[0], boxB[0]),
    Math.min(boxA[1], boxB[1]),
    Math.max(boxA[2], boxB[2]),
    Math.max(boxA[3], boxB[3]),
  ] as const;
  for (const [x, y] of lattice(around)) {
    const inA = inPolygon(x, y, a.coordinates);
    const inB = isIn(x, y, b);
    if (inA && inB) both += 1;
    if (inA || inB) either += 1;
  }
  return either > 0 ? both / either : 0;
}

function* lattice([minX, minY, maxX, maxY]: readonly [number, number, number, number]): Generator<[number, number]> {
  for (let i = 0; i < LATTICE; i += 1)
    for (let j = 0; j < LATTICE; j += 1)
      yield [minX + ((i + 0.5) / LATTICE) * (maxX - minX), minY + ((j + 0.5) / LATTICE) * (maxY - minY)];
}

function isIn(x: number, y: number, geometry: GeoJSON.Geometry): boolean {
  if (geometry.type === "Polygon") return inPolygon(x, y, geometry.coordinates);
  return geometry.type === "MultiPolygon" && geometry.coordinates.some((rings) => inPolygon(x, y, rings));
}
