import { boundsOf } from "../geo/bounds.ts";
import type { Chip, MosaicReader } from "../imagery/ports.ts";
import { inPolygon } from "../logic/distance.ts";

/** Half the side of the square that stands for a thing of which a map holds a point alone. */
const POINT_HALF_M = 8;
/** Surroundings begin this far outside the thing and end that far: its own yard and shadow lie between. */
const RING_FROM_M = 14;
const RING_TO_M = 32;
const MOST_PX = 160;
const FEWEST_PIXELS = 20;
/** Least colour distance that is more than grain, in levels of 255. */
const GRAIN = 10;
/** Up to so many times the spread of its surroundings a place shows nothing of its own. */
const EMPTY_TIMES = 1.5;
/** From so many times what the place showed while it was empty something stands there. */
const STANDING_TIMES = 3;

/** What a place shows on one date: 95th percentiles of the colour distance to the surroundings' median, in levels. */
interface Look {
  readonly inside: number;
  readonly around: number;
}

/**
 * Whether a small upright thing (a turbine, a well) stands at a place on either date: it stands where the place shows what its surroundings on the same
 * date do not, and is missing where the place looks like them. Colours are never compared across dates, so that light and season do not matter.
 *
 * @returns "both" also where nothing can be said for certain; null where too few pixels are valid
 */
export async function standsOn(
  geometry: GeoJSON.Geometry,
  [first, second]: readonly [string, string],
  reader: MosaicReader,
): Promise<"first" | "second" | "both" | null> {
  const before = await lookOf(geometry, first, reader);
  const after = before === null ? null : await lookOf(geometry, second, reader);
  if (before === null || after === null) return null;
  if (isEmpty(before) && stands(after, before)) return "second";
  return isEmpty(after) && stands(before, after) ? "first" : "both";
}

const isEmpty = ({ inside, around }: Look) => inside <= Math.max(GRAIN, EMPTY_TIMES * around);
const stands = ({ inside }: Look, empty: Look) => inside >= STANDING_TIMES * Math.max(GRAIN, empty.inside);

async function lookOf(geometry: GeoJSON.Geometry, date: string, reader: MosaicReader): Promise<Look | null> {
  const core = geometry.type === "Point" ? squareAround(geometry.coordinates) : boundsOf(geometry);
  const chip = await chipAround(core, RING_TO_M, date, reader);
  const polygons = polygonsOf(geometry);
  const inside: number[] = [];
  const around: number[] = [];
  for (const [at, x, y] of pixelsOf(chip)) {
    const off = Math.max(core[0] - x, x - core[2], core[1] - y, y - core[3]);
    if (off <= 0 && (polygons === null || polygons.some((rings) => inPolygon(x, y, rings)))) inside.push(at);
    else if (off >= RING_FROM_M) around.push(at);
  }
  if (inside.length < FEWEST_PIXELS || around.length < FEWEST_PIXELS) return null;
  const usual = medianColour(chip, around);
  const spread = (pixels: readonly number[]) =>
    quantile(
      pixels.map((at) => distanceTo(chip, at, usual)),
      0.95,
    );
  return { inside: spread(inside), around: spread(around) };
}

/** From this median difference of the two dates on, in levels, the ground inside an outline is another one. */
const CHANGED_FROM = 24;

/**
 * Whether the pixels inside an outline differ between two dates, beyond what all around it differs: what a detector found on one date alone has come or gone only
 * if they do, and was overlooked otherwise. True where too few pixels tell.
 */
export async function looksChanged(
  geometry: GeoJSON.Geometry,
  [first, second]: readonly [string, string],
  reader: MosaicReader,
): Promise<boolean> {
  const core = boundsOf(geometry);
  const [before, after] = [
    await chipAround(core, RING_FROM_M, first, reader),
    await chipAround(core, RING_FROM_M, second, reader),
  ];
  const polygons = polygonsOf(geometry);
  const inside: number[] = [];
  const around: number[] = [];
  for (const [at, x, y] of pixelsOf(before)) {
    if (after.valid[at] === 0) continue;
    const isInside = polygons === null || polygons.some((rings) => inPolygon(x, y, rings));
    (isInside ? inside : around).push(at);
  }
  if (inside.length < 3 || around.length < FEWEST_PIXELS) return true;
  const difference = (at: number, band: number) =>
    (after.rgb[at * 3 + band] as number) - (before.rgb[at * 3 + band] as number);
  const shift = [0, 1, 2].map((band) =>
    quantile(
      around.map((at) => difference(at, band)),
      0.5,
    ),
  );
  const moved = inside.map((at) =>
    Math.max(...[0, 1, 2].map((band) => Math.abs(difference(at, band) - (shift[band] as number)))),
  );
  return quantile(moved, 0.5) >= CHANGED_FROM;
}

type Box = readonly [number, number, number, number];

function squareAround([x = 0, y = 0]: readonly number[]): Box {
  return [x - POINT_HALF_M, y - POINT_HALF_M, x + POINT_HALF_M, y + POINT_HALF_M];
}

function polygonsOf(geometry: GeoJSON.Geometry): readonly GeoJSON.Position[][][] | null {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : null;
}

async function chipAround(core: Box, marginM: number, date: string, reader: MosaicReader): Promise<Chip> {
  const box = [core[0] - marginM, core[1] - marginM, core[2] + marginM, core[3] + marginM] as const;
  const pixel = Math.max(reader.gsd(date), Math.max(box[2] - box[0], box[3] - box[1]) / MOST_PX);
  const size = (from: number, to: number) => Math.max(1, Math.round((to - from) / pixel));
  return reader.readChip([...box], date, { width: size(box[0], box[2]), height: size(box[1], box[3]) });
}

/** Valid pixels with the place of their middle. */
function* pixelsOf({ width, height, valid, box }: Chip): Generator<[at: number, x: number, y: number]> {
  for (let row = 0; row < height; row += 1) {
    const y = box[3] - ((row + 0.5) / height) * (box[3] - box[1]);
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      if (valid[at] === 1) yield [at, box[0] + ((column + 0.5) / width) * (box[2] - box[0]), y];
    }
  }
}

function medianColour({ rgb }: Chip, pixels: readonly number[]): readonly number[] {
  return [0, 1, 2].map((band) =>
    quantile(
      pixels.map((at) => rgb[at * 3 + band] as number),
      0.5,
    ),
  );
}

function distanceTo({ rgb }: Chip, at: number, colour: readonly number[]): number {
  return Math.max(...colour.map((value, band) => Math.abs((rgb[at * 3 + band] as number) - value)));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
