import Flatbush from "flatbush";
import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import { boundsOf } from "../../geo/bounds.ts";
import { distanceM, inPolygon } from "../../logic/distance.ts";
import { areaM2 } from "../../retrieval/planar.ts";
import type { Entity } from "../../store/entity.ts";
import type { BoxM } from "../../store/ports.ts";
import { areOfOneKind, depthOf, type Role, roleOf } from "./concepts.ts";
import type { Names } from "./facts.ts";

/** One thing on the ground, whatever the number of sources that know it. Geometry in metres of the working CRS. */
export interface Thing {
  readonly concept: ConceptId;
  readonly role: Role;
  readonly geometry: GeoJSON.Geometry;
  readonly box: BoxM;
  /** Middle of the box. */
  readonly middle: readonly [number, number];
  readonly areaM2: number;
  /** Entities that it was found as: the narrowest kind first. */
  readonly ids: readonly string[];
  readonly attributes: readonly AttributeId[];
  readonly names: Names | null;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly areaHistory: Entity["areaHistory"];
}

/** Finds of one kind are one thing from this overlap of their outlines on (shared area over the smaller one) … */
const SAME_SHARE = 0.6;
/** … unless one is this many times as large: a hall in a compound is not the compound. */
const SAME_SIZE = 4;
/** Points of one kind this close, in metres, are one thing. */
const SAME_POINT_M = 3;
/** Points at which an overlap is sampled along each side of the smaller box. */
const SAMPLES = 12;

/**
 * Entities as things: those of one kind (equal, or one taking in the other) that lie on each other are joined; the narrowest
 * concept, the mapped outline and everybody's attributes stand for them. Deterministic in any order of the entities.
 */
export function thingsOf(entities: readonly Entity[], nameOf: (entity: Entity) => Names | null): Thing[] {
  const ordered = entities
    .filter(({ geometry }) => geometry.type !== "GeometryCollection")
    .map((entity) => ({ entity, box: boundsOf(entity.geometry) as BoxM, depth: depthOf(entity.concept) }))
    .filter(({ box }) => box.every(Number.isFinite))
    .sort(
      (a, b) =>
        b.depth - a.depth ||
        Number(a.entity.source.startsWith("segmenter:")) - Number(b.entity.source.startsWith("segmenter:")) ||
        (a.entity.id < b.entity.id ? -1 : 1),
    );
  if (ordered.length === 0) return [];
  const tree = new Flatbush(ordered.length);
  for (const { box } of ordered) tree.add(...box);
  tree.finish();
  const taken = new Uint8Array(ordered.length);
  const things: Thing[] = [];
  for (const [at, { entity, box }] of ordered.entries()) {
    if (taken[at] === 1) continue;
    taken[at] = 1;
    const same = isLine(entity.geometry)
      ? []
      : tree
          .search(box[0] - SAME_POINT_M, box[1] - SAME_POINT_M, box[2] + SAME_POINT_M, box[3] + SAME_POINT_M)
          .filter((other) => taken[other] === 0 && isSame(entity, box, ordered[other] as (typeof ordered)[number]))
          .sort((a, b) => a - b);
    for (const other of same) taken[other] = 1;
    things.push(
      joined(
        entity,
        box,
        same.map((other) => (ordered[other] as (typeof ordered)[number]).entity),
        nameOf,
      ),
    );
  }
  return things;
}

function joined(
  head: Entity,
  headBox: BoxM,
  others: readonly Entity[],
  nameOf: (entity: Entity) => Names | null,
): Thing {
  const all = [head, ...others];
  // An outline says more than a point.
  const drawn = all.find(({ geometry }) => !isPoint(geometry)) ?? head;
  const box = drawn === head ? headBox : (boundsOf(drawn.geometry) as BoxM);
  return {
    concept: head.concept,
    role: roleOf(head.concept, drawn.geometry),
    geometry: drawn.geometry,
    box,
    middle: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2],
    areaM2: areaM2(drawn.geometry),
    ids: all.map(({ id }) => id),
    attributes: [...new Set(all.flatMap(({ attributes }) => attributes))],
    names: all.map(nameOf).find((names) => names !== null) ?? null,
    firstSeen: all.find(({ firstSeen }) => firstSeen !== null)?.firstSeen ?? null,
    lastSeen: all.find(({ lastSeen }) => lastSeen !== null)?.lastSeen ?? null,
    areaHistory: all.find(({ areaHistory }) => areaHistory.length > 1)?.areaHistory ?? [],
  };
}

const isLine = ({ type }: GeoJSON.Geometry) => type === "LineString" || type === "MultiLineString";
const isPoint = ({ type }: GeoJSON.Geometry) => type === "Point" || type === "MultiPoint";

function isSame(entity: Entity, box: BoxM, other: { readonly entity: Entity; readonly box: BoxM }): boolean {
  const { geometry } = entity;
  const theirs = other.entity.geometry;
  if (isLine(theirs)) return false;
  // One feature that is read as several kinds has one outline; the narrower kind stands for it.
  const isOneBox = box.every((value, i) => value === other.box[i]);
  if (isOneBox && JSON.stringify(geometry) === JSON.stringify(theirs)) return true;
  if (!areOfOneKind(entity.concept, other.entity.concept)) return false;
  if (isPoint(geometry) || isPoint(theirs)) return distanceM(geometry, theirs) <= SAME_POINT_M;
  const [a, b] = [areaM2(geometry), areaM2(theirs)];
  if (Math.max(a, b) > SAME_SIZE * Math.min(a, b)) return false;
  return a < b
    ? coveredShare(geometry, box, theirs) >= SAME_SHARE
    : coveredShare(theirs, other.box, geometry) >= SAME_SHARE;
}

/** Share of an outline that another covers, sampled on a grid. */
function coveredShare(inner: GeoJSON.Geometry, box: BoxM, outer: GeoJSON.Geometry): number {
  let within = 0;
  let shared = 0;
  for (let i = 0; i < SAMPLES; i += 1) {
    for (let j = 0; j < SAMPLES; j += 1) {
      const x = box[0] + ((i + 0.5) / SAMPLES) * (box[2] - box[0]);
      const y = box[1] + ((j + 0.5) / SAMPLES) * (box[3] - box[1]);
      if (!holdsPoint(inner, x, y)) continue;
      within += 1;
      if (holdsPoint(outer, x, y)) shared += 1;
    }
  }
  return within > 0 ? shared / within : 0;
}

/** Whether a point lies in the polygons of a geometry. */
export function holdsPoint(geometry: GeoJSON.Geometry, x: number, y: number): boolean {
  if (geometry.type === "Polygon") return inPolygon(x, y, geometry.coordinates);
  if (geometry.type === "MultiPolygon") return geometry.coordinates.some((rings) => inPolygon(x, y, rings));
  return false;
}

/** Whether it stands on a date; without one, whether it still does. What is new on a date stands on it, and so does what is seen on it last. */
export function standsOn({ firstSeen, lastSeen }: Pick<Thing, "firstSeen" | "lastSeen">, date: string | null): boolean {
  if (date === null) return lastSeen === null;
  return (firstSeen === null || firstSeen <= date) && (lastSeen === null || lastSeen >= date);
}
