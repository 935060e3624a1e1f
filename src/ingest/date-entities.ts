import Flatbush from "flatbush";
import { boundsOf } from "../geo/bounds.ts";
import type { MosaicReader } from "../imagery/ports.ts";
import { distanceM } from "../logic/distance.ts";
import type { Entity } from "../store/entity.ts";
import { overlap, SAME_IOU } from "./join-segments.ts";
import { landCover, looksNatural } from "./land-cover.ts";
import { SEEN_ON } from "./map-features.ts";
import { measureExtent } from "./measure-extent.ts";
import { standsOn } from "./standing-out.ts";

/** Mapped things of these kinds are dated from the imagery when they are at least this large, and at least two dozen pixels. */
const DATED_KINDS: ReadonlySet<string> = new Set([
  "warehouse",
  "large_roof",
  "logistics_park",
  "truck_yard",
  "factory",
  "industrial_area",
  "solar_farm",
  "solar_panel",
  "residential_area",
  "construction_site",
  "shopping_mall",
  "commercial_area",
  "parking_lot",
  "container_yard",
  "greenhouse",
  "storage_tank",
  "building",
  "stadium",
  "road",
]);
const SMALLEST_DATED_M2 = 60;

/** Things that nobody takes for open ground: where the imagery shows that alone, map and imagery disagree. */
const SOLID_KINDS: ReadonlySet<string> = new Set([
  "warehouse",
  "large_roof",
  "factory",
  "solar_panel",
  "shopping_mall",
  "parking_lot",
  "truck_yard",
  "container_yard",
  "greenhouse",
  "storage_tank",
  "building",
  "stadium",
]);
/** What would be found there if it stood. */
const BUILT_FINDS = [...SOLID_KINDS, "road", "container", "quarry"];
const NATURAL_ALONE = 0.92;

/** Small upright things: dated by whether anything stands out from the surroundings at their place, also where a map holds a point alone. */
const UPRIGHT_KINDS: ReadonlySet<string> = new Set(["wind_turbine", "oil_well", "transmission_tower", "tower"]);
/** Coarser imagery does not show them. */
const COARSEST_UPRIGHT_GSD = 2.5;

/** Kinds of cover that come and go as wholes, with what is found in their place. */
const COVER_KINDS: Readonly<Record<string, readonly string[]>> = {
  forest: ["farmland", "grassland", "bare_soil", "building", "road", "quarry"],
};
/** Shares of an outline found to be of its kind when it is there, and when it is not; and found to be something else then. */
const COVERED_FROM = 0.6;
const BARE_UP_TO = 0.1;
const REPLACED_FROM = 0.5;

/** Share of an outline in which things of these kinds were found on a date. */
export type CoverOn = (geometry: GeoJSON.Geometry, date: string, kinds: readonly string[]) => number;

/** Of these kinds the extent is measured on both dates. */
const MEASURED_KINDS: ReadonlySet<string> = new Set([
  "quarry",
  "mine",
  "landfill",
  "lake",
  "reservoir",
  "pond",
  "forest",
]);
const SMALLEST_MEASURED_M2 = 5000;
/** Growth and shrinkage from this share on are told: what did not change measures up to a sixth more or less. */
const LEAST_CHANGE = 0.25;

/** What the imagery says of a thing's life. */
export interface Dating {
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly areaHistory: Entity["areaHistory"];
  /** What the imagery shows instead of a mapped thing, on both dates. */
  readonly shownAs?: "natural";
}

/** Whether a thing is of a kind and a size that the imagery can date or measure, and does not state its dates itself. */
export function isDatable(entity: Entity): boolean {
  if (entity.firstSeen !== null || entity.lastSeen !== null || entity.areaHistory.length > 0) return false;
  if (UPRIGHT_KINDS.has(entity.concept)) return true;
  if (entity.geometry.type !== "Polygon" && entity.geometry.type !== "MultiPolygon") return false;
  const [minX, minY, maxX, maxY] = boundsOf(entity.geometry);
  const boxM2 = (maxX - minX) * (maxY - minY);
  return DATED_KINDS.has(entity.concept)
    ? boxM2 >= SMALLEST_DATED_M2
    : MEASURED_KINDS.has(entity.concept) && boxM2 >= SMALLEST_MEASURED_M2;
}

/** Things that come and go: a segment of one date alone says when. */
const MOVABLE_KINDS: ReadonlySet<string> = new Set([
  "ship",
  "plane",
  "helicopter",
  "container",
  "container_crane",
  "small_vehicle",
  "large_vehicle",
]);

/**
 * Life of a movable segment that was found on one of two dates alone; null for what does not move, and where the imagery of the other date
 * does not show its place.
 */
export function dateMovable(
  { concept, geometry }: Entity,
  foundOn: string,
  [first, second]: readonly [string, string],
  shows: (date: string, x: number, y: number) => boolean,
): Dating | null {
  if (!MOVABLE_KINDS.has(concept)) return null;
  const [minX, minY, maxX, maxY] = boundsOf(geometry);
  const isNew = foundOn === second;
  if (!shows(isNew ? first : second, (minX + maxX) / 2, (minY + maxY) / 2)) return null;
  return { firstSeen: isNew ? second : null, lastSeen: isNew ? null : first, areaHistory: [] };
}

/**
 * A built thing is new when its ground looked natural on the first date and built on the second, an upright one when nothing stood out on the first; gone
 * the other way round. A wood is gone when other cover was found in its place. A pit, water or wood has its extent measured on both dates, and grew or shrank
 * when that differs by a quarter or more. Null where too few pixels show it on either date.
 *
 * @param coverOn what was found in the imagery of each date
 */
export async function dateThing(
  thing: Entity,
  pair: readonly [string, string],
  reader: MosaicReader,
  coverOn: CoverOn = () => 0,
): Promise<Dating | null> {
  if (UPRIGHT_KINDS.has(thing.concept)) return dateUpright(thing, pair, reader);
  const replaced = dateCover(thing, pair, coverOn);
  if (replaced) return replaced;
  return MEASURED_KINDS.has(thing.concept)
    ? measureChange(thing, pair, reader)
    : dateBuilt(thing, pair, reader, coverOn);
}

async function dateUpright(
  { geometry }: Entity,
  pair: readonly [string, string],
  reader: MosaicReader,
): Promise<Dating | null> {
  if (pair.some((date) => reader.gsd(date) > COARSEST_UPRIGHT_GSD)) return null;
  const on = await standsOn(geometry, pair, reader);
  if (on === null) return null;
  const [first, second] = pair;
  return {
    firstSeen: on === "second" ? second : null,
    lastSeen: on === "first" ? first : null,
    areaHistory: [],
  };
}

function dateCover(
  { concept, geometry }: Entity,
  [first, second]: readonly [string, string],
  coverOn: CoverOn,
): Dating | null {
  const others = COVER_KINDS[concept];
  if (!others) return null;
  const [before, after] = [coverOn(geometry, first, [concept]), coverOn(geometry, second, [concept])];
  if (before >= COVERED_FROM && after <= BARE_UP_TO && coverOn(geometry, second, others) >= REPLACED_FROM)
    return { firstSeen: null, lastSeen: first, areaHistory: [] };
  if (after >= COVERED_FROM && before <= BARE_UP_TO && coverOn(geometry, first, others) >= REPLACED_FROM)
    return { firstSeen: second, lastSeen: null, areaHistory: [] };
  return null;
}

async function dateBuilt(
  { geometry, concept, source }: Entity,
  [first, second]: readonly [string, string],
  reader: MosaicReader,
  coverOn: CoverOn,
): Promise<Dating | null> {
  const before = await landCover(geometry, first, reader);
  const after = await landCover(geometry, second, reader);
  if (!before || !after) return null;
  const wasNatural = looksNatural(before);
  const isNatural = looksNatural(after);
  const isDenied =
    source.startsWith("layer:") &&
    SOLID_KINDS.has(concept) &&
    [before, after].every(({ natural }) => natural >= NATURAL_ALONE) &&
    [first, second].every((date) => coverOn(geometry, date, BUILT_FINDS) <= BARE_UP_TO);
  return {
    firstSeen: wasNatural && !isNatural ? second : null,
    lastSeen: isNatural && !wasNatural ? first : null,
    areaHistory: [],
    ...(isDenied && { shownAs: "natural" }),
  };
}

async function measureChange(
  { geometry }: Entity,
  [first, second]: readonly [string, string],
  reader: MosaicReader,
): Promise<Dating | null> {
  const before = await measureExtent(geometry, first, reader);
  const after = before === null ? null : await measureExtent(geometry, second, reader);
  if (before === null || after === null || Math.abs(after - before) < LEAST_CHANGE * before) return null;
  const areaHistory = [
    { date: first, areaM2: before },
    { date: second, areaM2: after },
  ];
  return { firstSeen: null, lastSeen: null, areaHistory };
}

/** Detections of points this close together, in metres, are one thing. */
const SAME_POINT_M = 15;

/**
 * Life spans of detections that say in which day's imagery they were found: new when detection covered the place on an earlier
 * day (the latest before it) without finding the same kind there, gone likewise of the next later day. A day covers the box around all
 * its detections.
 */
export function dateDetections(entities: readonly Entity[]): ReadonlyMap<string, Dating> {
  const dated = entities.filter(
    ({ source, tags, firstSeen, lastSeen }) =>
      source.startsWith("detection:") && tags[SEEN_ON] !== undefined && firstSeen === null && lastSeen === null,
  );
  const days = new Map<string, Entity[]>();
  for (const entity of dated) {
    const day = entity.tags[SEEN_ON] as string;
    days.set(day, [...(days.get(day) ?? []), entity]);
  }
  const order = [...days.keys()].sort();
  const out = new Map<string, Dating>();
  if (order.length < 2) return out;
  const indexes = new Map(order.map((day) => [day, indexOf(days.get(day) as Entity[])]));
  const isMissing = (entity: Entity, candidates: readonly string[]): boolean => {
    const [minX, minY, maxX, maxY] = boundsOf(entity.geometry);
    const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
    const covering = candidates.find((day) => {
      const { minX: west, minY: south, maxX: east, maxY: north } = (indexes.get(day) as Index).tree;
      return x >= west && x <= east && y >= south && y <= north;
    });
    if (covering === undefined) return false;
    const { tree, members } = indexes.get(covering) as Index;
    return !tree
      .search(minX - SAME_POINT_M, minY - SAME_POINT_M, maxX + SAME_POINT_M, maxY + SAME_POINT_M)
      .some((i) => isSameThing(entity, members[i] as Entity));
  };
  for (const [index, day] of order.entries()) {
    for (const entity of days.get(day) as Entity[]) {
      const isNew = isMissing(entity, order.slice(0, index).reverse());
      const isGone = isMissing(entity, order.slice(index + 1));
      if (isNew || isGone)
        out.set(entity.id, { firstSeen: isNew ? day : null, lastSeen: isGone ? day : null, areaHistory: [] });
    }
  }
  return out;
}

interface Index {
  readonly tree: Flatbush;
  readonly members: readonly Entity[];
}

function indexOf(members: readonly Entity[]): Index {
  const tree = new Flatbush(members.length);
  for (const { geometry } of members) tree.add(...boundsOf(geometry));
  tree.finish();
  return { tree, members };
}

function isSameThing(a: Entity, b: Entity): boolean {
  if (a.concept !== b.concept) return false;
  if (a.geometry.type === "Point" || b.geometry.type === "Point")
    return distanceM(a.geometry, b.geometry) <= SAME_POINT_M;
  return overlap(a.geometry, b.geometry) >= SAME_IOU;
}
