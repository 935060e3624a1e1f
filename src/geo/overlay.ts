import * as turf from "@turf/turf";
import { areaM2 } from "./area.ts";
import { boundsOf } from "./bounds.ts";

type Outline = GeoJSON.Polygon | GeoJSON.MultiPolygon;

/** Decimals to which corners are rounded when the overlay of unrounded ones fails: metres, and degrees. */
const METRE_DECIMALS = [3, 1, 0] as const;
const DEGREE_DECIMALS = [8, 7, 6] as const;

/** What all outlines cover, or null for nothing. Metres or degrees. */
export function intersectionOf(outlines: readonly Outline[]): Outline | null {
  return overlaid(outlines, turf.intersect);
}

/** What any of the outlines covers, or null for nothing. Metres or degrees. Where they cannot be put together at once, they are one by one. */
export function unionOf(outlines: readonly Outline[]): Outline | null {
  try {
    return overlaid(outlines, turf.union);
  } catch (fault) {
    const [first, ...others] = outlines;
    if (!first || others.length === 0) throw fault;
    return others.reduce((whole, next) => joined(whole, next), first);
  }
}

/** Shares by which an outline is enlarged around its middle until it can be joined: its corners then fall elsewhere. */
const ENLARGED_BY = [0, 1e-5, 3e-5, 1e-4, 3e-4] as const;

/** Both in one; as two parts of one where even an outline a little larger cannot be joined. */
function joined(whole: Outline, next: Outline): Outline {
  for (const share of ENLARGED_BY) {
    try {
      return overlaid([whole, share === 0 ? next : enlarged(next, share)], turf.union) ?? whole;
    } catch {
      // Tried again a little larger.
    }
  }
  return { type: "MultiPolygon", coordinates: [...partsOf(whole), ...partsOf(next)] };
}

const partsOf = (outline: Outline) => (outline.type === "Polygon" ? [outline.coordinates] : outline.coordinates);

function enlarged(outline: Outline, share: number): Outline {
  const [minX, minY, maxX, maxY] = boundsOf(outline);
  const [middleX, middleY] = [(minX + maxX) / 2, (minY + maxY) / 2];
  const moved = turf.clone(outline);
  turf.coordEach(moved, (at) => {
    at[0] = middleX + ((at[0] as number) - middleX) * (1 + share);
    at[1] = middleY + ((at[1] as number) - middleY) * (1 + share);
  });
  return moved;
}

/** Points a side at which a shared area is counted where it cannot be cut out. */
const SAMPLES = 96;

/** Area that both outlines cover, in the square of their unit; to about a hundredth of the smaller one where only counting points tells. */
export function sharedArea(a: Outline, b: Outline): number {
  try {
    const shared = intersectionOf([a, b]);
    return shared ? areaM2(shared) : 0;
  } catch {
    return countedArea(a, b);
  }
}

function countedArea(a: Outline, b: Outline): number {
  const [boxA, boxB] = [boundsOf(a), boundsOf(b)];
  const [minX, minY] = [Math.max(boxA[0], boxB[0]), Math.max(boxA[1], boxB[1])];
  const [width, height] = [Math.min(boxA[2], boxB[2]) - minX, Math.min(boxA[3], boxB[3]) - minY];
  if (width <= 0 || height <= 0) return 0;
  let inside = 0;
  for (let i = 0; i < SAMPLES; i += 1)
    for (let j = 0; j < SAMPLES; j += 1) {
      const point = [minX + ((i + 0.5) / SAMPLES) * width, minY + ((j + 0.5) / SAMPLES) * height];
      if (turf.booleanPointInPolygon(point, a) && turf.booleanPointInPolygon(point, b)) inside += 1;
    }
  return (inside / SAMPLES ** 2) * width * height;
}

/**
 * Martinez-like sweeps lose a segment where corners of two outlines lie closer together than their arithmetic can tell; on a coarser grid
 * the corners fall together.
 *
 * @throws what the overlay throws when it fails on every grid
 */
function overlaid(
  outlines: readonly Outline[],
  overlay: (outlines: GeoJSON.FeatureCollection<Outline>) => GeoJSON.Feature<Outline> | null,
): Outline | null {
  const run = (parts: readonly Outline[]) =>
    overlay(turf.featureCollection(parts.map((outline) => turf.feature(outline))))?.geometry ?? null;
  let fault: unknown;
  try {
    return run(outlines);
  } catch (cause) {
    fault = cause;
  }
  const isDegrees = outlines.every((outline) => turf.coordAll(outline).every(([x = 0]) => Math.abs(x) <= 360));
  for (const precision of isDegrees ? DEGREE_DECIMALS : METRE_DECIMALS) {
    try {
      const rounded = outlines.map((outline) => turf.truncate(outline, { precision }));
      return run(rounded.map((outline) => turf.cleanCoords(outline) as Outline));
    } catch (cause) {
      fault = cause;
    }
  }
  throw fault;
}
