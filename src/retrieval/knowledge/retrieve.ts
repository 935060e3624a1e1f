import { isOfConcept } from "../../query/knowledge/kinds-asked.ts";
import { foldMessage, type LandmarkNames, type NamedLandmark } from "../../query/knowledge/landmark-names.ts";
import type { KnowledgeQuestion } from "../../query/knowledge/question-schema.ts";
import type { KnowledgeStore } from "../../store/ports.ts";
import { fuseRanks } from "./fusion.ts";
import { FEATURES, type FeatureVector, rerankerScore } from "./reranker.ts";

/** A text's vector with the encoder that made it. */
export interface TextVector {
  readonly encoder: string;
  readonly vector: Float32Array;
}

export interface RetrievalInput {
  readonly text: string;
  /** What was read of the text, where it is a question. */
  readonly question: KnowledgeQuestion | null;
  readonly store: KnowledgeStore;
  readonly names: LandmarkNames;
  readonly vector: TextVector | null;
  /** Vector of the image of the place in focus, by the encoder that described the landmarks' chips. */
  readonly chip?: TextVector | null;
  /** Longitude and latitude that the conversation is about, or null. */
  readonly focus: readonly [number, number] | null;
}

export interface RetrievedLandmark {
  readonly landmark: NamedLandmark;
  readonly score: number;
  readonly features: FeatureVector;
}

export type RetrievalMode = "bm25" | "dense" | "hybrid" | "hybrid+reranker";

/** Passages that a list takes in. */
const DEPTH = 60;
/** A landmark at this distance from the focus is half as near as one there, in kilometres. */
const HALF_DISTANCE_KM = 20;

/**
 * Landmarks that a text may be about, best first: by BM25, by text vectors, by names, by the image in focus and by distance to
 * it, joined by reciprocal ranks, then ordered by a logistic over the features of the text and each landmark.
 */
export function retrieveLandmarks(
  input: RetrievalInput,
  limit: number,
  mode: RetrievalMode = "hybrid+reranker",
): readonly RetrievedLandmark[] {
  return retrieval(input)(limit, mode);
}

/** What is looked up of a text once, ordered in any of the ways. */
export function retrieval(input: RetrievalInput): (limit: number, mode: RetrievalMode) => readonly RetrievedLandmark[] {
  const { store, names, text, question, vector, focus } = input;
  const bm25 = best(store.search(text, DEPTH).map(({ landmark, score }) => [landmark.id, score] as const));
  const dense = vector
    ? best(
        store.nearest(vector.vector, vector.encoder, DEPTH).map(({ landmark, score }) => [landmark.id, score] as const),
      )
    : new Map<string, number>();
  const chips = input.chip
    ? best(
        store
          .nearestChips(input.chip.vector, input.chip.encoder, DEPTH)
          .map(({ landmark, similarity }) => [landmark.id, similarity] as const),
      )
    : new Map<string, number>();
  const named = new Map<string, number>();
  for (const { landmarks, isWhole } of question?.named ?? [])
    for (const id of landmarks) named.set(id, Math.max(named.get(id) ?? 0, isWhole ? 1 : 0.6));
  const near = focus
    ? names.all
        .flatMap((landmark) =>
          landmark.point ? [{ id: landmark.id, km: kilometresApart(focus, landmark.point) }] : [],
        )
        .sort((a, b) => a.km - b.km)
        .slice(0, DEPTH)
    : [];
  const byName = [...named]
    .sort((a, b) => b[1] - a[1] || importance(names, b[0]) - importance(names, a[0]))
    .map(([id]) => id);
  const lists: Readonly<Record<"bm25" | "dense" | "hybrid", Parameters<typeof fuseRanks>[0]>> = {
    bm25: [{ items: [...bm25.keys()], weight: 1 }],
    dense: [{ items: [...dense.keys()], weight: 1 }],
    hybrid: [
      { items: [...bm25.keys()], weight: 1 },
      { items: [...dense.keys()], weight: 0.5 },
      { items: byName, weight: 2 },
      { items: [...chips.keys()], weight: 1 },
      { items: near.map(({ id }) => id), weight: 0.5 },
    ],
  };
  const folded = foldMessage(text);
  const topBm25 = Math.max(1e-9, ...bm25.values());
  return (limit, mode) => {
    const fused = fuseRanks(lists[mode === "hybrid+reranker" ? "hybrid" : mode]);
    const topFused = fused[0]?.score ?? 1;
    const found = fused.slice(0, DEPTH).flatMap(({ item, score }): RetrievedLandmark[] => {
      const landmark = names.get(item);
      if (!landmark) return [];
      const features = featuresOf(landmark, {
        question,
        folded,
        named: named.get(item) ?? 0,
        bm25: (bm25.get(item) ?? 0) / topBm25,
        dense: Math.max(0, dense.get(item) ?? 0),
        fused: score / topFused,
        chip: Math.max(0, chips.get(item) ?? 0),
        km: focus && landmark.point ? kilometresApart(focus, landmark.point) : null,
      });
      return [{ landmark, score, features }];
    });
    const ranked =
      mode === "hybrid+reranker"
        ? found
            .map((one) => ({ ...one, score: rerankerScore(one.features) }))
            .sort((a, b) => b.score - a.score || (a.landmark.id < b.landmark.id ? -1 : 1))
        : found;
    return ranked.slice(0, limit);
  };
}

/** The best score of each id, in the order in which they first stand. */
function best(matches: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  for (const [id, score] of matches) if (!out.has(id)) out.set(id, score);
  return out;
}

const importance = (names: LandmarkNames, id: string) => names.get(id)?.importance ?? 0;

interface Signals {
  readonly question: KnowledgeQuestion | null;
  readonly folded: string;
  readonly named: number;
  readonly bm25: number;
  readonly dense: number;
  readonly fused: number;
  readonly chip: number;
  readonly km: number | null;
}

/** What tells whether a text is about a landmark, each 0..1. */
export function featuresOf(landmark: NamedLandmark, signals: Signals): FeatureVector {
  const { question } = signals;
  const words = new Set(signals.folded.split(" "));
  const asked = question?.asks.flatMap(({ properties }) => properties) ?? [];
  const nameWords = landmark.names.map((name) => foldMessage(name).split(" "));
  const overlap = Math.max(
    ...nameWords.map(
      (own) => own.filter((word) => words.has(word) || signals.folded.includes(word)).length / own.length,
    ),
  );
  const values: Readonly<Record<(typeof FEATURES)[number], number>> = {
    named: signals.named,
    overlap,
    aliasOnly: signals.named > 0 && !signals.folded.includes(foldMessage(landmark.name)) ? 1 : 0,
    fact: asked.length === 0 ? 0 : asked.some((one) => hasAsked(landmark, one)) ? 1 : 0,
    concept: question?.concept && isOfConcept(landmark, question.concept) ? 1 : 0,
    country: question?.countries.some((code) => landmark.countries.has(code)) ? 1 : 0,
    near: signals.km === null ? 0 : HALF_DISTANCE_KM / (HALF_DISTANCE_KM + signals.km),
    bm25: signals.bm25,
    dense: signals.dense,
    fused: signals.fused,
    chip: signals.chip,
    importance: landmark.importance,
  };
  return FEATURES.map((feature) => values[feature]);
}

/** Whether the record of a landmark answers what is asked. */
export function hasAsked(landmark: NamedLandmark, asked: KnowledgeQuestion["asks"][number]["topic"]): boolean {
  switch (asked) {
    case "country":
      return landmark.countries.size > 0;
    case "coordinates":
      return landmark.point !== null;
    case "location":
      return landmark.point !== null || landmark.countries.size > 0;
    case "kind":
      return landmark.concept !== null;
    default:
      return landmark.properties.has(asked);
  }
}

/** Great-circle distance on a sphere of 6,371.0088 km. */
export function kilometresApart(a: readonly [number, number], b: readonly [number, number]): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b[1] - a[1]) * rad) / 2) ** 2 +
    Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(Math.min(1, h)));
}
