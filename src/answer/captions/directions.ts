import type { BoxM } from "../../store/ports.ts";
import { type Axis, COMPASS, type Compass, type Position, type Side } from "./facts.ts";

type Point = readonly [number, number];

/** Something that spans this share of the area both ways is all over it. */
const THROUGHOUT = 0.6;
/** A strip along a side: this long, and no deeper than … of the area, and touching its outermost tenth. */
const EDGE_LENGTH = 0.6;
const EDGE_DEPTH = 0.2;
const EDGE_MARGIN = 0.1;

/** The direction from one point to another. */
export function compass(from: Point, to: Point): Compass {
  const clockwise = Math.atan2(to[0] - from[0], to[1] - from[1]);
  return COMPASS[(Math.round(clockwise / (Math.PI / 4)) + 8) % 8] as Compass;
}

export function opposite(direction: Compass): Compass {
  return COMPASS[(COMPASS.indexOf(direction) + 4) % 8] as Compass;
}

/** Where a box lies in the area's box, as ninths, strips along sides, or all over. */
export function positionOf(box: BoxM, area: BoxM): Position {
  const width = area[2] - area[0];
  const height = area[3] - area[1];
  const left = (Math.max(box[0], area[0]) - area[0]) / width;
  const right = (Math.min(box[2], area[2]) - area[0]) / width;
  const low = (Math.max(box[1], area[1]) - area[1]) / height;
  const high = (Math.min(box[3], area[3]) - area[1]) / height;
  const wide = right - left;
  const tall = high - low;
  if (wide >= THROUGHOUT && tall >= THROUGHOUT) return { kind: "throughout" };
  const side = edgeOf({ left, right, low, high, wide, tall });
  if (side) return { kind: "edge", side };
  const column = third((left + right) / 2);
  const row = third((low + high) / 2);
  const part = [row > 0 ? "north" : row < 0 ? "south" : "", column > 0 ? "east" : column < 0 ? "west" : ""]
    .filter((word) => word !== "")
    .join("-");
  return { kind: "part", part: part === "" ? "centre" : (part as Compass) };
}

const third = (share: number) => (share < 1 / 3 ? -1 : share > 2 / 3 ? 1 : 0);

function edgeOf(at: Readonly<Record<"left" | "right" | "low" | "high" | "wide" | "tall", number>>): Side | null {
  if (at.wide >= EDGE_LENGTH && at.tall <= EDGE_DEPTH) {
    if (at.high >= 1 - EDGE_MARGIN) return "north";
    if (at.low <= EDGE_MARGIN) return "south";
  }
  if (at.tall >= EDGE_LENGTH && at.wide <= EDGE_DEPTH) {
    if (at.right >= 1 - EDGE_MARGIN) return "east";
    if (at.left <= EDGE_MARGIN) return "west";
  }
  return null;
}

/** The axis of an angle in radians, anticlockwise from east. */
export function axisOf(angle: number): Axis {
  const eighths = ((Math.round(angle / (Math.PI / 4)) % 4) + 4) % 4;
  return (["east–west", "north-east–south-west", "north–south", "north-west–south-east"] as const)[eighths] as Axis;
}

/** Principal axis of points: its angle, and the ratio of the lesser to the greater standard deviation (0: a straight line). */
export function principalAxis(points: readonly Point[]): { readonly angle: number; readonly ratio: number } {
  const n = points.length;
  const mx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const my = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
  }
  const spread = Math.hypot(xx - yy, 2 * xy);
  const greater = (xx + yy + spread) / 2;
  const lesser = Math.max(0, (xx + yy - spread) / 2);
  return { angle: 0.5 * Math.atan2(2 * xy, xx - yy), ratio: greater > 0 ? Math.sqrt(lesser / greater) : 1 };
}

/** The point of a geometry's lines and rings that is closest to a point; a polygon's inside is not looked at. */
export function closestPoint(geometry: GeoJSON.Geometry, [px, py]: Point): Point {
  let best: Point = [px, py];
  let least = Number.POSITIVE_INFINITY;
  const take = (x: number, y: number) => {
    const distance = (x - px) ** 2 + (y - py) ** 2;
    if (distance < least) {
      least = distance;
      best = [x, y];
    }
  };
  const visit = (coordinates: readonly GeoJSON.Position[]) => {
    for (let i = 0; i < coordinates.length; i += 1) {
      const [x0 = 0, y0 = 0] = coordinates[i] as GeoJSON.Position;
      const [x1 = x0, y1 = y0] = coordinates[i + 1] ?? [];
      const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
      const t = length > 0 ? Math.max(0, Math.min(1, ((px - x0) * (x1 - x0) + (py - y0) * (y1 - y0)) / length)) : 0;
      take(x0 + t * (x1 - x0), y0 + t * (y1 - y0));
    }
  };
  const walk = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] === "number") visit([coordinates as GeoJSON.Position]);
    else if (Array.isArray(coordinates[0]) && typeof coordinates[0][0] === "number")
      visit(coordinates as GeoJSON.Position[]);
    else for (const part of coordinates) walk(part);
  };
  if (geometry.type !== "GeometryCollection") walk(geometry.coordinates);
  return best;
}

export function unionBox(boxes: readonly BoxM[]): BoxM {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

export function grown([minX, minY, maxX, maxY]: BoxM, by: number): BoxM {
  return [minX - by, minY - by, maxX + by, maxY + by];
}

export function boxesMeet(a: BoxM, b: BoxM): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}
