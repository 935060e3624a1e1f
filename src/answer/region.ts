import * as turf from "@turf/turf";
import { explainFailure } from "../logic/explain.ts";
import { parseFormula } from "../logic/text.ts";
import type { RetrievalContext } from "../retrieval/context.ts";
import type { Plan } from "../retrieval/plan.ts";
import { asOutline, boxOf, toWgs84 } from "../retrieval/planar.ts";
import type { ProvedCandidate, RankedCandidate } from "../retrieval/values.ts";
import type { Entity } from "../store/entity.ts";
import { captionOf } from "./caption.ts";
import { groundAreaM2 } from "./ground-area.ts";
import { entityLabel } from "./names.ts";
import type { Evidence, NearMiss, Region } from "./reply.ts";
import type { Language } from "./words.ts";

const MOST_EVIDENCE = 60;
const MOST_TILES = 4;

/** A ranked candidate as the region of a reply: WGS84, worded, with its evidence. */
export function toRegion(
  ranked: RankedCandidate,
  place: { readonly thread: string; readonly turn: number; readonly rank: number },
  plan: Plan,
  language: Language,
  context: RetrievalContext,
): Region {
  const { candidate, proof } = ranked;
  const { crs } = context.workspace;
  const geometry = toWgs84(candidate.geometry, crs);
  const [west, south, east, north] = turf.bbox(geometry) as [number, number, number, number];
  return {
    id: `${place.thread}.${place.turn}.${place.rank}`,
    rank: place.rank,
    geometry,
    bbox: [west, south, east, north],
    areaM2: Math.round(groundAreaM2(candidate, context)),
    probability: ranked.probability,
    score: { total: ranked.score.total, parts: { ...ranked.score.parts } },
    caption: captionOf(candidate, proof, plan, language, context),
    proof,
    evidence: [...entityEvidence(ranked, language, context), ...tileEvidence(ranked, plan, context)],
    flags: [...ranked.flags],
  };
}

/** Witnesses of the proof first, then the entities that the region was made from. */
function entityEvidence(
  { candidate, proof }: ProvedCandidate,
  language: Language,
  context: RetrievalContext,
): Evidence[] {
  const ids = [...new Set([...proof.witnesses, ...candidate.entityIds])].slice(0, MOST_EVIDENCE);
  return ids.flatMap((id) => {
    const entity = context.entity(id);
    return entity ? [entityAsEvidence(entity, language, context)] : [];
  });
}

export function entityAsEvidence(entity: Entity, language: Language, context: RetrievalContext): Evidence {
  return {
    id: entity.id,
    kind: "entity",
    label: entityLabel(entity, language),
    concept: entity.concept,
    geometry: toWgs84Geometry(entity.geometry, context),
    date: entity.firstSeen,
    source: entity.source,
  };
}

function toWgs84Geometry(geometry: GeoJSON.Geometry, context: RetrievalContext): GeoJSON.Geometry {
  return turf.truncate(context.workspace.crs.geometryToWgs84(geometry), { precision: 7, coordinates: 2 });
}

/** The finest tiles under the region, on each date of the plan. */
function tileEvidence({ candidate }: ProvedCandidate, plan: Plan, context: RetrievalContext): Evidence[] {
  const dates = [...new Set([plan.dates.before, plan.dates.after])].filter((date) =>
    context.dates.includes(date ?? ""),
  );
  return dates.flatMap((date) => {
    const tiles = context.workspace.tiles.tiles({ box: boxOf(candidate.geometry), date });
    const finest = Math.min(...tiles.map(({ scale }) => scale));
    return tiles
      .filter(({ scale }) => scale === finest)
      .slice(0, MOST_TILES)
      .map(
        (tile): Evidence => ({
          id: `tile:${tile.id}@${date ?? ""}`,
          kind: "tile",
          label: `${tile.scale} m`,
          date,
          source:
            context.workspace.images
              .find((image) => image.date === date)
              ?.description.path.split("/")
              .at(-1) ?? "",
        }),
      );
  });
}

/** A proved failure as a near miss, or null when its proof names no failing part. */
export function toNearMiss(
  { candidate, proof }: ProvedCandidate,
  plan: Plan,
  language: Language,
  context: RetrievalContext,
): NearMiss | null {
  if (!proof.failure) return null;
  return {
    id: candidate.id,
    geometry: toWgs84(asOutline(candidate.geometry, context.workspace.crs), context.workspace.crs),
    caption: captionOf(candidate, proof, plan, language, context),
    truth: proof.truth,
    failure: { ...proof.failure, ...explainFailure(parseFormula(proof.failure.formula), proof.failure, language) },
  };
}
