import type { PredicateId } from "../../knowledge/ontology/ids.ts";
import { distanceM, middle, shareInside } from "./distance.ts";
import type { Space } from "./entity-table.ts";
import type { Measurement } from "./proof.ts";

/** Distances, in metres (pixels in image space), that a predicate means when none is written. */
export const PREDICATE_DISTANCE: Readonly<Partial<Record<PredicateId, number>>> = {
  near: 500,
  far_from: 1000,
  adjacent: 50,
  along: 100,
  connected_to: 10,
  surrounded_by: 100,
};

/** A soft threshold falls from 1 at the distance to 0 at this multiple of it. */
const SOFT_END = 1.25;
/** Share of a thing that must lie inside, contained or enclosed, to count fully and at all. */
const INSIDE_FULL = 0.9;
const INSIDE_NONE = 0.5;
const SURROUNDED_FULL = 0.75;
/** Half angle in degrees of a compass direction: fully true up to the first, false from the second on. */
const BEARING_FULL = 45;
const BEARING_NONE = 67.5;

export interface SpatialAtom {
  readonly predicate: PredicateId;
  readonly distanceM?: number;
  readonly soft?: boolean;
}

export interface Measured {
  readonly truth: number;
  readonly measured: Measurement;
}

/** How far the anchor may be for the predicate to be true at all; Infinity where no distance bounds it. */
export function reach(atom: SpatialAtom): number {
  const bound = atom.distanceM ?? PREDICATE_DISTANCE[atom.predicate] ?? 0;
  switch (atom.predicate) {
    case "near":
    case "adjacent":
    case "along":
    case "connected_to":
    case "surrounded_by":
      return atom.soft ? bound * SOFT_END : bound;
    case "inside":
    case "contains":
    case "crosses":
      return 0;
    case "between":
      return atom.distanceM ?? Number.POSITIVE_INFINITY;
    default:
      return atom.predicate !== "far_from" && atom.distanceM !== undefined ? atom.distanceM : Number.POSITIVE_INFINITY;
  }
}

/** Truth of a spatial predicate between true geometries (never centroids, but for bearings), with what was measured. */
export function measureSpatial(
  atom: SpatialAtom,
  subject: GeoJSON.Geometry,
  anchors: readonly GeoJSON.Geometry[],
  space: Space,
): Measured {
  const unit = space === "map" ? "m" : "px";
  const [anchor] = anchors;
  if (!anchor) return { truth: 0, measured: { name: "distance", value: "unknown", unit } };
  const bound = atom.distanceM ?? PREDICATE_DISTANCE[atom.predicate] ?? 0;
  switch (atom.predicate) {
    case "near":
    case "adjacent":
    case "along":
    case "connected_to": {
      const value = distanceM(subject, anchor);
      return {
        truth: upTo(value, bound, atom.soft),
        measured: { name: "distance", value, unit, op: "<=", threshold: bound },
      };
    }
    case "far_from": {
      const value = distanceM(subject, anchor);
      const truth = atom.soft ? 1 - upTo(value, bound / SOFT_END, true) : Number(value >= bound);
      return { truth, measured: { name: "distance", value, unit, op: ">=", threshold: bound } };
    }
    case "inside":
      return overlap(shareInside(anchor, subject), INSIDE_FULL, "overlap");
    case "contains":
      return overlap(shareInside(subject, anchor), INSIDE_FULL, "overlap");
    case "surrounded_by":
      return overlap(enclosure(subject, anchor, bound), SURROUNDED_FULL, "enclosure");
    case "crosses": {
      const value = distanceM(subject, anchor);
      return { truth: Number(value === 0), measured: { name: "distance", value, unit, op: "<=", threshold: 0 } };
    }
    case "between":
      return between(subject, anchors, atom.distanceM, unit);
    default:
      return direction(atom, subject, anchor, space);
  }
}

function upTo(value: number, bound: number, soft: boolean | undefined): number {
  if (value <= bound) return 1;
  if (!soft || bound === 0) return 0;
  return Math.max(0, 1 - (value - bound) / (bound * (SOFT_END - 1)));
}

function slope(value: number, none: number, full: number): number {
  return Math.max(0, Math.min(1, (value - none) / (full - none)));
}

function overlap(value: number, full: number, name: "overlap" | "enclosure"): Measured {
  return {
    truth: slope(value, Math.min(INSIDE_NONE, full - 0.25), full),
    measured: { name, value, unit: "ratio", op: ">=", threshold: full },
  };
}

/** Share of 16 directions from the subject's middle in which the anchor comes within `bound` of the subject, or holds it. */
function enclosure(subject: GeoJSON.Geometry, anchor: GeoJSON.Geometry, bound: number): number {
  const inside = shareInside(anchor, subject);
  if (inside > 0.9) return inside;
  const [cx, cy] = middle(subject);
  const radius = Math.sqrt(spread(subject, cx, cy)) + bound;
  let hit = 0;
  for (let k = 0; k < 16; k += 1) {
    const angle = (k / 16) * 2 * Math.PI;
    const ray: GeoJSON.LineString = {
      type: "LineString",
      coordinates: [
        [cx, cy],
        [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)],
      ],
    };
    if (distanceM(ray, anchor) === 0) hit += 1;
  }
  return hit / 16;
}

function spread(geometry: GeoJSON.Geometry, cx: number, cy: number): number {
  let most = 0;
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] === "number") {
      most = Math.max(most, (coordinates[0] - cx) ** 2 + ((coordinates[1] as number) - cy) ** 2);
    } else for (const part of coordinates) visit(part);
  };
  if (geometry.type !== "GeometryCollection") visit(geometry.coordinates);
  return most;
}

/** The subject's middle projects between the two anchors' middles and lies no further off their line than half their gap. */
function between(
  subject: GeoJSON.Geometry,
  anchors: readonly GeoJSON.Geometry[],
  bound: number | undefined,
  unit: "m" | "px",
): Measured {
  const [a, b] = anchors;
  if (!a || !b) return { truth: 0, measured: { name: "distance", value: "unknown", unit } };
  const gapA = distanceM(subject, a);
  const gapB = distanceM(subject, b);
  const value = Math.max(gapA, gapB);
  const [ax, ay] = middle(a);
  const [bx, by] = middle(b);
  const [px, py] = middle(subject);
  const length = Math.hypot(bx - ax, by - ay);
  const along = length > 0 ? ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / (length * length) : -1;
  const off = length > 0 ? Math.abs((px - ax) * (by - ay) - (py - ay) * (bx - ax)) / length : Number.POSITIVE_INFINITY;
  const holds = along > 0 && along < 1 && off <= length / 2 && (bound === undefined || value <= bound);
  return {
    truth: Number(holds),
    measured: { name: "distance", value, unit, ...(bound !== undefined && { op: "<=", threshold: bound }) },
  };
}

/** Degrees clockwise from up (north in map space) of each direction. */
const BEARINGS: Readonly<Partial<Record<PredicateId, number>>> = {
  north_of: 0,
  above: 0,
  east_of: 90,
  right_of: 90,
  south_of: 180,
  below: 180,
  west_of: 270,
  left_of: 270,
};

function direction(atom: SpatialAtom, subject: GeoJSON.Geometry, anchor: GeoJSON.Geometry, space: Space): Measured {
  const wanted = BEARINGS[atom.predicate] ?? 0;
  const [sx, sy] = middle(subject);
  const [ax, ay] = middle(anchor);
  const up = space === "map" ? sy - ay : ay - sy;
  const bearing = ((Math.atan2(sx - ax, up) * 180) / Math.PI + 360) % 360;
  const off = Math.abs(((bearing - wanted + 540) % 360) - 180);
  const near = atom.distanceM === undefined || distanceM(subject, anchor) <= atom.distanceM;
  return {
    truth: near ? 1 - slope(off, BEARING_FULL, BEARING_NONE) : 0,
    measured: { name: "bearing", value: off, unit: "degrees", op: "<=", threshold: BEARING_FULL },
  };
}
