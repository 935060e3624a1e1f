import { HOLE, LINE, OUTER, POINTS, type Shapes } from "./shapes.ts";

/**
 * Least distance between two shapes, in the units of their coordinates: 0 where they meet, a polygon's inside included.
 * Never between centroids: outlines are compared segment by segment.
 *
 * @param enough a distance at or under which the search for a lesser one may stop
 * @param most shapes farther apart than this may be given any greater distance
 * @returns the distance; Infinity where one of them is empty
 */
export function shapeDistance(
  a: Shapes,
  i: number,
  b: Shapes,
  j: number,
  enough = 0,
  most = Number.POSITIVE_INFINITY,
): number {
  const gap = boxGap(a.boxes, i, b.boxes, j);
  if (gap > most || (a.isBox[i] === 1 && b.isBox[j] === 1)) return gap;
  if (gap === 0 && (holdsStart(a, i, b, j) || holdsStart(b, j, a, i))) return 0;
  const enoughSquared = enough * enough;
  let best = Number.POSITIVE_INFINITY;
  const lastA = a.shapeStart[i + 1] as number;
  const lastB = b.shapeStart[j + 1] as number;
  for (let c = a.shapeStart[i] as number; c < lastA; c += 1) {
    for (let d = b.shapeStart[j] as number; d < lastB; d += 1) {
      best = chainsSquared(a, c, b, d, j, best, enoughSquared);
      if (best <= enoughSquared) return Math.sqrt(best);
    }
  }
  return Math.sqrt(best);
}

/** Distance between the boxes of two shapes: never more than that of the shapes. */
export function boxGap(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const p = i * 4;
  const q = j * 4;
  const dx = Math.max(0, (a[p] as number) - (b[q + 2] as number), (b[q] as number) - (a[p + 2] as number));
  const dy = Math.max(0, (a[p + 1] as number) - (b[q + 3] as number), (b[q + 1] as number) - (a[p + 3] as number));
  return Math.sqrt(dx * dx + dy * dy);
}

/** Greatest distance between points of the boxes of two shapes: never less than the distance of the shapes. */
export function boxSpan(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const p = i * 4;
  const q = j * 4;
  const dx = Math.max((a[p + 2] as number) - (b[q] as number), (b[q + 2] as number) - (a[p] as number));
  const dy = Math.max((a[p + 3] as number) - (b[q + 1] as number), (b[q + 3] as number) - (a[p + 1] as number));
  return Math.sqrt(dx * dx + dy * dy);
}

/** Whether a point lies in one of the shape's polygons, by the even-odd rule over each polygon's rings. */
export function pointInShape(px: number, py: number, shapes: Shapes, shape: number): boolean {
  const { coordinates, chainStart, chainKind } = shapes;
  let inside = false;
  const last = shapes.shapeStart[shape + 1] as number;
  for (let c = shapes.shapeStart[shape] as number; c < last; c += 1) {
    const kind = chainKind[c] as number;
    if (kind !== OUTER && kind !== HOLE) continue;
    if (kind === OUTER && inside) return true;
    const start = (chainStart[c] as number) * 2;
    const end = (chainStart[c + 1] as number) * 2;
    for (let k = start, l = end - 2; k < end; l = k, k += 2) {
      const yk = coordinates[k + 1] as number;
      const yl = coordinates[l + 1] as number;
      if (yk > py === yl > py) continue;
      const xk = coordinates[k] as number;
      if (px < (((coordinates[l] as number) - xk) * (py - yk)) / (yl - yk) + xk) inside = !inside;
    }
  }
  return inside;
}

/** Whether the first vertex of a chain of `inner`, or any of its points, lies in a polygon of `outer`. */
function holdsStart(outer: Shapes, i: number, inner: Shapes, j: number): boolean {
  if (!hasPolygon(outer, i)) return false;
  const { coordinates, chainStart, chainKind } = inner;
  const last = inner.shapeStart[j + 1] as number;
  for (let c = inner.shapeStart[j] as number; c < last; c += 1) {
    const start = chainStart[c] as number;
    const end = chainKind[c] === POINTS ? (chainStart[c + 1] as number) : start + 1;
    for (let v = start; v < end; v += 1)
      if (pointInShape(coordinates[v * 2] as number, coordinates[v * 2 + 1] as number, outer, i)) return true;
  }
  return false;
}

export function hasPolygon({ shapeStart, chainKind }: Shapes, shape: number): boolean {
  const last = shapeStart[shape + 1] as number;
  for (let c = shapeStart[shape] as number; c < last; c += 1) if (chainKind[c] === OUTER) return true;
  return false;
}

/** Least squared distance between two chains if under `limit`, else `limit`; stops at `enough`. */
function chainsSquared(
  a: Shapes,
  c: number,
  b: Shapes,
  d: number,
  shapeB: number,
  limit: number,
  enough: number,
): number {
  let best = limit;
  const from = a.chainStart[c] as number;
  const to = a.chainStart[c + 1] as number;
  const alone = a.chainKind[c] === POINTS || to - from === 1;
  const { coordinates } = a;
  const minX = b.boxes[shapeB * 4] as number;
  const minY = b.boxes[shapeB * 4 + 1] as number;
  const maxX = b.boxes[shapeB * 4 + 2] as number;
  const maxY = b.boxes[shapeB * 4 + 3] as number;
  const end = alone ? to : to - 1;
  for (let v = from; v < end; v += 1) {
    const ax = coordinates[v * 2] as number;
    const ay = coordinates[v * 2 + 1] as number;
    const bx = alone ? ax : (coordinates[v * 2 + 2] as number);
    const by = alone ? ay : (coordinates[v * 2 + 3] as number);
    const gapX = Math.max(0, minX - Math.max(ax, bx), Math.min(ax, bx) - maxX);
    const gapY = Math.max(0, minY - Math.max(ay, by), Math.min(ay, by) - maxY);
    if (gapX * gapX + gapY * gapY >= best) continue;
    best = segmentChainSquared(ax, ay, bx, by, b, d, best, enough);
    if (best <= enough) return best;
  }
  return best;
}

/** Least squared distance from a segment (or a point, where both ends are one) to a chain if under `limit`, else `limit`. */
function segmentChainSquared(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  b: Shapes,
  d: number,
  limit: number,
  enough: number,
): number {
  let best = limit;
  const { coordinates } = b;
  const from = b.chainStart[d] as number;
  const to = b.chainStart[d + 1] as number;
  const isPoint = ax === bx && ay === by;
  const minX = Math.min(ax, bx);
  const maxX = Math.max(ax, bx);
  const minY = Math.min(ay, by);
  const maxY = Math.max(ay, by);
  const alone = b.chainKind[d] === POINTS || to - from === 1;
  const end = alone ? to : to - 1;
  for (let w = from; w < end; w += 1) {
    const cx = coordinates[w * 2] as number;
    const cy = coordinates[w * 2 + 1] as number;
    const dx = alone ? cx : (coordinates[w * 2 + 2] as number);
    const dy = alone ? cy : (coordinates[w * 2 + 3] as number);
    const gapX = Math.max(0, minX - Math.max(cx, dx), Math.min(cx, dx) - maxX);
    const gapY = Math.max(0, minY - Math.max(cy, dy), Math.min(cy, dy) - maxY);
    if (gapX * gapX + gapY * gapY >= best) continue;
    let squared: number;
    if (isPoint) squared = pointSegment(ax, ay, cx, cy, dx, dy);
    else if (alone) squared = pointSegment(cx, cy, ax, ay, bx, by);
    else if (segmentsCross(ax, ay, bx, by, cx, cy, dx, dy)) return 0;
    else
      squared = Math.min(
        pointSegment(ax, ay, cx, cy, dx, dy),
        pointSegment(bx, by, cx, cy, dx, dy),
        pointSegment(cx, cy, ax, ay, bx, by),
        pointSegment(dx, dy, ax, ay, bx, by),
      );
    if (squared < best) {
      best = squared;
      if (best <= enough) return best;
    }
  }
  return best;
}

function pointSegment(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length));
  const ex = px - ax - t * dx;
  const ey = py - ay - t * dy;
  return ex * ex + ey * ey;
}

/** Whether two segments cross in their interiors; those that only touch are at distance 0 by their ends. */
function segmentsCross(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): boolean {
  const abx = bx - ax;
  const aby = by - ay;
  const c = abx * (cy - ay) - aby * (cx - ax);
  const d = abx * (dy - ay) - aby * (dx - ax);
  if ((c >= 0 && d >= 0) || (c <= 0 && d <= 0)) return false;
  const cdx = dx - cx;
  const cdy = dy - cy;
  const a = cdx * (ay - cy) - cdy * (ax - cx);
  const b = cdx * (by - cy) - cdy * (bx - cx);
  return (a > 0 && b < 0) || (a < 0 && b > 0);
}

/** Share (0..1) of the inner shape's vertices and edge midpoints that lie in polygons of the outer one. */
export function shapeShareInside(outer: Shapes, i: number, inner: Shapes, j: number): number {
  if (boxGap(outer.boxes, i, inner.boxes, j) > 0 || !hasPolygon(outer, i)) return 0;
  const { coordinates, chainStart, chainKind } = inner;
  let inside = 0;
  let all = 0;
  const last = inner.shapeStart[j + 1] as number;
  for (let c = inner.shapeStart[j] as number; c < last; c += 1) {
    const end = chainStart[c + 1] as number;
    for (let v = chainStart[c] as number; v < end; v += 1) {
      const x = coordinates[v * 2] as number;
      const y = coordinates[v * 2 + 1] as number;
      if (chainKind[c] === POINTS) {
        all += 1;
        inside += Number(pointInShape(x, y, outer, i));
      } else if (v + 1 < end) {
        const nextX = coordinates[v * 2 + 2] as number;
        const nextY = coordinates[v * 2 + 3] as number;
        all += 2;
        inside +=
          Number(pointInShape(x, y, outer, i)) + Number(pointInShape((x + nextX) / 2, (y + nextY) / 2, outer, i));
      }
    }
  }
  return all > 0 ? inside / all : 0;
}

/** Mean of the vertices of the longest line or ring (of the points, where there is none), for bearings; x then y. */
export function shapeMiddle(shapes: Shapes, shape: number, out: Float64Array): void {
  const { coordinates, chainStart, chainKind, shapeStart } = shapes;
  let chain = shapeStart[shape] as number;
  const last = shapeStart[shape + 1] as number;
  let most = -1;
  for (let c = chain; c < last; c += 1) {
    const length = (chainStart[c + 1] as number) - (chainStart[c] as number) + (chainKind[c] === POINTS ? 0 : 1e9);
    if (length <= most) continue;
    most = length;
    chain = c;
  }
  const start = chainStart[chain] as number;
  let end = chainStart[chain + 1] as number;
  const isClosed =
    chainKind[chain] !== POINTS &&
    end - start > 2 &&
    coordinates[start * 2] === coordinates[end * 2 - 2] &&
    coordinates[start * 2 + 1] === coordinates[end * 2 - 1];
  if (isClosed) end -= 1;
  let x = 0;
  let y = 0;
  for (let v = start; v < end; v += 1) {
    x += coordinates[v * 2] as number;
    y += coordinates[v * 2 + 1] as number;
  }
  out[0] = x / Math.max(1, end - start);
  out[1] = y / Math.max(1, end - start);
}

/** Area of the shape's polygons, holes taken off; 0 for lines and points. */
export function shapeArea(shapes: Shapes, shape: number): number {
  const { coordinates, chainStart, chainKind } = shapes;
  let sum = 0;
  const last = shapes.shapeStart[shape + 1] as number;
  for (let c = shapes.shapeStart[shape] as number; c < last; c += 1) {
    const kind = chainKind[c] as number;
    if (kind === POINTS || kind === LINE) continue;
    const start = (chainStart[c] as number) * 2;
    const x0 = coordinates[start] as number;
    const y0 = coordinates[start + 1] as number;
    let twice = 0;
    for (let k = start; k + 3 < (chainStart[c + 1] as number) * 2; k += 2)
      twice +=
        ((coordinates[k] as number) - x0) * ((coordinates[k + 3] as number) - y0) -
        ((coordinates[k + 2] as number) - x0) * ((coordinates[k + 1] as number) - y0);
    sum += ((kind === OUTER ? 1 : -1) * Math.abs(twice)) / 2;
  }
  return Math.max(0, sum);
}

/** Greatest distance from a point to a vertex of the shape. */
export function shapeRadius(shapes: Shapes, shape: number, x: number, y: number): number {
  const { coordinates, chainStart, shapeStart } = shapes;
  const end = (chainStart[shapeStart[shape + 1] as number] as number) * 2;
  let most = 0;
  for (let k = (chainStart[shapeStart[shape] as number] as number) * 2; k < end; k += 2) {
    const dx = (coordinates[k] as number) - x;
    const dy = (coordinates[k + 1] as number) - y;
    most = Math.max(most, dx * dx + dy * dy);
  }
  return Math.sqrt(most);
}
