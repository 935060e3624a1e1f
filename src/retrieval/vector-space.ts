import { TerralogueError } from "../errors.ts";
import { rasterSpace } from "../store/encoder-ids.ts";
import type { TileIndex } from "../store/ports.ts";
import type { Workspace } from "../workspace.ts";

/** Vectors of tiles that are compared with one another: those of one encoder of imagery on a date, or of a year's embedding rasters. */
export interface VectorSpace {
  readonly kind: "image" | "geo";
  /** One, or several embedding rasters of the same year and number of bands. */
  readonly encoders: readonly string[];
  /** Date under which the tiles are stored. */
  readonly date: string | null;
}

/** The vectors of the imagery of a date. */
export function imageSpace(encoder: string, date: string | null): VectorSpace {
  return { kind: "image", encoders: [encoder], date };
}

/**
 * The embedding rasters of the year that suits a date: the last one up to it, the first where all are later, the newest without a date.
 * Rasters with the same number of bands are taken as of one model; of several models that with most tiles counts.
 *
 * @returns null when no embedding raster was ingested
 */
export function geoSpace(workspace: Workspace, date: string | null): VectorSpace | null {
  const years = [...new Set(meansOf(workspace).map((one) => one.year))].sort((a, b) => a - b);
  const year = date === null ? years.at(-1) : (years.findLast((one) => one <= Number(date.slice(0, 4))) ?? years[0]);
  return year === undefined ? null : spaceOfYear(workspace, year);
}

/** The embedding rasters of one year, or null when there are none. */
export function spaceOfYear(workspace: Workspace, year: number): VectorSpace | null {
  const ofYear = meansOf(workspace).filter((one) => one.year === year);
  const tilesBy = new Map<number, number>();
  for (const { dimensions, vectors } of ofYear) tilesBy.set(dimensions, (tilesBy.get(dimensions) ?? 0) + vectors);
  const [most] = [...tilesBy].sort(([a, m], [b, n]) => n - m || a - b);
  if (!most) return null;
  const encoders = ofYear.filter(({ dimensions }) => dimensions === most[0]).map(({ id }) => id);
  return { kind: "geo", encoders, date: `${year}-12-31` };
}

/**
 * The space that a person asks for. Without a date it is the newest imagery or year.
 *
 * @throws {TerralogueError} `not_found` for a date without imagery, `no_imagery` where the workspace has no such vectors at all
 */
export function spaceFor(
  workspace: Workspace,
  { kind, date }: { readonly kind: "image" | "geo"; readonly date?: string },
): VectorSpace {
  if (kind === "geo") {
    const space = geoSpace(workspace, date ?? null);
    if (space) return space;
    throw new TerralogueError(
      "no_imagery",
      "The workspace holds no embedding raster; add one with ingest --embeddings FILE@YEAR, or search the space image.",
    );
  }
  const { dates } = workspace.reader;
  if (workspace.imageEncoder === null)
    throw new TerralogueError("no_imagery", "The workspace holds no imagery; add some with ingest --image FILE.");
  if (date !== undefined && !dates.includes(date))
    throw new TerralogueError(
      "not_found",
      `There is no imagery of ${date.slice(0, 40)}; the dates are ${dates.map((one) => one ?? "undated").join(", ")}.`,
    );
  return imageSpace(workspace.imageEncoder, date ?? dates.at(-1) ?? null);
}

/** Vectors of one tile in a space: none, one, or several where embedding rasters meet in it. */
export function vectorsOf(tileId: string, { encoders, date }: VectorSpace, tiles: TileIndex): readonly Float32Array[] {
  return encoders.flatMap((encoder) => tiles.vector(tileId, date, encoder) ?? []);
}

interface Means {
  readonly id: string;
  readonly dimensions: number;
  readonly vectors: number;
  readonly year: number;
}

/** Counting the vectors reads them all: it is done once for an open workspace, as its tiles are read once. */
const counted = new WeakMap<Workspace, readonly Means[]>();

function meansOf(workspace: Workspace): readonly Means[] {
  let means = counted.get(workspace);
  if (!means) {
    means = countMeans(workspace);
    counted.set(workspace, means);
  }
  return means;
}

function countMeans(workspace: Workspace): readonly Means[] {
  return workspace.encoders().flatMap(({ id, dimensions, vectors }) => {
    const space = rasterSpace(id);
    return space && space.part === null ? [{ id, dimensions, vectors, year: space.year }] : [];
  });
}
