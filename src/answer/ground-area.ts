import type { RetrievalContext } from "../retrieval/context.ts";
import { areaM2 } from "../retrieval/planar.ts";
import type { Candidate } from "../retrieval/values.ts";

/**
 * Square metres that a candidate covers; 0 where all that is known of it is a point or a line: what is drawn around those to be seen
 * has an area, the thing has none that anybody measured.
 */
export function groundAreaM2(
  { geometry, origin, entityIds }: Pick<Candidate, "geometry" | "origin" | "entityIds">,
  context: Pick<RetrievalContext, "entity">,
): number {
  const shapes = entityIds.flatMap((id) => context.entity(id)?.geometry.type ?? []);
  const isDrawn = origin === "entity" && shapes.length > 0 && !shapes.some((type) => type.endsWith("Polygon"));
  return isDrawn ? 0 : areaM2(geometry);
}
