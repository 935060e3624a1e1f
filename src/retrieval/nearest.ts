import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { distanceM } from "../logic/distance.ts";
import type { Entity } from "../store/entity.ts";
import type { RetrievalContext } from "./context.ts";
import { boxOf } from "./planar.ts";

/** The search ring starts at this radius and doubles until something lies inside it. */
const FIRST_RADIUS_M = 500;
const LAST_RADIUS_M = 2_000_000;

/**
 * The entity of a concept (or of what it subsumes) that is nearest to a geometry, with the distance between both
 * outlines, 0 where they touch. Null when the workspace has none.
 */
export function nearestOf(
  geometry: GeoJSON.Geometry,
  concept: ConceptId,
  context: RetrievalContext,
): { readonly entity: Entity; readonly distanceM: number } | null {
  const index = context.boxes(concept);
  const [minX, minY, maxX, maxY] = boxOf(geometry);
  for (let radius = FIRST_RADIUS_M; radius <= LAST_RADIUS_M && index.size > 0; radius *= 2) {
    const near = index
      .within([minX - radius, minY - radius, maxX + radius, maxY + radius])
      .map((entity) => ({ entity, distanceM: distanceM(geometry, entity.geometry) }))
      .filter((found) => found.distanceM <= radius)
      .sort((a, b) => a.distanceM - b.distanceM);
    if (near[0]) return near[0];
  }
  return null;
}
