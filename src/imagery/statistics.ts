import type { Chip } from "./ports.ts";

/**
 * Names of the statistics of a chip, in the fixed order of the statistics vector.
 *
 * Shares are of the valid pixels (0..1) and are likenesses by colour and smoothness, not a classification.
 * Brightness and channel values are scaled to 0..1. Gradients are central differences of brightness (0..255) over
 * one pixel, so that texture figures compare only between chips of like ground sample distance.
 */
export const STATISTIC_NAMES = [
  "red_mean",
  "green_mean",
  "blue_mean",
  "red_std",
  "green_std",
  "blue_std",
  "brightness_mean",
  "brightness_std",
  "brightness_p05",
  "brightness_p25",
  "brightness_p50",
  "brightness_p75",
  "brightness_p95",
  "saturation_mean",
  "saturation_std",
  "excess_green_mean",
  "excess_green_std",
  "red_chromaticity_mean",
  "red_chromaticity_std",
  "blue_chromaticity_mean",
  "blue_chromaticity_std",
  "vegetation_share",
  "tree_share",
  "grass_share",
  "water_share",
  "bare_soil_share",
  "bright_roof_share",
  "red_roof_share",
  "blue_roof_share",
  "asphalt_share",
  "dark_blue_share",
  "shadow_share",
  "hue_red",
  "hue_yellow",
  "hue_green",
  "hue_cyan",
  "hue_blue",
  "hue_magenta",
  "edge_density",
  "strong_edge_density",
  "gradient_mean",
  "orientation_entropy",
  "orientation_dominance",
  "orientation_orthogonality",
  "gradient_0",
  "gradient_1",
  "gradient_2",
  "gradient_3",
  "gradient_4",
  "gradient_5",
  "pattern_0",
  "pattern_1",
  "pattern_2",
  "pattern_3",
  "pattern_4",
  "pattern_5",
  "pattern_6",
  "pattern_7",
  "pattern_8",
  "pattern_mixed",
  "local_deviation_8",
  "local_deviation_32",
  "smooth_share_8",
  "smooth_share_32",
  "smooth_bright_share_8",
  "smooth_green_share_8",
  "rough_green_share_8",
  "block_contrast_8",
  "block_contrast_32",
  "block_excess_green_std_32",
] as const;

export type StatisticName = (typeof STATISTIC_NAMES)[number];
export type ChipStatistics = Readonly<Record<StatisticName, number>>;

/** Rotation-invariant uniform pattern (LBP riu2, Ojala et al. 2002) of an 8-neighbour code: ones in it, or 9 if mixed. */
const UNIFORM_PATTERN = uniformPatterns();

function uniformPatterns(): Uint8Array {
  const table = new Uint8Array(256);
  for (let code = 0; code < 256; code++) {
    let ones = 0;
    let transitions = 0;
    for (let bit = 0; bit < 8; bit++) {
      const here = (code >> bit) & 1;
      const next = (code >> ((bit + 1) % 8)) & 1;
      ones += here;
      if (here !== next) transitions++;
    }
    table[code] = transitions <= 2 ? ones : 9;
  }
  return table;
}

const ORIENTATIONS = 16;
/** Upper bounds of the bins gradient_0 … gradient_4; gradient_5 holds the rest. Brightness units a pixel. */
const GRADIENT_BOUNDS = [2, 5, 10, 20, 40] as const;
const EDGE = 12;
const STRONG_EDGE = 32;
/** Brightness differences up to this do not set a bit of the local pattern: sensor noise is no texture. */
const PATTERN_TOLERANCE = 3;
/** A block of pixels counts as smooth when the standard deviation of its brightness is under this (0..255). */
const SMOOTH_8 = 6;
const SMOOTH_32 = 10;

/** The bin of a gradient magnitude, 0..5. */
function gradientBin(magnitude: number): number {
  let bin = 0;
  while (bin < GRADIENT_BOUNDS.length && magnitude >= GRADIENT_BOUNDS[bin]!) bin++;
  return bin;
}

const GRADIENT_BIN = Uint8Array.from({ length: 512 }, (_, magnitude) => gradientBin(magnitude));

/**
 * Interpretable statistics of a chip: colour, likeness to ground covers, edges, texture, structure in blocks.
 *
 * Memory is one byte a pixel. Pixels with `valid` 0 are left out; a chip without valid pixels gives zeros.
 */
export function chipStatistics(chip: Chip): ChipStatistics {
  const values = statisticsVector(chip);
  const named: Partial<Record<StatisticName, number>> = {};
  STATISTIC_NAMES.forEach((name, index) => {
    named[name] = values[index]!;
  });
  return named as ChipStatistics;
}

/** Statistics of chips that are still in use: a tile is described and embedded from the same figures. */
const known = new WeakMap<Chip, Float64Array>();

/** The same figures as `chipStatistics`, in the order of STATISTIC_NAMES. A chip's pixels must not change after the first call. */
export function statisticsVector(chip: Chip): Float64Array {
  let values = known.get(chip);
  if (!values) {
    values = measure(chip);
    known.set(chip, values);
  }
  return values;
}

function measure(chip: Chip): Float64Array {
  const brightness = new Uint8Array(chip.width * chip.height);
  const colour = colourStatistics(chip, brightness);
  const texture = textureStatistics(chip, brightness);
  const fine = blockStatistics(chip, brightness, 8, SMOOTH_8);
  const coarse = blockStatistics(chip, brightness, 32, SMOOTH_32);
  const values = new Float64Array(STATISTIC_NAMES.length);
  values.set(colour, 0);
  values.set(texture, colour.length);
  values.set(
    [
      fine.deviation,
      coarse.deviation,
      fine.smooth,
      coarse.smooth,
      fine.smoothBright,
      fine.smoothGreen,
      fine.roughGreen,
      fine.contrast,
      coarse.contrast,
      coarse.greenContrast,
    ],
    colour.length + texture.length,
  );
  return values;
}

/** 38 figures: red_mean … hue_magenta. Fills `brightness` (0..255, Rec. 601 weights) on the way. */
function colourStatistics(chip: Chip, brightness: Uint8Array): number[] {
  const { width, height, rgb, valid } = chip;
  const pixels = width * height;
  const histogram = new Uint32Array(256);
  const hues = new Float64Array(6);
  let count = 0;
  let redSum = 0;
  let greenSum = 0;
  let blueSum = 0;
  let redSquares = 0;
  let greenSquares = 0;
  let blueSquares = 0;
  let saturationSum = 0;
  let saturationSquares = 0;
  let excessSum = 0;
  let excessSquares = 0;
  let redChromaSum = 0;
  let redChromaSquares = 0;
  let blueChromaSum = 0;
  let blueChromaSquares = 0;
  let vegetation = 0;
  let tree = 0;
  let water = 0;
  let bareSoil = 0;
  let brightRoof = 0;
  let redRoof = 0;
  let blueRoof = 0;
  let asphalt = 0;
  let darkBlue = 0;
  let shadow = 0;
  let previous = 0;
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    const red = rgb[at]!;
    const green = rgb[at + 1]!;
    const blue = rgb[at + 2]!;
    const light = (red * 77 + green * 150 + blue * 29) >> 8;
    brightness[pixel] = light;
    if (valid[pixel] === 0) continue;
    count++;
    histogram[light] = histogram[light]! + 1;
    redSum += red;
    greenSum += green;
    blueSum += blue;
    redSquares += red * red;
    greenSquares += green * green;
    blueSquares += blue * blue;
    const highest = red > green ? Math.max(red, blue) : Math.max(green, blue);
    const lowest = red < green ? Math.min(red, blue) : Math.min(green, blue);
    const spread = highest - lowest;
    const saturation = spread / (highest + 1);
    saturationSum += saturation;
    saturationSquares += saturation * saturation;
    const perSum = 1 / (red + green + blue + 1);
    const excess = (2 * green - red - blue) * perSum;
    excessSum += excess;
    excessSquares += excess * excess;
    const redChroma = red * perSum;
    redChromaSum += redChroma;
    redChromaSquares += redChroma * redChroma;
    const blueChroma = blue * perSum;
    blueChromaSum += blueChroma;
    blueChromaSquares += blueChroma * blueChroma;
    if (spread > 12) {
      // Sector of the hue hexagon that the colour is nearest to.
      const middle = red + green + blue - highest - lowest;
      const secondary = 2 * middle > highest + lowest;
      const sector =
        highest === red
          ? secondary
            ? blue > green
              ? 5
              : 1
            : 0
          : highest === green
            ? secondary
              ? red > blue
                ? 1
                : 3
              : 2
            : secondary
              ? green > red
                ? 3
                : 5
              : 4;
      hues[sector] = hues[sector]! + saturation;
    }
    const step = light > previous ? light - previous : previous - light;
    previous = light;
    if (excess > 0.06 && green > blue) {
      vegetation++;
      if (light < 88) tree++;
    } else if (excess <= 0.06 && red >= green && green >= blue && light > 80 && redChroma - blueChroma > 0.08) {
      bareSoil++;
    }
    if (step < 8 && light < 150 && excess < 0.1 && blue * 20 >= red * 21 && green >= red) water++;
    if (light > 180 && saturation < 0.18) brightRoof++;
    else if (light > 55 && light < 160 && saturation < 0.14) asphalt++;
    if (red * 4 > green * 5 && red * 4 > blue * 5 && light > 50 && light < 190) redRoof++;
    if (blue * 20 > red * 23 && blue * 20 > green * 21) {
      if (light > 80) blueRoof++;
      else darkBlue++;
    }
    if (light < 45) shadow++;
  }
  if (count === 0) return new Array<number>(38).fill(0);
  const deviation = (sum: number, squares: number) => Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  const percentile = (share: number) => {
    let seen = 0;
    for (let level = 0; level < 256; level++) {
      seen += histogram[level]!;
      if (seen >= share * count) return level / 255;
    }
    return 1;
  };
  let lightSum = 0;
  let lightSquares = 0;
  for (let level = 0; level < 256; level++) {
    lightSum += level * histogram[level]!;
    lightSquares += level * level * histogram[level]!;
  }
  return [
    redSum / count / 255,
    greenSum / count / 255,
    blueSum / count / 255,
    deviation(redSum, redSquares) / 255,
    deviation(greenSum, greenSquares) / 255,
    deviation(blueSum, blueSquares) / 255,
    lightSum / count / 255,
    deviation(lightSum, lightSquares) / 255,
    percentile(0.05),
    percentile(0.25),
    percentile(0.5),
    percentile(0.75),
    percentile(0.95),
    saturationSum / count,
    deviation(saturationSum, saturationSquares),
    excessSum / count,
    deviation(excessSum, excessSquares),
    redChromaSum / count,
    deviation(redChromaSum, redChromaSquares),
    blueChromaSum / count,
    deviation(blueChromaSum, blueChromaSquares),
    vegetation / count,
    tree / count,
    (vegetation - tree) / count,
    water / count,
    bareSoil / count,
    brightRoof / count,
    redRoof / count,
    blueRoof / count,
    asphalt / count,
    darkBlue / count,
    shadow / count,
    ...Array.from(hues, (weight) => weight / count),
  ];
}

/** 22 figures: edge_density … pattern_mixed. */
function textureStatistics(chip: Chip, brightness: Uint8Array): number[] {
  const { width, height, valid } = chip;
  const orientations = new Float64Array(ORIENTATIONS);
  const gradients = new Uint32Array(6);
  const patterns = new Uint32Array(10);
  let count = 0;
  let edges = 0;
  let strong = 0;
  let magnitudeSum = 0;
  for (let y = 1; y < height - 1; y++) {
    const row = y * width;
    for (let x = 1; x < width - 1; x++) {
      const at = row + x;
      if (valid[at] === 0) continue;
      const north = brightness[at - width]!;
      const south = brightness[at + width]!;
      const west = brightness[at - 1]!;
      const east = brightness[at + 1]!;
      const dx = (east - west) / 2;
      const dy = (south - north) / 2;
      const magnitude = Math.sqrt(dx * dx + dy * dy);
      count++;
      magnitudeSum += magnitude;
      const bin = GRADIENT_BIN[magnitude | 0]!;
      gradients[bin] = gradients[bin]! + 1;
      if (magnitude > EDGE) {
        edges++;
        if (magnitude > STRONG_EDGE) strong++;
        const turn = (Math.atan2(dy, dx) / Math.PI + 1) * ORIENTATIONS;
        const orientation = Math.floor(turn + 0.5) % ORIENTATIONS;
        orientations[orientation] = orientations[orientation]! + magnitude;
      }
      // Patterns on every fourth pixel: shares need no more, and this is the dearest part.
      if ((x | y) & 1) continue;
      const level = brightness[at]! + PATTERN_TOLERANCE;
      const code =
        (brightness[at - width - 1]! > level ? 1 : 0) |
        (north > level ? 2 : 0) |
        (brightness[at - width + 1]! > level ? 4 : 0) |
        (east > level ? 8 : 0) |
        (brightness[at + width + 1]! > level ? 16 : 0) |
        (south > level ? 32 : 0) |
        (brightness[at + width - 1]! > level ? 64 : 0) |
        (west > level ? 128 : 0);
      const pattern = UNIFORM_PATTERN[code]!;
      patterns[pattern] = patterns[pattern]! + 1;
    }
  }
  if (count === 0) return new Array<number>(22).fill(0);
  const patternCount = Math.max(
    1,
    patterns.reduce((sum, value) => sum + value, 0),
  );
  return [
    edges / count,
    strong / count,
    magnitudeSum / count,
    ...orientationFigures(orientations),
    ...Array.from(gradients, (value) => value / count),
    ...Array.from(patterns, (value) => value / patternCount),
  ];
}

/** Entropy (0..1) of edge orientations, share of the strongest direction, and share of it with its right angle. */
function orientationFigures(orientations: Float64Array): [number, number, number] {
  const total = orientations.reduce((sum, value) => sum + value, 0);
  if (total === 0) return [0, 0, 0];
  let entropy = 0;
  let strongest = 0;
  orientations.forEach((value, index) => {
    const share = value / total;
    if (share > 0) entropy -= share * Math.log(share);
    if (value > orientations[strongest]!) strongest = index;
  });
  const around = (centre: number) => {
    let sum = 0;
    for (let offset = -1; offset <= 1; offset++) {
      sum += orientations[(centre + offset + ORIENTATIONS) % ORIENTATIONS]!;
    }
    return sum / total;
  };
  const dominance = around(strongest);
  return [
    entropy / Math.log(ORIENTATIONS),
    dominance,
    Math.min(1, dominance + around((strongest + ORIENTATIONS / 2) % ORIENTATIONS)),
  ];
}

interface BlockFigures {
  /** Mean over blocks of the standard deviation of brightness inside, 0..1. */
  readonly deviation: number;
  readonly smooth: number;
  readonly smoothBright: number;
  readonly smoothGreen: number;
  readonly roughGreen: number;
  /** Standard deviation between blocks of their mean brightness, 0..1. */
  readonly contrast: number;
  readonly greenContrast: number;
}

function blockStatistics(chip: Chip, brightness: Uint8Array, side: number, smoothBelow: number): BlockFigures {
  const { width, height, rgb, valid } = chip;
  let blocks = 0;
  let deviationSum = 0;
  let smooth = 0;
  let smoothBright = 0;
  let smoothGreen = 0;
  let roughGreen = 0;
  let meanSum = 0;
  let meanSquares = 0;
  let greenSum = 0;
  let greenSquares = 0;
  for (let top = 0; top < height; top += side) {
    const bottom = Math.min(height, top + side);
    for (let left = 0; left < width; left += side) {
      const right = Math.min(width, left + side);
      let count = 0;
      let sum = 0;
      let squares = 0;
      let sampled = 0;
      let excessSum = 0;
      for (let y = top; y < bottom; y++) {
        const row = y * width;
        for (let x = left; x < right; x++) {
          if (valid[row + x] === 0) continue;
          const light = brightness[row + x]!;
          count++;
          sum += light;
          squares += light * light;
          if ((x & 3) === 0) {
            const at = (row + x) * 3;
            const red = rgb[at]!;
            const green = rgb[at + 1]!;
            const blue = rgb[at + 2]!;
            excessSum += (2 * green - red - blue) / (red + green + blue + 1);
            sampled++;
          }
        }
      }
      // Slivers at the chip's edge and blocks that are mostly outside coverage say nothing of texture.
      if (count * 2 < side * side && count * 2 < width * height) continue;
      const mean = sum / count;
      const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
      const excess = sampled > 0 ? excessSum / sampled : 0;
      blocks++;
      deviationSum += deviation;
      meanSum += mean;
      meanSquares += mean * mean;
      greenSum += excess;
      greenSquares += excess * excess;
      if (deviation < smoothBelow) {
        smooth++;
        if (mean > 170) smoothBright++;
        if (excess > 0.06) smoothGreen++;
      } else if (excess > 0.06) roughGreen++;
    }
  }
  if (blocks === 0) {
    return { deviation: 0, smooth: 0, smoothBright: 0, smoothGreen: 0, roughGreen: 0, contrast: 0, greenContrast: 0 };
  }
  return {
    deviation: deviationSum / blocks / 255,
    smooth: smooth / blocks,
    smoothBright: smoothBright / blocks,
    smoothGreen: smoothGreen / blocks,
    roughGreen: roughGreen / blocks,
    contrast: Math.sqrt(Math.max(0, meanSquares / blocks - (meanSum / blocks) ** 2)) / 255,
    greenContrast: Math.sqrt(Math.max(0, greenSquares / blocks - (greenSum / blocks) ** 2)),
  };
}
