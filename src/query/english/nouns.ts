import type { TimeKind } from "../../../knowledge/ontology/ids.ts";
import { noun } from "../draft.ts";
import { grammarWords, phraseAt, phrases, type Read, type Reader, skip, wordAt, words } from "../reader.ts";
import type { Noun } from "../schema.ts";
import { areaAt, isUnitAt, quantityAt } from "./quantities.ts";
import { DETERMINERS, FILLER, SUFFIXES } from "./vocabulary.ts";

const INTENSIFIERS = words(
  "very densely quite rather fairly really extremely relatively particularly well fully partly big-scale",
);

/** A noun phrase, with the change on the ground that stands among its adjectives ("large new warehouses"). */
export interface NounPhrase extends Read<Noun> {
  readonly lifeSpan: { readonly kind: TimeKind; readonly from: number; readonly to: number } | null;
}

/**
 * A noun phrase without what follows it: [determiner] [quantity] attribute* concept [generic noun] [size] [(that …)].
 * A bare number becomes a count only where `counts` says so: before an anchor it counts, before the target it limits the list.
 */
export function nounAt(reader: Reader, i: number, counts = true): NounPhrase | null {
  let at = skip(reader, i, DETERMINERS);
  // "from the nearest town" means any; before the target the word is an order of the results.
  if (counts) at = skip(reader, at, NEAREST);
  const quantity = quantityAt(reader, at);
  const isUnit = quantity !== null && isUnitAt(reader, quantity.next);
  const isCount = quantity !== null && !isUnit && (counts || quantity.isStated);
  const prefixed = isUnit ? areaAt(reader, at) : null;
  if (quantity && !isUnit) at = skip(reader, quantity.next, DETERMINERS);
  if (prefixed) at = prefixed.next;
  const attributes: Noun["attributes"] = [];
  let lifeSpan: NounPhrase["lifeSpan"] = null;
  for (;;) {
    const token = reader.tokens[at];
    if (token?.kind === "attribute" && attributes.length < MOST_ATTRIBUTES) {
      if (!attributes.includes(token.attribute)) attributes.push(token.attribute);
      at += 1;
      continue;
    }
    const change = phraseAt(reader, at, ADJECTIVES);
    if (change) {
      lifeSpan = { kind: change.value, from: at, to: change.next };
      at = change.next;
      continue;
    }
    const isJoint =
      [",", "and", "but", "or"].includes(token?.text ?? "") && attributes.length > 0 && isAttribute(reader, at + 1);
    if (!isJoint && !INTENSIFIERS.has(wordAt(reader, at))) break;
    at += 1;
  }
  const token = reader.tokens[at];
  if (token?.kind !== "concept") return null;
  const value: Noun = { ...noun(token.concept), attributes, ...(isCount && { count: quantity.value }) };
  if (token.isPlural || (isCount && quantity.value.value !== 1)) reader.plurals.add(value);
  if (prefixed) value.areaM2 = prefixed.value.quantity;
  at = skip(reader, at + 1, SUFFIXES);
  const size = areaAt(reader, relativeCopula(reader, at));
  if (size && !value.areaM2) {
    value.areaM2 = size.value.quantity;
    at = size.next;
  }
  const group = reader.groupAt(reader, at);
  if (group) {
    value.relations = structuredClone(group.value);
    at = group.next;
  }
  return { value, next: at, lifeSpan };
}

/** A row of more adjectives is no phrase. */
const MOST_ATTRIBUTES = 8;
const NEAREST = words("nearest closest");
const ADJECTIVES = phrases<TimeKind>([
  [
    "newly built|newly constructed|newly opened|newly added|newly developed|newly established|newly|recently built|recently constructed|recently opened|recently added|recently completed|brand new|brand - new|new|recent|new - built",
    "new",
  ],
  ["vanished|demolished|razed|former|lost|dismantled|disappeared", "gone"],
  ["growing|expanding|expanded|enlarged|spreading", "grown"],
  ["shrinking|shrunken|shrunk|receding|retreating|dwindling", "shrunk"],
  ["changed|altered|transformed|changing", "changed"],
]);

function isAttribute(reader: Reader, i: number): boolean {
  return reader.tokens[i]?.kind === "attribute";
}

const RELATIVE_COPULAS = phrases([
  ["that are|that is|which are|which is|that have|that has|which have|which has", true],
]);

function relativeCopula(reader: Reader, i: number): number {
  return phraseAt(reader, i, RELATIVE_COPULAS)?.next ?? i;
}

const BEFORE_NAMES = words("the of town city village");

/** A name of the gazetteer, with "the" or "the town of" before it. */
export function placeAt(reader: Reader, i: number): Read<string> | null {
  for (let at = i; at < i + 4; at += 1) {
    const token = reader.tokens[at];
    if (token?.kind === "place") return { value: token.name, next: at + 1 };
    if (!BEFORE_NAMES.has(wordAt(reader, at))) return null;
  }
  return null;
}

/** Words that are no names, though no dictionary of the grammar holds them. */
const NO_NAMES = words(
  "good bad use operation general particular question mind fact case order advance addition detail total short way front back side middle sight view need common general poor winter summer spring autumn now then future past meantime case bloom ruins disrepair action construction progress development near within far close between that which who whose and or but not with without than least most more less by from since until before after during area size north south east west northern southern eastern western",
);

/**
 * A proper name that no dictionary holds, said to be unknown rather than dropped: words with capitals, or one to three
 * unknown words without an article, so that a message in lower case means the same.
 */
export function unknownNameAt(reader: Reader, i: number): Read<string> | null {
  const start = wordAt(reader, i) === "the" ? i + 1 : i;
  const first = reader.tokens[start];
  if (!first || first.start === 0) return null;
  const capital = capitalisedRun(reader, start);
  if (capital > start && reader.tokens.slice(start, capital).some(isForeign)) {
    return { value: reader.message.slice(first.start, reader.tokens[capital - 1]?.end), next: capital };
  }
  if (start > i) return null;
  let at = start;
  while (at < start + 3 && isNameWord(reader, at)) at += 1;
  const last = wordAt(reader, at - 1);
  if (at === start || (/[^s]s$/.test(last) && !isCapital(reader, at - 1))) return null;
  return { value: reader.message.slice(first.start, reader.tokens[at - 1]?.end), next: at };
}

/** A word that neither the lexicon nor the grammar knows; "At Least" is no name, "New Haven" is one. */
function isForeign({ kind, text }: Reader["tokens"][number]): boolean {
  return kind === "word" && !grammarWords().has(text);
}

function isNameWord(reader: Reader, i: number): boolean {
  const token = reader.tokens[i];
  return token?.kind === "word" && token.text.length > 2 && !FILLER.has(token.text) && !NO_NAMES.has(token.text);
}

function isCapital(reader: Reader, i: number): boolean {
  const token = reader.tokens[i];
  return token !== undefined && /^\p{Lu}/u.test(reader.message.slice(token.start, token.end));
}

/** The token after a run of capitalised words; "of" and concepts may stand inside: "Port of Rotterdam", "Lake Geneva". */
function capitalisedRun(reader: Reader, i: number): number {
  if (reader.message === reader.message.toUpperCase()) return i;
  let at = i;
  while (reader.tokens[at] && reader.tokens[at]?.kind !== "mark" && isCapital(reader, at)) {
    at += 1;
    if (wordAt(reader, at) === "of" && isCapital(reader, at + 1)) at += 1;
    else if (wordAt(reader, at) === "-" && isCapital(reader, at + 1)) at += 1;
  }
  return at;
}
