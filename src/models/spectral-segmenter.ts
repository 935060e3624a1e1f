import type { AttributeId } from "../../knowledge/ontology/ids.ts";
import type { Chip } from "../imagery/ports.ts";
import type { Segment, Segmenter } from "./ports.ts";

/** Areas in square metres and lengths in metres that the rules ask for. */
const ROOF_AREA = [1200, 30_000] as const;
const ROOF_WIDTH = 22;
const ROOF_FILL = 0.78;
const YARD_AREA = [1500, 40_000] as const;
/** Half the width that opening takes away: roads are narrower, truck yards wider. */
const YARD_HALF_WIDTH = 6;
/** Depth of a row of parked trucks beside the free lane. */
const TRUCK_ROW = 18;
const FINEST_GSD = 0.5;
const COARSEST_GSD = 2.6;

/** Panels: area, least side, and the least spread of brightness that their rows give. */
const PANEL_AREA = [3000, 150_000] as const;
const PANEL_WIDTH = 30;
const PANEL_SPREAD = 6;

const CONFIDENCE = { large_roof: 0.8, truck_yard: 0.75, solar_panel: 0.75 } as const;

/**
 * Finds large roofs, truck yards and fields of solar panels by rules on colour and shape, without a trained model: a large roof is a plain
 * rectangle of roof colour with a shadow on one side; a truck yard is a wide strip of asphalt with rows of small bright
 * or coloured things along it; solar panels are large striped rectangles of dull dark blue. Works from 0.5 to 2.6 m GSD; finds nothing in other imagery.
 */
export function createSpectralSegmenter(): Segmenter {
  return {
    id: "spectral-rules@2",
    concepts: ["large_roof", "truck_yard", "solar_panel"],
    segment: async (chip) => {
      const gsd = (chip.box[2] - chip.box[0]) / chip.width;
      if (gsd < FINEST_GSD || gsd > COARSEST_GSD) return [];
      const picture = smooth(chip);
      return [
        ...largeRoofs(chip, picture, gsd),
        ...truckYards(chip, picture, gsd),
        ...solarPanels(chip, smooth({ ...chip, rgb: picture }), gsd),
      ];
    },
  };
}

/** Mean of 3 × 3 pixels, band by band. */
function smooth({ width, height, rgb }: Pick<Chip, "width" | "height" | "rgb">): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y += 1) {
    const y0 = Math.max(0, y - 1);
    const y1 = Math.min(height - 1, y + 1);
    for (let x = 0; x < width; x += 1) {
      const x0 = Math.max(0, x - 1);
      const x1 = Math.min(width - 1, x + 1);
      let [r, g, b, n] = [0, 0, 0, 0];
      for (let j = y0; j <= y1; j += 1) {
        for (let i = x0; i <= x1; i += 1) {
          const at = (j * width + i) * 3;
          r += rgb[at] as number;
          g += rgb[at + 1] as number;
          b += rgb[at + 2] as number;
          n += 1;
        }
      }
      const to = (y * width + x) * 3;
      out[to] = r / n;
      out[to + 1] = g / n;
      out[to + 2] = b / n;
    }
  }
  return out;
}

const WHITE = 1;
const GREY = 2;
const BLUE = 3;
const RED = 4;
const ROOF_ATTRIBUTES: Readonly<Record<number, readonly AttributeId[]>> = {
  [WHITE]: ["white", "bright"],
  [GREY]: ["grey"],
  [BLUE]: ["blue"],
  [RED]: ["red"],
};

/** Colour class of a roof pixel, 0 for none. */
function roofClass(r: number, g: number, b: number): number {
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const light = (r + g + b) / 3;
  if (light > 190 && most - least < 34) return WHITE;
  if (light > 145 && light <= 190 && most - least < 24) return GREY;
  if (b - r > 22 && b > 118 && g > r && light > 100) return BLUE;
  if (r - g > 20 && r - b > 28 && g - b < 30 && g - b > -6 && r > 105) return RED;
  return 0;
}

function largeRoofs(chip: Chip, picture: Uint8Array, gsd: number): Segment[] {
  const { width, height } = chip;
  const classes = new Uint8Array(width * height);
  for (let i = 0; i < classes.length; i += 1) {
    if (chip.valid[i] === 1)
      classes[i] = roofClass(picture[i * 3] as number, picture[i * 3 + 1] as number, picture[i * 3 + 2] as number);
  }
  const seen = new Uint8Array(width * height);
  const out: Segment[] = [];
  const most = ROOF_AREA[1] / gsd ** 2;
  for (let start = 0; start < classes.length; start += 1) {
    if (classes[start] === 0 || seen[start] === 1) continue;
    const members = grow(start, classes, picture, seen, width, height);
    if (members.length * gsd ** 2 < ROOF_AREA[0] || members.length > most) continue;
    const shape = rectangleAround(members, width);
    if (shape.fill < ROOF_FILL || Math.min(shape.along, shape.across) * gsd < ROOF_WIDTH) continue;
    if (!castsShadow(shape.corners, chip, gsd)) continue;
    out.push({
      concept: "large_roof",
      confidence:
        Math.round(
          CONFIDENCE.large_roof * Math.min(1, 0.6 + 0.4 * ((shape.fill - ROOF_FILL) / (1 - ROOF_FILL) + 0.5)) * 100,
        ) / 100,
      polygon: ringOf(shape.corners),
      attributes: [...(ROOF_ATTRIBUTES[classes[start] as number] ?? []), "large", "rectangular"],
    });
  }
  return out;
}

/** Pixels of one class connected to the start whose colour stays near the region's mean. */
function grow(
  start: number,
  classes: Uint8Array,
  picture: Uint8Array,
  seen: Uint8Array,
  width: number,
  height: number,
  tolerance = 54,
): number[] {
  const kind = classes[start];
  const members = [start];
  seen[start] = 1;
  let [r, g, b] = [picture[start * 3] as number, picture[start * 3 + 1] as number, picture[start * 3 + 2] as number];
  for (let head = 0; head < members.length; head += 1) {
    const at = members[head] as number;
    const x = at % width;
    const y = (at - x) / width;
    const neighbours = [
      x > 0 ? at - 1 : -1,
      x + 1 < width ? at + 1 : -1,
      y > 0 ? at - width : -1,
      y + 1 < height ? at + width : -1,
    ];
    for (const next of neighbours) {
      if (next < 0 || seen[next] === 1 || classes[next] !== kind) continue;
      const n = members.length;
      const far =
        Math.abs((picture[next * 3] as number) - r / n) +
        Math.abs((picture[next * 3 + 1] as number) - g / n) +
        Math.abs((picture[next * 3 + 2] as number) - b / n);
      if (far > tolerance) continue;
      seen[next] = 1;
      members.push(next);
      r += picture[next * 3] as number;
      g += picture[next * 3 + 1] as number;
      b += picture[next * 3 + 2] as number;
    }
  }
  return members;
}

interface Rectangle {
  readonly corners: readonly (readonly [number, number])[];
  readonly along: number;
  readonly across: number;
  /** Share of the rectangle that the pixels fill. */
  readonly fill: number;
}

/** The smallest turned rectangle around pixels (rotating calipers in steps of two degrees over the extreme pixels of each row). */
function rectangleAround(members: readonly number[], width: number): Rectangle {
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

function ringOf(corners: readonly (readonly [number, number])[]): GeoJSON.Polygon {
  const ring = corners.map(([x, y]) => [x, y]);
  return { type: "Polygon", coordinates: [[...ring, [...(ring[0] as number[])]]] };
}

/** Whether a strip outside one of the sides is much darker than the strips outside the others. */
function castsShadow(corners: readonly (readonly [number, number])[], chip: Chip, gsd: number): boolean {
  const offset = 3.5 / gsd;
  const centre = corners.reduce(([x, y], [cx, cy]) => [x + cx / 4, y + cy / 4] as const, [0, 0] as const);
  const levels = corners.map((corner, i) => {
    const next = corners[(i + 1) % 4] as readonly [number, number];
    const middle = [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2] as const;
    const length = Math.hypot(middle[0] - centre[0], middle[1] - centre[1]) || 1;
    const out = [((middle[0] - centre[0]) / length) * offset, ((middle[1] - centre[1]) / length) * offset] as const;
    let sum = 0;
    let n = 0;
    for (let t = 0.15; t <= 0.86; t += 0.05) {
      const x = Math.round(corner[0] + (next[0] - corner[0]) * t + out[0]);
      const y = Math.round(corner[1] + (next[1] - corner[1]) * t + out[1]);
      if (x < 0 || y < 0 || x >= chip.width || y >= chip.height) continue;
      const at = (y * chip.width + x) * 3;
      sum += ((chip.rgb[at] as number) + (chip.rgb[at + 1] as number) + (chip.rgb[at + 2] as number)) / 3;
      n += 1;
    }
    return n > 4 ? sum / n : null;
  });
  const known = levels.filter((level) => level !== null).sort((a, b) => a - b);
  const [darkest] = known;
  const brightest = known.at(-1);
  return darkest !== undefined && brightest !== undefined && darkest < 0.76 * brightest && darkest < 108;
}

/** Large rectangles of the dull dark blue that rows of panels and the ground between them add up to, striped in full detail. */
function solarPanels(chip: Chip, picture: Uint8Array, gsd: number): Segment[] {
  const { width, height, rgb } = chip;
  const dull = new Uint8Array(width * height);
  for (let i = 0; i < dull.length; i += 1) {
    const [r, g, b] = [picture[i * 3] as number, picture[i * 3 + 1] as number, picture[i * 3 + 2] as number];
    const light = (r + g + b) / 3;
    if (chip.valid[i] === 1 && light > 48 && light < 108 && b - r > 7 && b - r < 34 && Math.abs(b - g) < 16)
      dull[i] = 1;
  }
  const seen = new Uint8Array(width * height);
  const out: Segment[] = [];
  for (let start = 0; start < dull.length; start += 1) {
    if (dull[start] === 0 || seen[start] === 1) continue;
    const members = flood(start, dull, seen, width, height);
    const area = members.length * gsd ** 2;
    if (area < PANEL_AREA[0] || area > PANEL_AREA[1]) continue;
    const shape = rectangleAround(members, width);
    if (shape.fill < 0.72 || Math.min(shape.along, shape.across) * gsd < PANEL_WIDTH) continue;
    let [sum, squares] = [0, 0];
    for (const at of members) {
      const light = ((rgb[at * 3] as number) + (rgb[at * 3 + 1] as number) + (rgb[at * 3 + 2] as number)) / 3;
      sum += light;
      squares += light * light;
    }
    const mean = sum / members.length;
    if (Math.sqrt(Math.max(0, squares / members.length - mean * mean)) < PANEL_SPREAD) continue;
    out.push({
      concept: "solar_panel",
      confidence: CONFIDENCE.solar_panel,
      polygon: ringOf(shape.corners),
      attributes: ["dark", "blue", "regular", "rectangular"],
    });
  }
  return out;
}

/** Even asphalt wide enough to be no road, with rows of parked things along it. */
function truckYards(chip: Chip, picture: Uint8Array, gsd: number): Segment[] {
  const { width, height } = chip;
  const asphalt = new Uint8Array(width * height);
  for (let i = 0; i < asphalt.length; i += 1) {
    const [r, g, b] = [picture[i * 3] as number, picture[i * 3 + 1] as number, picture[i * 3 + 2] as number];
    const light = (r + g + b) / 3;
    if (chip.valid[i] === 1 && light > 88 && light < 146 && Math.max(r, g, b) - Math.min(r, g, b) < 26) asphalt[i] = 1;
  }
  const core = evenCore(asphalt, picture, width, height, Math.max(1, Math.round(YARD_HALF_WIDTH / gsd)), gsd);
  const seen = new Uint8Array(width * height);
  const out: Segment[] = [];
  for (let start = 0; start < core.length; start += 1) {
    if (core[start] === 0 || seen[start] === 1) continue;
    const members = flood(start, core, seen, width, height);
    const shape = rectangleAround(members, width);
    const [long, short] = [Math.max(shape.along, shape.across) * gsd, Math.min(shape.along, shape.across) * gsd];
    if (long < 60 || short > 60 || long / short < 1.6 || shape.fill < 0.45) continue;
    const rows = widened(shape, TRUCK_ROW / gsd);
    const area = long * (short + 2 * TRUCK_ROW);
    if (area < YARD_AREA[0] || area > YARD_AREA[1]) continue;
    const parked = parkedRows(rows, shape, chip, gsd);
    if (parked < 0.3) continue;
    out.push({
      concept: "truck_yard",
      confidence: Math.round(CONFIDENCE.truck_yard * Math.min(1.15, 0.75 + parked) * 100) / 100,
      polygon: ringOf(rows),
      attributes: ["paved"],
    });
  }
  return out;
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

/** The rectangle grown on its long sides. */
function widened({ corners, along, across }: Rectangle, by: number): (readonly [number, number])[] {
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

function flood(start: number, mask: Uint8Array, seen: Uint8Array, width: number, height: number): number[] {
  const members = [start];
  seen[start] = 1;
  for (let head = 0; head < members.length; head += 1) {
    const at = members[head] as number;
    const x = at % width;
    const y = (at - x) / width;
    for (const next of [
      x > 0 ? at - 1 : -1,
      x + 1 < width ? at + 1 : -1,
      y > 0 ? at - width : -1,
      y + 1 < height ? at + width : -1,
    ]) {
      if (next < 0 || seen[next] === 1 || mask[next] === 0) continue;
      seen[next] = 1;
      members.push(next);
    }
  }
  return members;
}

/** Maximum over a square window, rows then columns by running counts. */
function windowed(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const pass = (
    input: Uint8Array,
    count: number,
    length: number,
    at: (line: number, i: number) => number,
  ): Uint8Array => {
    const out = new Uint8Array(input.length);
    for (let line = 0; line < count; line += 1) {
      let sum = 0;
      for (let i = -radius; i < length; i += 1) {
        const enter = i + radius;
        if (enter < length) sum += input[at(line, enter)] as number;
        const leave = i - radius - 1;
        if (leave >= 0) sum -= input[at(line, leave)] as number;
        if (i >= 0) out[at(line, i)] = sum > 0 ? 1 : 0;
      }
    }
    return out;
  };
  return pass(
    pass(mask, height, width, (y, x) => y * width + x),
    width,
    height,
    (x, y) => y * width + x,
  );
}

const dilate = (mask: Uint8Array, width: number, height: number, radius: number) =>
  windowed(mask, width, height, radius);
