import Flatbush from "flatbush";
import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { boundsOf } from "../../geo/bounds.ts";
import type { WorkingCrs } from "../../geo/crs.ts";
import type { Place } from "../../query/turn.ts";
import type { Entity } from "../../store/entity.ts";
import type { BoxM, Landmark, TileIndex } from "../../store/ports.ts";
import type { Workspace } from "../../workspace.ts";
import { grown } from "./directions.ts";
import type { Anchor, Names } from "./facts.ts";
import { type Thing, thingsOf } from "./things.ts";

/** A place that one speaks of, with its outline or point in metres of the working CRS. */
export interface NamedPlace extends Anchor {
  readonly names: Names;
  readonly geometry: GeoJSON.Geometry;
  readonly box: BoxM;
  readonly isSettlement: boolean;
}

/** What captions are made from: the things of a workspace once, indexed, with its tiles and places. */
export interface CaptionContext {
  readonly tiles: Pick<TileIndex, "tiles">;
  /** ISO dates of the imagery, oldest first. */
  readonly dates: readonly string[];
  /** Things whose box meets a box. */
  within(box: BoxM): readonly Thing[];
  /** As `within`, of some concepts alone. */
  ofConcepts(concepts: readonly ConceptId[], box: BoxM): readonly Thing[];
  placesWithin(box: BoxM): readonly NamedPlace[];
}

/** Where a context comes from: an open workspace, or a database that ingest is filling. */
export interface CaptionSource {
  readonly entities: readonly Entity[];
  readonly tiles: Pick<TileIndex, "tiles">;
  readonly dates: readonly (string | null)[];
  readonly landmarks: readonly Landmark[];
  readonly places: readonly Place[];
  readonly crs: Pick<WorkingCrs, "geometryFromWgs84">;
}

const WAYS: ReadonlySet<ConceptId> = new Set(["highway", "road"]);
const HAN = /\p{Script=Han}/u;

export function createCaptionContext({
  entities,
  tiles,
  dates,
  landmarks,
  places,
  crs,
}: CaptionSource): CaptionContext {
  const chinese = new Map(
    landmarks.flatMap(({ name, aliases }) => {
      const alias = aliases.find((word) => HAN.test(word));
      return alias ? [[name.toLowerCase(), alias] as const] : [];
    }),
  );
  const namesOf = (name: string, also: Readonly<Record<string, string>> = {}): Names => {
    const en = also["name:en"] ?? name;
    return { en, zh: also["name:zh"] ?? (HAN.test(name) ? name : (chinese.get(name.toLowerCase()) ?? null)) };
  };
  const things = thingsOf(entities, ({ name, tags, concept }) => {
    // Roads without a name are called by their number.
    const called = name ?? (WAYS.has(concept) ? tags.ref : undefined);
    return called === undefined ? null : namesOf(called, tags);
  });
  const whole = indexed(things);
  const byConcept = new Map<ConceptId, ReturnType<typeof indexed<Thing>>>();
  for (const concept of new Set(things.map((thing) => thing.concept)))
    byConcept.set(concept, indexed(things.filter((thing) => thing.concept === concept)));
  const placeIndex = indexed(namedPlaces(things, landmarks, places, namesOf, crs));
  return {
    tiles,
    dates: [...new Set(dates.flatMap((date) => date ?? []))].sort(),
    within: whole,
    ofConcepts: (concepts, box) => concepts.flatMap((concept) => byConcept.get(concept)?.(box) ?? []),
    placesWithin: placeIndex,
  };
}

/** Metres around an area from which anything is read, and from which what is seen from afar is. */
const NEAR_M = 1500;
const FAR_M = 10_000;
const SEEN_FROM_AFAR: readonly ConceptId[] = [
  "town",
  "village",
  "city",
  "city_center",
  "residential_area",
  "airport",
  "highway",
  "highway_exit",
  "railway",
  "railway_station",
  "sea",
  "coast",
  "river",
  "lake",
  "reservoir",
  "canal",
  "water",
];

/** The context of one area of a workspace, of any size: what lies in and around it is read, nothing else. */
export function captionContextAround(workspace: Workspace, box: BoxM): CaptionContext {
  const near = workspace.entities.query({ box: grown(box, NEAR_M) });
  const far = workspace.entities.query({ box: grown(box, FAR_M), concepts: SEEN_FROM_AFAR });
  const entities = new Map([...near, ...far].map((entity) => [entity.id, entity]));
  return createCaptionContext({
    entities: [...entities.values()],
    tiles: workspace.tiles,
    dates: workspace.reader.dates,
    landmarks: workspace.knowledge.landmarks(),
    places: workspace.places(),
    crs: workspace.crs,
  });
}

/** Finds items whose box meets another; in the items' own order. */
function indexed<T extends { readonly box: BoxM }>(items: readonly T[]): (box: BoxM) => readonly T[] {
  if (items.length === 0) return () => [];
  const tree = new Flatbush(items.length);
  for (const { box } of items) tree.add(...box);
  tree.finish();
  return (box) =>
    tree
      .search(...box)
      .sort((a, b) => a - b)
      .map((index) => items[index] as T);
}

/** Settlements, and named areas and points that are places rather than things. Paths are none. */
function namedPlaces(
  things: readonly Thing[],
  landmarks: readonly Landmark[],
  places: readonly Place[],
  namesOf: (name: string) => Names,
  crs: CaptionSource["crs"],
): NamedPlace[] {
  const settlements = things.flatMap((thing): NamedPlace[] => {
    const isSettlement = ["village", "town", "city"].includes(thing.concept);
    const isPlace = isSettlement || thing.concept === "residential_area" || thing.concept === "city_center";
    return isPlace && thing.names
      ? [
          {
            concept: thing.concept,
            names: thing.names,
            evidence: thing.ids,
            geometry: thing.geometry,
            box: thing.box,
            isSettlement,
          },
        ]
      : [];
  });
  const known = new Set(settlements.map(({ names }) => names.en.toLowerCase()));
  const others = [
    ...landmarks.flatMap(({ id, name, concept, geometry }) => (geometry ? [{ id, name, concept, geometry }] : [])),
    ...places.map(({ id, names, concept, geometry }) => ({ id, name: names[0] ?? "", concept, geometry })),
  ].flatMap(({ id, name, concept, geometry }): NamedPlace[] => {
    const isPath = geometry.type === "LineString" || geometry.type === "MultiLineString";
    if (isPath || name === "" || known.has(name.toLowerCase())) return [];
    known.add(name.toLowerCase());
    const local = crs.geometryFromWgs84(geometry);
    return [
      {
        concept: concept as ConceptId | null,
        names: namesOf(name),
        evidence: [id],
        geometry: local,
        box: boundsOf(local) as BoxM,
        isSettlement: concept === "town" || concept === "village" || concept === "city",
      },
    ];
  });
  return [...settlements, ...others];
}
