import * as turf from "@turf/turf";
import { TILE_SCALES } from "../geo/tile-grid.ts";
import type { BoxM, Tile, TileIndex } from "../store/ports.ts";
import { areaM2, boxOf, type Outline } from "./planar.ts";
import { type VectorSpace, vectorsOf } from "./vector-space.ts";

export interface RegionVector {
  /** Unit length. */
  readonly vector: Float32Array;
  /** Share of the region's area that lies in tiles with a vector, 0..1. */
  readonly covered: number;
  /** Side of the tiles in metres. */
  readonly scale: number;
}

/**
 * What a region looks like: the mean of the vectors of the tiles of one scale under it, each weighted by the area that they share.
 *
 * @param region in metres of the working CRS
 * @returns null when no tile under it has a vector, or they cancel out
 */
export function regionVector(
  region: Outline,
  scale: number,
  space: VectorSpace,
  tiles: TileIndex,
): RegionVector | null {
  let sum: Float64Array | null = null;
  let covered = 0;
  for (const tile of tiles.tiles({ scale, box: boxOf(region), date: space.date })) {
    const vectors = vectorsOf(tile.id, space, tiles);
    const shared = vectors.length > 0 ? sharedArea(region, tile.box) : 0;
    if (shared <= 0) continue;
    covered += shared;
    for (const vector of vectors) {
      sum ??= new Float64Array(vector.length);
      for (let i = 0; i < vector.length; i += 1)
        sum[i] = (sum[i] as number) + ((vector[i] as number) * shared) / vectors.length;
    }
  }
  const length = sum ? Math.hypot(...sum) : 0;
  if (!sum || !(length > 0)) return null;
  return {
    vector: Float32Array.from(sum, (value) => value / length),
    covered: Math.min(1, covered / areaM2(region)),
    scale,
  };
}

/**
 * The vector from the tiles of the finest scale that the space has. Coarser tiles reach beyond the pixels that they describe, so that one of them over a
 * region says nothing of it when no finer one is there.
 */
export function finestRegionVector(region: Outline, space: VectorSpace, tiles: TileIndex): RegionVector | null {
  const finest = TILE_SCALES.find((scale) =>
    tiles.tiles({ scale, date: space.date }).some(({ id }) => vectorsOf(id, space, tiles).length > 0),
  );
  return finest === undefined ? null : regionVector(region, finest, space, tiles);
}

/**
 * How much tiles look like example regions: the cosine to the nearest example, −1..1; null for a tile without a vector, and where no
 * example has one at the tile's scale. A prior for ranking tiles, over imagery or over embedding rasters.
 *
 * @param examples in metres of the working CRS
 */
export function likenessTo(
  examples: readonly Outline[],
  space: VectorSpace,
  tiles: TileIndex,
): (tile: Tile) => number | null {
  const references = new Map<number, readonly Float32Array[]>();
  const referencesAt = (scale: number) => {
    let found = references.get(scale);
    if (!found) {
      found = examples.flatMap((example) => regionVector(example, scale, space, tiles)?.vector ?? []);
      references.set(scale, found);
    }
    return found;
  };
  return (tile) => {
    const vectors = vectorsOf(tile.id, space, tiles);
    const known = vectors.length > 0 ? referencesAt(tile.scale) : [];
    if (known.length === 0) return null;
    return Math.max(...vectors.flatMap((vector) => known.map((reference) => cosine(vector, reference))));
  };
}

/** Square metres of an outline inside a box. */
export function sharedArea(outline: Outline, box: BoxM): number {
  return areaM2(turf.bboxClip(outline, [...box]).geometry as Outline);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    lengthA += x * x;
    lengthB += y * y;
  }
  return lengthA > 0 && lengthB > 0 ? dot / Math.sqrt(lengthA * lengthB) : 0;
}
