import { type FactProperty, type TypedFact, typedFacts } from "../../knowledge/fact-properties.ts";
import type { LandmarkNames, NamedLandmark } from "../../query/knowledge/landmark-names.ts";
import type { KnowledgeQuestion } from "../../query/knowledge/question-schema.ts";
import { hasAsked, kilometresApart, type RetrievedLandmark } from "../../retrieval/knowledge/retrieve.ts";
import type { Fact, Landmark } from "../../store/ports.ts";

/** Probabilities this close say the same. */
const LIKE_LIKELY = 0.05;

export type Choice =
  | { readonly kind: "one"; readonly landmark: NamedLandmark }
  | { readonly kind: "several"; readonly landmarks: readonly NamedLandmark[] }
  | { readonly kind: "none" };

/** Records of two sources within this are of one thing where one name fits both, in kilometres. */
const ONE_THING_KM = 40;
/** A namesake this much more important is the one that is meant. */
const IMPORTANCE_LEAD = 0.12;

/**
 * The landmark that a name stands for. Of several with that name, those that have the fact asked for come first, then the
 * order of the retrieval; two that lie apart and are about as important are a choice for the reader.
 */
export function chooseNamed(
  ids: readonly string[],
  asks: KnowledgeQuestion["asks"],
  names: LandmarkNames,
  retrieved: readonly RetrievedLandmark[],
  focus: readonly [number, number] | null,
): Choice {
  // Of namesakes that are about as likely, more is recorded of the one that is meant.
  const score = new Map(retrieved.map(({ landmark, score: own }) => [landmark.id, Math.round(own / LIKE_LIKELY)]));
  const all = ids.flatMap((id) => names.get(id) ?? []);
  const answering = all.filter(
    (landmark) =>
      asks.length === 0 || asks.every(({ properties }) => properties.some((asked) => hasAsked(landmark, asked))),
  );
  const pool = answering.length > 0 ? answering : all;
  const sorted = [...pool].sort(
    (a, b) => (score.get(b.id) ?? 0) - (score.get(a.id) ?? 0) || b.importance - a.importance || (a.id < b.id ? -1 : 1),
  );
  const [first, ...others] = sorted;
  if (!first) return { kind: "none" };
  const rivals = others.filter((other) => !isOneThing(first, other));
  if (rivals.length === 0) return { kind: "one", landmark: first };
  if (focus) {
    const near = sorted.filter(({ point }) => point && kilometresApart(point, focus) < 200);
    if (near.length > 0 && near.length < sorted.length) return { kind: "one", landmark: near[0] as NamedLandmark };
  }
  const most = [...sorted].sort((a, b) => b.importance - a.importance)[0] as NamedLandmark;
  const isLeading = sorted.every(
    (other) => other === most || isOneThing(most, other) || most.importance - other.importance >= IMPORTANCE_LEAD,
  );
  if (isLeading) return { kind: "one", landmark: most };
  return { kind: "several", landmarks: [first, ...rivals] };
}

function isOneThing(a: NamedLandmark, b: NamedLandmark): boolean {
  return a.point !== null && b.point !== null && kilometresApart(a.point, b.point) <= ONE_THING_KM;
}

/** A fact of a landmark with its typed value. */
export interface Recorded {
  readonly property: FactProperty;
  readonly fact: Fact;
  readonly value: TypedFact["value"];
}

/** The first of these properties that is recorded. */
export function recorded(landmark: Landmark, properties: readonly string[]): Recorded | null {
  const typed = typedFacts(landmark.facts);
  for (const property of properties) {
    const found = typed.find((one) => one.property === property);
    if (found) return { property: found.property, fact: landmark.facts[found.index] as Fact, value: found.value };
  }
  return null;
}
