import * as turf from "@turf/turf";
import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import type { Place } from "../../query/turn.ts";
import { findPlaces } from "../../retrieval/resolve-geo.ts";
import type { Landmark } from "../../store/ports.ts";
import type { Region } from "../reply.ts";
import type { QuestionInput } from "./question.ts";

/** A landmark this close to a region in focus is taken to be the region's own, in metres. */
const OWN_LANDMARK_M = 250;

/**
 * The landmarks that a question is about, likeliest first: those of the gazetteer places that understanding named, those
 * in the region pointed at, those with the name as written, and last those of the concept asked about.
 */
export function landmarksAsked(input: QuestionInput): readonly Landmark[] {
  const { record, context } = input;
  const { knowledge } = context.workspace;
  const question = record.turn.question;
  const places = (question?.places ?? []).flatMap(
    (id) => context.gazetteer.places.find((place) => place.id === id) ?? [],
  );
  const named = question?.subject ? findPlaces(context.gazetteer, question.subject) : [];
  const all = knowledge.landmarks();
  const found = [
    ...input.regions.flatMap((region) => landmarksAt(region, all)),
    ...[...places, ...named].flatMap((place) => landmarksOf(place, all)),
  ];
  if (found.length === 0 && question?.noun) {
    const wanted = new Set<string>([question.noun.concept, ...subsumedConcepts(question.noun.concept)]);
    const ofKind = all.filter(({ concept }) => concept !== null && isConceptId(concept) && wanted.has(concept));
    // "the container terminal" is one where there is but one; of several, none is meant.
    if (ofKind.length === 1) found.push(...ofKind);
  }
  return [...new Map(found.map((landmark) => [landmark.id, landmark])).values()];
}

/** Landmarks that lie in a region or within 250 m of it, nearest first. */
export function landmarksAt(
  region: Region,
  landmarks: readonly Landmark[],
  withinM = OWN_LANDMARK_M,
): readonly Landmark[] {
  return landmarks
    .flatMap((landmark) => {
      if (!landmark.geometry) return [];
      const distanceM = distanceToRegionM(region, landmark.geometry);
      return distanceM <= withinM ? [{ landmark, distanceM }] : [];
    })
    .sort((a, b) => a.distanceM - b.distanceM)
    .map(({ landmark }) => landmark);
}

/** Metres from a region's outline to the middle of a geometry; 0 inside. */
function distanceToRegionM(region: Region, geometry: GeoJSON.Geometry): number {
  const middle = turf.centroid(turf.feature(geometry));
  return Math.max(0, turf.pointToPolygonDistance(middle, turf.feature(region.geometry), { units: "meters" }));
}

function landmarksOf(place: Place, landmarks: readonly Landmark[]): readonly Landmark[] {
  const names = new Set(place.names.map((name) => name.toLowerCase()));
  return landmarks.filter(
    (landmark) =>
      landmark.id === place.id || [landmark.name, ...landmark.aliases].some((name) => names.has(name.toLowerCase())),
  );
}
