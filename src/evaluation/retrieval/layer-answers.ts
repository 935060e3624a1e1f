import { z } from "zod";
import type { WorkingCrs } from "../../geo/crs.ts";
import { readFeatures } from "../../ingest/read-features.ts";
import { distanceM } from "../../logic/distance.ts";

/** Tags that a feature must have: a value, one of several, or any. */
const TagsSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
type Tags = z.infer<typeof TagsSchema>;

/** Right answers as features of a layer, chosen by their own tags and measured distances, without the ontology or the reasoner. */
export const LayerAnswersSchema = z.object({
  /** Path below the data folder. */
  file: z.string(),
  tags: TagsSchema,
  /** Only features of these types of geometry. */
  types: z.array(z.string()).optional(),
  /** At most, or more than, so many metres from a feature with those tags. */
  within: z.object({ tags: TagsSchema, metres: z.number() }).optional(),
  beyond: z.object({ tags: TagsSchema, metres: z.number() }).optional(),
});
export type LayerAnswers = z.infer<typeof LayerAnswersSchema>;

/** Distances closer than this share to the one asked for are too close to call. */
const MARGIN = 0.1;

/** Right and doubtful features of a layer, in metres of the working CRS. */
export async function layerAnswers(
  { tags, types, within, beyond }: LayerAnswers,
  path: string,
  crs: WorkingCrs,
): Promise<{ readonly answers: readonly GeoJSON.Geometry[]; readonly doubtful: readonly GeoJSON.Geometry[] }> {
  const sought: GeoJSON.Geometry[] = [];
  const anchors: GeoJSON.Geometry[] = [];
  const doubtful: GeoJSON.Geometry[] = [];
  const anchorTags = within?.tags ?? beyond?.tags;
  for await (const { geometry, properties } of readFeatures(path)) {
    if (!geometry) continue;
    const isTagged = hasTags(properties, tags);
    const isSought = isTagged && (types === undefined || types.includes(geometry.type));
    const isAnchor = anchorTags !== undefined && hasTags(properties, anchorTags);
    if (!isTagged && !isAnchor) continue;
    const projected = crs.geometryFromWgs84(geometry);
    // The same thing once more, as its outline or its entrance.
    if (isTagged && !isSought) doubtful.push(projected);
    if (isSought) sought.push(projected);
    if (isAnchor) anchors.push(projected);
  }
  const answers: GeoJSON.Geometry[] = [];
  const metres = within?.metres ?? beyond?.metres ?? 0;
  for (const one of sought) {
    const nearest = anchorTags
      ? anchors.reduce(
          (least, anchor) => (anchor === one ? least : Math.min(least, distanceM(one, anchor))),
          Number.POSITIVE_INFINITY,
        )
      : 0;
    const isClose = anchorTags !== undefined && Math.abs(nearest - metres) <= MARGIN * metres;
    if (isClose) doubtful.push(one);
    else if (!anchorTags || nearest <= metres === (within !== undefined)) answers.push(one);
  }
  return { answers, doubtful };
}

function hasTags(properties: Readonly<Record<string, unknown>>, tags: Tags): boolean {
  return Object.entries(tags).every(([key, wanted]) => {
    const value = properties[key];
    if (value === undefined || value === null) return false;
    return wanted === "*" || (Array.isArray(wanted) ? wanted.includes(String(value)) : String(value) === wanted);
  });
}
