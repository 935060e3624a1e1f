import type { AttributeId } from "../../../knowledge/ontology/ids.ts";
import type { Chip } from "../../imagery/ports.ts";
import type { Segment } from "../ports.ts";
import { eroded, flood, grow } from "./pixels.ts";
import { enlarged, type Rectangle, rectangleAround, ringOf } from "./rectangle.ts";

/** Area in square metres, least side in metres, and the share of its rectangle that a roof fills. */
const ROOF_AREA = [1200, 30_000] as const;
const ROOF_WIDTH = 22;
const ROOF_FILL = 0.78;
const CONFIDENCE = 0.8;

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

/** Plain rectangles of a roof's colour that throw a shadow. `picture` is the chip smoothed, `even` smoothed once more. */
export function largeRoofs(chip: Chip, picture: Uint8Array, even: Uint8Array, gsd: number): Segment[] {
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
  return [...out, ...greyRoofs(chip, even, taken, gsd)];
}

function roofOf(shape: Rectangle, kind: number): Segment {
  return {
    concept: "large_roof",
    confidence:
      Math.round(CONFIDENCE * Math.min(1, 0.6 + 0.4 * ((shape.fill - ROOF_FILL) / (1 - ROOF_FILL) + 0.5)) * 100) / 100,
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
function greyRoofs(chip: Chip, even: Uint8Array, taken: Uint8Array, gsd: number): Segment[] {
  const { width, height } = chip;
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
