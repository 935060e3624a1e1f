import { ATTRIBUTE_IDS, CONCEPT_IDS, type ConceptId, PREDICATE_IDS } from "../knowledge/ontology/ids.ts";
import { CONCEPT_NAMES } from "../knowledge/ontology/lexicon.ts";
import { plural } from "../knowledge/ontology/names.ts";
import type { Reply } from "../src/answer/reply.ts";
import { quantitiesIn } from "../src/answer/verify/quantities.ts";
import { ONTOLOGY_HAN, ONTOLOGY_WORDS, PLAIN_HAN, PLAIN_WORDS, wordsOf } from "../src/answer/verify/vocabulary.ts";

export interface Backing {
  /** What the person said in this thread. */
  readonly messages: readonly string[];
  readonly thread: string;
  /** Ids of regions of this thread. */
  readonly regions: ReadonlySet<string>;
  /** Kinds of things that the turn is about, as the grammar read it: the only ones that a search by tool may look for. */
  readonly concepts: ReadonlySet<string>;
  /** Metres, counts and the like that the plan has besides those said. */
  readonly numbers: readonly number[];
}

const LOGIC_WORDS = new Set(
  "and or not exists forall count true x y z u v w area new gone grown shrunk changed as_of geojson csv kml".split(" "),
);
const IDS: ReadonlySet<string> = new Set(
  [...CONCEPT_IDS, ...ATTRIBUTE_IDS, ...PREDICATE_IDS].map((id) => id.toLowerCase()),
);

/** What backs the arguments of tool calls in a turn: the person's words and the reply made without the model, not the texts in it. */
export function backingOf(messages: readonly string[], draft: Reply, known: readonly string[]): Backing {
  const numbers = JSON.stringify([draft.plan?.query ?? null, draft.plan?.formula ?? ""]).match(/\d+(?:\.\d+)?/g) ?? [];
  const { query, question } = draft.understood;
  const ids = JSON.stringify([query, question?.noun ?? null, draft.plan?.formula ?? ""]).match(/[a-z_]+/g) ?? [];
  return {
    messages,
    concepts: new Set(ids.filter((id) => IDS.has(id))),
    thread: draft.thread,
    regions: new Set([...known, ...draft.regions.map(({ id }) => id)]),
    numbers: numbers.map(Number),
  };
}

/**
 * What in the arguments of a tool call does not come from the person, or null. Text that was retrieved (names, captions, passages) never
 * becomes an argument: words must be the person's, the ontology's or plain, regions and thread those of the conversation.
 */
export function unbackedArgument(tool: string, input: unknown, backing: Backing): string | null {
  for (const [name, value] of Object.entries((input ?? {}) as Record<string, unknown>))
    for (const text of Array.isArray(value) ? value : [value]) {
      const strange = typeof text === "string" ? strangeIn(tool, name, text, backing) : null;
      if (strange !== null) return strange;
    }
  return null;
}

function strangeIn(tool: string, name: string, text: string, backing: Backing): string | null {
  if (name === "region" || name === "regions") return backing.regions.has(text) ? null : text;
  if (name === "thread") return text === backing.thread ? null : text;
  return strangeWord(text, backing) ?? (SEARCHES.has(tool) ? otherConcept(text, backing) : null);
}

/** Tools that look for kinds of things; the others look up words, or results that are there. */
const SEARCHES: ReadonlySet<string> = new Set(["coarse_index", "pyramid_refine", "fol_reason"]);

/** A kind of thing that is named in a search and that the turn is not about. */
function otherConcept(text: string, { concepts }: Backing): string | null {
  let rest = ` ${text.toLowerCase()} `;
  const named = (id: ConceptId) => {
    const { en, zh } = CONCEPT_NAMES[id];
    return [id, ...en, ...en.map(plural), ...zh].sort((a, b) => b.length - a.length);
  };
  const take = (name: string) => {
    const pattern = /\p{Script=Han}/u.test(name) ? name : `(?<![a-z_])${name.replace(/[^a-z_ ]/g, ".")}(?![a-z_])`;
    const before = rest;
    rest = rest.replaceAll(new RegExp(pattern, "g"), " ");
    return rest !== before;
  };
  const allowed = CONCEPT_IDS.filter((id) => concepts.has(id)).flatMap(named);
  for (const name of allowed.sort((a, b) => b.length - a.length)) take(name);
  return CONCEPT_IDS.find((id) => named(id).some(take)) ?? null;
}

/** Chinese signs that a call may add to what the person said. */
const MOST_ADDED_HAN = 8;

function strangeWord(text: string, { messages, numbers }: Backing): string | null {
  const said = messages.join("\n").toLowerCase();
  const words = new Set(wordsOf(said));
  for (const [identifier] of text.matchAll(/[\p{Script=Latin}_][\p{Script=Latin}\d_'’-]*/gu)) {
    const word = identifier.toLowerCase();
    if (IDS.has(word) || LOGIC_WORDS.has(word)) continue;
    const parts = wordsOf(word.replaceAll("_", " "));
    if (!parts.every((part) => words.has(part) || ONTOLOGY_WORDS.has(part) || PLAIN_WORDS.has(part))) return identifier;
  }
  const knownNumbers = [...numbers, ...quantitiesIn(said).map(({ value }) => value)];
  for (const { value, text: printed } of quantitiesIn(text))
    if (value > 20 && !knownNumbers.some((number) => Math.abs(number - value) <= 0.01 * value)) return printed;
  let han = text;
  for (const name of ONTOLOGY_HAN) han = han.replaceAll(name, " ");
  let added = 0;
  for (const [run] of han.matchAll(/\p{Script=Han}+/gu)) {
    if (said.includes(run)) continue;
    if (![...run].every((sign) => PLAIN_HAN.has(sign) || said.includes(sign))) return run;
    // Plain signs make sentences, too: a few may join the person's words, more are somebody else's text.
    added += [...run].length;
    if (added > MOST_ADDED_HAN) return run;
  }
  return /[<>{}]|:\/\//.test(text) && !/^[^<>]*(?:<=|>=|<|>)\s*\d/.test(text) ? text.slice(0, 40) : null;
}
