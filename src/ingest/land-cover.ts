import { boundsOf } from "../geo/bounds.ts";
import type { MosaicReader } from "../imagery/ports.ts";
import { inPolygon } from "../logic/distance.ts";

/** Shares (0..1) of the pixels inside an outline. */
export interface LandCover {
  /** Vegetation and bare ground by colour: excess green, or red well above blue without a roof's evenness. */
  readonly natural: number;
  readonly pixels: number;
}

/** Chips for this have at most this many pixels a side. */
const MOST_PX = 64;
const FEWEST_PIXELS = 24;
/** Share of natural pixels from which ground counts as natural, and up to which as built. */
const NATURAL_FROM = 0.72;

/** How the ground inside an outline looks on a date; null where too few pixels are valid. */
export async function landCover(
  geometry: GeoJSON.Geometry,
  date: string,
  reader: MosaicReader,
): Promise<LandCover | null> {
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return null;
  const [minX, minY, maxX, maxY] = boundsOf(geometry);
  const gsd = reader.gsd(date);
  const side = Math.max(1, Math.min(MOST_PX, Math.round(Math.max(maxX - minX, maxY - minY) / gsd)));
  const width = Math.max(1, Math.round((side * (maxX - minX)) / Math.max(maxX - minX, maxY - minY)));
  const height = Math.max(1, Math.round((side * (maxY - minY)) / Math.max(maxX - minX, maxY - minY)));
  const chip = await reader.readChip([minX, minY, maxX, maxY], date, { width, height });
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  let natural = 0;
  let pixels = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      if (chip.valid[at] === 0) continue;
      const x = minX + ((column + 0.5) / width) * (maxX - minX);
      const y = maxY - ((row + 0.5) / height) * (maxY - minY);
      if (!polygons.some((polygon) => inPolygon(x, y, polygon))) continue;
      pixels += 1;
      if (isNatural(chip.rgb[at * 3] as number, chip.rgb[at * 3 + 1] as number, chip.rgb[at * 3 + 2] as number))
        natural += 1;
    }
  }
  return pixels >= FEWEST_PIXELS ? { natural: natural / pixels, pixels } : null;
}

/** Whether a colour is that of vegetation or bare ground: green stands out, or the warm hue of soil, sand and ripe crops: red over green over blue by steps. */
export function isNatural(r: number, g: number, b: number): boolean {
  return 2 * g - r - b > 14 || (r - g > -4 && r - g < 34 && g - b > 24);
}

export function looksNatural({ natural }: LandCover): boolean {
  return natural >= NATURAL_FROM;
}
