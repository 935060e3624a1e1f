import type { AttributeId } from "../../../knowledge/ontology/ids.ts";
import { noun } from "../draft.ts";
import { phraseAt, phrases, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import { linkAt } from "./links.ts";
import { nounAt, placeAt } from "./nouns.ts";
import { geoOf, relationAt } from "./relations.ts";

const OPENERS = phrases([
  [
    "except for|except|excluding|exclude|other than|apart from|aside from|but not|not|without|drop|remove|ignore|leave out|skip|hide|get rid of|take out|take away|throw out|rule out|filter out|discard|forget|delete|omit|disregard|minus|save for|not counting|not including|don't include|don't show|do not include|do not show|don't want|i don't want|no|lose|kick out|cut|everything but|all but|all except|everything except|anything but",
    true,
  ],
]);
const SOFT = new Set(["not", "without", "no", "but"]);
const POINTERS = words("the those ones one any that are is results result number region anything everything of them");
const ORDINALS = words("first second third fourth fifth sixth seventh eighth ninth tenth last");

/** "exclude #3", "without the ones at the port", "except greenhouses". */
export function exclusionAt(reader: Reader, i: number): number | null {
  const opener = phraseAt(reader, i, OPENERS);
  if (!opener) return null;
  const { draft } = reader;
  const isSoft = SOFT.has(wordAt(reader, i));
  const at = skip(reader, opener.next, POINTERS);
  const ranks = ranksAt(reader, at, isSoft);
  if (ranks !== null) return ranks;
  const pointed = at > opener.next;
  if (linkAt(reader, at) && (pointed || !isSoft)) {
    const link = linkAt(reader, at);
    const place = link && placeAt(reader, link.next);
    if (link && place) {
      draft.geo.push(geoOf({ ...link, negated: !link.negated }, place.value));
      draft.spans.push(spanOf(reader, i, place.next, `geo.${draft.geo.length - 1}`));
      return place.next;
    }
    const before = draft.relations.length;
    const places = draft.geo.length;
    const next = relationAt(reader, at);
    for (const constraint of draft.geo.slice(places)) {
      if (constraint.relation === "inside") constraint.relation = "outside";
      else if (constraint.relation === "near") constraint.relation = "far_from";
    }
    for (const relation of draft.relations.slice(before)) relation.negated = !relation.negated;
    return next;
  }
  const isPlainNo = wordAt(reader, i) === "no" && reader.tokens[at]?.kind === "attribute";
  if (isSoft && wordAt(reader, i) !== "but" && !isPlainNo) return null;
  const described = attributesOnlyAt(reader, at, isSoft);
  if (described !== null) return described;
  const found = nounAt(reader, at);
  if (!found || !draft.target) return null;
  draft.exclude.push({ ...noun(found.value.concept), attributes: found.value.attributes });
  draft.spans.push(spanOf(reader, i, found.next, `exclude.${draft.exclude.length - 1}`));
  let { next } = found;
  while (["and", ",", "or"].includes(wordAt(reader, next))) {
    const more = nounAt(reader, next + 1);
    if (!more) break;
    draft.exclude.push({ ...noun(more.value.concept), attributes: more.value.attributes });
    next = more.next;
  }
  return next;
}

/** "no small ones", "ignore the abandoned ones": results of a kind that the standing query names. */
function attributesOnlyAt(reader: Reader, i: number, isSoft: boolean): number | null {
  const { draft } = reader;
  let at = i;
  const attributes: AttributeId[] = [];
  for (let token = reader.tokens[at]; token?.kind === "attribute"; token = reader.tokens[at]) {
    attributes.push(token.attribute);
    at = skip(reader, at + 1, words("and or ,"));
  }
  const isOnes = ["ones", "one", "results"].includes(wordAt(reader, at));
  if (attributes.length === 0 || (!isOnes && (isSoft || reader.tokens[at] !== undefined))) return null;
  draft.excludedAttributes.push(...attributes);
  draft.spans.push(spanOf(reader, i, isOnes ? at + 1 : at, "exclude"));
  return isOnes ? at + 1 : at;
}

const ORDINAL_VALUES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/** "leave out 2 and 4": a number that counts nothing. */
function isListed(reader: Reader, i: number): boolean {
  return reader.tokens[i] === undefined || ["and", ",", ".", "!", "or", "please"].includes(wordAt(reader, i));
}

function ranksAt(reader: Reader, i: number, isSoft: boolean): number | null {
  const { draft } = reader;
  let at = i;
  let taken = false;
  for (;;) {
    const token = reader.tokens[at];
    if (!token) break;
    const isAlone = taken || (!isSoft && isListed(reader, at + 1));
    const number = token.kind === "number" && isAlone ? token.value : undefined;
    const afterNoun =
      token.kind === "number" && ["number", "result", "region", "no"].includes(wordAt(reader, at - 1))
        ? token.value
        : undefined;
    if (token.text === "last" && !isSoft) {
      draft.exclude.push({ region: "#last" });
      taken = true;
      at = skip(reader, at + 1, words("one result"));
      break;
    }
    const ordinal =
      ORDINALS.has(token.text) && (!isSoft || ["one", "and", ",", ""].includes(wordAt(reader, at + 1)))
        ? ORDINAL_VALUES.indexOf(token.text) + 1
        : 0;
    const rank = token.kind === "rank" ? token.value : (number ?? afterNoun ?? (ordinal > 0 ? ordinal : undefined));
    if (rank === undefined) break;
    draft.exclude.push({ region: `#${rank}` });
    draft.ranks.push({ rank, start: token.start, end: token.end, text: token.text });
    taken = true;
    at = skip(reader, at + 1, words(", and the one ones result results or"));
  }
  return taken ? at : null;
}
