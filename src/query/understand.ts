import { refineAlternatives, searchAlternatives } from "./alternatives.ts";
import { expandBareName } from "./bare-name.ts";
import { parseChinese } from "./chinese/parse.ts";
import { type Draft, draftQuery, noun } from "./draft.ts";
import { parseEnglish } from "./english/parse.ts";
import { asksForMeaning, intentOf, isReset, isSimilar, isUndo } from "./intent.ts";
import { claimForKnowledge } from "./knowledge/claim.ts";
import { degreeOfThese, isOfThese } from "./knowledge/of-these.ts";
import { applyPatch } from "./patch.ts";
import { questionOf, questionQuery } from "./question.ts";
import { referencesOf, resolvedExclusions } from "./references.ts";
import { patchFromDraft } from "./refine.ts";
import type { Query } from "./schema.ts";
import { spansAfterChange } from "./spans.ts";
import { normalise } from "./tokens.ts";
import type { DialogueState, Turn, UnderstandContext } from "./turn.ts";

/** Longer messages are cut here; what follows is reported as not understood. */
const MOST_CHARACTERS = 4000;

/**
 * What a message means in its conversation, by a fixed grammar over the lexicon: intent, the whole query after this
 * turn, the change it makes, what it points at, and the words that were not understood. Never fails, never guesses a noun.
 */
export function understand(message: string, dialogue: DialogueState, context: UnderstandContext): Turn {
  const text = expandBareName(message.slice(0, MOST_CHARACTERS), context.gazetteer);
  const byScript = languageOf(text, dialogue);
  const plain = normalise(text).trim().replace(/\s+/g, " ");
  const { language, read } = readingOf(text, byScript, context);
  const references = referencesOf(plain, read, dialogue);
  const draft: Draft = { ...read, exclude: resolvedExclusions(read.exclude, references, dialogue) };
  if (message.length > MOST_CHARACTERS) {
    draft.unparsed.push({
      start: MOST_CHARACTERS,
      end: message.length,
      text: message.slice(MOST_CHARACTERS, MOST_CHARACTERS + 40),
      slot: "unparsed",
    });
  }
  // Without a search before, there is nothing to exchange: what is wanted instead is what is sought.
  const [swap] = draft.swaps;
  if (!dialogue.query && !draft.target && swap) draft.target = noun(swap.to);
  if (dialogue.query) readPlaceName(draft, plain, dialogue.query);
  const intent = intentOf(plain, draft, dialogue, references);
  const base: Turn = {
    intent,
    language,
    query: null,
    patch: null,
    references,
    question: null,
    confidence: confidenceOf(draft, text),
    unparsed: draft.unparsed,
    alternatives: [],
    action: "none",
  };
  // A probability is no landmark, however much the question sounds like one about a name.
  const isOfProbability = intent === "explain" && asksForMeaning(plain);
  const claim = isOfProbability
    ? null
    : claimForKnowledge(text, intent, draft, references, dialogue, context.gazetteer);
  if (claim) {
    const question = { ...questionOf(plain, text, draft, context), knowledge: claim.knowledge };
    // "is #1 the Port of Medwin?": how the result looks and where it lies helps to tell which landmark is meant.
    const pointedAt = claim.knowledge.isFollowUp ? [] : references;
    return { ...base, intent: claim.intent, question, references: pointedAt, unparsed: [] };
  }
  const degree = dialogue.regions.length >= 2 && draft.ranks.length === 0 ? degreeOfThese(plain) : null;
  // "which of these is nearest to the river" orders them anew; a kind of thing named is a search of its own.
  if (degree && (isOfThese(plain) || !draft.target) && draft.relations.length === 0) {
    const question = {
      ...questionOf(plain, text, draft, context),
      topic: "most",
      degree: { ...degree, properties: [...degree.properties] },
    };
    return { ...base, intent: "compare", question, references: [], unparsed: [] };
  }
  switch (intent) {
    case "search": {
      placeDistance(draft);
      const query = draftQuery(draft);
      const alternatives = query ? searchAlternatives(draft, query, language) : [];
      return { ...base, query, alternatives, action: dialogue.query ? "reset" : "none" };
    }
    case "refine":
      return refineTurn(base, plain, draft, dialogue);
    case "help":
    case "out_of_scope":
      return base;
    case "count":
    case "why_not":
      return {
        ...base,
        query: questionQuery(intent, draft, dialogue),
        question: questionOf(plain, text, draft, context),
        unparsed: [],
      };
    default:
      return {
        ...base,
        query: intent === "explain" ? dialogue.query : null,
        question: questionOf(plain, text, draft, context),
        unparsed: [],
      };
  }
}

/** A message in both scripts is read by both grammars; the one that accounts for more of it is taken. */
function readingOf(text: string, byScript: "en" | "zh", context: UnderstandContext) {
  const english = () => ({ language: "en" as const, read: parseEnglish(text, context) });
  const chinese = () => ({ language: "zh" as const, read: parseChinese(text, context) });
  const isMixed = /\p{Script=Han}/u.test(text) && /[a-z]{3}/.test(normalise(text));
  if (!isMixed) return byScript === "zh" ? chinese() : english();
  const [own, other] = byScript === "zh" ? [chinese(), english()] : [english(), chinese()];
  return confidenceOf(other.read, text) > confidenceOf(own.read, text) ? other : own;
}

function languageOf(text: string, dialogue: DialogueState): "en" | "zh" {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = normalise(text).match(/[a-z]/g)?.length ?? 0;
  if (han === 0 && latin === 0) return dialogue.language ?? "en";
  return han * 2 >= latin && han > 0 ? "zh" : "en";
}

function isDropped(plain: string): boolean {
  return /^(please |now |and )?(drop|remove|forget|ignore|delete|lose|cancel|lift)\b|^(去掉|取消|删除|不限|忽略|不考虑|移除)/.test(
    plain,
  );
}

/** "what about Corran?" after a search in another place: the one name left over is a place. */
function readPlaceName(draft: Draft, plain: string, standing: Query) {
  const known = standing.geo.find(({ name }) => name !== undefined && plain.includes(normalise(name)));
  if (known?.name && draft.geo.length === 0 && isDropped(plain)) {
    draft.removals.push({ kind: "place", name: known.name });
    draft.unparsed = [];
    return;
  }
  const [left] = draft.unparsed;
  const isElsewhere = standing.geo.some(({ kind }) => kind === "place");
  const isAlone =
    !draft.target && draft.relations.length === 0 && draft.geo.length === 0 && draft.unparsed.length === 1;
  if (!left || !isElsewhere || !isAlone || left.slot !== "unparsed") return;
  if (!/^(and |what about|how about|now |换|改|那)|instead|呢[?]*$/.test(plain)) return;
  draft.geo.push({ kind: "place", name: left.text, relation: "inside" });
  draft.unparsed = [{ ...left, slot: "place" }];
}

/** A distance without an anchor, "next to a road but no closer than 50 m", is of the last relation; without one it is left over. */
function placeDistance(draft: Draft) {
  const { distance } = draft;
  if (!distance) return;
  const last = draft.relations.at(-1);
  const place = draft.geo.findLast(({ relation }) => relation === "near" || relation === "far_from");
  if (last && distance.op === ">=")
    draft.relations.push({
      predicate: "far_from",
      negated: false,
      distanceM: distance,
      anchors: structuredClone(last.anchors),
    });
  else if (last && !last.distanceM) {
    if (last.predicate === "adjacent") last.predicate = "near";
    last.distanceM = distance;
  } else if (!last && place && place.distanceM === undefined) place.distanceM = distance.value;
  else
    draft.unparsed.push(
      ...draft.spans.filter(({ slot }) => slot === "distance").map((span) => ({ ...span, slot: "unparsed" })),
    );
}

function refineTurn(base: Turn, plain: string, draft: Draft, dialogue: DialogueState): Turn {
  const standing = dialogue.query as Query;
  const patch = patchFromDraft(draft, standing);
  if (isUndo(plain, draft)) {
    const previous = dialogue.history.at(-1);
    return previous
      ? { ...base, query: previous, patch: [], action: "undo", unparsed: [] }
      : { ...base, query: standing, patch: [], unparsed: [] };
  }
  if (isReset(plain, draft)) return { ...base, intent: "help", action: "reset", unparsed: [] };
  const changed = applyPatch(standing, patch);
  const query = { ...changed, spans: spansAfterChange(draft, standing, changed) };
  return {
    ...base,
    query,
    patch,
    alternatives: refineAlternatives(draft, standing, query, base.language),
    action: isSimilar(plain) ? "similar_to" : "none",
  };
}

/** Share of the letters of the message that the grammar accounts for, lowered by what is left over. */
function confidenceOf(draft: Draft, message: string): number {
  const letters = message.replace(/[^\p{L}\p{N}]/gu, "").length || 1;
  const left = draft.unparsed.reduce((sum, { text }) => sum + text.replace(/[^\p{L}\p{N}]/gu, "").length, 0);
  return Math.round(Math.max(0.05, 1 - left / letters) * 100) / 100;
}
