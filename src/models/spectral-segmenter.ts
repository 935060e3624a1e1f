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

/** Panels: area and least side; the contrast of their rows, in grey levels, and how much stronger it is across them than along. */
const PANEL_AREA = [3000, 150_000] as const;
const PANEL_WIDTH = 30;
const ROW_CONTRAST = 3.5;
const ROW_DIRECTION = 3;

const CONFIDENCE = { large_roof: 0.8, truck_yard: 0.75, solar_panel: 0.75 } as const;

/**
 * Finds large roofs, truck yards and fields of solar panels by rules on colour and shape, without a trained model: a large roof is a plain
 * rectangle of roof colour with a shadow on one side; a truck yard is a lane of asphalt with rows of small bright
 * or coloured things along it; solar panels are large rectangles of dull dark blue with rows. Works from 0.5 to 2.6 m GSD; finds nothing in other imagery.
 */
export function createSpectralSegmenter(): Segmenter {
  return {
    id: "spectral-rules@3",
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
const GREEN = 5;
const ROOF_ATTRIBUTES: Readonly<Record<number, readonly AttributeId[]>> = {
  [WHITE]: ["white", "bright"],
  [GREY]: ["grey"],
  [BLUE]: ["blue"],
  [RED]: ["red"],
  [GREEN]: ["green"],
};

/** Colour class of a roof pixel, 0 for none. */
function roofClass(r: number, g: number, b: number): number {
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const light = (r + g + b) / 3;
  if (light > 190 && most - least < 34) return WHITE;
  if (light > 145 && light <= 190 && most - least < 24) return GREY;
  if (b - r > 22 && b > 118 && g > r && light > 100) return BLUE;
  if (g - r > 8 && g - b > 6 && Math.abs(r - b) < 22 && light > 84 && light < 170) return GREEN;
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
  const taken = new Uint8Array(width * height);
  const most = ROOF_AREA[1] / gsd ** 2;
  for (let start = 0; start < classes.length; start += 1) {
    if (classes[start] === 0 || seen[start] === 1) continue;
    const members = grow(start, classes, picture, seen, width, height);
    if (members.length * gsd ** 2 < ROOF_AREA[0] || members.length > most) continue;
    const shape = rectangleAround(members, width);
    if (shape.fill < ROOF_FILL || Math.min(shape.along, shape.across) * gsd < ROOF_WIDTH) continue;
    if (!castsShadow(shape.corners, chip, gsd)) continue;
    for (const at of members) taken[at] = 1;
    out.push(roofOf(shape, classes[start] as number));
  }
  return [...out, ...greyRoofs(chip, picture, taken, gsd)];
}

function roofOf(shape: Rectangle, kind: number): Segment {
  return {
    concept: "large_roof",
    confidence:
      Math.round(
        CONFIDENCE.large_roof * Math.min(1, 0.6 + 0.4 * ((shape.fill - ROOF_FILL) / (1 - ROOF_FILL) + 0.5)) * 100,
      ) / 100,
    polygon: ringOf(shape.corners),
    attributes: [...(ROOF_ATTRIBUTES[kind] ?? []), "large", "rectangular"],
  };
}

/** Brightness steps and colour spread of the grey that roofs share with the pavement around them. */
const GREY_LEVELS = { from: 124, to: 192, step: 8, range: 44, spread: 34 } as const;
const GREY_FILL = 0.82;

/**
 * Grey roofs that stand on pavement nearly as bright: no fixed brightness parts the two, but some brightness does. Regions above each of a
 * series of levels are opened, so that thin bridges break, and those that are rectangles with a shadow are roofs; of several levels' the
 * fullest rectangle stands.
 *
 * @see MSER: Matas et al., Robust wide-baseline stereo from maximally stable extremal regions, BMVC 2002
 */
function greyRoofs(chip: Chip, picture: Uint8Array, taken: Uint8Array, gsd: number): Segment[] {
  const { width, height } = chip;
  const even = smooth({ width, height, rgb: picture });
  const light = new Uint8Array(width * height);
  for (let i = 0; i < light.length; i += 1) {
    const [r, g, b] = [even[i * 3] as number, even[i * 3 + 1] as number, even[i * 3 + 2] as number];
    if (chip.valid[i] === 1 && taken[i] === 0 && Math.max(r, g, b) - Math.min(r, g, b) < GREY_LEVELS.spread)
      light[i] = (r + g + b) / 3;
  }
  const found: { readonly shape: Rectangle; readonly members: readonly number[] }[] = [];
  const mask = new Uint8Array(width * height);
  for (let level: number = GREY_LEVELS.from; level <= GREY_LEVELS.to; level += GREY_LEVELS.step) {
    for (let i = 0; i < mask.length; i += 1) {
      const value = light[i] as number;
      mask[i] = value >= level && value < level + GREY_LEVELS.range ? 1 : 0;
    }
    const opened = eroded(mask, width, height);
    const seen = new Uint8Array(width * height);
    for (let start = 0; start < opened.length; start += 1) {
      if (opened[start] === 0 || seen[start] === 1) continue;
      const members = flood(start, opened, seen, width, height);
      const area = members.length * gsd ** 2;
      if (area < ROOF_AREA[0] * 0.8 || area > ROOF_AREA[1]) continue;
      const shape = rectangleAround(members, width);
      if (shape.fill < GREY_FILL) continue;
      const grown = enlarged(shape, 1);
      if (Math.min(grown.along, grown.across) * gsd < ROOF_WIDTH || !castsShadow(grown.corners, chip, gsd)) continue;
      found.push({ shape: grown, members });
    }
  }
  found.sort((a, b) => b.shape.fill - a.shape.fill);
  const held = new Uint8Array(width * height);
  const out: Segment[] = [];
  for (const { shape, members } of found) {
    if (members.some((at) => held[at] === 1)) continue;
    for (const at of members) held[at] = 1;
    out.push(roofOf(shape, GREY));
  }
  return out;
}

/** Pixels of a mask whose eight neighbours are all in it; none at the edges. */
function eroded(mask: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(mask.length);
  for (let i = 1; i + 1 < mask.length; i += 1)
    rows[i] = (mask[i - 1] as number) & (mask[i] as number) & (mask[i + 1] as number);
  const out = new Uint8Array(mask.length);
  for (let y = 1; y + 1 < height; y += 1) {
    for (let i = y * width + 1; i + 1 < (y + 1) * width; i += 1)
      out[i] = (rows[i - width] as number) & (rows[i] as number) & (rows[i + width] as number);
  }
  return out;
}

/** A rectangle grown by a number of pixels on every side. */
function enlarged({ corners, along, across, fill }: Rectangle, by: number): Rectangle {
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

/** Distances outside a roof's sides, in metres, at which its shadow is looked for: it is as long as the roof is high and the sun low. */
const SHADOW_OFFSETS = [2, 3.5, 5, 7];
/** Distances at which a shadow has ended; a dark field goes on. */
const BEYOND_SHADOW = [14, 20, 26];

/** Whether a strip outside one of the sides is much darker than the strips outside the others, and than what lies further out. */
function castsShadow(corners: readonly (readonly [number, number])[], chip: Chip, gsd: number): boolean {
  return SHADOW_OFFSETS.some((offset) => {
    const levels = corners.map((_, side) => stripLight(corners, side, chip, offset / gsd));
    const known = levels.filter((level) => level !== null).sort((x, y) => x - y);
    const darkest = known[0];
    const brightest = known.at(-1);
    if (darkest === undefined || brightest === undefined || darkest >= 0.76 * brightest || darkest >= 108) return false;
    const side = levels.indexOf(darkest);
    return BEYOND_SHADOW.some((beyond) => {
      const further = stripLight(corners, side, chip, beyond / gsd);
      return further !== null && darkest < 0.85 * further;
    });
  });
}

/** Mean brightness along a line outside one of the sides, `offset` pixels off; null where too little of it is in the chip. */
function stripLight(
  corners: readonly (readonly [number, number])[],
  side: number,
  chip: Chip,
  offset: number,
): number | null {
  const corner = corners[side] as readonly [number, number];
  const next = corners[(side + 1) % 4] as readonly [number, number];
  const centre = corners.reduce(([x, y], [cx, cy]) => [x + cx / 4, y + cy / 4] as const, [0, 0] as const);
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
}

/** Large rectangles of the dull dark blue that rows of panels and the ground between them add up to, striped in full detail. */
function solarPanels(chip: Chip, picture: Uint8Array, gsd: number): Segment[] {
  const { width, height } = chip;
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
    const rows = stripes(members, shape, chip);
    if (Math.max(rows.along, rows.across) < ROW_CONTRAST) continue;
    if (Math.max(rows.along, rows.across) < ROW_DIRECTION * Math.min(rows.along, rows.across)) continue;
    out.push({
      concept: "solar_panel",
      confidence: CONFIDENCE.solar_panel,
      polygon: ringOf(shape.corners),
      attributes: ["dark", "blue", "regular", "rectangular"],
    });
  }
  return out;
}

/**
 * How much the brightness of lines along and across a rectangle varies from line to line, the slow part taken off: rows of panels make
 * every other line across them darker, the crowns of a plantation stand in no line.
 */
function stripes(
  members: readonly number[],
  { corners, along, across }: Rectangle,
  { rgb, width }: Chip,
): { readonly along: number; readonly across: number } {
  const [a, b, , d] = corners as readonly (readonly [number, number])[];
  const [ox, oy] = a as readonly [number, number];
  const contrast = ([ex, ey]: readonly [number, number], length: number): number => {
    const [ux, uy] = [(ex - ox) / length, (ey - oy) / length];
    const sums = new Float64Array(Math.ceil(length) + 1);
    const counts = new Uint32Array(sums.length);
    for (const at of members) {
      const x = at % width;
      const bin = Math.floor((x + 0.5 - ox) * ux + ((at - x) / width + 0.5 - oy) * uy);
      if (bin < 0 || bin >= sums.length) continue;
      sums[bin] =
        (sums[bin] as number) +
        ((rgb[at * 3] as number) + (rgb[at * 3 + 1] as number) + (rgb[at * 3 + 2] as number)) / 3;
      counts[bin] = (counts[bin] as number) + 1;
    }
    const lines = Array.from(sums, (sum, i) => ((counts[i] as number) > 8 ? sum / (counts[i] as number) : null));
    let squares = 0;
    let n = 0;
    for (let i = 3; i + 3 < lines.length; i += 1) {
      const near = lines.slice(i - 3, i + 4).filter((value) => value !== null);
      if (near.length < 7) continue;
      squares += ((lines[i] as number) - near.reduce((sum, value) => sum + value, 0) / 7) ** 2;
      n += 1;
    }
    return n > 0 ? Math.sqrt(squares / n) : 0;
  };
  return {
    along: contrast(b as readonly [number, number], along),
    across: contrast(d as readonly [number, number], across),
  };
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
        confidence: Math.round(CONFIDENCE.truck_yard * Math.min(1.15, 0.75 + parked) * 100) / 100,
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
