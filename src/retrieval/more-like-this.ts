import { TerralogueError } from "../errors.ts";
import type { AreaGeometry } from "../query/schema.ts";
import type { TileRecord } from "../store/ports.ts";
import type { Workspace } from "../workspace.ts";
import { finestRegionVector, regionVector, sharedArea } from "./likeness.ts";
import { boxOf, type Outline } from "./planar.ts";
import type { VectorSpace } from "./vector-space.ts";

export interface SimilarTiles {
  /** Side of the compared tiles in metres. */
  readonly scale: number;
  /** Share of the region that has vectors, 0..1. */
  readonly covered: number;
  /** Best first, at most `limit`; tiles that share ground with the region are left out. */
  readonly found: readonly SimilarTile[];
}

export interface SimilarTile {
  readonly tile: TileRecord;
  /** Cosine to the region's vector, −1..1. */
  readonly similarity: number;
}

/**
 * "More like this": every tile of one scale ranked by the cosine to the region, by exact scan. The region's vector is the area-weighted mean of
 * the tiles under it, at the finest scale that there is unless `scale` names one; tiles of that scale are compared with it.
 *
 * @param region WGS84
 * @throws {TerralogueError} `no_imagery` when no tile under the region has a vector in this space
 */
export function moreLikeThis(
  region: AreaGeometry,
  { space, limit, scale }: { readonly space: VectorSpace; readonly limit: number; readonly scale?: number },
  { crs, tiles }: Workspace,
): SimilarTiles {
  const outline = crs.geometryFromWgs84(region) as Outline;
  const reference =
    scale === undefined ? finestRegionVector(outline, space, tiles) : regionVector(outline, scale, space, tiles);
  if (!reference) {
    const what =
      space.kind === "image"
        ? `The imagery of ${space.date ?? "no date"}`
        : `The embedding rasters of ${space.date?.slice(0, 4)}`;
    throw new TerralogueError("no_imagery", `${what} do not reach the region; choose one inside them or another date.`);
  }
  const own = tiles
    .tiles({ scale: reference.scale, box: boxOf(outline), date: space.date })
    .filter(({ box }) => sharedArea(outline, box) > 0);
  const isOwn = new Set(own.map(({ id }) => id));
  const best = new Map<string, SimilarTile>();
  for (const encoder of space.encoders) {
    const options = { encoder, limit: limit + own.length, scale: reference.scale, date: space.date };
    for (const match of tiles.nearest(reference.vector, options)) {
      const held = best.get(match.tile.id);
      if (!isOwn.has(match.tile.id) && (!held || held.similarity < match.similarity)) best.set(match.tile.id, match);
    }
  }
  const found = [...best.values()].sort((a, b) => b.similarity - a.similarity || (a.tile.id < b.tile.id ? -1 : 1));
  return { scale: reference.scale, covered: reference.covered, found: found.slice(0, limit) };
}
