import Flatbush from "flatbush";
import { type Outline, type Ring, signedArea } from "./trace.ts";

/** Share of the outer ring's area that simplification may add or take. */
const MOST_CHANGE = 0.12;

/**
 * Outline with fewer corners, none farther from the old line than `tolerance` pixels (Douglas and Peucker). It stays a valid polygon: where
 * lines would cross, a ring vanish or the area change much, the tolerance is halved, at last to none. From 1.42 on, the steps of a slanting
 * edge's pixels become one line.
 */
export function simplifyOutline(outline: Outline, tolerance: number): Outline {
  for (let reach = tolerance; reach > 0.2; reach /= 2) {
    const simple = {
      outer: simplifyRing(outline.outer, reach),
      holes: outline.holes.map((hole) => simplifyRing(hole, reach)),
    };
    const kept = signedArea(simple.outer) / signedArea(outline.outer);
    if (Math.abs(kept - 1) <= MOST_CHANGE && !hasCrossings([simple.outer, ...simple.holes])) return simple;
  }
  return outline;
}

function simplifyRing(ring: Ring, tolerance: number): Ring {
  if (ring.length <= 4) return ring;
  const start = extremeCorner(ring);
  const turned = [...ring.slice(start), ...ring.slice(0, start)];
  const middle = farthestFrom(turned, 0);
  const closed = [...turned, turned[0] as readonly [number, number]];
  const kept = new Uint8Array(closed.length);
  kept[0] = 1;
  kept[middle] = 1;
  const spans: [number, number][] = [
    [0, middle],
    [middle, closed.length - 1],
  ];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let [most, at] = [tolerance, -1];
    for (let i = from + 1; i < to; i += 1) {
      const far = distanceToSegment(closed[i] as Point, closed[from] as Point, closed[to] as Point);
      if (far > most) [most, at] = [far, i];
    }
    if (at === -1) continue;
    kept[at] = 1;
    spans.push([from, at], [at, to]);
  }
  const out = turned.filter((_, i) => kept[i] === 1);
  const before = signedArea(ring);
  return out.length >= 3 && Math.sign(signedArea(out)) === Math.sign(before) ? out : ring;
}

type Point = readonly [number, number];

/** A corner that surely stays: the one farthest along an odd direction, so that ties between corners of a box are rare. */
function extremeCorner(ring: Ring): number {
  let best = 0;
  for (let i = 1; i < ring.length; i += 1) {
    const [x, y] = ring[i] as Point;
    const [bx, by] = ring[best] as Point;
    if (x + 0.618 * y < bx + 0.618 * by) best = i;
  }
  return best;
}

function farthestFrom(ring: Ring, from: number): number {
  const [x, y] = ring[from] as Point;
  let [best, most] = [from === 0 ? 1 : 0, -1];
  for (const [i, [px, py]] of ring.entries()) {
    const far = (px - x) ** 2 + (py - y) ** 2;
    if (far > most) [best, most] = [i, far];
  }
  return best;
}

function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** Whether any two sides of some rings cross. Touching in a point is no crossing. */
export function hasCrossings(rings: readonly Ring[]): boolean {
  const sides = rings.flatMap((ring) =>
    ring.map((from, i): readonly [Point, Point] => [from, ring[(i + 1) % ring.length] as Point]),
  );
  if (sides.length < 4) return false;
  const tree = new Flatbush(sides.length);
  const boxes = sides.map(([[ax, ay], [bx, by]]) => {
    const box = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)] as const;
    tree.add(...box);
    return box;
  });
  tree.finish();
  return sides.some(([a, b], i) =>
    tree
      .search(...(boxes[i] as (typeof boxes)[number]))
      .some((k) => k > i && cross(a, b, ...(sides[k] as readonly [Point, Point]))),
  );
}

function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side([ax, ay]: Point, [bx, by]: Point, [px, py]: Point): number {
  return Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax));
}
