import { boundsOf } from "../geo/bounds.ts";
import { distanceM } from "../logic/distance.ts";
import { landmarkNames } from "../query/knowledge/landmark-names.ts";
import type { Gazetteer, Place } from "../query/turn.ts";
import type { Workspace } from "../workspace.ts";

/** Entities of these kinds are named for what they are on, not places that one speaks of. */
const SELDOM_PLACES = new Set(["road", "building", "small_vehicle", "large_vehicle", "tree"]);
/** Sources put one place at most this far apart, in metres; the ways of one road lie end to end. */
const SAME_PLACE_M = 300;
/** Kinds that say nothing of what a place is. */
const ANY_KIND = new Set(["landmark"]);

interface Held {
  readonly place: Place;
  /** Kinds of everything that was joined in it; empty where none is known. */
  readonly kinds: ReadonlySet<string>;
  /** Working CRS, metres. */
  readonly geometry: GeoJSON.Geometry;
  readonly box: readonly [number, number, number, number];
}

/**
 * Every named place of a workspace: landmarks with their aliases, named entities, and places that no concept fits. What has
 * one name, lies together (300 m) and is of one kind, or of one that is not known, is one place; a name that stands elsewhere, or
 * for another kind of thing, is another place.
 */
export function gazetteer(workspace: Workspace): Gazetteer {
  const places = new Map<string, Held[]>();
  const add = (place: Place, geometry: GeoJSON.Geometry) => {
    const key = (place.names[0] ?? "").toLowerCase();
    const kinds = new Set(place.concept === null || ANY_KIND.has(place.concept) ? [] : [place.concept]);
    const added: Held = { place, kinds, geometry, box: boundsOf(geometry) };
    const held = places.get(key) ?? [];
    // More than one: a place may tie two together that were apart, as the middle way of a road does.
    const same = held.filter((other) => isSame(other, added));
    const others = held.filter((other) => !same.includes(other));
    const joined = same.reduceRight((all, other) => join(other, all), added);
    places.set(key, [...others, joined]);
  };
  for (const landmark of workspace.knowledge.landmarks()) {
    if (landmark.geometry)
      add(
        {
          id: landmark.id,
          names: [landmark.name, ...landmark.aliases],
          concept: landmark.concept,
          geometry: landmark.geometry,
          importance: 0.8,
        },
        workspace.crs.geometryFromWgs84(landmark.geometry),
      );
  }
  for (const entity of workspace.namedEntities()) {
    if (!entity.name) continue;
    const names = [
      entity.name,
      ...["name:en", "name:zh", "alt_name", "old_name"].flatMap((key) => entity.tags[key] ?? []),
    ];
    add(
      {
        id: entity.id,
        names: [...new Set(names)],
        concept: entity.concept,
        geometry: workspace.crs.geometryToWgs84(entity.geometry),
        importance: SELDOM_PLACES.has(entity.concept) ? 0.2 : 0.5,
      },
      entity.geometry,
    );
  }
  for (const place of workspace.places()) add(place, workspace.crs.geometryFromWgs84(place.geometry));
  const landmarks = workspace.knowledge.landmarks();
  return {
    places: [...places.values()].flat().map(({ place }) => place),
    ...(landmarks.length > 0 && { landmarks: landmarkNames(landmarks) }),
  };
}

function isSame(a: Held, b: Held): boolean {
  const isOutline = JSON.stringify(a.geometry) === JSON.stringify(b.geometry);
  // One feature may be read as several kinds.
  if (isOutline) return true;
  const isKind = a.kinds.size === 0 || b.kinds.size === 0 || [...a.kinds].some((kind) => b.kinds.has(kind));
  if (!isKind) return false;
  const apart = Math.max(a.box[0] - b.box[2], b.box[0] - a.box[2], a.box[1] - b.box[3], b.box[1] - a.box[3]);
  return apart <= SAME_PLACE_M && distanceM(a.geometry, b.geometry) <= SAME_PLACE_M;
}

function join(held: Held, more: Held): Held {
  const [first, second] = [held.place, more.place];
  // A mapped outline is a better geometry than a point; a landmark has the better names; lines make a longer line.
  const isPointFirst = first.geometry.type === "Point" && second.geometry.type !== "Point";
  const pick = (a: GeoJSON.Geometry, b: GeoJSON.Geometry) => linesOf(a, b) ?? (isPointFirst ? b : a);
  const geometry = pick(held.geometry, more.geometry);
  return {
    place: {
      ...first,
      names: [...new Set([...first.names, ...second.names])],
      concept: first.concept ?? second.concept,
      geometry: pick(first.geometry, second.geometry),
      importance: Math.max(first.importance, second.importance),
    },
    kinds: new Set([...held.kinds, ...more.kinds]),
    geometry,
    box: boundsOf(geometry),
  };
}

function linesOf(a: GeoJSON.Geometry, b: GeoJSON.Geometry): GeoJSON.MultiLineString | null {
  const lines = (geometry: GeoJSON.Geometry) =>
    geometry.type === "LineString"
      ? [geometry.coordinates]
      : geometry.type === "MultiLineString"
        ? geometry.coordinates
        : null;
  const [left, right] = [lines(a), lines(b)];
  return left && right ? { type: "MultiLineString", coordinates: [...left, ...right] } : null;
}
