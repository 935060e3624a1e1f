/** Longitude and latitude in degrees. */
export type Position = readonly [number, number];

/** Every segment of a geometry as pairs of positions; a point is a segment of length nought. */
function segmentsOf(geometry: GeoJSON.Geometry): readonly (readonly [Position, Position])[] {
  const line = (positions: readonly GeoJSON.Position[]) =>
    positions.slice(1).map((end, i) => [positions[i], end] as unknown as readonly [Position, Position]);
  switch (geometry.type) {
    case "Point":
      return [[geometry.coordinates, geometry.coordinates] as unknown as readonly [Position, Position]];
    case "MultiPoint":
      return geometry.coordinates.map((at) => [at, at] as unknown as readonly [Position, Position]);
    case "LineString":
      return line(geometry.coordinates);
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates.flatMap(line);
    case "MultiPolygon":
      return geometry.coordinates.flat().flatMap(line);
    case "GeometryCollection":
      return geometry.geometries.flatMap(segmentsOf);
  }
}

/**
 * The two positions, lon and lat, where two geometries come closest to each other, for drawing a measured distance.
 * Plane geometry in degrees scaled by the cosine of the latitude, which holds over some tens of kilometres. Outlines
 * count, not insides. Null where one of them is empty.
 */
export function nearestPositions(a: GeoJSON.Geometry, b: GeoJSON.Geometry): readonly [Position, Position] | null {
  const [left, right] = [segmentsOf(a), segmentsOf(b)];
  const first = left[0]?.[0];
  if (!first || right.length === 0) return null;
  const scale = Math.cos((first[1] * Math.PI) / 180);
  const flat = ([x, y]: Position): Position => [x * scale, y];
  let best: readonly [Position, Position] | null = null;
  let shortest = Number.POSITIVE_INFINITY;
  for (const [a0, a1] of left) {
    for (const [b0, b1] of right) {
      const [p, q] = nearestOfSegments(flat(a0), flat(a1), flat(b0), flat(b1));
      const distance = Math.hypot(p[0] - q[0], p[1] - q[1]);
      if (distance >= shortest) continue;
      shortest = distance;
      best = [
        [p[0] / scale, p[1]],
        [q[0] / scale, q[1]],
      ];
    }
  }
  return best;
}

function nearestOfSegments(a0: Position, a1: Position, b0: Position, b1: Position): readonly [Position, Position] {
  const crossing = crossingOf(a0, a1, b0, b1);
  if (crossing) return [crossing, crossing];
  const pairs: readonly (readonly [Position, Position])[] = [
    [a0, onSegment(a0, b0, b1)],
    [a1, onSegment(a1, b0, b1)],
    [onSegment(b0, a0, a1), b0],
    [onSegment(b1, a0, a1), b1],
  ];
  const length = ([p, q]: readonly [Position, Position]) => Math.hypot(p[0] - q[0], p[1] - q[1]);
  return pairs.reduce((held, pair) => (length(pair) < length(held) ? pair : held));
}

/** The position of a segment that is nearest to a point. */
function onSegment(point: Position, start: Position, end: Position): Position {
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const squared = dx * dx + dy * dy;
  if (squared === 0) return start;
  const share = Math.min(1, Math.max(0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / squared));
  return [start[0] + share * dx, start[1] + share * dy];
}

function crossingOf(a0: Position, a1: Position, b0: Position, b1: Position): Position | null {
  const [ax, ay, bx, by] = [a1[0] - a0[0], a1[1] - a0[1], b1[0] - b0[0], b1[1] - b0[1]];
  const turn = ax * by - ay * bx;
  if (turn === 0) return null;
  const [cx, cy] = [b0[0] - a0[0], b0[1] - a0[1]];
  const [s, t] = [(cx * by - cy * bx) / turn, (cx * ay - cy * ax) / turn];
  if (s < 0 || s > 1 || t < 0 || t > 1) return null;
  return [a0[0] + s * ax, a0[1] + s * ay];
}
