import { headingOf } from "../segments/shape.ts";

/** A rectangle in pixels (x right, y down), turned by `angle` radians from right towards down. Upright ones have angle 0. */
export interface Box {
  readonly cx: number;
  readonly cy: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
  readonly score: number;
  /** Index of the class. */
  readonly label: number;
}

export type Point = readonly [number, number];

/** Corners against the clock as seen (y down), from the upper left of the unturned box. */
export function cornersOf({ cx, cy, width, height, angle }: Box): readonly [Point, Point, Point, Point] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [ux, uy] = [(c * width) / 2, (s * width) / 2];
  const [vx, vy] = [(-s * height) / 2, (c * height) / 2];
  return [
    [cx - ux - vx, cy - uy - vy],
    [cx - ux + vx, cy - uy + vy],
    [cx + ux + vx, cy + uy + vy],
    [cx + ux - vx, cy + uy - vy],
  ];
}

/** Direction of the long side, degrees clockwise from up, in [0, 180). */
export function orientationOf({ width, height, angle }: Box): number {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return width >= height ? headingOf(c, s) : headingOf(-s, c);
}

/** Intersection over union of upright boxes. */
export function uprightIou(a: Box, b: Box): number {
  const across = Math.min(a.cx + a.width / 2, b.cx + b.width / 2) - Math.max(a.cx - a.width / 2, b.cx - b.width / 2);
  const down = Math.min(a.cy + a.height / 2, b.cy + b.height / 2) - Math.max(a.cy - a.height / 2, b.cy - b.height / 2);
  if (across <= 0 || down <= 0) return 0;
  const both = across * down;
  return both / (a.width * a.height + b.width * b.height - both);
}

const EPSILON = 1e-7;

/** A box as a Gaussian: variances along x and y, and covariance. */
function covariance({ width, height, angle }: Box): readonly [number, number, number] {
  const [a, b] = [width ** 2 / 12, height ** 2 / 12];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [a * c * c + b * s * s, a * s * s + b * c * c, (a - b) * c * s];
}

/**
 * Likeness of turned boxes, 0..1: one minus the Hellinger distance of their Gaussians.
 *
 * @see Llerena et al., Gaussian bounding boxes and probabilistic intersection-over-union for object detection, arXiv 2106.06072
 */
export function probIou(p: Box, q: Box): number {
  const [a1, b1, c1] = covariance(p);
  const [a2, b2, c2] = covariance(q);
  const [dx, dy] = [p.cx - q.cx, p.cy - q.cy];
  const determinant = (a1 + a2) * (b1 + b2) - (c1 + c2) ** 2;
  const apart = ((a1 + a2) * dy * dy + (b1 + b2) * dx * dx) / (determinant + EPSILON) / 4;
  const slant = ((c1 + c2) * -dx * dy) / (determinant + EPSILON) / 2;
  const own = Math.sqrt(Math.max(0, a1 * b1 - c1 * c1) * Math.max(0, a2 * b2 - c2 * c2));
  const shape = Math.log(determinant / (4 * own + EPSILON) + EPSILON) / 2;
  const distance = Math.max(EPSILON, Math.min(100, apart + slant + shape));
  return 1 - Math.sqrt(1 - Math.exp(-distance) + EPSILON);
}

/**
 * Non-maximum suppression: of boxes of one class that overlap by `iou` or more, the surest stays. Classes do not suppress one another.
 *
 * @returns at most `most` boxes, surest first
 */
export function suppress(boxes: readonly Box[], overlap: (a: Box, b: Box) => number, iou: number, most: number): Box[] {
  const kept: Box[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.length >= most) break;
    if (!kept.some((other) => other.label === box.label && near(other, box) && overlap(other, box) >= iou))
      kept.push(box);
  }
  return kept;
}

/** Whether boxes can overlap at all; spares the costly measure. */
function near(a: Box, b: Box): boolean {
  const reach = Math.hypot(a.width, a.height) + Math.hypot(b.width, b.height);
  return Math.abs(a.cx - b.cx) <= reach && Math.abs(a.cy - b.cy) <= reach;
}

/** Area that two boxes share (Sutherland and Hodgman's clipping of convex polygons). */
export function sharedArea(a: Box, b: Box): number {
  if (!near(a, b)) return 0;
  let shape: readonly Point[] = cornersOf(a);
  const clip = cornersOf(b);
  for (let i = 0; i < 4 && shape.length > 0; i += 1) {
    const from = clip[i] as Point;
    const to = clip[(i + 1) % 4] as Point;
    // Inside is at the left hand of a walker against the clock (y down): negative.
    const sideOf = ([x, y]: Point) => (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
    const next: Point[] = [];
    for (const [k, point] of shape.entries()) {
      const before = shape[(k + shape.length - 1) % shape.length] as Point;
      const [d0, d1] = [sideOf(before), sideOf(point)];
      if (d0 > 0 !== d1 > 0) {
        const t = d0 / (d0 - d1);
        next.push([before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1])]);
      }
      if (d1 <= 0) next.push(point);
    }
    shape = next;
  }
  let sum = 0;
  for (const [k, [x, y]] of shape.entries()) {
    const [nx, ny] = shape[(k + 1) % shape.length] as Point;
    sum += x * ny - nx * y;
  }
  return Math.abs(sum) / 2;
}
