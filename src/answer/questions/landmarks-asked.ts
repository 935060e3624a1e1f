import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import type { Place } from "../../query/turn.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import { boxOf } from "../../retrieval/planar.ts";
import { findPlaces } from "../../retrieval/resolve-geo.ts";
import type { Landmark } from "../../store/ports.ts";
import { landmarksAt } from "./landmarks-at.ts";
import type { QuestionInput } from "./question.ts";

/** What lies this close to things of the map is on it, in metres. */
const MAP_MARGIN_M = 500;

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
    // "the container terminal" is one where there is but one, of all or of those on the map; of several, none is meant.
    const onMap = ofKind.length > 1 ? ofKind.filter((landmark) => isOnMap(landmark, context)) : ofKind;
    if (onMap.length === 1) found.push(...onMap);
  }
  return [...new Map(found.map((landmark) => [landmark.id, landmark])).values()];
}

/** Whether a landmark lies where the workspace has imagery or things. */
function isOnMap({ geometry }: Landmark, { workspace }: RetrievalContext): boolean {
  if (!geometry) return false;
  const [minX, minY, maxX, maxY] = boxOf(workspace.crs.geometryFromWgs84(geometry));
  if (![minX, minY, maxX, maxY].every(Number.isFinite)) return false;
  const box = [minX - MAP_MARGIN_M, minY - MAP_MARGIN_M, maxX + MAP_MARGIN_M, maxY + MAP_MARGIN_M] as const;
  return workspace.tiles.tiles({ box }).length > 0 || workspace.entities.query({ box, limit: 1 }).length > 0;
}

function landmarksOf(place: Place, landmarks: readonly Landmark[]): readonly Landmark[] {
  const names = new Set(place.names.map((name) => name.toLowerCase()));
  return landmarks.filter(
    (landmark) =>
      landmark.id === place.id || [landmark.name, ...landmark.aliases].some((name) => names.has(name.toLowerCase())),
  );
}
