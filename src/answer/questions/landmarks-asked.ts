import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import type { Place } from "../../query/turn.ts";
import { findPlaces } from "../../retrieval/resolve-geo.ts";
import type { Landmark } from "../../store/ports.ts";
import { landmarksAt } from "./landmarks-at.ts";
import type { QuestionInput } from "./question.ts";

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
    ...input.regions.flatMap((region) => landmarksAt(region, context).map(({ landmark }) => landmark)),
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

function landmarksOf(place: Place, landmarks: readonly Landmark[]): readonly Landmark[] {
  const names = new Set(place.names.map((name) => name.toLowerCase()));
  return landmarks.filter(
    (landmark) =>
      landmark.id === place.id || [landmark.name, ...landmark.aliases].some((name) => names.has(name.toLowerCase())),
  );
}
