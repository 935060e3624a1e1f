import { boundsOf } from "../geo/bounds.ts";
import type { Chip, MosaicReader } from "../imagery/ports.ts";
import { inPolygon } from "../logic/distance.ts";

/** Chips for this have at most this many pixels a side. */
const MOST_PX = 160;
const FEWEST_PIXELS = 150;
/** Width of the ring of surroundings, as a share of the outline's longer side. */
const RING_SHARE = 0.25;
/** The core is what lies at least this share of the greatest depth inside the outline. */
const CORE_SHARE = 0.5;
/** Share of the core's and of the ring's pixels that must look like their own kind, for the two to be told apart. */
const LEAST_TOLD_APART = 0.75;

/**
 * How much of an outline looks like its core on a date, in square metres: of a pit or a lake that fills its outline, all; of one that
 * was smaller, less. What core and surroundings look like is learnt from the date's own pixels, so that sun and season do
 * not matter.
 *
 * @returns null where core and surroundings cannot be told apart, or too few pixels are valid
 */
export async function measureExtent(
  geometry: GeoJSON.Geometry,
  date: string,
  reader: MosaicReader,
): Promise<number | null> {
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return null;
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const [minX, minY, maxX, maxY] = boundsOf(geometry);
  const longer = Math.max(maxX - minX, maxY - minY);
  const ring = longer * RING_SHARE;
  const box = [minX - ring, minY - ring, maxX + ring, maxY + ring] as const;
  const pixel = Math.max(reader.gsd(date), (longer + 2 * ring) / MOST_PX);
  const width = Math.max(1, Math.round((box[2] - box[0]) / pixel));
  const height = Math.max(1, Math.round((box[3] - box[1]) / pixel));
  const chip = await reader.readChip([...box], date, { width, height });
  const mask = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const y = box[3] - ((row + 0.5) / height) * (box[3] - box[1]);
    for (let column = 0; column < width; column += 1) {
      const x = box[0] + ((column + 0.5) / width) * (box[2] - box[0]);
      if (polygons.some((polygon) => inPolygon(x, y, polygon))) mask[row * width + column] = 1;
    }
  }
  const depth = depths(mask, width, height);
  const deepest = depth.reduce((most, value) => Math.max(most, value), 0);
  const core: number[] = [];
  const inside: number[] = [];
  const around: number[] = [];
  for (let at = 0; at < mask.length; at += 1) {
    if (chip.valid[at] === 0) continue;
    (mask[at] === 1 ? inside : around).push(at);
    if (mask[at] === 1 && (depth[at] as number) >= CORE_SHARE * deepest) core.push(at);
  }
  if (inside.length < FEWEST_PIXELS || core.length < FEWEST_PIXELS / 5 || around.length < FEWEST_PIXELS / 2)
    return null;
  const isLikeCore = classifier(chip, core, around);
  const share = (pixels: readonly number[]) => pixels.filter(isLikeCore).length / pixels.length;
  if (share(core) < LEAST_TOLD_APART || 1 - share(around) < LEAST_TOLD_APART) return null;
  const pixelM2 = ((box[2] - box[0]) / width) * ((box[3] - box[1]) / height);
  return Math.round(inside.filter(isLikeCore).length * pixelM2);
}

/** Pixels from each pixel of a mask to the nearest outside it, along rows and columns: two passes. */
function depths(mask: Uint8Array, width: number, height: number): Uint16Array {
  const out = new Uint16Array(mask.length);
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (out[y * width + x] as number);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      out[y * width + x] = mask[y * width + x] === 1 ? 1 + Math.min(at(x - 1, y), at(x, y - 1), 65_000) : 0;
  for (let y = height - 1; y >= 0; y -= 1)
    for (let x = width - 1; x >= 0; x -= 1) {
      const here = at(x, y);
      if (here > 0) out[y * width + x] = Math.min(here, 1 + at(x + 1, y), 1 + at(x, y + 1));
    }
  return out;
}

const BINS = 20;

/** Naive-Bayes by colour histograms, smoothed over neighbouring bins: pits and lakes have more than one tone. */
function classifier({ rgb }: Chip, core: readonly number[], around: readonly number[]): (at: number) => boolean {
  const binOf = (at: number, band: number) => Math.floor(((rgb[at * 3 + band] as number) * BINS) / 256);
  const histogram = (pixels: readonly number[]) => {
    const counts = new Float64Array(BINS ** 3);
    for (const at of pixels) {
      const [r, g, b] = [binOf(at, 0), binOf(at, 1), binOf(at, 2)];
      for (let i = Math.max(0, r - 1); i <= Math.min(BINS - 1, r + 1); i += 1)
        for (let j = Math.max(0, g - 1); j <= Math.min(BINS - 1, g + 1); j += 1)
          for (let k = Math.max(0, b - 1); k <= Math.min(BINS - 1, b + 1); k += 1) {
            const near = Math.abs(i - r) + Math.abs(j - g) + Math.abs(k - b);
            const bin = (i * BINS + j) * BINS + k;
            counts[bin] = (counts[bin] as number) + 0.5 ** near / pixels.length;
          }
    }
    return counts;
  };
  const [ofCore, ofAround] = [histogram(core), histogram(around)];
  return (at) => {
    const bin = (binOf(at, 0) * BINS + binOf(at, 1)) * BINS + binOf(at, 2);
    return (ofCore[bin] as number) > (ofAround[bin] as number);
  };
}
