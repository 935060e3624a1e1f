import * as turf from "@turf/turf";
import { intersectionOf, unionOf } from "../geo/overlay.ts";
import { commonChineseForm, foldName } from "../knowledge/names.ts";
import type { AreaGeometry, Bbox, GeoConstraint, Query } from "../query/schema.ts";
import type { Gazetteer, Place } from "../query/turn.ts";
import type { Workspace } from "../workspace.ts";

/** Radius in metres that a place known only as a point stands for when something must lie inside it. */
const POINT_RADIUS_M: Readonly<Record<string, number>> = {
  city: 5000,
  town: 2000,
  village: 1000,
  residential_area: 1000,
};
const DEFAULT_POINT_RADIUS_M = 700;
/** Half the width of what "on the edge of" means, on both sides of the outline. */
const EDGE_WIDTH_M = 500;
/** "near" a place without a distance. */
const NEAR_PLACE_M = 1000;

export type ResolvedGeo =
  | {
      readonly kind: "resolved";
      /** "@geo0" … to the geometry (WGS84) of that constraint. */
      readonly constants: Readonly<Record<string, GeoJSON.Geometry>>;
      /** Index of the constraint to its constant. */
      readonly terms: Readonly<Record<number, string>>;
      /** Where to search. */
      readonly area: AreaGeometry;
    }
  | { readonly kind: "unknown_place"; readonly name: string; readonly nearest: readonly string[] }
  /** Several places of one name, none of which is nearer or more important; each as "Name (kind, longitude latitude)". */
  | { readonly kind: "ambiguous_place"; readonly name: string; readonly choices: readonly string[] }
  | { readonly kind: "no_view" }
  | { readonly kind: "outside"; readonly what: string };

export interface GeoContext {
  readonly gazetteer: Gazetteer;
  readonly viewport: Bbox | null;
  readonly drawn: AreaGeometry | null;
}

/**
 * Places, views and drawn areas of a query as geometries, and the polygon that the search is confined to: the covered
 * area of the workspace cut by every constraint, and by the viewport or drawn area that came with the message.
 */
export function resolveGeo(query: Query, workspace: Workspace, context: GeoContext): ResolvedGeo {
  const constants: Record<string, GeoJSON.Geometry> = {};
  const terms: Record<number, string> = {};
  let area: AreaGeometry | null = coverage(workspace);
  const confine = (polygon: AreaGeometry, what: string): ResolvedGeo | null => {
    area = area && intersection(area, polygon);
    return area ? null : { kind: "outside", what };
  };
  for (const [index, constraint] of query.geo.entries()) {
    const located = locate(constraint, context, workspace.bboxWgs84);
    if (located.kind !== "located") return located;
    const term = `@geo${index}`;
    terms[index] = term;
    constants[term] = constraint.relation === "near" ? located.geometry : located.polygon;
    const failure = confine(
      searchPolygon(constraint, located, area as AreaGeometry),
      constraint.name ?? constraint.kind,
    );
    if (failure) return failure;
  }
  for (const [polygon, what] of [
    [context.drawn, "the drawn area"],
    [context.viewport && (turf.bboxPolygon(context.viewport).geometry as AreaGeometry), "the map view"],
  ] as const) {
    const failure = polygon ? confine(polygon, what) : null;
    if (failure) return failure;
  }
  return { kind: "resolved", constants, terms, area: area as AreaGeometry };
}

interface Located {
  readonly kind: "located";
  readonly geometry: GeoJSON.Geometry;
  readonly polygon: AreaGeometry;
}

function locate(
  constraint: GeoConstraint,
  context: GeoContext,
  covered: readonly [number, number, number, number],
): Located | Exclude<ResolvedGeo, { kind: "resolved" }> {
  switch (constraint.kind) {
    case "viewport": {
      const box = constraint.bbox ?? context.viewport;
      if (!box && context.drawn) return { kind: "located", geometry: context.drawn, polygon: context.drawn };
      if (!box) return { kind: "no_view" };
      const polygon = turf.bboxPolygon(box).geometry;
      return { kind: "located", geometry: polygon, polygon };
    }
    case "bbox": {
      if (!constraint.bbox) return { kind: "no_view" };
      const polygon = turf.bboxPolygon(constraint.bbox).geometry;
      return { kind: "located", geometry: polygon, polygon };
    }
    case "polygon": {
      const polygon = constraint.polygon ?? context.drawn;
      if (!polygon) return { kind: "no_view" };
      return { kind: "located", geometry: polygon, polygon };
    }
    case "place":
    case "edge_of": {
      const found = constraint.name ? findPlaces(context.gazetteer, constraint.name) : settlements(context.gazetteer);
      const places = constraint.name ? inFocus(found, context, covered) : found;
      const place = places[0];
      const rivals = constraint.name && place ? places.filter((other) => isRival(place, other)) : [];
      if (place && constraint.name && rivals.length > 0)
        return {
          kind: "ambiguous_place",
          name: constraint.name,
          choices: [place, ...rivals].slice(0, 5).map(placeLabel),
        };
      if (!place) {
        return {
          kind: "unknown_place",
          name: constraint.name ?? "the edge of town",
          nearest: similarNames(context.gazetteer, constraint.name ?? ""),
        };
      }
      const polygon = constraint.name ? asPolygon(place) : (union(places.map(asPolygon)) ?? asPolygon(place));
      return constraint.kind === "place"
        ? { kind: "located", geometry: constraint.name ? place.geometry : polygon, polygon }
        : { kind: "located", geometry: edgeRing(polygon), polygon: edgeRing(polygon) };
    }
  }
}

function searchPolygon(constraint: GeoConstraint, located: Located, area: AreaGeometry): AreaGeometry {
  const relation = constraint.relation ?? "inside";
  const [west, south, east, north] = turf.bbox(turf.feature(area)) as Bbox;
  const [x, y] = turf.centroid(turf.feature(located.geometry)).geometry.coordinates as [number, number];
  switch (relation) {
    case "inside":
      return located.polygon;
    case "near":
      return buffer(located.geometry, constraint.distanceM ?? NEAR_PLACE_M);
    case "outside":
      return difference(area, located.polygon);
    case "far_from":
      return difference(area, buffer(located.geometry, constraint.distanceM ?? NEAR_PLACE_M));
    case "north_of":
      return turf.bboxPolygon([west, Math.min(Math.max(y, south), north), east, north]).geometry;
    case "south_of":
      return turf.bboxPolygon([west, south, east, Math.max(Math.min(y, north), south)]).geometry;
    case "east_of":
      return turf.bboxPolygon([Math.min(Math.max(x, west), east), south, east, north]).geometry;
    case "west_of":
      return turf.bboxPolygon([west, south, Math.max(Math.min(x, east), west), north]).geometry;
  }
}

/** Everything that the workspace holds: the footprints of its images, or the box of its entities without any. */
export function coverage(workspace: Workspace): AreaGeometry {
  const boxes = workspace.images.map((image) => turf.bboxPolygon([...image.description.bboxWgs84]).geometry);
  return union(boxes) ?? (turf.bboxPolygon([...workspace.bboxWgs84]).geometry as AreaGeometry);
}

/**
 * Places whose name or alias is `name`, most important first; then those that have it but for the ending of their kind (巴尔港 and
 * 巴尔港口, 市, 机场); then those that contain it as whole words. Case, accents, punctuation and a leading "the" do not count.
 */
export function findPlaces(gazetteer: Gazetteer, name: string): readonly Place[] {
  const wanted = foldName(name);
  const byImportance = (places: readonly Place[]) => [...places].sort((a, b) => b.importance - a.importance);
  const matching = (fits: (folded: string) => boolean) =>
    byImportance(gazetteer.places.filter((place) => place.names.some((other) => fits(foldName(other)))));
  const exact = matching((other) => other === wanted);
  if (exact.length > 0 || wanted.length < 2) return exact;
  const common = commonChineseForm(wanted);
  const sameKind = /\p{Script=Han}/u.test(wanted) ? matching((other) => commonChineseForm(other) === common) : [];
  return sameKind.length > 0 ? sameKind : matching((other) => ` ${other} `.includes(` ${wanted} `));
}

/** Namesakes closer than this are parts of one place, in kilometres. */
const ONE_PLACE_KM = 3;
/** Places under this importance are seldom meant; of two such the first is taken. */
const LEAST_IMPORTANCE = 0.5;

/** Namesakes in the map view, drawn area or covered area before those elsewhere; the nearest to a view first. */
function inFocus(
  places: readonly Place[],
  { viewport, drawn }: GeoContext,
  covered: readonly [number, number, number, number],
): readonly Place[] {
  if (places.length < 2) return places;
  const view = viewport ?? (drawn ? (turf.bbox(turf.feature(drawn)) as Bbox) : null);
  for (const box of [view, covered]) {
    if (!box) continue;
    const inside = places.filter((place) => {
      const [x, y] = middleOf(place);
      return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
    });
    if (inside.length > 0) return inside;
  }
  return places;
}

function isRival(first: Place, other: Place): boolean {
  return (
    other !== first &&
    other.importance >= Math.max(LEAST_IMPORTANCE, first.importance) &&
    turf.distance(middleOf(first), middleOf(other), { units: "kilometers" }) > ONE_PLACE_KM
  );
}

const middleOf = (place: Place) => turf.centroid(turf.feature(place.geometry)).geometry.coordinates as [number, number];

function placeLabel(place: Place): string {
  const [x, y] = middleOf(place);
  const kind = place.concept ? `${place.concept.replaceAll("_", " ")}, ` : "";
  return `${place.names[0]} (${kind}${x.toFixed(3)} ${y.toFixed(3)})`;
}

function settlements(gazetteer: Gazetteer): readonly Place[] {
  const kinds = new Set(["city", "town", "city_center", "village"]);
  return [...gazetteer.places]
    .filter((place) => place.concept !== null && kinds.has(place.concept))
    .sort((a, b) => b.importance - a.importance);
}

/** Up to three names of the gazetteer that share the most letter pairs with `name` (Dice coefficient ≥ 0.4). */
function similarNames(gazetteer: Gazetteer, name: string): readonly string[] {
  const pairs = letterPairs(foldName(name));
  if (pairs.size === 0) return [];
  return gazetteer.places
    .flatMap((place) => place.names.slice(0, 1))
    .map((other) => {
      const otherPairs = letterPairs(foldName(other));
      const shared = [...pairs].filter((pair) => otherPairs.has(pair)).length;
      return { other, dice: (2 * shared) / (pairs.size + otherPairs.size || 1) };
    })
    .filter(({ dice }) => dice >= 0.4)
    .sort((a, b) => b.dice - a.dice)
    .slice(0, 3)
    .map(({ other }) => other);
}

function letterPairs(text: string): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (let i = 0; i + 1 < text.length; i += 1) pairs.add(text.slice(i, i + 2));
  return pairs;
}

function asPolygon(place: Place): AreaGeometry {
  const { geometry } = place;
  if (geometry.type === "Polygon" || geometry.type === "MultiPolygon") return geometry;
  const radius =
    geometry.type === "Point"
      ? (POINT_RADIUS_M[place.concept ?? ""] ?? DEFAULT_POINT_RADIUS_M)
      : DEFAULT_POINT_RADIUS_M / 4;
  return buffer(geometry, radius);
}

function edgeRing(polygon: AreaGeometry): AreaGeometry {
  const outer = buffer(polygon, EDGE_WIDTH_M);
  const inner = turf.buffer(turf.feature(polygon), -EDGE_WIDTH_M, { units: "meters" })?.geometry;
  return inner && turf.area(inner) > 0 ? difference(outer, inner as AreaGeometry) : outer;
}

function buffer(geometry: GeoJSON.Geometry, distanceM: number): AreaGeometry {
  const grown = turf.buffer(turf.feature(geometry), Math.max(distanceM, 1), { units: "meters" });
  return (grown as GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon>).geometry as AreaGeometry;
}

function union(polygons: readonly AreaGeometry[]): AreaGeometry | null {
  if (polygons.length < 2) return polygons[0] ?? null;
  return unionOf(polygons) as AreaGeometry | null;
}

function intersection(a: AreaGeometry, b: AreaGeometry): AreaGeometry | null {
  return intersectionOf([a, b]) as AreaGeometry | null;
}

function difference(a: AreaGeometry, b: AreaGeometry): AreaGeometry {
  const rest = turf.difference(turf.featureCollection([turf.feature(a), turf.feature(b)]))?.geometry;
  return rest ?? { type: "MultiPolygon", coordinates: [] };
}
