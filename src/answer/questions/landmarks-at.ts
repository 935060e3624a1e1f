import * as turf from "@turf/turf";
import { foldName } from "../../knowledge/names.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import { boxOf, type Outline, outlinesMeet } from "../../retrieval/planar.ts";
import type { Landmark } from "../../store/ports.ts";
import type { Region } from "../reply.ts";

/** A landmark this close to a region is taken to be the region's own, in metres. */
const OWN_LANDMARK_M = 250;
/** A thing in the region with a landmark's name is that landmark where its position is not farther than this: ports and parks are large. */
const NAMESAKE_M = 5000;
/** What lies farther from a region's box than this is not measured; about twice the farthest namesake. */
const FAR_DEGREES = 0.1;
/** Tiles larger than this show too much to tell what one of them is a picture of, in metres. */
const LARGEST_TILE_M = 512;
/** Cosine from which a tile may show what a landmark's picture shows. */
const LEAST_ALIKE = 0.7;

/** A landmark of a region, and why it is taken for one: where it lies, a thing of its name, or its picture. */
export interface JoinedLandmark {
  readonly landmark: Landmark;
  readonly by:
    | { readonly kind: "position"; readonly distanceM: number }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "picture"; readonly similarity: number };
}

/**
 * The landmarks of a region, surest first: those that lie in it or within 250 m, those whose name a thing in it bears, and those
 * without a position whose picture looks most like the imagery there of all the workspace's imagery.
 */
export function landmarksAt(region: Region, context: RetrievalContext): readonly JoinedLandmark[] {
  const all = context.workspace.knowledge.landmarks();
  const outline = context.workspace.crs.geometryFromWgs84(region.geometry) as Outline;
  const found = [
    ...byPosition(region, all),
    ...byName(region, outline, all, context),
    ...byPicture(outline, all, context),
  ];
  const out = new Map<string, JoinedLandmark>();
  for (const one of found) if (!out.has(one.landmark.id)) out.set(one.landmark.id, one);
  return [...out.values()];
}

function byPosition(region: Region, landmarks: readonly Landmark[]): readonly JoinedLandmark[] {
  return landmarks
    .flatMap((landmark) => {
      if (!landmark.geometry) return [];
      const distanceM = distanceToRegionM(region, landmark.geometry);
      return distanceM <= OWN_LANDMARK_M ? [{ landmark, distanceM }] : [];
    })
    .sort((a, b) => a.distanceM - b.distanceM)
    .map(({ landmark, distanceM }) => ({ landmark, by: { kind: "position", distanceM } }));
}

function byName(
  region: Region,
  outline: Outline,
  landmarks: readonly Landmark[],
  { workspace }: RetrievalContext,
): readonly JoinedLandmark[] {
  const inside = workspace.entities
    .query({ box: boxOf(outline) })
    .filter((entity) => outlinesMeet(entity.geometry, outline));
  const names = new Map<string, string>();
  for (const { name, tags } of inside)
    for (const one of [name, tags["name:en"], tags["name:zh"], tags.alt_name])
      if (one && foldName(one).length > 3) names.set(foldName(one), one);
  if (names.size === 0) return [];
  return landmarks.flatMap((landmark): JoinedLandmark[] => {
    const name = [landmark.name, ...landmark.aliases].flatMap((own) => names.get(foldName(own)) ?? [])[0];
    if (name === undefined) return [];
    const isNear = landmark.geometry === null || distanceToRegionM(region, landmark.geometry) <= NAMESAKE_M;
    return isNear ? [{ landmark, by: { kind: "name", name } }] : [];
  });
}

/** Of landmarks without a position alone: where one is known, it decides. */
function byPicture(
  outline: Outline,
  landmarks: readonly Landmark[],
  { workspace, encoder, dates }: RetrievalContext,
): readonly JoinedLandmark[] {
  return landmarks
    .flatMap((landmark) => {
      if (landmark.geometry !== null || landmark.image === null) return [];
      const chip = workspace.knowledge.chipVector(landmark.id, encoder.id);
      if (!chip) return [];
      const [best] = (dates.length > 0 ? dates : [null])
        .flatMap((date) => workspace.tiles.nearest(chip, { encoder: encoder.id, limit: 8, date }))
        .filter(({ tile }) => tile.scale <= LARGEST_TILE_M)
        .sort((a, b) => b.similarity - a.similarity);
      if (
        !best ||
        best.similarity < LEAST_ALIKE ||
        !outlinesMeet(turf.bboxPolygon([...best.tile.box]).geometry, outline)
      )
        return [];
      return [{ landmark, similarity: best.similarity }];
    })
    .sort((a, b) => b.similarity - a.similarity)
    .map(({ landmark, similarity }) => ({ landmark, by: { kind: "picture", similarity } }));
}

/** Metres from a region's outline to the middle of a geometry; 0 inside, infinite where it is far off. */
function distanceToRegionM(region: Region, geometry: GeoJSON.Geometry): number {
  const middle = turf.centroid(turf.feature(geometry));
  const [lon, lat] = middle.geometry.coordinates as [number, number];
  const [west, south, east, north] = region.bbox;
  if (lat < south - FAR_DEGREES || lat > north + FAR_DEGREES) return Number.POSITIVE_INFINITY;
  const wide = FAR_DEGREES / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  if (lon < west - wide || lon > east + wide) return Number.POSITIVE_INFINITY;
  return Math.max(0, turf.pointToPolygonDistance(middle, turf.feature(region.geometry), { units: "meters" }));
}
