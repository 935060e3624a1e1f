import { salienceOf } from "./concepts.ts";
import { axisOf, positionOf, principalAxis } from "./directions.ts";
import type { LineFact } from "./facts.ts";
import { cellAt, type Lattice } from "./lattice.ts";
import type { Thing } from "./things.ts";

/** Lines are told from this length on, as a share of the area's shorter side. */
const LEAST_LENGTH = 0.2;
/** A line is straight enough to have a direction up to this ratio of its spreads. */
const STRAIGHT = 0.35;
/** Lines that come this near to a side reach it, as a share of the area's extent. */
const REACH = 0.03;
const MOST_EVIDENCE = 12;

interface Held {
  readonly thing: Thing;
  readonly points: readonly (readonly [number, number])[];
}

/** Lines through the area by name; unnamed pieces of one kind together. Longest of the most telling kinds first. */
export function lineFacts(things: readonly Thing[], lattice: Lattice): LineFact[] {
  const step = Math.min(...lattice.cell) / 2;
  const groups = new Map<string, Held[]>();
  for (const thing of things) {
    if (thing.role !== "line") continue;
    const points = pointsInside(thing.geometry, lattice, step);
    if (points.length === 0) continue;
    const key = `${thing.concept}|${thing.names?.en ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), { thing, points }]);
  }
  const side = Math.min(lattice.box[2] - lattice.box[0], lattice.box[3] - lattice.box[1]);
  return [...groups.values()]
    .flatMap((held): LineFact[] => {
      const points = held.flatMap((one) => one.points);
      const lengthM = points.length * step;
      const { thing } = held[0] as Held;
      if (lengthM < LEAST_LENGTH * side) return [];
      const { angle, ratio } = principalAxis(points);
      const axis = ratio <= STRAIGHT ? axisOf(angle) : null;
      const xs = points.map(([x]) => x);
      const ys = points.map(([, y]) => y);
      const box = [least(xs), least(ys), most(xs), most(ys)] as const;
      return [
        {
          concept: thing.concept,
          names: thing.names,
          count: held.length,
          lengthM,
          evidence: [...held]
            .sort((a, b) => b.points.length - a.points.length)
            .slice(0, MOST_EVIDENCE)
            .flatMap((one) => one.thing.ids),
          axis,
          position: positionOf(box, lattice.box),
          crosses: axis !== null && reaches(box, lattice) >= 2,
        },
      ];
    })
    .sort(
      (a, b) =>
        salienceOf(b.concept) - salienceOf(a.concept) ||
        b.lengthM - a.lengthM ||
        (a.evidence[0]! < b.evidence[0]! ? -1 : 1),
    );
}

const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** How many sides of the area a box comes up to. */
function reaches(box: readonly number[], { box: area }: Lattice): number {
  const margin = [REACH * (area[2] - area[0]), REACH * (area[3] - area[1])] as const;
  return [
    (box[0] as number) - area[0] <= margin[0],
    (box[1] as number) - area[1] <= margin[1],
    area[2] - (box[2] as number) <= margin[0],
    area[3] - (box[3] as number) <= margin[1],
  ].filter(Boolean).length;
}

/** Points every `step` metres along a line that lie in the area. */
function pointsInside(geometry: GeoJSON.Geometry, lattice: Lattice, step: number): (readonly [number, number])[] {
  const lines =
    geometry.type === "LineString"
      ? [geometry.coordinates]
      : geometry.type === "MultiLineString"
        ? geometry.coordinates
        : [];
  const [minX, minY, maxX, maxY] = lattice.box;
  const out: (readonly [number, number])[] = [];
  for (const line of lines) {
    let passed = 0;
    for (let i = 0; i + 1 < line.length; i += 1) {
      const [x0 = 0, y0 = 0] = line[i] as GeoJSON.Position;
      const [x1 = 0, y1 = 0] = line[i + 1] as GeoJSON.Position;
      const length = Math.hypot(x1 - x0, y1 - y0);
      const [from, to] = clipped(x0, y0, x1, y1, minX, minY, maxX, maxY);
      // Steps are counted along the whole line, so that short segments are not passed over.
      const first = Math.ceil((passed + from * length) / step - 0.5);
      for (let k = first; from < to && (k + 0.5) * step < passed + to * length; k += 1) {
        const at = ((k + 0.5) * step - passed) / length;
        const [x, y] = [x0 + at * (x1 - x0), y0 + at * (y1 - y0)];
        if (cellAt(lattice, x, y) >= 0) out.push([x, y]);
      }
      passed += length;
    }
  }
  return out;
}

/** Parameters (0..1) between which a segment lies in a box (Liang and Barsky 1984); from > to when it does not. */
function clipped(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  minX: number,
  minY: number,
  maxX: number,
  maxY: number,
): readonly [number, number] {
  let [from, to] = [0, 1];
  for (const [p, q] of [
    [x0 - x1, x0 - minX],
    [x1 - x0, maxX - x0],
    [y0 - y1, y0 - minY],
    [y1 - y0, maxY - y0],
  ] as const) {
    if (p === 0) {
      if (q < 0) return [1, 0];
    } else if (p < 0) from = Math.max(from, q / p);
    else to = Math.min(to, q / p);
  }
  return [from, to];
}
