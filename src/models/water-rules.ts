import type { Chip } from "../imagery/ports.ts";
import type { Segment, Segmenter, SegmentOptions } from "./ports.ts";
import { connectedComponents, type LabelRaster, NO_LABEL } from "./segments/components.ts";
import { cropLabels } from "./segments/crop-labels.ts";
import { type VectoriseOptions, vectorise } from "./segments/vectorise.ts";
import { smooth } from "./spectral/pixels.ts";
import { rectangleAround } from "./spectral/rectangle.ts";

/** Finer imagery shows waves, and is the trained segmenter's. */
const GSD = { min: 3, max: 60 } as const;
/** A vessel lies whole in the core or in this margin around it. */
const MARGIN_M = 400;

const WATER = 0;
const SHIP = 1;

/**
 * Water, and vessels on open water, in imagery of 3 to 60 m: by the normalised difference of green and infrared where the imagery has an infrared band, else
 * by the dull blue of wide even water. Small bright long things that water surrounds are vessels.
 *
 * @see McFeeters, The use of the Normalized Difference Water Index, Int. J. Remote Sensing 17(7), 1996; dark-object subtraction: Chavez 1988
 */
export function createWaterRules(): Segmenter {
  return {
    id: "water-rules@1",
    concepts: ["water", "ship"],
    gsd: GSD,
    cutsAtCore: true,
    marginM: MARGIN_M,
    readsInfrared: true,
    segment: async (chip, options = {}) => {
      const gsd = (chip.box[2] - chip.box[0]) / chip.width;
      return gsd < GSD.min || gsd > GSD.max ? [] : findWaters(chip, gsd, options);
    },
  };
}

function findWaters(chip: Chip, gsd: number, { core, infrared }: SegmentOptions): readonly Segment[] {
  const hasInfrared = infrared?.valid.some((value) => value === 1) ?? false;
  const raster = hasInfrared ? byIndex(chip, infrared as Chip) : byColour(chip, gsd);
  labelVessels(raster, chip, gsd);
  const part = core ? cropLabels(raster, core) : { ...raster, left: 0, top: 0 };
  return vectorise(part, {
    classes: classesAt(gsd),
    gsd,
    scaleX: 1,
    scaleY: 1,
    originX: part.left,
    originY: part.top,
    simplify: 1,
    goesOn: core !== undefined,
  });
}

/** Fewer pixels are speckle. */
const FEWEST_PIXELS = { water: 12, gap: 12 } as const;
/** Square metres: from a launch to the largest ships and what foams around them. */
const VESSEL_M2 = [150, 40_000] as const;

function classesAt(gsd: number): VectoriseOptions["classes"] {
  const least = (pixels: number) => Math.max(300, pixels * gsd * gsd);
  return [
    {
      name: "water",
      concept: "water",
      minConfidence: 0.6,
      minAreaM2: least(FEWEST_PIXELS.water),
      minHoleAreaM2: least(FEWEST_PIXELS.gap),
      largeFromM2: 50_000,
      smallToM2: 2000,
      attributes: ["large", "small", "elongated", "long"],
      sizes: [],
      shape: "outline",
      rectangleFill: 1,
    },
    {
      name: "ship",
      concept: "ship",
      minConfidence: 0.5,
      minAreaM2: VESSEL_M2[0],
      minHoleAreaM2: 1e9,
      largeFromM2: 3000,
      attributes: ["large", "elongated", "white", "bright", "dark", "red", "blue"],
      sizes: [],
      shape: "outline",
      rectangleFill: 1,
    },
  ];
}

/** From this index on it is water; infrared light is swallowed, so that little of it is left. */
const INDEX_FROM = 0.1;
const INFRARED_UP_TO = 76;

/** By green (first) and infrared (second) band, both less what the haze adds. */
function byIndex(chip: Chip, infrared: Chip): LabelRaster {
  const raster = emptyLabels(chip);
  for (let i = 0; i < raster.labels.length; i += 1) {
    if (infrared.valid[i] === 0) continue;
    const [green, near] = [infrared.rgb[i * 3] as number, infrared.rgb[i * 3 + 1] as number];
    const index = (green - near) / (green + near + 3);
    if (index < INDEX_FROM || near > INFRARED_UP_TO) continue;
    raster.labels[i] = WATER;
    raster.confidences[i] = Math.min(0.95, 0.7 + 0.5 * (index - INDEX_FROM));
  }
  return raster;
}

/** Open water is neither white nor black, and bluer than it is red by so much. */
const LIGHT = { from: 35, to: 140 } as const;
const BLUER_BY = 8;
/** Green stands out from blue by no more, else it is vegetation. */
const GREENER_UP_TO = 12;
/** Spread of the brightness within four pixels around: woods as dark and as blue are rougher. */
const EVEN_UP_TO = 8;
const AROUND_PX = 4;
/** Smaller dark blue areas may be shadows, roofs or fields. */
const OPEN_FROM_M2 = 200_000;
/** What touches open water and differs from its mean colour by no more in any band belongs to it: waves, wakes, what surrounds a ship. */
const LIKE_UP_TO = 25;
const COLOUR_CONFIDENCE = 0.8;

/** By the colour of wide even areas, and from there on to whatever is like them. */
function byColour(chip: Chip, gsd: number): LabelRaster {
  const even = smooth(chip);
  const wide = smooth({ ...chip, rgb: even });
  const spread = localSpread(chip);
  const raster = emptyLabels(chip);
  for (let i = 0; i < raster.labels.length; i += 1) {
    if (chip.valid[i] === 0 || (spread[i] as number) > EVEN_UP_TO) continue;
    const [r, g, b] = [wide[i * 3] as number, wide[i * 3 + 1] as number, wide[i * 3 + 2] as number];
    const light = (r + g + b) / 3;
    if (light < LIGHT.from || light > LIGHT.to || b - r < BLUER_BY || g < r || g - b > GREENER_UP_TO) continue;
    raster.labels[i] = WATER;
    raster.confidences[i] = COLOUR_CONFIDENCE;
  }
  const found = connectedComponents(raster, (label) => label === WATER);
  // What the chip cuts may be wide beyond it.
  const isOpen = found.list.map(
    ({ pixels, isAtEdge }) => pixels * gsd * gsd >= (isAtEdge ? OPEN_FROM_M2 / 4 : OPEN_FROM_M2),
  );
  const queue: (readonly [pixel: number, colour: readonly number[]])[] = [];
  for (const [i, id] of found.ids.entries()) {
    if (id < 0) continue;
    if (isOpen[id]) queue.push([i, (found.list[id] as (typeof found.list)[number]).colour]);
    else raster.labels[i] = NO_LABEL;
  }
  for (const [i, colour] of queue) {
    for (const next of neighboursOf(i, chip)) {
      if (raster.labels[next] === WATER || chip.valid[next] === 0) continue;
      if (colour.some((value, band) => Math.abs((even[next * 3 + band] as number) - value) > LIKE_UP_TO)) continue;
      raster.labels[next] = WATER;
      raster.confidences[next] = COLOUR_CONFIDENCE;
      queue.push([next, colour]);
    }
  }
  return raster;
}

function neighboursOf(i: number, { width, height }: Chip): readonly number[] {
  const x = i % width;
  return [
    ...(x > 0 ? [i - 1] : []),
    ...(x + 1 < width ? [i + 1] : []),
    ...(i >= width ? [i - width] : []),
    ...(i + width < width * height ? [i + width] : []),
  ];
}

/** Standard deviation of the brightness in the square of nine pixels around each, by sums over the picture from its corner. */
function localSpread({ width, height, rgb }: Chip): Float32Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  const squares = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let [sum, square] = [0, 0];
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      const light = ((rgb[at] as number) + (rgb[at + 1] as number) + (rgb[at + 2] as number)) / 3;
      sum += light;
      square += light * light;
      const to = (y + 1) * stride + x + 1;
      sums[to] = (sums[to - stride] as number) + sum;
      squares[to] = (squares[to - stride] as number) + square;
    }
  }
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - AROUND_PX) * stride, Math.min(height, y + AROUND_PX + 1) * stride];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - AROUND_PX), Math.min(width, x + AROUND_PX + 1)];
      const n = ((bottom - top) / stride) * (right - left);
      const inside = (table: Float64Array) =>
        ((table[bottom + right] as number) -
          (table[bottom + left] as number) -
          (table[top + right] as number) +
          (table[top + left] as number)) /
        n;
      const mean = inside(sums);
      out[y * width + x] = Math.sqrt(Math.max(0, inside(squares) - mean * mean));
    }
  }
  return out;
}

function emptyLabels({ width, height, rgb }: Chip): LabelRaster {
  return {
    width,
    height,
    labels: new Uint8Array(width * height).fill(NO_LABEL),
    confidences: new Float32Array(width * height),
    rgb,
  };
}

/** A vessel is longer than wide, and lighter than the water around it by so much. */
const LONG_FROM = 0.4;
const LIGHTER_BY = 20;
/** More of its surroundings than this is water. */
const AFLOAT_FROM = 0.9;
const RIM_PX = 3;
const VESSEL_CONFIDENCE = 0.75;

/** Labels what water surrounds, where size, shape and brightness are a vessel's; its rim, which is mixed with water, goes with it. */
function labelVessels(raster: LabelRaster, chip: Chip, gsd: number): void {
  const { width, height, labels, confidences } = raster;
  const dry: LabelRaster = { ...raster, labels: Uint8Array.from(labels, (label, i) => dryLabel(label, chip.valid[i])) };
  const found = connectedComponents(dry, (label) => label === SHIP);
  const members = found.list.map((): number[] => []);
  for (const [i, id] of found.ids.entries()) {
    if (id >= 0 && !found.list[id]?.isAtEdge) members[id]?.push(i);
  }
  const light = (i: number) =>
    (chip.rgb[i * 3] as number) + (chip.rgb[i * 3 + 1] as number) + (chip.rgb[i * 3 + 2] as number);
  for (const own of members) {
    const area = own.length * gsd * gsd;
    if (own.length < 3 || area < VESSEL_M2[0] || area > VESSEL_M2[1]) continue;
    const shape = rectangleAround(own, width);
    const [long, short] = [Math.max(shape.along, shape.across), Math.min(shape.along, shape.across)];
    if (1 - short / long < LONG_FROM) continue;
    const around = rimOf(own, width, height);
    const water = around.filter((i) => labels[i] === WATER);
    if (water.length < AFLOAT_FROM * around.length) continue;
    const mean = (pixels: readonly number[]) => pixels.reduce((sum, i) => sum + light(i) / 3, 0) / pixels.length;
    if (mean(own) - mean(water) < LIGHTER_BY) continue;
    for (const i of own) {
      labels[i] = SHIP;
      confidences[i] = VESSEL_CONFIDENCE;
    }
  }
}

const dryLabel = (label: number, valid: number | undefined) => (label === WATER || valid !== 1 ? NO_LABEL : SHIP);

/** Pixels within three of an area and not in it; those outside the picture are left out. */
function rimOf(own: readonly number[], width: number, height: number): readonly number[] {
  const inside = new Set(own);
  const rim = new Set<number>();
  for (const i of own) {
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let v = Math.max(0, y - RIM_PX); v <= Math.min(height - 1, y + RIM_PX); v += 1)
      for (let u = Math.max(0, x - RIM_PX); u <= Math.min(width - 1, x + RIM_PX); u += 1)
        if (!inside.has(v * width + u)) rim.add(v * width + u);
  }
  return [...rim];
}
