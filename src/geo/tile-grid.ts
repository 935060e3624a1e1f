import type { BoxM, Tile } from "../store/ports.ts";

/** Sides of the tiles of the multi-scale grid in metres, finest first. */
export const TILE_SCALES = [256, 512, 1024, 2048] as const;

/** The tile of a scale with column ix and row iy; the grid's origin is (0, 0) of the working CRS, y grows north. */
export function tileAt(scale: number, ix: number, iy: number): Tile {
  return {
    id: `${scale}/${ix}/${iy}`,
    scale,
    ix,
    iy,
    box: [ix * scale, iy * scale, (ix + 1) * scale, (iy + 1) * scale],
  };
}

/** Tiles of a scale that share area with a box in working-CRS metres, row by row from the south-west. */
export function tilesMeeting(box: BoxM, scale: number): readonly Tile[] {
  const [minX, minY, maxX, maxY] = box;
  const tiles: Tile[] = [];
  for (let iy = Math.floor(minY / scale); iy * scale < maxY; iy += 1) {
    for (let ix = Math.floor(minX / scale); ix * scale < maxX; ix += 1) tiles.push(tileAt(scale, ix, iy));
  }
  return tiles;
}

/** Scales to index imagery at: those whose tiles have at least 16 pixels a side, or the coarsest when none has. */
export function scalesFor(gsd: number): readonly number[] {
  const fit = TILE_SCALES.filter((scale) => scale / gsd >= 16);
  return fit.length > 0 ? fit : [TILE_SCALES.at(-1) as number];
}
