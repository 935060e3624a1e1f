import type { Ring } from "./trace.ts";

type Point = readonly [number, number];

/** The smallest turned rectangle around points. */
export interface TurnedRectangle {
  /** In the order of the outline, against the clock as seen (y down). */
  readonly corners: readonly [Point, Point, Point, Point];
  readonly long: number;
  readonly short: number;
  /** Direction of the long side, degrees clockwise from up, in [0, 180). */
  readonly orientationDeg: number;
}

/** Corners of the convex hull, against the clock as seen (y down). Andrew's monotone chain. */
export function convexHull(points: Ring): Ring {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (list: Ring) => {
    const out: Point[] = [];
    for (const point of list) {
      while (out.length >= 2 && turn(out.at(-2) as Point, out.at(-1) as Point, point) >= 0) out.pop();
      out.push(point);
    }
    out.pop();
    return out;
  };
  return [...half(sorted), ...half([...sorted].reverse())];
}

function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** One side of the smallest rectangle lies on a side of the hull (Freeman and Shapira 1975). */
export function smallestRectangle(points: Ring): TurnedRectangle {
  const hull = convexHull(points);
  let best: { area: number; u: Point; box: readonly [number, number, number, number] } | null = null;
  for (const [i, [ax, ay]] of hull.entries()) {
    const [bx, by] = hull[(i + 1) % hull.length] as Point;
    const length = Math.hypot(bx - ax, by - ay);
    if (length === 0) continue;
    const u: Point = [(bx - ax) / length, (by - ay) / length];
    let [minU, minV, maxU, maxV] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of hull) {
      const along = x * u[0] + y * u[1];
      const across = y * u[0] - x * u[1];
      minU = Math.min(minU, along);
      maxU = Math.max(maxU, along);
      minV = Math.min(minV, across);
      maxV = Math.max(maxV, across);
    }
    const area = (maxU - minU) * (maxV - minV);
    if (!best || area < best.area - 1e-9) best = { area, u, box: [minU, minV, maxU, maxV] };
  }
  const { u, box } = best ?? { u: [1, 0] as Point, box: [0, 0, 0, 0] as const };
  const at = (along: number, across: number): Point => [
    rounded(along * u[0] - across * u[1]),
    rounded(along * u[1] + across * u[0]),
  ];
  const [along, across] = [box[2] - box[0], box[3] - box[1]];
  const [dx, dy] = along >= across ? u : [-u[1], u[0]];
  return {
    corners: [at(box[0], box[1]), at(box[0], box[3]), at(box[2], box[3]), at(box[2], box[1])],
    long: Math.max(along, across),
    short: Math.min(along, across),
    orientationDeg: headingOf(dx, dy),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Direction of a line, degrees clockwise from up, in [0, 180). Pixel coordinates (y down). */
export function headingOf(dx: number, dy: number): number {
  const degrees = (Math.atan2(dx, -dy) * 180) / Math.PI;
  const folded = ((degrees % 180) + 180) % 180;
  // Rounded so that 179.99999 is the 0 that it means.
  return Math.round(folded * 10) / 10 >= 180 ? 0 : Math.round(folded * 10) / 10;
}

/** Share of the smallest disc around the outline's middle that an area fills: 1 for a disc, 0.64 for a square. */
export function roundness(outline: Ring, area: number): number {
  const cx = outline.reduce((sum, [x]) => sum + x, 0) / outline.length;
  const cy = outline.reduce((sum, [, y]) => sum + y, 0) / outline.length;
  const reach = Math.max(...outline.map(([x, y]) => Math.hypot(x - cx, y - cy)));
  return reach > 0 ? area / (Math.PI * reach * reach) : 0;
}
