export interface Rectangle {
  readonly corners: readonly (readonly [number, number])[];
  readonly along: number;
  readonly across: number;
  /** Share of the rectangle that the pixels fill. */
  readonly fill: number;
}

/** The smallest turned rectangle around pixels (rotating calipers in steps of two degrees over the extreme pixels of each row). */
export function rectangleAround(members: readonly number[], width: number): Rectangle {
  const left = new Map<number, number>();
  const right = new Map<number, number>();
  for (const at of members) {
    const x = at % width;
    const y = (at - x) / width;
    left.set(y, Math.min(left.get(y) ?? Infinity, x));
    right.set(y, Math.max(right.get(y) ?? -Infinity, x + 1));
  }
  const points = [...left].flatMap(([y, x]): [number, number][] => [
    [x, y],
    [x, y + 1],
    [right.get(y) as number, y],
    [right.get(y) as number, y + 1],
  ]);
  let best: { area: number; angle: number; box: [number, number, number, number] } | null = null;
  for (let step = 0; step < 45; step += 1) {
    const angle = (step * 2 * Math.PI) / 180;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of points) {
      const u = x * c + y * s;
      const v = y * c - x * s;
      if (u < box[0]) box[0] = u;
      if (v < box[1]) box[1] = v;
      if (u > box[2]) box[2] = u;
      if (v > box[3]) box[3] = v;
    }
    const area = (box[2] - box[0]) * (box[3] - box[1]);
    if (!best || area < best.area) best = { area, angle, box };
  }
  const { angle, box, area } = best as NonNullable<typeof best>;
  return { corners: turned(box, angle), along: box[2] - box[0], across: box[3] - box[1], fill: members.length / area };
}

function turned(
  [minU, minV, maxU, maxV]: readonly [number, number, number, number],
  angle: number,
): (readonly [number, number])[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (
    [
      [minU, minV],
      [maxU, minV],
      [maxU, maxV],
      [minU, maxV],
    ] as const
  ).map(([u, v]) => [u * c - v * s, v * c + u * s] as const);
}

export function ringOf(corners: readonly (readonly [number, number])[]): GeoJSON.Polygon {
  const ring = corners.map(([x, y]) => [x, y]);
  return { type: "Polygon", coordinates: [[...ring, [...(ring[0] as number[])]]] };
}

/** A rectangle grown by a number of pixels on every side. */
export function enlarged({ corners, along, across, fill }: Rectangle, by: number): Rectangle {
  const [a, b, , d] = corners as readonly (readonly [number, number])[];
  const unit = (from: readonly [number, number], to: readonly [number, number]) => {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    return [((to[0] - from[0]) / length) * by, ((to[1] - from[1]) / length) * by] as const;
  };
  const [ux, uy] = unit(a as readonly [number, number], b as readonly [number, number]);
  const [vx, vy] = unit(a as readonly [number, number], d as readonly [number, number]);
  const signs = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  return {
    corners: corners.map(([x, y], i) => {
      const [su, sv] = signs[i] as readonly [number, number];
      return [x + su * ux + sv * vx, y + su * uy + sv * vy] as const;
    }),
    along: along + 2 * by,
    across: across + 2 * by,
    fill,
  };
}

/** The rectangle grown on its long sides. */
export function widened({ corners, along, across }: Rectangle, by: number): (readonly [number, number])[] {
  const [a, b, c, d] = corners as readonly [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  const [from, to] = along >= across ? [a, d] : [a, b];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [nx, ny] = [((to[0] - from[0]) / length) * by, ((to[1] - from[1]) / length) * by];
  const minus = ([x, y]: readonly [number, number]) => [x - nx, y - ny] as const;
  const plus = ([x, y]: readonly [number, number]) => [x + nx, y + ny] as const;
  return along >= across ? [minus(a), minus(b), plus(c), plus(d)] : [minus(a), plus(b), plus(c), minus(d)];
}
