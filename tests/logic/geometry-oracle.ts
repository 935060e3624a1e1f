/** Planar distances between GeoJSON geometries, in the units of their coordinates (metres of the working CRS). */

type Ring = readonly (readonly number[])[];

interface Parts {
  readonly points: Ring;
  /** Open or closed chains of vertices. */
  readonly lines: readonly Ring[];
  readonly polygons: readonly (readonly Ring[])[];
}

const cache = new WeakMap<GeoJSON.Geometry, Parts>();

function partsOf(geometry: GeoJSON.Geometry): Parts {
  let parts = cache.get(geometry);
  if (!parts) {
    parts = split(geometry);
    cache.set(geometry, parts);
  }
  return parts;
}

function split(geometry: GeoJSON.Geometry): Parts {
  switch (geometry.type) {
    case "Point":
      return { points: [geometry.coordinates], lines: [], polygons: [] };
    case "MultiPoint":
      return { points: geometry.coordinates, lines: [], polygons: [] };
    case "LineString":
      return { points: [], lines: [geometry.coordinates], polygons: [] };
    case "MultiLineString":
      return { points: [], lines: geometry.coordinates, polygons: [] };
    case "Polygon":
      return { points: [], lines: geometry.coordinates, polygons: [geometry.coordinates] };
    case "MultiPolygon":
      return { points: [], lines: geometry.coordinates.flat(), polygons: geometry.coordinates };
    case "GeometryCollection": {
      const all = geometry.geometries.map(split);
      return {
        points: all.flatMap(({ points }) => points),
        lines: all.flatMap(({ lines }) => lines),
        polygons: all.flatMap(({ polygons }) => polygons),
      };
    }
  }
}

/** Least distance between two geometries: 0 where they meet, a polygon's inside included. Infinity when one is empty. */
export function distanceM(a: GeoJSON.Geometry, b: GeoJSON.Geometry): number {
  const left = partsOf(a);
  const right = partsOf(b);
  if (meetsInside(left, right) || meetsInside(right, left)) return 0;
  let best = Number.POSITIVE_INFINITY;
  for (const p of left.points) {
    for (const q of right.points) best = Math.min(best, Math.hypot(x(p) - x(q), y(p) - y(q)));
    for (const line of right.lines) best = Math.min(best, Math.sqrt(pointLine(p, line, best * best)));
  }
  for (const line of left.lines) {
    for (const q of right.points) best = Math.min(best, Math.sqrt(pointLine(q, line, best * best)));
    for (const other of right.lines) best = lineLine(line, other, best);
    if (best === 0) return 0;
  }
  return best;
}

/** Whether `inner` lies in `outer` altogether: each of its vertices inside or on the edge, and no edge crossing out. */
export function contains(outer: GeoJSON.Geometry, inner: GeoJSON.Geometry): boolean {
  return shareInside(outer, inner) >= 0.999;
}

/** Share (0..1) of the inner geometry's vertices and edge midpoints that lie inside the outer one's polygons. */
export function shareInside(outer: GeoJSON.Geometry, inner: GeoJSON.Geometry): number {
  const { polygons } = partsOf(outer);
  if (polygons.length === 0) return 0;
  const { points, lines } = partsOf(inner);
  let inside = 0;
  let all = 0;
  const look = (px: number, py: number) => {
    all += 1;
    if (polygons.some((polygon) => inPolygon(px, py, polygon))) inside += 1;
  };
  for (const p of points) look(x(p), y(p));
  for (const line of lines) {
    for (let i = 0; i + 1 < line.length; i += 1) {
      const p = line[i] as readonly number[];
      const q = line[i + 1] as readonly number[];
      look(x(p), y(p));
      look((x(p) + x(q)) / 2, (y(p) + y(q)) / 2);
    }
  }
  return all > 0 ? inside / all : 0;
}

/** Mean of the vertices of the largest part, for bearings between things. */
export function middle(geometry: GeoJSON.Geometry): readonly [number, number] {
  const { points, lines } = partsOf(geometry);
  const vertices = lines.length > 0 ? lines.reduce((a, b) => (b.length > a.length ? b : a)) : points;
  const closed = vertices.length > 2 && x(vertices[0]) === x(vertices.at(-1)) && y(vertices[0]) === y(vertices.at(-1));
  const used = closed ? vertices.slice(0, -1) : vertices;
  const sum = used.reduce<[number, number]>(([sx, sy], p) => [sx + x(p), sy + y(p)], [0, 0]);
  return [sum[0] / Math.max(1, used.length), sum[1] / Math.max(1, used.length)];
}

function x(p: readonly number[] | undefined): number {
  return p?.[0] ?? 0;
}

function y(p: readonly number[] | undefined): number {
  return p?.[1] ?? 0;
}

/** Whether any vertex of `inner` lies in a polygon of `outer`. */
function meetsInside(outer: Parts, inner: Parts): boolean {
  if (outer.polygons.length === 0) return false;
  const starts = [...inner.points, ...inner.lines.flatMap((line) => (line[0] ? [line[0]] : []))];
  return starts.some((p) => outer.polygons.some((polygon) => inPolygon(x(p), y(p), polygon)));
}

/** Even-odd rule over all rings, so that holes are outside. */
export function inPolygon(px: number, py: number, rings: readonly Ring[]): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const yi = y(ring[i]);
      const yj = y(ring[j]);
      if (yi > py === yj > py) continue;
      const xi = x(ring[i]);
      if (px < ((x(ring[j]) - xi) * (py - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

/** Squared distance from a point to a chain, or `limit` when it is not nearer. */
function pointLine(p: readonly number[], line: Ring, limit: number): number {
  let best = limit;
  const px = x(p);
  const py = y(p);
  if (line.length === 1) return Math.min(best, (x(line[0]) - px) ** 2 + (y(line[0]) - py) ** 2);
  for (let i = 0; i + 1 < line.length; i += 1) {
    const d = pointSegment(px, py, x(line[i]), y(line[i]), x(line[i + 1]), y(line[i + 1]));
    if (d < best) best = d;
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

function lineLine(a: Ring, b: Ring, limit: number): number {
  let best = limit;
  for (let i = 0; i + 1 < a.length; i += 1) {
    const ax = x(a[i]);
    const ay = y(a[i]);
    const bx = x(a[i + 1]);
    const by = y(a[i + 1]);
    const minX = Math.min(ax, bx) - best;
    const maxX = Math.max(ax, bx) + best;
    const minY = Math.min(ay, by) - best;
    const maxY = Math.max(ay, by) + best;
    for (let j = 0; j + 1 < b.length; j += 1) {
      const cx = x(b[j]);
      const cy = y(b[j]);
      const dx = x(b[j + 1]);
      const dy = y(b[j + 1]);
      if ((cx < minX && dx < minX) || (cx > maxX && dx > maxX) || (cy < minY && dy < minY) || (cy > maxY && dy > maxY))
        continue;
      if (segmentsCross(ax, ay, bx, by, cx, cy, dx, dy)) return 0;
      const squared = Math.min(
        pointSegment(ax, ay, cx, cy, dx, dy),
        pointSegment(bx, by, cx, cy, dx, dy),
        pointSegment(cx, cy, ax, ay, bx, by),
        pointSegment(dx, dy, ax, ay, bx, by),
      );
      if (squared < best * best) best = Math.sqrt(squared);
    }
  }
  return best;
}

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
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number) =>
    (qx - px) * (ry - py) - (qy - py) * (rx - px);
  return (
    side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 &&
    side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
  );
}
