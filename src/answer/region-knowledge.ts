import * as turf from "@turf/turf";
import type { Landmark, Passage } from "../store/ports.ts";
import type { Workspace } from "../workspace.ts";
import type { Region } from "./reply.ts";

/** A landmark that is part of a result, with what the knowledge of the workspace says of it. */
export interface KnownLandmark {
  readonly name: string;
  readonly concept: string | null;
  readonly passages: readonly Pick<Passage, "text" | "source" | "licence" | "language">[];
}

/**
 * What is known of a result: of landmarks that lie in it or in what its proof rests on. Landmarks of which no passage tells
 * are left out.
 *
 * @param region as a reply holds it, WGS84
 */
export function regionKnowledge(region: Region, { knowledge }: Workspace): readonly KnownLandmark[] {
  const witnessed = region.evidence.flatMap(({ id, geometry }) =>
    region.proof.witnesses.includes(id) && geometry ? [geometry as GeoJSON.Geometry] : [],
  );
  const places = [region.geometry as GeoJSON.Geometry, ...witnessed].map((geometry) => ({
    geometry,
    box: turf.bbox(geometry),
  }));
  const isThere = ({ geometry }: Landmark) => {
    if (!geometry) return false;
    const [west, south, east, north] = turf.bbox(geometry);
    return places.some(
      ({ box, geometry: place }) =>
        west <= box[2] &&
        east >= box[0] &&
        south <= box[3] &&
        north >= box[1] &&
        turf.booleanIntersects(place, geometry),
    );
  };
  return knowledge
    .landmarks()
    .filter(isThere)
    .map(({ id, name, concept }) => ({
      name,
      concept,
      passages: knowledge
        .passages(id)
        .map(({ text, source, licence, language }) => ({ text, source, licence, language })),
    }))
    .filter(({ passages }) => passages.length > 0);
}
