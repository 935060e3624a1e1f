import type { Chip } from "../../imagery/ports.ts";
import type { Segment } from "../ports.ts";
import { dilate, flood, grow } from "./pixels.ts";
import { type Rectangle, rectangleAround, ringOf, widened } from "./rectangle.ts";

/** Square metres. */
const YARD_AREA = [1500, 40_000] as const;
/** Half the width that opening takes away: roads are narrower, truck yards wider. */
const YARD_HALF_WIDTH = 6;
/** Depth of a row of parked trucks beside the free lane. */
const TRUCK_ROW = 18;
const CONFIDENCE = 0.75;

/** Even asphalt wide enough to be no road, with rows of parked things along it. */
export function truckYards(chip: Chip, picture: Uint8Array, gsd: number): Segment[] {
  const { width, height } = chip;
  const asphalt = new Uint8Array(width * height);
  for (let i = 0; i < asphalt.length; i += 1) {
    const [r, g, b] = [picture[i * 3] as number, picture[i * 3 + 1] as number, picture[i * 3 + 2] as number];
    const light = (r + g + b) / 3;
    if (chip.valid[i] === 1 && light > 88 && light < 146 && Math.max(r, g, b) - Math.min(r, g, b) < 26) asphalt[i] = 1;
  }
  const core = evenCore(asphalt, picture, width, height, Math.max(1, Math.round(YARD_HALF_WIDTH / gsd)), gsd);
  const seen = new Uint8Array(width * height);
  const lanes: Lane[] = [];
  for (let start = 0; start < core.length; start += 1) {
    if (core[start] === 0 || seen[start] === 1) continue;
    const members = flood(start, core, seen, width, height);
    if (members.length * gsd ** 2 < 500) continue;
    const lane = freeLane(members, rectangleAround(members, width), width, gsd);
    if (lane) lanes.push({ shape: lane, parked: parkedBeside(lane, chip, gsd) });
  }
  return joinLanes(lanes, chip, gsd).flatMap(({ shape, parked }) => {
    const rows = widened(shape, TRUCK_ROW / gsd);
    const area = shape.along * gsd * (shape.across * gsd + 2 * TRUCK_ROW);
    if (shape.along * gsd < 60 || area < YARD_AREA[0] || area > YARD_AREA[1] || parked < LEAST_PARKED) return [];
    return [
      {
        concept: "truck_yard" as const,
        confidence: Math.round(CONFIDENCE * Math.min(1.15, 0.75 + parked) * 100) / 100,
        polygon: ringOf(rows),
        attributes: ["paved" as const],
      },
    ];
  });
}

/** Share of jumps beside a lane from which vehicles are parked there. */
const LEAST_PARKED = 0.3;
/** The lane between the rows, in metres. */
const LANE_WIDTH = [10, 42] as const;
const LEAST_LANE = 24;
/** Share of a line along the lane that is free asphalt; between parked vehicles it is less. */
const LANE_COVER = 0.6;
/** Lanes in one line are one yard when at most this many metres lie between them. */
const LANE_GAP = 70;

interface Lane {
  /** `along` is the longer side, and the rectangle's first. */
  readonly shape: Rectangle;
  readonly parked: number;
}

const parkedBeside = (shape: Rectangle, chip: Chip, gsd: number) =>
  parkedRows(widened(shape, TRUCK_ROW / gsd), shape, chip, gsd);

/**
 * The free lane in a region of even asphalt: the region reaches in between the parked vehicles, and its rectangle with it, but only the
 * lane is asphalt for most of its length. Null where there is none of a lane's width.
 */
function freeLane(members: readonly number[], { corners, along, across }: Rectangle, width: number, gsd: number) {
  const [a, b, , d] = corners as readonly (readonly [number, number])[];
  const [origin, end] = along >= across ? [a, b] : [a, d];
  const [ox, oy] = origin as readonly [number, number];
  const [ex, ey] = end as readonly [number, number];
  const long = Math.max(along, across);
  const short = Math.min(along, across);
  const [ux, uy] = [(ex - ox) / long, (ey - oy) / long];
  const other = (along >= across ? d : b) as readonly [number, number];
  const [vx, vy] = [(other[0] - ox) / short, (other[1] - oy) / short];
  const at = members.map((member) => {
    const x = (member % width) + 0.5 - ox;
    const y = Math.floor(member / width) + 0.5 - oy;
    return [x * ux + y * uy, x * vx + y * vy] as const;
  });
  const acrossRun = densestRun(
    at.map(([, v]) => v),
    short,
    long,
  );
  if (!acrossRun) return null;
  const [v0, v1] = acrossRun;
  const laneWidth = (v1 - v0) * gsd;
  if (laneWidth < LANE_WIDTH[0] || laneWidth > LANE_WIDTH[1]) return null;
  const inLane = at.filter(([, v]) => v >= v0 && v < v1);
  const alongRun = densestRun(
    inLane.map(([u]) => u),
    long,
    v1 - v0,
  );
  if (!alongRun) return null;
  const [u0, u1] = alongRun;
  if ((u1 - u0) * gsd < LEAST_LANE || (u1 - u0) / (v1 - v0) < 1.2) return null;
  return laneRectangle([ox, oy], [ux, uy], [vx, vy], [u0, u1], [v0, v1]);
}

function laneRectangle(
  [ox, oy]: readonly [number, number],
  [ux, uy]: readonly [number, number],
  [vx, vy]: readonly [number, number],
  [u0, u1]: readonly [number, number],
  [v0, v1]: readonly [number, number],
): Rectangle {
  const point = (u: number, v: number) => [ox + u * ux + v * vx, oy + u * uy + v * vy] as const;
  return {
    corners: [point(u0, v0), point(u1, v0), point(u1, v1), point(u0, v1)],
    along: u1 - u0,
    across: v1 - v0,
    fill: 1,
  };
}

/** The longest stretch of positions (0 to `length`, in pixels) where at least 0.6 of `full` pixels lie on each; gaps of two are closed. */
function densestRun(positions: readonly number[], length: number, full: number): readonly [number, number] | null {
  const counts = new Uint32Array(Math.max(1, Math.ceil(length)));
  for (const position of positions) {
    const bin = Math.min(counts.length - 1, Math.max(0, Math.floor(position)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  let best: readonly [number, number] | null = null;
  let from = -1;
  let last = -1;
  for (let i = 0; i < counts.length; i += 1) {
    if ((counts[i] as number) < LANE_COVER * full) continue;
    if (from < 0 || i - last > 3) from = i;
    last = i;
    if (!best || last + 1 - from > best[1] - best[0]) best = [from, last + 1];
  }
  return best;
}

/** Lanes in one line with little between them, as one: a vehicle that stands across the lane, or a bright marking, parts it. */
function joinLanes(lanes: readonly Lane[], chip: Chip, gsd: number): readonly Lane[] {
  const left = [...lanes].sort((a, b) => b.shape.along - a.shape.along);
  const out: Lane[] = [];
  for (let lane = left.shift(); lane; lane = left.shift()) {
    for (let i = 0; i < left.length; ) {
      const joined = inOneLine(lane.shape, (left[i] as Lane).shape, LANE_GAP / gsd);
      const parked = joined ? parkedBeside(joined, chip, gsd) : 0;
      if (!joined || parked < LEAST_PARKED) {
        i += 1;
        continue;
      }
      lane = { shape: joined, parked };
      left.splice(i, 1);
      i = 0;
    }
    out.push(lane);
  }
  return out;
}

/** The rectangle of two lanes in the frame of the longer one, or null when they are no continuation of each other. */
function inOneLine(a: Rectangle, b: Rectangle, gap: number): Rectangle | null {
  const [o, e, , d] = a.corners as readonly (readonly [number, number])[];
  const [ox, oy] = o as readonly [number, number];
  const [ux, uy] = [
    ((e as readonly [number, number])[0] - ox) / a.along,
    ((e as readonly [number, number])[1] - oy) / a.along,
  ];
  const [vx, vy] = [
    ((d as readonly [number, number])[0] - ox) / a.across,
    ((d as readonly [number, number])[1] - oy) / a.across,
  ];
  const us = b.corners.map(([x, y]) => (x - ox) * ux + (y - oy) * uy);
  const vs = b.corners.map(([x, y]) => (x - ox) * vx + (y - oy) * vy);
  const [u0, u1, v0, v1] = [Math.min(...us), Math.max(...us), Math.min(...vs), Math.max(...vs)];
  const shared = Math.min(v1, a.across) - Math.max(v0, 0);
  if (shared < 0.5 * Math.min(v1 - v0, a.across) || v1 - v0 > 1.6 * a.across + 4) return null;
  if (u0 - a.along > gap || -u1 > gap) return null;
  return laneRectangle([ox, oy], [ux, uy], [vx, vy], [Math.min(0, u0), Math.max(a.along, u1)], [0, a.across]);
}

/** Pixels of a mask whose whole neighbourhood belongs to one region of even colour; grown back by the same radius. */
function evenCore(
  mask: Uint8Array,
  picture: Uint8Array,
  width: number,
  height: number,
  radius: number,
  gsd: number,
): Uint8Array {
  const labels = new Int32Array(width * height);
  const seen = new Uint8Array(width * height);
  let label = 0;
  for (let start = 0; start < mask.length; start += 1) {
    if (mask[start] === 0 || seen[start] === 1) continue;
    const members = grow(start, mask, picture, seen, width, height, 33);
    if (members.length * gsd ** 2 < 500) continue;
    label += 1;
    for (const at of members) labels[at] = label;
  }
  const lines = (
    input: Int32Array,
    count: number,
    length: number,
    at: (line: number, i: number) => number,
  ): Int32Array => {
    const out = new Int32Array(input.length);
    for (let line = 0; line < count; line += 1) {
      let run = 0;
      let last = 0;
      // The run of equal labels that ends at `enter` covers the window around `enter - radius`.
      for (let enter = 0; enter < length; enter += 1) {
        const value = input[at(line, enter)] as number;
        run = value !== 0 && value === last ? run + 1 : value === 0 ? 0 : 1;
        last = value;
        if (run >= 2 * radius + 1) out[at(line, enter - radius)] = value;
      }
    }
    return out;
  };
  const across = lines(labels, height, width, (y, x) => y * width + x);
  const both = lines(across, width, height, (x, y) => y * width + x);
  return dilate(
    Uint8Array.from(both, (value) => (value > 0 ? 1 : 0)),
    width,
    height,
    radius,
  );
}

/** Share of steps along the added strips, three metres apart, at which the brightness jumps: parked vehicles side by side do that, roofs do not. */
function parkedRows(rows: readonly (readonly [number, number])[], core: Rectangle, chip: Chip, gsd: number): number {
  const [a, b, , d] = rows as readonly [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  const isLongFirst = core.along >= core.across;
  const [along, across] = isLongFirst ? [b, d] : [d, b];
  const length = Math.hypot(along[0] - a[0], along[1] - a[1]) * gsd;
  const depth = Math.hypot(across[0] - a[0], across[1] - a[1]) * gsd;
  const light = (u: number, v: number): number | null => {
    const x = Math.round(a[0] + (along[0] - a[0]) * u + (across[0] - a[0]) * v);
    const y = Math.round(a[1] + (along[1] - a[1]) * u + (across[1] - a[1]) * v);
    if (x < 0 || y < 0 || x >= chip.width || y >= chip.height) return null;
    const at = (y * chip.width + x) * 3;
    return ((chip.rgb[at] as number) + (chip.rgb[at + 1] as number) + (chip.rgb[at + 2] as number)) / 3;
  };
  const sides = [[5, 8, 11, 14], [5, 8, 11, 14].map((metres) => depth - metres)].map((lines) => {
    let jumps = 0;
    let steps = 0;
    for (const line of lines) {
      let last: number | null = null;
      for (let t = 4; t < length - 4; t += 3) {
        const now = light(t / length, line / depth);
        if (now !== null && last !== null) {
          steps += 1;
          if (Math.abs(now - last) > 22) jumps += 1;
        }
        last = now;
      }
    }
    return steps > 0 ? jumps / steps : 0;
  });
  // Both rows count, the fuller one twice: a roof's shadow may hide the other.
  const [low = 0, high = 0] = [...sides].sort((x, y) => x - y);
  return (low + 2 * high) / 3;
}
