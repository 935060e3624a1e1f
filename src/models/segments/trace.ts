import type { Component, Components } from "./components.ts";

/** Corners of a closed line, the first not repeated. Pixel corners: x right, y down. */
export type Ring = readonly (readonly [number, number])[];

/** Outline of a component: its outer ring and the gaps in it. */
export interface Outline {
  readonly outer: Ring;
  readonly holes: readonly Ring[];
}

/** Headings: 0 down, 1 right, 2 up, 3 left; one more is a turn to the left hand. */
const DOWN = 0;
const STEP_X = [0, 1, 0, -1] as const;
const STEP_Y = [1, 0, -1, 0] as const;
/** Pixel ahead at the left hand of a walker at a lattice point, by heading, as an offset from that point. */
const AHEAD_LEFT = [
  [0, 0],
  [0, -1],
  [-1, -1],
  [-1, 0],
] as const;
const AHEAD_RIGHT = [
  [-1, 0],
  [0, 0],
  [0, -1],
  [-1, -1],
] as const;

/**
 * Outlines of components along the pixels' sides, exact. Outer rings run against the clock as seen (y down), holes with it, so that
 * they are right-handed (RFC 7946) once y points north. Where two pixels of a component meet at a corner only, the outline goes through
 * the corner: a hole may touch the outer ring there in a point, but no ring touches itself.
 *
 * @returns one a component, null for those that are not wanted
 */
export function traceOutlines(
  { ids, list }: Components,
  width: number,
  height: number,
  isWanted: (component: Component) => boolean,
): readonly (Outline | null)[] {
  const wanted = list.map(isWanted);
  const outer = new Array<Ring>(list.length).fill([]);
  const holes: Ring[][] = list.map(() => []);
  const walked = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const id = ids[at] as number;
      if (id === -1 || !wanted[id] || walked[at] === 1 || (x > 0 && ids[at - 1] === id)) continue;
      const ring = walk(ids, width, height, id, x, y, walked);
      if (signedArea(ring) < 0) outer[id] = ring;
      else holes[id]?.push(ring);
    }
  }
  return list.map((_, id) => (wanted[id] ? { outer: outer[id] as Ring, holes: holes[id] as Ring[] } : null));
}

/** Follows one ring from a pixel whose left side is its border, inside at the left hand. */
function walk(
  ids: Int32Array,
  width: number,
  height: number,
  id: number,
  startX: number,
  startY: number,
  walked: Uint8Array,
): Ring {
  const isInside = (px: number, py: number) =>
    px >= 0 && py >= 0 && px < width && py < height && ids[py * width + px] === id;
  const ring: [number, number][] = [];
  let [x, y, heading] = [startX, startY, DOWN as number];
  do {
    if (heading === DOWN) walked[y * width + x] = 1;
    x += STEP_X[heading] as number;
    y += STEP_Y[heading] as number;
    const [rx, ry] = AHEAD_RIGHT[heading] as readonly [number, number];
    const [lx, ly] = AHEAD_LEFT[heading] as readonly [number, number];
    const turned = isInside(x + rx, y + ry)
      ? (heading + 3) % 4
      : isInside(x + lx, y + ly)
        ? heading
        : (heading + 1) % 4;
    if (turned !== heading) ring.push([x, y]);
    heading = turned;
  } while (!(x === startX && y === startY && heading === DOWN));
  // The ring begins where the walk did, at the first corner in reading order, not at the second.
  const last = ring.at(-1) as Ring[number];
  return last[0] === startX && last[1] === startY ? [last, ...ring.slice(0, -1)] : ring;
}

/** Area in square pixels; negative where the ring runs against the clock as seen (y down). */
export function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [ax, ay] = ring[i] as readonly [number, number];
    const [bx, by] = ring[(i + 1) % ring.length] as readonly [number, number];
    sum += ax * by - bx * ay;
  }
  return sum / 2;
}
