import type { Tile } from "../store/ports.ts";
import type { Workspace } from "../workspace.ts";
import { cosine } from "./likeness.ts";
import { spaceOfYear, type VectorSpace } from "./vector-space.ts";

export interface YearlyChange {
  /** One minus the cosine between the means of both years, 0..2. */
  readonly cosineDistance: number;
  /** Length of the difference between the means as they were measured, before they are brought to unit length. */
  readonly length: number;
}

/** How much the embeddings of tiles changed between two years; null for a tile unless both describe it in the same number of bands. */
export function yearlyChange(workspace: Workspace, from: number, to: number): (tile: Tile) => YearlyChange | null {
  const spaces = [from, to].map((year) => spaceOfYear(workspace, year));
  return (tile) => {
    const [before, after] = spaces.map((space) => meanOf(workspace, tile, space));
    if (!before || !after || before.length !== after.length) return null;
    return {
      cosineDistance: 1 - cosine(before, after),
      length: Math.hypot(...after.map((value, band) => value - (before[band] as number))),
    };
  };
}

function meanOf({ tiles }: Workspace, { id }: Tile, space: VectorSpace | null): Float32Array | null {
  for (const encoder of space?.encoders ?? []) {
    const unit = tiles.vector(id, space?.date ?? null, encoder);
    const length = tiles.vector(id, space?.date ?? null, `${encoder}#length`);
    if (unit && length) return unit.map((value) => value * (length[0] as number));
  }
  return null;
}
