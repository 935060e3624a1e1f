import { difference, featureCollection, polygon } from "@turf/turf";
import { type Feature, type Position, ringArea, type Scene } from "./scene.ts";

/** Less than this of a field above the water, in square metres or as a share, is a sliver that nobody would map. */
const LEAST_AREA_M2 = 500;
const LEAST_SHARE = 0.1;

/** Polygons with holes: rings in metres from the world's south-west corner. */
export type DryPart = readonly (readonly (readonly Position[])[])[];

/**
 * What is above the water of the fields that water covers in part or in whole, by feature id; empty where nothing worth mapping is
 * left. Fields are painted first and everywhere, and water over them, so that their outlines alone do not say what is farmed.
 */
export function dryFields(scene: Scene): ReadonlyMap<string, DryPart> {
  const waters = scene.features.filter(({ look, span }) => look.kind === "water" && span === "both");
  const out = new Map<string, DryPart>();
  for (const { id, shape, look } of scene.features) {
    if (look.kind !== "field" || shape.type !== "Polygon") continue;
    const over = waters.filter((water) => overlaps(shape.ring, ringOf(water)));
    if (over.length === 0) continue;
    const whole = planar(shape.ring);
    const left = difference(featureCollection([whole, ...over.map((water) => planar(ringOf(water)))]))?.geometry;
    const parts = left?.type === "MultiPolygon" ? left.coordinates : left ? [left.coordinates] : [];
    const dry = parts
      .map((rings) => rings.map((ring) => ring.map(([x = 0, y = 0]): Position => [x, y])))
      .filter((rings) => areaOf(rings) >= LEAST_AREA_M2);
    const area = dry.reduce((sum, rings) => sum + areaOf(rings), 0);
    if (area > 0.999 * ringArea(shape.ring)) continue;
    out.set(id, area < LEAST_SHARE * ringArea(shape.ring) ? [] : dry);
  }
  return out;
}

const ringOf = ({ shape }: Feature): readonly Position[] => (shape.type === "Polygon" ? shape.ring : []);
const planar = (ring: readonly Position[]) => polygon([ring.map(([x, y]) => [x, y])]);

function areaOf([outer = [], ...holes]: readonly (readonly Position[])[]): number {
  return ringArea(outer) - holes.reduce((sum, hole) => sum + ringArea(hole), 0);
}

function overlaps(a: readonly Position[], b: readonly Position[]): boolean {
  const range = (ring: readonly Position[], axis: 0 | 1) => {
    const values = ring.map((position) => position[axis]);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  return ([0, 1] as const).every((axis) => {
    const [[minA, maxA], [minB, maxB]] = [range(a, axis), range(b, axis)];
    return minA < maxB && minB < maxA;
  });
}
