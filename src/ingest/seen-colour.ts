import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { AttributeId } from "../../knowledge/ontology/ids.ts";
import { boundsOf } from "../geo/bounds.ts";
import type { MosaicReader } from "../imagery/ports.ts";
import { inPolygon } from "../logic/distance.ts";
import { colourWords } from "../models/segments/attributes.ts";
import type { Entity } from "../store/entity.ts";

/** Mapped things whose colour is that of their roof, and is asked for. */
const COLOURED_KINDS: ReadonlySet<string> = new Set([
  "building",
  ...subsumedConcepts("building"),
  "large_roof",
  "storage_tank",
]);
/** A map that says one of these has told the colour. */
const COLOURS: ReadonlySet<string> = new Set(["white", "grey", "dark", "red", "brown", "green", "blue", "bright"]);
/** Chips for this have at most this many pixels a side. */
const MOST_PX = 64;
const FEWEST_PIXELS = 6;

/** Whether imagery can tell the colour of a mapped thing: an outline, of which the map does not say it. */
export function hasColourToSee({ concept, geometry, source, attributes }: Entity): boolean {
  return (
    COLOURED_KINDS.has(concept) &&
    !source.startsWith("segmenter:") &&
    (geometry.type === "Polygon" || geometry.type === "MultiPolygon") &&
    !attributes.some((attribute) => COLOURS.has(attribute))
  );
}

/**
 * Words for the mean colour inside an outline on a date. Pixels at its rim are left out, since they are mixed with what is beside them.
 *
 * @returns none where fewer than six pixels lie inside whole
 */
export async function seenColour(
  geometry: GeoJSON.Geometry,
  date: string | null,
  reader: MosaicReader,
): Promise<readonly AttributeId[]> {
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return [];
  const box = boundsOf(geometry);
  const [minX, minY, maxX, maxY] = box;
  const pixel = Math.max(reader.gsd(date), Math.max(maxX - minX, maxY - minY) / MOST_PX);
  const width = Math.max(1, Math.round((maxX - minX) / pixel));
  const height = Math.max(1, Math.round((maxY - minY) / pixel));
  if (width * height < FEWEST_PIXELS) return [];
  const { rgb, valid } = await reader.readChip([...box], date, { width, height });
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const holds = (column: number, row: number) => {
    const x = minX + (column / width) * (maxX - minX);
    const y = maxY - (row / height) * (maxY - minY);
    return polygons.some((rings) => inPolygon(x, y, rings));
  };
  const sum = [0, 0, 0];
  let pixels = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      if (valid[at] === 0 || !CORNERS.every(([right, down]) => holds(column + right, row + down))) continue;
      pixels += 1;
      for (let band = 0; band < 3; band += 1) sum[band] = (sum[band] as number) + (rgb[at * 3 + band] as number);
    }
  }
  if (pixels < FEWEST_PIXELS) return [];
  const [r = 0, g = 0, b = 0] = sum.map((value) => value / pixels);
  return colourWords([r, g, b]);
}

/** A little inside a pixel's corners, so that an outline along the pixels' borders keeps its outermost ones. */
const CORNERS = [
  [0.05, 0.05],
  [0.95, 0.05],
  [0.05, 0.95],
  [0.95, 0.95],
] as const;
