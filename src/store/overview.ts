import type { Workspace } from "../workspace.ts";

/** W, S, E, N. */
type Box = readonly [number, number, number, number];

/** What a person who adds to a workspace wants to see of it: what covers which ground on which date, at which resolution. */
export interface Coverage {
  readonly date: string | null;
  /** Metres a pixel on the ground, the finest and the coarsest image. */
  readonly gsd: readonly [number, number];
  /** Ground with valid pixels, in square metres, from the smallest tiles. */
  readonly areaM2: number;
  readonly images: readonly {
    readonly name: string;
    readonly bboxWgs84: Box;
    readonly gsd: number;
    readonly bands: number;
  }[];
  readonly bboxWgs84: Box;
}

/** Coverage of every mosaic date, oldest first. */
export function coverageOf(workspace: Workspace): readonly Coverage[] {
  return workspace.reader.dates.map((date) => {
    const images = workspace.images
      .filter((image) => image.date === date)
      .map(({ description: { path, bboxWgs84, gsd, bands } }) => ({
        // Addresses may carry a key in their query.
        name: path.split(/[?#]/)[0]?.split(/[/\\]/).at(-1) as string,
        bboxWgs84,
        gsd: Math.round(gsd * 1000) / 1000,
        bands,
      }));
    const sizes = images.map(({ gsd }) => gsd);
    const at = (index: 0 | 1 | 2 | 3, of: (...values: number[]) => number) =>
      of(...images.map(({ bboxWgs84 }) => bboxWgs84[index]));
    const tiles = workspace.tiles.tiles({ date });
    const finest = Math.min(...tiles.map(({ scale }) => scale));
    return {
      date,
      gsd: [Math.min(...sizes), Math.max(...sizes)],
      areaM2: Math.round(
        tiles
          .filter(({ scale }) => scale === finest)
          .reduce((sum, { scale, coverage }) => sum + scale * scale * coverage, 0),
      ),
      images,
      bboxWgs84: [at(0, Math.min), at(1, Math.min), at(2, Math.max), at(3, Math.max)],
    };
  });
}
