import { distanceM } from "../../logic/distance.ts";
import { axisOf, boxesMeet, grown, principalAxis } from "./directions.ts";
import type { Arrangement } from "./facts.ts";
import type { Thing } from "./things.ts";

/** Groups from this size on have an arrangement. */
const LEAST = 3;
/** In one row: the spread across is at most this share of the spread along. */
const ROW_RATIO = 0.12;
/** In rows: at least this many things, in at least two rows of at least three, … */
const LEAST_IN_ROWS = 6;
const LEAST_IN_ROW = 3;
/** … with gaps between rows of at least this share of the usual distance of neighbours, and rows no thicker than this share of it. */
const ROW_GAP = 0.45;
const ROW_THICKNESS = 0.3;
/** Along a line: this share of them lies within the distance of it, and they stretch along most of what they span. */
const ALONG_SHARE = 0.8;
const ALONG_M = 40;
/** Around a thing: no gap between neighbouring directions is wider than this, in degrees, and all are this near to it. */
const AROUND_GAP_DEGREES = 150;
const AROUND_M = 80;
/** Clark and Evans' ratio of mean nearest-neighbour distance to that of a random pattern (Ecology 35, 1954). */
const CLUSTERED_BELOW = 0.6;
const SCATTERED_FROM = 0.85;

/**
 * How things lie to each other: around one of the `centres`, in a row or in rows, along one of the `lines`, or, judged against a random
 * pattern of as many in the area, clustered or scattered. The first that holds, in that order; null when none does.
 *
 * @param areaM2 of the whole area, for the random pattern
 */
export function arrangementOf(
  things: readonly Thing[],
  centres: readonly Thing[],
  lines: readonly Thing[],
  areaM2: number,
): Arrangement | null {
  if (things.length < LEAST) return null;
  const around = centres.find((centre) => isAround(things, centre));
  if (around) return { kind: "around", anchor: anchorOf(around) };
  const middles = things.map(({ middle }) => middle);
  const { angle, ratio } = principalAxis(middles);
  if (ratio <= ROW_RATIO) return { kind: "row", axis: axisOf(angle) };
  const nearest = neighbourDistances(middles);
  const rows = rowsOf(things, median(nearest));
  if (rows) return { kind: "rows", rows: rows.count, axis: axisOf(rows.angle) };
  for (const line of lines) {
    if (areAlong(things, line)) return { kind: "along", anchor: anchorOf(line), withinM: ALONG_M };
  }
  const expected = 0.5 * Math.sqrt(areaM2 / nearest.length);
  const index = nearest.reduce((sum, value) => sum + value, 0) / nearest.length / expected;
  if (index < CLUSTERED_BELOW && things.length >= LEAST_IN_ROWS) return { kind: "clustered" };
  return index >= SCATTERED_FROM ? { kind: "scattered" } : null;
}

export function anchorOf({ concept, names, ids }: Pick<Thing, "concept" | "names" | "ids">) {
  return { concept, names, evidence: ids };
}

/** Whether most lie by a line; given up as soon as too many do not. */
function areAlong(things: readonly Thing[], line: Thing): boolean {
  let left = Math.floor((1 - ALONG_SHARE) * things.length + 1e-9);
  const reach = grown(line.box, ALONG_M);
  for (const { geometry, box } of things) {
    if (boxesMeet(box, reach) && distanceM(geometry, line.geometry) <= ALONG_M) continue;
    left -= 1;
    if (left < 0) return false;
  }
  return true;
}

function isAround(things: readonly Thing[], centre: Thing): boolean {
  if (!things.every(({ geometry }) => distanceM(geometry, centre.geometry) <= AROUND_M)) return false;
  const angles = things
    .map(({ middle }) => Math.atan2(middle[1] - centre.middle[1], middle[0] - centre.middle[0]))
    .sort((a, b) => a - b);
  const gaps = angles.map((angle, i) => (angles[i + 1] ?? (angles[0] as number) + 2 * Math.PI) - angle);
  return Math.max(...gaps) * (180 / Math.PI) <= AROUND_GAP_DEGREES;
}

/** Things above this number are judged by the first of them: rows and clusters show in a part as in the whole. */
const MOST_JUDGED = 400;

function neighbourDistances(all: readonly (readonly [number, number])[]): number[] {
  const points = all.slice(0, MOST_JUDGED);
  return points.map(([x, y], i) => {
    let least = Number.POSITIVE_INFINITY;
    for (const [j, [u, v]] of points.entries()) if (i !== j) least = Math.min(least, (x - u) ** 2 + (y - v) ** 2);
    return Math.sqrt(least);
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Rows along the things' own walls or across them: the direction whose rows are cleaner. */
function rowsOf(things: readonly Thing[], spacing: number): { readonly count: number; readonly angle: number } | null {
  if (things.length < LEAST_IN_ROWS) return null;
  const wall = wallAngle(things);
  const found = [wall, wall + Math.PI / 2].flatMap((angle) => {
    const across = things.map(({ middle: [x, y] }) => -x * Math.sin(angle) + y * Math.cos(angle)).sort((a, b) => a - b);
    const rows: number[][] = [];
    for (const value of across) {
      const row = rows.at(-1);
      if (row && value - (row.at(-1) as number) < ROW_GAP * spacing) row.push(value);
      else rows.push([value]);
    }
    const thickness = Math.max(...rows.map((row) => (row.at(-1) as number) - (row[0] as number)));
    const isRows =
      rows.length >= 2 && thickness <= ROW_THICKNESS * spacing && rows.every((row) => row.length >= LEAST_IN_ROW);
    return isRows ? [{ count: rows.length, angle }] : [];
  });
  return found.sort((a, b) => a.count - b.count)[0] ?? null;
}

/** The usual direction of the longest walls, modulo a right angle: the mean of four times the angles, weighed by length. */
function wallAngle(things: readonly Thing[]): number {
  let [sin, cos] = [0, 0];
  for (const { geometry } of things.slice(0, MOST_JUDGED)) {
    const ring =
      geometry.type === "Polygon"
        ? geometry.coordinates[0]
        : geometry.type === "MultiPolygon"
          ? geometry.coordinates[0]?.[0]
          : undefined;
    for (let i = 0; ring && i + 1 < ring.length; i += 1) {
      const [x0 = 0, y0 = 0] = ring[i] as GeoJSON.Position;
      const [x1 = 0, y1 = 0] = ring[i + 1] as GeoJSON.Position;
      const length = Math.hypot(x1 - x0, y1 - y0);
      const angle = Math.atan2(y1 - y0, x1 - x0);
      sin += length * Math.sin(4 * angle);
      cos += length * Math.cos(4 * angle);
    }
  }
  return sin === 0 && cos === 0 ? 0 : Math.atan2(sin, cos) / 4;
}
