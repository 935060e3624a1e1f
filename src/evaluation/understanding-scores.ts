import { isDeepStrictEqual } from "node:util";
import type { Noun, Query, Relation } from "../query/schema.ts";
import {
  type DialogueState,
  EMPTY_DIALOGUE,
  type Gazetteer,
  type Turn,
  type UnderstandContext,
} from "../query/turn.ts";
import { understand } from "../query/understand.ts";
import type { Utterance } from "./utterances.ts";

/** A reading is said with confidence from here on; a wrong one then misleads. */
const CONFIDENT_FROM = 0.85;
/** Regions "#1" to "#10" stand for the results of each earlier search. */
const RESULTS = Array.from({ length: 10 }, (_, index) => ({
  id: `#${index + 1}`,
  rank: index + 1,
  caption: `result ${index + 1}`,
}));
const SLOTS = ["concept", "attribute", "relation", "distance", "geo", "time", "count", "sort", "exclude"] as const;
type Slot = (typeof SLOTS)[number];

export interface Judged {
  readonly utterance: Utterance;
  readonly turn: Turn;
  readonly exact: boolean;
  /** Slots that differ from the gold. */
  readonly wrong: readonly string[];
}

/** Reads the utterance after its context and compares it with its gold. */
export function judge(utterance: Utterance, context: UnderstandContext): Judged {
  let dialogue: DialogueState = EMPTY_DIALOGUE;
  for (const earlier of utterance.context) dialogue = replayed(dialogue, understand(earlier, dialogue, context));
  const turn = understand(utterance.text, dialogue, context);
  const wrong = differences(utterance, turn);
  return { utterance, turn, exact: wrong.length === 0, wrong };
}

/** The dialogue after a turn whose search found ten regions. */
export function replayed(dialogue: DialogueState, turn: Turn): DialogueState {
  const base = { ...dialogue, language: turn.language };
  if ((turn.intent !== "search" && turn.intent !== "refine") || turn.query === null) return base;
  if (turn.action === "undo")
    return { ...base, query: turn.query, history: dialogue.history.slice(0, -1), regions: RESULTS };
  const history = dialogue.query ? [...dialogue.history, dialogue.query] : dialogue.history;
  return { ...base, query: turn.query, history, regions: RESULTS };
}

function differences({ gold }: Utterance, turn: Turn): string[] {
  const wrong: string[] = [];
  if (gold.intent !== undefined && gold.intent !== turn.intent) wrong.push("intent");
  if (gold.query === null && turn.query !== null) wrong.push("query");
  if (gold.query) {
    if (turn.query === null) wrong.push("query");
    else {
      for (const [key, value] of Object.entries(gold.query)) {
        if (key === "spans") continue;
        if (key === "target" && value && typeof value === "object") {
          const read = turn.query.target as Record<string, unknown>;
          for (const [part, expected] of Object.entries(value))
            if (!same(expected, read[part])) wrong.push(`target.${part}`);
        } else if (!same(value, (turn.query as Record<string, unknown>)[key])) wrong.push(key);
      }
    }
  }
  for (const [key, value] of Object.entries(gold.question ?? {}))
    if (!same(value, (turn.question as Record<string, unknown> | null)?.[key])) wrong.push(`question.${key}`);
  for (const word of gold.unparsed ?? [])
    if (!turn.unparsed.some(({ text }) => text.toLowerCase().includes(word.toLowerCase()))) wrong.push("unparsed");
  return wrong;
}

function same(expected: unknown, read: unknown): boolean {
  return isDeepStrictEqual(canonical(expected), canonical(read));
}

/** Order within lists carries no meaning except in `between`, which is symmetric too; lengths count to a tenth; absent is null. */
function canonical(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "number") return Math.round(value * 10) / 10;
  if (typeof value === "string") return value.toLowerCase();
  if (Array.isArray(value))
    return value.map(canonical).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (value && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key, part]) => part !== undefined && part !== null && !(key === "relations" && isEmpty(part)))
        .filter(([key, part]) => !(key === "attributes" && isEmpty(part)) && !(key === "relation" && part === "inside"))
        .filter(([key, part]) => !(key === "negated" && part === false))
        .map(([key, part]) => [key, canonical(part)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  return value;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The pieces of a query as comparable words, slot by slot. */
function pieces(query: Partial<Query> | null | undefined): Record<Slot, string[]> {
  const found: Record<Slot, string[]> = {
    concept: [],
    attribute: [],
    relation: [],
    distance: [],
    geo: [],
    time: [],
    count: [],
    sort: [],
    exclude: [],
  };
  if (!query) return found;
  const words = (value: unknown) => JSON.stringify(canonical(value));
  const noun = ({ concept, attributes = [], count, areaM2 }: Partial<Noun>) => {
    if (concept) found.concept.push(concept);
    found.attribute.push(...attributes.map((attribute) => `${concept} ${attribute}`));
    if (count) found.count.push(`${concept} ${words(count)}`);
    if (areaM2) found.count.push(`${concept} m2 ${words(areaM2)}`);
  };
  const relation = ({ predicate, negated, distanceM, anchors }: Relation) => {
    const kinds = anchors.map(({ concept }) => concept).sort();
    found.relation.push(`${negated ? "not " : ""}${predicate} ${kinds.join(" ")}`);
    if (distanceM) found.distance.push(`${kinds.join(" ")} ${words(distanceM)}`);
    for (const anchor of anchors) {
      noun(anchor);
      for (const inner of anchor.relations ?? []) relation(inner);
    }
  };
  if (query.target) noun(query.target);
  for (const one of query.relations ?? []) relation(one);
  found.geo.push(...(query.geo ?? []).map(words));
  if (query.time) found.time.push(words(query.time));
  if (query.sort) found.sort.push(words(query.sort));
  if (query.limit !== undefined) found.sort.push(`limit ${query.limit}`);
  found.exclude.push(...(query.exclude ?? []).map(words));
  return found;
}

/** The parts of a query that the gold speaks of. */
function asked(query: Query | null, gold: object | null): Partial<Query> | null {
  if (!query || !gold) return query;
  const pick = (value: object, keys: object) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => key in keys));
  const picked = pick(query, gold) as Partial<Query>;
  const { target } = gold as { target?: object };
  return target ? { ...picked, target: pick(query.target, target) as Query["target"] } : picked;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

/** Exact match, intents, patches, confident errors and F1 of every slot. */
export function scores(judged: readonly Judged[]) {
  const withIntent = judged.filter(({ utterance }) => utterance.gold.intent !== undefined);
  const refined = judged.filter(({ utterance }) => utterance.gold.intent === "refine");
  const misleading = judged.filter(
    ({ exact, turn }) => !exact && turn.confidence >= CONFIDENT_FROM && turn.alternatives.length === 0,
  );
  const slots = Object.fromEntries(
    SLOTS.map((slot) => {
      let hits = 0;
      let expected = 0;
      let read = 0;
      for (const { utterance, turn } of judged) {
        if (utterance.gold.query === undefined) continue;
        const gold = pieces(utterance.gold.query as Partial<Query> | null)[slot];
        const found = [...pieces(asked(turn.query, utterance.gold.query))[slot]];
        expected += gold.length;
        read += found.length;
        for (const piece of gold) {
          const at = found.indexOf(piece);
          if (at < 0) continue;
          found.splice(at, 1);
          hits += 1;
        }
      }
      return [slot, share(2 * hits, expected + read)];
    }),
  );
  return {
    utterances: judged.length,
    exact: share(judged.filter(({ exact }) => exact).length, judged.length),
    intent: share(withIntent.filter(({ wrong }) => !wrong.includes("intent")).length, withIntent.length),
    patch: share(refined.filter(({ exact }) => exact).length, refined.length),
    wrongButConfident: share(misleading.length, judged.length),
    slotF1: slots,
  };
}

/** Share of twins whose readings agree in intent and query; places count as equal when they are names of one place. */
export function parity(judged: readonly Judged[], gazetteer: Gazetteer): number | null {
  const byId = new Map(judged.map((one) => [one.utterance.id, one]));
  let pairs = 0;
  let equal = 0;
  for (const one of judged) {
    const twin = one.utterance.twin === undefined ? undefined : byId.get(one.utterance.twin);
    if (!twin || (one.utterance.id ?? "") > (twin.utterance.id ?? "")) continue;
    pairs += 1;
    if (one.turn.intent === twin.turn.intent && same(comparable(one, gazetteer), comparable(twin, gazetteer)))
      equal += 1;
  }
  return share(equal, pairs);
}

/** The query with the ids of places instead of their names; a name outside the gazetteer is only known to be one. */
function comparable({ turn }: Judged, gazetteer: Gazetteer): unknown {
  if (!turn.query) return null;
  const { spans: _, ...query } = turn.query;
  return {
    ...query,
    geo: query.geo.map(({ name, ...constraint }) => ({
      ...constraint,
      name:
        name === undefined
          ? undefined
          : (gazetteer.places.find(({ names }) => names.includes(name))?.id ?? "a name of no known place"),
    })),
  };
}
