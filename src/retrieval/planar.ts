import * as turf from "@turf/turf";
import { areaM2 as measuredArea } from "../geo/area.ts";
import { boundsOf } from "../geo/bounds.ts";
import type { WorkingCrs } from "../geo/crs.ts";
import { sharedArea, unionOf } from "../geo/overlay.ts";
import type { AreaGeometry } from "../query/schema.ts";
import type { BoxM } from "../store/ports.ts";

/** Outlines in metres of the working CRS. Turf's overlay functions are planar, so they hold here as they are. */

export type Outline = GeoJSON.Polygon | GeoJSON.MultiPolygon;

/** Half the side in metres that a point or the half width that a line is drawn with as a region. */
const POINT_RADIUS_M = 25;
const LINE_HALF_WIDTH_M = 10;

/** Outlines never change: their boxes and areas are measured once. */
const boxes = new WeakMap<GeoJSON.Geometry, BoxM>();
const areas = new WeakMap<GeoJSON.Geometry, number>();

export function boxOf(geometry: GeoJSON.Geometry): BoxM {
  let box = boxes.get(geometry);
  if (!box) {
    box = boundsOf(geometry);
    boxes.set(geometry, box);
  }
  return box;
}

/** Square metres, holes taken off. */
export function areaM2(geometry: GeoJSON.Geometry): number {
  let area = areas.get(geometry);
  if (area === undefined) {
    area = measuredArea(geometry);
    areas.set(geometry, area);
  }
  return area;
}

export function boxesMeet(a: BoxM, b: BoxM): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

export function boxPolygon(box: BoxM): GeoJSON.Polygon {
  return turf.bboxPolygon([...box]).geometry;
}

/** A polygon to show for any geometry: points become small circles, lines thin strips. */
export function asOutline(geometry: GeoJSON.Geometry, crs: WorkingCrs): Outline {
  switch (geometry.type) {
    case "Polygon":
    case "MultiPolygon":
      return geometry;
    case "Point":
      return circle(geometry.coordinates, POINT_RADIUS_M);
    default: {
      const strip = turf.buffer(turf.feature(crs.geometryToWgs84(geometry)), LINE_HALF_WIDTH_M, { units: "meters" });
      return crs.geometryFromWgs84((strip as GeoJSON.Feature<Outline>).geometry);
    }
  }
}

function circle(centre: readonly number[], radiusM: number): GeoJSON.Polygon {
  const [x = 0, y = 0] = centre;
  const corners = Array.from({ length: 17 }, (_, i) => {
    const angle = ((i % 16) / 16) * 2 * Math.PI;
    return [x + radiusM * Math.cos(angle), y + radiusM * Math.sin(angle)];
  });
  return { type: "Polygon", coordinates: [corners] };
}

/** Convex hull of several geometries; null when they span no area. */
export function hull(geometries: readonly GeoJSON.Geometry[]): GeoJSON.Polygon | null {
  return turf.convex(turf.featureCollection(geometries.map((geometry) => turf.feature(geometry))))?.geometry ?? null;
}

/** Shared area over the smaller of both areas, 0..1. */
export function overlapOfSmaller(a: Outline, b: Outline): number {
  if (!boxesMeet(boxOf(a), boxOf(b))) return 0;
  const smaller = Math.min(areaM2(a), areaM2(b));
  return smaller > 0 ? sharedM2(a, b) / smaller : 0;
}

/** Square metres that both cover. */
export function sharedM2(a: Outline, b: Outline): number {
  if (!boxesMeet(boxOf(a), boxOf(b))) return 0;
  return sharedArea(a, b);
}

export function outlinesMeet(a: GeoJSON.Geometry, b: Outline): boolean {
  return boxesMeet(boxOf(a), boxOf(b)) && turf.booleanIntersects(a, b);
}

export function mergeOutlines(outlines: readonly Outline[]): Outline | null {
  if (outlines.length < 2) return outlines[0] ?? null;
  return unionOf(outlines);
}

/** The outline in WGS84 with seven decimals (about a centimetre). */
export function toWgs84(outline: Outline, crs: WorkingCrs): AreaGeometry {
  return turf.truncate(crs.geometryToWgs84(outline), { precision: 7, coordinates: 2 }) as AreaGeometry;
}
