import { shapeDistance, shapeMiddle, shapeShareInside } from "./shape-distance.ts";
import { type Shapes, shapesOf } from "./shapes.ts";

/** Planar distances between GeoJSON geometries, in the units of their coordinates (metres of the working CRS). */

const cache = new WeakMap<GeoJSON.Geometry, Shapes>();

function shapeOf(geometry: GeoJSON.Geometry): Shapes {
  let shapes = cache.get(geometry);
  if (!shapes) {
    shapes = shapesOf([geometry]);
    cache.set(geometry, shapes);
  }
  return shapes;
}

/** Least distance between two geometries: 0 where they meet, a polygon's inside included. Infinity when one is empty. */
export function distanceM(a: GeoJSON.Geometry, b: GeoJSON.Geometry): number {
  return shapeDistance(shapeOf(a), 0, shapeOf(b), 0);
}

/** Whether `inner` lies in `outer` altogether: its vertices and edge midpoints all inside. */
export function contains(outer: GeoJSON.Geometry, inner: GeoJSON.Geometry): boolean {
  return shareInside(outer, inner) >= 0.999;
}

/** Share (0..1) of the inner geometry's vertices and edge midpoints that lie inside the outer one's polygons. */
export function shareInside(outer: GeoJSON.Geometry, inner: GeoJSON.Geometry): number {
  return shapeShareInside(shapeOf(outer), 0, shapeOf(inner), 0);
}

/** Mean of the vertices of the longest line or ring, for bearings between things. */
export function middle(geometry: GeoJSON.Geometry): readonly [number, number] {
  const out = new Float64Array(2);
  shapeMiddle(shapeOf(geometry), 0, out);
  return [out[0] as number, out[1] as number];
}

/** Even-odd rule over all rings, so that holes are outside. */
export function inPolygon(px: number, py: number, rings: readonly (readonly (readonly number[])[])[]): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi = 0, yi = 0] = ring[i] ?? [];
      const [xj = 0, yj = 0] = ring[j] ?? [];
      if (yi > py === yj > py) continue;
      if (px < ((xj - xi) * (py - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}
