import type { Intent } from "../../knowledge/ontology/ids.ts";
import { type Draft, draftQuery } from "./draft.ts";
import { asksForMeaning, isWhyNot } from "./intent.ts";
import type { Noun, Query } from "./schema.ts";
import type { DialogueState, Question, UnderstandContext } from "./turn.ts";

const TOPICS: readonly (readonly [RegExp, string])[] = [
  [/how far|distance|多远|距离/, "distance"],
  [/chang|happened|变化|发生|改变|变动/, "change"],
  [
    /\bwho\b.*(runs?|operates?|manages?|in charge|responsible)|operat|runs\b|run by|谁.*(运营|经营|管理|负责)|运营|经营/,
    "operator",
  ],
  [/\bwho\b.*(owns?|built|build)|owner|拥有|业主|归谁|谁/, "operator"],
  [/open(ed)?\b|启用|开通|开业|开放/, "opened"],
  [
    /capacity|how much|how many (teu|seats|beds|mega|mw|tonnes|tons|passengers)|teu|throughput|容量|产能|吞吐|座位/,
    "capacity",
  ],
  [/population|inhabitants|residents|how many people|人口|居民/, "population"],
  [/when|how old|since|built|year|\bage\b|何时|什么时候|哪年|哪一年|多久|建于|建成|年代/, "built"],
  [/how (tall|high)|height|elevation|多高|高度|海拔/, "height"],
  [/how (big|large)|\barea\b|size|多大|面积/, "area"],
  [/why|reason|how come|为什么|为何|为啥|理由|依据|怎么.*(没|不)/, "reason"],
  [
    /landmarks|nearby|around here|(near|around|beside|next to|close to) (#|it|this|that|the (first|second|third))|附近有/,
    "nearby",
  ],
  [/what('s| is| are)? (this|that|it|here|the name|#)|tell me|describe|是什么|介绍|描述|叫什么/, "identity"],
];

/** What a question wants to know, and of what: a named place, a kind of thing, or the words as they stand. */
export function questionOf(plain: string, message: string, draft: Draft, context: UnderstandContext): Question {
  const topic = asksForMeaning(plain)
    ? "probability"
    : (TOPICS.find(([pattern]) => pattern.test(plain))?.[1] ?? "other");
  const names = draft.geo.flatMap(({ name }) => name ?? []);
  const folded = new Set(names.map((name) => name.toLowerCase()));
  const places = context.gazetteer.places
    .filter((place) => place.names.some((name) => folded.has(name.toLowerCase())))
    .sort((a, b) => b.importance - a.importance)
    .map(({ id }) => id);
  const anchor = draft.relations.at(-1)?.anchors[0] ?? null;
  const own: Noun | null = draft.target
    ? { concept: draft.target.concept, attributes: draft.target.attributes, relations: [] }
    : null;
  const whyNot = isWhyNot(plain);
  const noun = whyNot ? (anchor ?? own) : (own ?? anchor);
  const subject = names[0] ?? subjectWords(message, draft);
  return { topic, ...(subject && { subject }), places, noun: names.length > 0 && !whyNot ? null : noun };
}

/** The words of the thing asked about: "the container terminal". */
function subjectWords(message: string, draft: Draft): string | undefined {
  const span =
    draft.spans.find(({ slot }) => slot === "target.concept") ??
    draft.spans.find(({ slot }) => slot.startsWith("relations."));
  if (span) return span.text.replace(/^(at|near|by|in|on)\s+/i, "");
  const quoted =
    /\b(?:about|of|for|does|is|runs?|operates?|owns?|built)\s+(the\s+)?([\p{L}\p{N}' -]{3,60}?)[?.!]*$/u.exec(
      message.trim(),
    )?.[2];
  return quoted && !/^(it|this|that|#?\d+|here|there)$/i.test(quoted) ? quoted : undefined;
}

/** The query that a why-not or count question looks at: its own when it is a whole one, else the standing one. */
export function questionQuery(intent: Intent, draft: Draft, dialogue: DialogueState): Query | null {
  if (intent === "count" && draft.target && draft.ranks.length === 0) {
    const own = draftQuery(draft);
    if (own) return { ...own, exclude: [] };
  }
  return dialogue.query;
}
