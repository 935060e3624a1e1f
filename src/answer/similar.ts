import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import { boundsOf } from "../geo/bounds.ts";
import { checkWgs84Geometry } from "../geo/validate.ts";
import { type AreaGeometry, AreaGeometrySchema, type Bbox, BboxSchema } from "../query/schema.ts";
import { moreLikeThis } from "../retrieval/more-like-this.ts";
import { areaM2, boxPolygon, type Outline, toWgs84 } from "../retrieval/planar.ts";
import { spaceFor } from "../retrieval/vector-space.ts";
import type { Workspace } from "../workspace.ts";
import { findRegion } from "./find-region.ts";

export const MOST_SIMILAR = 200;
export const DEFAULT_SIMILAR = 10;

/** What to look for more of: one of `region`, `polygon` and `bbox`. */
export const SimilarRequestSchema = z.object({
  /** Id of a region of an earlier reply. */
  region: z.string().max(100).optional(),
  /** WGS84. */
  polygon: AreaGeometrySchema.optional(),
  bbox: BboxSchema.optional(),
  /** "image": vectors of the imagery; "geo": those of embedding rasters. */
  space: z.enum(["image", "geo"]).default("image"),
  /** ISO date of the imagery; for "geo" its year counts. The newest without it. */
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
  limit: z.number().int().min(1).max(MOST_SIMILAR).default(DEFAULT_SIMILAR),
});
export type SimilarRequest = z.infer<typeof SimilarRequestSchema>;

export const SimilarReplySchema = z.object({
  space: z.enum(["image", "geo"]),
  /** Encoders whose vectors were compared. */
  encoders: z.array(z.string()),
  date: z.string().nullable(),
  /** Side of the compared tiles in metres. */
  scaleM: z.number(),
  /** Share of the region that has vectors, 0..1. */
  covered: z.number(),
  /** What to know before relying on it, or null. */
  note: z.string().nullable(),
  /** Best first; none shares ground with the region. */
  tiles: z.array(
    z.object({
      rank: z.number().int().positive(),
      tile: z.string(),
      /** Cosine, −1..1. */
      similarity: z.number(),
      /** Share of the tile with valid pixels, 0..1. */
      coverage: z.number(),
      bbox: BboxSchema,
      geometry: AreaGeometrySchema,
    }),
  ),
});
export type SimilarReply = z.infer<typeof SimilarReplySchema>;

const GEO_NOTE =
  "Embedding rasters mix sensors, radar among them, over a whole year: a prior on what a place is like, not something seen in the imagery.";

/**
 * "More like this", ready to be shown: the tiles that look most like a region, in WGS84.
 *
 * @throws {TerralogueError} `bad_arguments` unless exactly one region is given and has an area, `not_found` for a region or a date that there is not,
 *   `no_imagery` where the region has no vectors
 */
export function findSimilar(request: SimilarRequest, workspace: Workspace): SimilarReply {
  const region = regionOf(request, workspace);
  const space = spaceFor(workspace, { kind: request.space, ...(request.date && { date: request.date }) });
  const { scale, covered, found } = moreLikeThis(region, { space, limit: request.limit }, workspace);
  return {
    space: space.kind,
    encoders: [...space.encoders],
    date: space.date,
    scaleM: scale,
    covered: rounded(covered, 4),
    note: space.kind === "geo" ? GEO_NOTE : null,
    tiles: found.map(({ tile, similarity }, i) => {
      const geometry = toWgs84(boxPolygon(tile.box), workspace.crs);
      return {
        rank: i + 1,
        tile: tile.id,
        similarity: rounded(similarity, 5),
        coverage: rounded(tile.coverage, 4),
        bbox: boundsOf(geometry),
        geometry,
      };
    }),
  };
}

function regionOf({ region, polygon, bbox }: SimilarRequest, workspace: Workspace): AreaGeometry {
  const given = [region, polygon, bbox].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new TerralogueError(
      "bad_arguments",
      `${given.length === 0 ? "No region is" : "Several regions are"} given; give one of region (an id), polygon and bbox.`,
    );
  if (region !== undefined) return findRegion(workspace, region).region.geometry;
  const outline = polygon ?? boxPolygon(checkedBox(bbox as Bbox));
  try {
    checkWgs84Geometry(outline, "the polygon");
  } catch (fault) {
    throw new TerralogueError("bad_arguments", (fault as Error).message, { cause: fault });
  }
  if (!(areaM2(workspace.crs.geometryFromWgs84(outline as Outline)) > 0))
    throw new TerralogueError("bad_arguments", "The polygon has no area; draw it around something.");
  return outline as AreaGeometry;
}

function checkedBox([west, south, east, north]: Bbox): Bbox {
  if (west < east && south < north) return [west, south, east, north];
  throw new TerralogueError(
    "bad_arguments",
    `The box ${[west, south, east, north].join(",")} is not W,S,E,N in degrees with west under east and south under north.`,
  );
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
