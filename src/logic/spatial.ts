import type { PredicateId } from "../../knowledge/ontology/ids.ts";
import type { Frame } from "./entity-table.ts";
import type { Measurement } from "./proof.ts";
import { boxSpan, shapeDistance, shapeMiddle, shapeRadius, shapeShareInside } from "./shape-distance.ts";
import { type Shapes, shapesOf } from "./shapes.ts";

/** Distances, in metres (pixels in image space), that a predicate means when none is written. */
export const PREDICATE_DISTANCE: Readonly<Partial<Record<PredicateId, number>>> = {
  near: 500,
  far_from: 1000,
  adjacent: 50,
  along: 100,
  connected_to: 10,
  surrounded_by: 100,
  between: 2000,
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

/** Rays that look for what surrounds a thing. */
const RAYS = 16;
/** Things no farther apart than this, in the unit of the coordinates, meet: rounding alone keeps them apart. */
const TOUCHING = 1e-6;
/** A share from which a thing counts as lying in the other altogether. */
const ALTOGETHER = 0.999;

export interface SpatialAtom {
  readonly predicate: PredicateId;
  readonly distanceM?: number;
  readonly soft?: boolean;
}

/** One geometry: a shape of some columns. */
export interface Placed {
  readonly shapes: Shapes;
  readonly index: number;
}

export interface Measured {
  readonly truth: number;
  readonly measured: Measurement;
}

/** How far the anchor may be for the predicate to be true at all; Infinity where no distance bounds it. */
export function reach(atom: SpatialAtom): number {
  const bound = boundOf(atom);
  switch (atom.predicate) {
    case "near":
    case "adjacent":
    case "along":
    case "connected_to":
      return atom.soft ? bound * SOFT_END : bound;
    case "surrounded_by":
    case "between":
      return bound;
    case "inside":
    case "contains":
    case "crosses":
      return 0;
    case "far_from":
      return Number.POSITIVE_INFINITY;
    default:
      return atom.distanceM ?? Number.POSITIVE_INFINITY;
  }
}

/** How far the anchor may be for the predicate to be less than wholly true; Infinity where no distance bounds that. */
export function doubtReach(atom: SpatialAtom): number {
  return atom.predicate === "far_from" ? boundOf(atom) : Number.POSITIVE_INFINITY;
}

function boundOf(atom: SpatialAtom): number {
  return atom.distanceM ?? PREDICATE_DISTANCE[atom.predicate] ?? 0;
}

/** Truth alone, as fast as may be: distances are not followed further than the threshold needs. */
export function spatialTruth(
  atom: SpatialAtom,
  frame: Frame,
): (subject: Placed, anchor: Placed, other: Placed | null) => number {
  const bound = boundOf(atom);
  const { soft } = atom;
  switch (atom.predicate) {
    case "near":
    case "adjacent":
    case "along":
    case "connected_to": {
      const most = soft ? bound * SOFT_END : bound;
      return (subject, anchor) => {
        if (boxSpan(subject.shapes.boxes, subject.index, anchor.shapes.boxes, anchor.index) <= bound) return 1;
        return upTo(
          shapeDistance(subject.shapes, subject.index, anchor.shapes, anchor.index, bound, most),
          bound,
          soft,
        );
      };
    }
    case "far_from": {
      // Only a distance under the threshold has to be told exactly, and only where it is soft.
      const enough = soft ? bound / SOFT_END : 0;
      return (subject, anchor) =>
        farTruth(shapeDistance(subject.shapes, subject.index, anchor.shapes, anchor.index, enough, bound), bound, soft);
    }
    default:
      return (subject, anchor, other) => measureSpatial(atom, subject, other ? [anchor, other] : [anchor], frame).truth;
  }
}

/** Truth of a spatial predicate between true geometries (never centroids, but for bearings), with what was measured. */
export function measureSpatial(atom: SpatialAtom, subject: Placed, anchors: readonly Placed[], frame: Frame): Measured {
  const { space, unit } = frame;
  const [anchor, other] = anchors;
  if (!anchor) return { truth: 0, measured: { name: "distance", value: "unknown", unit } };
  const bound = boundOf(atom);
  switch (atom.predicate) {
    case "near":
    case "adjacent":
    case "along":
    case "connected_to": {
      const value = gap(subject, anchor);
      return {
        truth: upTo(value, bound, atom.soft),
        measured: { name: "distance", value, unit, op: "<=", threshold: bound },
      };
    }
    case "far_from": {
      const value = gap(subject, anchor);
      return {
        truth: farTruth(value, bound, atom.soft),
        measured: { name: "distance", value, unit, op: ">=", threshold: bound },
      };
    }
    case "inside":
      return overlap(share(anchor, subject), INSIDE_FULL, "overlap");
    case "contains":
      return overlap(share(subject, anchor), INSIDE_FULL, "overlap");
    case "surrounded_by":
      return overlap(enclosure(subject, anchor, bound), SURROUNDED_FULL, "enclosure");
    case "crosses": {
      const value = gap(subject, anchor);
      const crosses = value <= TOUCHING && share(anchor, subject) < ALTOGETHER && share(subject, anchor) < ALTOGETHER;
      return { truth: Number(crosses), measured: { name: "distance", value, unit, op: "<=", threshold: 0 } };
    }
    case "between":
      return between(subject, anchor, other ?? null, bound, unit);
    default:
      return direction(atom, subject, anchor, space);
  }
}

function gap(a: Placed, b: Placed): number {
  return shapeDistance(a.shapes, a.index, b.shapes, b.index);
}

function share(outer: Placed, inner: Placed): number {
  return shapeShareInside(outer.shapes, outer.index, inner.shapes, inner.index);
}

function upTo(value: number, bound: number, soft: boolean | undefined): number {
  if (value <= bound) return 1;
  if (!soft || bound === 0) return 0;
  return Math.max(0, 1 - (value - bound) / (bound * (SOFT_END - 1)));
}

function farTruth(value: number, bound: number, soft: boolean | undefined): number {
  return soft ? 1 - upTo(value, bound / SOFT_END, true) : Number(value >= bound);
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

const middleOut = new Float64Array(2);

function middleOf({ shapes, index }: Placed): readonly [number, number] {
  shapeMiddle(shapes, index, middleOut);
  return [middleOut[0] as number, middleOut[1] as number];
}

/**
 * Share of 16 directions from the subject's middle in which the anchor is met no further than `bound` beyond the
 * subject's farthest vertex; the share of the subject inside the anchor where that is nearly all; 0 for an anchor farther
 * than `bound` from the subject.
 */
function enclosure(subject: Placed, anchor: Placed, bound: number): number {
  const inside = share(anchor, subject);
  if (inside > 0.9) return inside;
  if (gap(subject, anchor) > bound) return 0;
  const [cx, cy] = middleOf(subject);
  const radius = shapeRadius(subject.shapes, subject.index, cx, cy) + bound;
  let hit = 0;
  for (let k = 0; k < RAYS; k += 1) {
    const angle = (k / RAYS) * 2 * Math.PI;
    const ray = shapesOf([
      {
        type: "LineString",
        coordinates: [
          [cx, cy],
          [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)],
        ],
      },
    ]);
    if (shapeDistance(ray, 0, anchor.shapes, anchor.index, TOUCHING, TOUCHING) <= TOUCHING) hit += 1;
  }
  return hit / RAYS;
}

/** Both anchors in reach; the subject's middle projects between their middles and lies no further off their line than half their gap. */
function between(subject: Placed, anchor: Placed, other: Placed | null, bound: number, unit: "m" | "px"): Measured {
  if (!other) return { truth: 0, measured: { name: "distance", value: "unknown", unit } };
  const value = Math.max(gap(subject, anchor), gap(subject, other));
  const [ax, ay] = middleOf(anchor);
  const [bx, by] = middleOf(other);
  const [px, py] = middleOf(subject);
  const length = Math.hypot(bx - ax, by - ay);
  const along = length > 0 ? ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / (length * length) : -1;
  const off = length > 0 ? Math.abs((px - ax) * (by - ay) - (py - ay) * (bx - ax)) / length : Number.POSITIVE_INFINITY;
  const holds = along > 0 && along < 1 && off <= length / 2 && value <= bound;
  return {
    truth: Number(holds),
    measured: { name: "distance", value, unit, op: "<=", threshold: bound },
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

function direction(atom: SpatialAtom, subject: Placed, anchor: Placed, space: Frame["space"]): Measured {
  const wanted = BEARINGS[atom.predicate] ?? 0;
  const [sx, sy] = middleOf(subject);
  const [ax, ay] = middleOf(anchor);
  const up = space === "map" ? sy - ay : ay - sy;
  const bearing = ((Math.atan2(sx - ax, up) * 180) / Math.PI + 360) % 360;
  const off = Math.abs(((bearing - wanted + 540) % 360) - 180);
  const near = atom.distanceM === undefined || gap(subject, anchor) <= atom.distanceM;
  return {
    truth: near ? 1 - slope(off, BEARING_FULL, BEARING_NONE) : 0,
    measured: { name: "bearing", value: off, unit: "degrees", op: "<=", threshold: BEARING_FULL },
  };
}
