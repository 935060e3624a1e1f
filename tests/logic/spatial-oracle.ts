import type { Formula } from "../../src/logic/formula.ts";
import { distanceM, middle, shareInside } from "./geometry-oracle.ts";

type Spatial = Extract<Formula, { kind: "spatial" }>;
type Space = "map" | "image";

const TOUCHING = 1e-6;

/** docs/reasoning.md, "Truth", word for word: no shortcut, no index, no early end. */
export function spatialOracle(atom: Spatial, things: readonly GeoJSON.Geometry[], space: Space): number {
  const [subject, anchor, other] = things;
  if (!subject || !anchor) return 0;
  const gap = distanceM(subject, anchor);
  const bound = atom.distanceM as number;
  switch (atom.predicate) {
    case "near":
    case "adjacent":
    case "along":
    case "connected_to":
      return upTo(gap, bound, atom.soft);
    case "far_from":
      return atom.soft ? 1 - upTo(gap, bound / 1.25, true) : Number(gap >= bound);
    case "inside":
      return ramp(shareInside(anchor, subject), 0.5, 0.9);
    case "contains":
      return ramp(shareInside(subject, anchor), 0.5, 0.9);
    case "crosses":
      return Number(gap <= TOUCHING && shareInside(anchor, subject) < 0.999 && shareInside(subject, anchor) < 0.999);
    case "surrounded_by":
      return ramp(enclosure(subject, anchor, bound), 0.5, 0.75);
    case "between":
      return other ? between(subject, anchor, other, bound) : 0;
    default:
      return direction(atom, subject, anchor, space);
  }
}

function upTo(value: number, bound: number, soft: boolean | undefined): number {
  if (value <= bound) return 1;
  return soft && bound > 0 ? Math.max(0, 1 - (value - bound) / (0.25 * bound)) : 0;
}

function ramp(value: number, none: number, full: number): number {
  return Math.max(0, Math.min(1, (value - none) / (full - none)));
}

function enclosure(subject: GeoJSON.Geometry, anchor: GeoJSON.Geometry, bound: number): number {
  const inside = shareInside(anchor, subject);
  if (inside > 0.9) return inside;
  if (distanceM(subject, anchor) > bound) return 0;
  const [cx, cy] = middle(subject);
  const reach = bound + Math.max(...vertices(subject).map(([x = 0, y = 0]) => Math.hypot(x - cx, y - cy)));
  const met = Array.from({ length: 16 }, (_, k) => {
    const angle = (k / 16) * 2 * Math.PI;
    const end = [cx + reach * Math.cos(angle), cy + reach * Math.sin(angle)];
    return distanceM({ type: "LineString", coordinates: [[cx, cy], end] }, anchor) <= TOUCHING;
  });
  return met.filter(Boolean).length / 16;
}

function vertices(geometry: GeoJSON.Geometry): number[][] {
  const flat = (coordinates: unknown): number[][] =>
    typeof (coordinates as unknown[])[0] === "number"
      ? [coordinates as number[]]
      : (coordinates as unknown[]).flatMap(flat);
  return geometry.type === "GeometryCollection" ? geometry.geometries.flatMap(vertices) : flat(geometry.coordinates);
}

function between(subject: GeoJSON.Geometry, a: GeoJSON.Geometry, b: GeoJSON.Geometry, bound: number): number {
  if (Math.max(distanceM(subject, a), distanceM(subject, b)) > bound) return 0;
  const [ax, ay] = middle(a);
  const [bx, by] = middle(b);
  const [px, py] = middle(subject);
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return 0;
  const along = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / (length * length);
  const off = Math.abs((px - ax) * (by - ay) - (py - ay) * (bx - ax)) / length;
  return Number(along > 0 && along < 1 && off <= length / 2);
}

const BEARINGS: Readonly<Record<string, number>> = {
  north_of: 0,
  above: 0,
  east_of: 90,
  right_of: 90,
  south_of: 180,
  below: 180,
  west_of: 270,
  left_of: 270,
};

function direction(atom: Spatial, subject: GeoJSON.Geometry, anchor: GeoJSON.Geometry, space: Space): number {
  if (atom.distanceM !== undefined && distanceM(subject, anchor) > atom.distanceM) return 0;
  const [sx, sy] = middle(subject);
  const [ax, ay] = middle(anchor);
  const bearing = (Math.atan2(sx - ax, space === "map" ? sy - ay : ay - sy) * 180) / Math.PI;
  const off = Math.abs(((((bearing - (BEARINGS[atom.predicate] as number)) % 360) + 540) % 360) - 180);
  return 1 - ramp(off, 45, 67.5);
}
