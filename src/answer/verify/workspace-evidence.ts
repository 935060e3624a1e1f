import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { type ConceptId, isConceptId } from "../../../knowledge/ontology/ids.ts";
import { distanceM } from "../../logic/distance.ts";
import type { Query } from "../../query/schema.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import { nearestOf } from "../../retrieval/nearest.ts";
import { boxOf, type Outline, outlinesMeet } from "../../retrieval/planar.ts";
import { searchEntities } from "../../retrieval/search-again.ts";
import type { Landmark } from "../../store/ports.ts";
import type { PlanOutcome, TurnRecord } from "../../turn/stages.ts";
import { exampleQuestions } from "../examples.ts";
import { conceptName } from "../names.ts";
import type { Region, Reply } from "../reply.ts";
import { type Evidence, type EvidenceUnit, evidenceOf, UnitBuilder } from "./evidence.ts";

/**
 * Everything that a reply may rest on: what it holds itself, and what the workspace says of the regions, places and landmarks that it
 * speaks of, measured anew: what stands in a region, how far it is from what was asked about, the typed facts and passages cited.
 */
export function gatherEvidence(
  reply: Reply,
  record: TurnRecord,
  context: RetrievalContext,
  planQuery: (query: Query) => PlanOutcome,
): Evidence {
  const landmarks = citedLandmarks(reply, context);
  return {
    units: [
      ...evidenceOf(reply, record.previous),
      workspaceUnit(reply, record, context, planQuery),
      ...regionsSpokenOf(reply, record).map((region) => measuredUnit(region, reply, record, landmarks, context)),
      ...reply.nearMisses.map((miss) =>
        distances(new UnitBuilder(), miss.geometry, record, [], context).build({
          markers: reply.citations.flatMap(({ evidence, marker }) => (evidence === miss.id ? marker : [])),
        }),
      ),
      ...landmarks.map(({ landmark, markers }) => landmarkUnit(landmark, markers, context)),
    ],
    names: properNames(context),
    ...(reply.intent === "compare" && { focus: reply.regions.map(({ rank }) => rank) }),
  };
}

const namesOf = new WeakMap<RetrievalContext, readonly string[]>();

/** Names that a sentence must not borrow: of places, entities and landmarks, and typed values that are names (operators). */
export function properNames(context: RetrievalContext): readonly string[] {
  const held = namesOf.get(context);
  if (held) return held;
  const { workspace, gazetteer } = context;
  const names = [
    ...gazetteer.places.flatMap((place) => place.names),
    ...workspace.namedEntities().flatMap(({ name }) => name ?? []),
    ...workspace.knowledge
      .landmarks()
      .flatMap(({ name, aliases, facts }) => [
        name,
        ...aliases,
        ...facts.flatMap(({ value }) => (/^\p{Lu}[^\d]{3,60}$/u.test(value) ? value : [])),
      ]),
  ];
  const proper = [...new Set(names)]
    .filter((name) => /\p{Script=Han}{2}|\p{Lu}/u.test(name) && name.length <= 80)
    .sort((a, b) => b.length - a.length);
  namesOf.set(context, proper);
  return proper;
}

function workspaceUnit(
  reply: Reply,
  record: TurnRecord,
  context: RetrievalContext,
  planQuery: (query: Query) => PlanOutcome,
): EvidenceUnit {
  const builder = new UnitBuilder();
  for (const date of context.dates) builder.date(date);
  builder.phrase(...exampleQuestions(context, reply.language));
  if (reply.intent === "help") builder.phrase("“only within 500 m”", "“只要 500 米以内的”");
  if (record.plan?.kind === "refused" && record.plan.outcome.kind === "not_covered") {
    const { detail } = record.plan.outcome;
    builder.phrase(...detail.split(/[:|]/)).text(detail);
  }
  if (reply.intent === "count" && record.turn.query) {
    const planned = planQuery({ ...record.turn.query, limit: 10_000 });
    if (planned.kind === "planned") builder.number(searchEntities(planned.plan, context).ranking.ranked.length);
  }
  if (record.turn.question?.degree) {
    const all = record.previous?.regions.length ?? 0;
    builder
      .number(all)
      .number(reply.regions.length)
      .number(all - reply.regions.length);
  }
  return builder.build({ isGlobal: true });
}

function regionsSpokenOf(reply: Reply, record: TurnRecord): readonly Region[] {
  const ranks = new Set(record.turn.references.flatMap(({ rank }) => rank ?? []));
  const known = (record.previous?.regions ?? []).filter(
    ({ rank, id }) =>
      // Why one is not among the results may be answered with: it is, as #2.
      reply.intent === "why_not" || ranks.has(rank) || record.turn.references.some(({ region }) => region === id),
  );
  return reply.plan ? [] : [...new Map([...known, ...reply.regions].map((region) => [region.id, region])).values()];
}

/** What stands in a region, counted by kind, and how far it is from what the question names. */
function measuredUnit(
  region: Region,
  reply: Reply,
  record: TurnRecord,
  landmarks: readonly CitedLandmark[],
  context: RetrievalContext,
): EvidenceUnit {
  const { language } = reply;
  const outline = context.workspace.crs.geometryFromWgs84(region.geometry) as Outline;
  const inside = context.workspace.entities
    .query({ box: boxOf(outline) })
    .filter((entity) => outlinesMeet(entity.geometry, outline));
  const builder = new UnitBuilder();
  const counts = new Map<ConceptId, number>();
  for (const { concept, firstSeen, lastSeen, areaHistory } of inside) {
    counts.set(concept, (counts.get(concept) ?? 0) + 1);
    builder.date(firstSeen).date(lastSeen);
    for (const { date, areaM2 } of areaHistory) builder.date(date).number(areaM2, "m2");
  }
  const asked = record.turn.question?.noun;
  if (asked) {
    const kinds = new Set<string>([asked.concept, ...subsumedConcepts(asked.concept)]);
    const count = inside.filter(({ concept }) => kinds.has(concept)).length;
    const what = conceptName(asked.concept, language, count === 1 ? "one" : "many");
    builder.phrase(`${count} ${what}`, `${count} 个${what}`);
  }
  for (const [concept, count] of counts) {
    const what = conceptName(concept, language, count === 1 ? "one" : "many");
    builder.phrase(language === "zh" ? `${count} 个${what}` : `${count} ${what}`, `${count} ${what}`);
  }
  const [appeared, vanished] = [
    inside.filter(({ firstSeen }) => firstSeen !== null).length,
    inside.filter(({ lastSeen }) => lastSeen !== null).length,
  ];
  builder.phrase(`${appeared} of these appeared and ${vanished} disappeared`);
  builder.phrase(`${appeared} 个为新出现,${vanished} 个已消失`);
  for (const other of record.previous?.regions ?? [])
    if (other.id !== region.id)
      builder.number(distanceM(outline, context.workspace.crs.geometryFromWgs84(other.geometry)), "m");
  distances(builder, region.geometry, record, landmarks, context);
  return builder.build({
    rank: region.rank,
    markers: reply.citations.flatMap(({ evidence, marker }) => (evidence === region.id ? marker : [])),
  });
}

/** Metres from a thing to the places, the kind of thing and the landmarks that the question is about. */
function distances(
  builder: UnitBuilder,
  geometry: GeoJSON.Geometry,
  record: TurnRecord,
  landmarks: readonly CitedLandmark[],
  context: RetrievalContext,
): UnitBuilder {
  const { crs, entities } = context.workspace;
  const from = crs.geometryFromWgs84(geometry);
  const question = record.turn.question;
  for (const id of question?.places ?? []) {
    const place = context.gazetteer.places.find((entry) => entry.id === id);
    const kind = place?.concept && isConceptId(place.concept) ? place.concept : null;
    if (place && kind)
      for (const name of place.names)
        builder.phrase(`${name} (${conceptName(kind, "en")})`, `${name}(${conceptName(kind, "zh")})`);
    if (place) builder.phrase(...place.names).number(distanceM(from, crs.geometryFromWgs84(place.geometry)), "m");
  }
  for (const { landmark } of landmarks)
    if (landmark.geometry) builder.number(distanceM(from, crs.geometryFromWgs84(landmark.geometry)), "m");
  const noun = question?.noun;
  if (noun) {
    const nearest = nearestOf(from, noun.concept, context);
    if (nearest) builder.number(nearest.distanceM, "m").phrase(nearest.entity.name);
    for (const entity of entities.query({ concepts: [noun.concept] }).slice(0, 20))
      builder.number(distanceM(from, entity.geometry), "m").phrase(entity.name);
  }
  return builder;
}

interface CitedLandmark {
  readonly landmark: Landmark;
  readonly markers: readonly number[];
}

function citedLandmarks(reply: Reply, context: RetrievalContext): readonly CitedLandmark[] {
  const passages = reply.citations.filter(({ kind }) => kind === "passage");
  if (passages.length === 0) return [];
  return context.workspace.knowledge.landmarks().flatMap((landmark) => {
    const markers = passages.flatMap(({ title, marker, evidence }) =>
      title === landmark.name || evidence === `landmark:${landmark.id}` ? marker : [],
    );
    return markers.length > 0 ? [{ landmark, markers: [...new Set(markers)] }] : [];
  });
}

function landmarkUnit(landmark: Landmark, markers: readonly number[], context: RetrievalContext): EvidenceUnit {
  const builder = new UnitBuilder().phrase(landmark.name, ...landmark.aliases);
  for (const { key, value } of landmark.facts) builder.phrase(value, key.replaceAll("_", " ")).text(value);
  for (const { text } of context.workspace.knowledge.passages(landmark.id)) builder.text(text).phrase(text);
  if (landmark.concept && isConceptId(landmark.concept)) builder.phrase(conceptName(landmark.concept, "en"));
  return builder.build({ markers });
}
