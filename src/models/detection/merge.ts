import { type Box, cornersOf, sharedArea } from "./boxes.ts";

/** A box in chip pixels with the tile that it was found in. */
export interface Find extends Box {
  readonly tile: number;
  /** Whether it reaches a border of its tile at which the picture goes on: it may be a part of a thing. */
  readonly isCut: boolean;
}

/** A cut box of which this share lies in another tile's box is a part of that thing. */
const PART = 0.6;
/** Cut boxes of two tiles that share this much of the smaller are parts of one thing. */
const JOINED = 0.2;
const SAME_DIRECTION = Math.PI / 9;

/**
 * One box a thing over all tiles: the same thing found whole in two tiles, a part of a thing that another tile saw whole, and a
 * thing longer than the tiles' overlap that no tile saw whole, whose parts are joined.
 *
 * @param overlap likeness of two boxes, 0..1, from `iou` on they are one thing
 */
export function mergeTiles(finds: readonly Find[], overlap: (a: Box, b: Box) => number, iou: number): Box[] {
  const kept: Find[] = [];
  for (const find of [...finds].sort((a, b) => Number(a.isCut) - Number(b.isCut) || b.score - a.score)) {
    const isKnown = kept.some(
      (other) =>
        other.label === find.label &&
        other.tile !== find.tile &&
        (overlap(other, find) >= iou || (find.isCut && sharedArea(find, other) >= PART * find.width * find.height)),
    );
    if (!isKnown) kept.push(find);
  }
  for (let changed = true; changed; ) {
    changed = false;
    search: for (const [i, a] of kept.entries()) {
      for (let k = i + 1; a.isCut && k < kept.length; k += 1) {
        const b = kept[k] as Find;
        if (!isContinued(a, b)) continue;
        kept[i] = joined(a, b);
        kept.splice(k, 1);
        changed = true;
        break search;
      }
    }
  }
  return kept.sort((a, b) => b.score - a.score);
}

function isContinued(a: Find, b: Find): boolean {
  if (!b.isCut || a.label !== b.label || a.tile === b.tile) return false;
  const turn = Math.abs(longDirection(a) - longDirection(b)) % Math.PI;
  // Of nearly square parts the direction says nothing.
  const isAligned = Math.min(turn, Math.PI - turn) <= SAME_DIRECTION || isSquarish(a) || isSquarish(b);
  return isAligned && sharedArea(a, b) >= JOINED * Math.min(a.width * a.height, b.width * b.height);
}

const isSquarish = ({ width, height }: Box) => Math.max(width, height) < 1.5 * Math.min(width, height);
const longDirection = ({ width, height, angle }: Box) => (width >= height ? angle : angle + Math.PI / 2);

/** The rectangle around both, in the direction of the larger. */
function joined(a: Find, b: Find): Find {
  const large = a.width * a.height >= b.width * b.height ? a : b;
  const [c, s] = [Math.cos(large.angle), Math.sin(large.angle)];
  let [minU, minV, maxU, maxV] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of [...cornersOf(a), ...cornersOf(b)]) {
    const [u, v] = [x * c + y * s, y * c - x * s];
    minU = Math.min(minU, u);
    maxU = Math.max(maxU, u);
    minV = Math.min(minV, v);
    maxV = Math.max(maxV, v);
  }
  const [u, v] = [(minU + maxU) / 2, (minV + maxV) / 2];
  return {
    ...large,
    cx: u * c - v * s,
    cy: u * s + v * c,
    width: maxU - minU,
    height: maxV - minV,
    score: Math.max(a.score, b.score),
  };
}
