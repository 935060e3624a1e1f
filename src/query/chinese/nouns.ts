import { noun } from "../draft.ts";
import { type Read, type Reader, wordAt } from "../reader.ts";
import type { Noun, Quantity } from "../schema.ts";
import { areaAt, quantityAt } from "./quantities.ts";
import { FILLER, GENERIC } from "./vocabulary.ts";

const INTENSIFIERS = new Set([
  "很",
  "非常",
  "比较",
  "较",
  "特别",
  "十分",
  "相当",
  "任",
  "何",
  "任何",
  "一些",
  "些",
  "其他",
  "其它",
  "那些",
  "这些",
  "所有",
  "最近的",
  ...["这", "那"].flatMap((which) =>
    ["条", "座", "个", "家", "片", "处", "块", "些", "栋", "种"].map((of) => which + of),
  ),
  "该",
  "此",
]);
/** A row of more adjectives is no phrase. */
const MOST_ATTRIBUTES = 8;
const PLURAL_MARKS = new Set(["群", "群落", "们"]);

export interface NounPhrase extends Read<Noun> {
  /** A number without "at least" or the like: before the target it limits the list. */
  readonly bareCount: Quantity | null;
}

/** [至少三个] [密集的] [面积大于2公顷的] 概念 [（…）]. */
export function nounAt(reader: Reader, i: number): NounPhrase | null {
  if (reader.noNouns.has(i)) return null;
  const found = nounPhraseAt(reader, i);
  if (!found) reader.noNouns.add(i);
  return found;
}

function nounPhraseAt(reader: Reader, i: number): NounPhrase | null {
  let at = i;
  while (INTENSIFIERS.has(wordAt(reader, at)) && reader.tokens[at]?.kind === "word") at += 1;
  const own = sizedAt(reader, at);
  if (own) at = own.next;
  let quantity = quantityAt(reader, at);
  if (quantity) at = afterDe(reader, quantity.next);
  const size = own ?? sizedAt(reader, at);
  if (size && !own) at = size.next;
  const attributes: Noun["attributes"] = [];
  for (;;) {
    const token = reader.tokens[at];
    if (token?.kind === "attribute" && attributes.length < MOST_ATTRIBUTES) {
      if (!attributes.includes(token.attribute)) attributes.push(token.attribute);
      at += 1;
      const after = ["的", ",", "而", "且", "又", "和", "、", "地"].includes(wordAt(reader, at)) ? at + 1 : at;
      if (after > at && isNounPart(reader, after)) at = after;
    } else if (INTENSIFIERS.has(wordAt(reader, at)) && reader.tokens[at]?.kind === "word") at += 1;
    else if (!quantity && attributes.length > 0 && quantityAt(reader, at)) {
      quantity = quantityAt(reader, at);
      at = afterDe(reader, quantity?.next ?? at);
    } else break;
  }
  const token = reader.tokens[at];
  if (token?.kind !== "concept") return null;
  at += 1;
  let { concept } = token;
  const following = reader.tokens[at];
  if (concept === "highway" && following?.kind === "concept" && following.concept === "highway_exit") {
    // 高速公路互通 is one noun, though the lexicon holds its halves.
    concept = "highway_exit";
    at += 1;
  }
  // 住宅小区: two names of one concept are one noun.
  for (let more = reader.tokens[at]; more?.kind === "concept" && more.concept === concept; more = reader.tokens[at])
    at += 1;
  if (PLURAL_MARKS.has(wordAt(reader, at))) at += 1;
  const value: Noun = {
    ...noun(concept),
    attributes,
    // 一条河: the number one without "exactly" is an article.
    ...(quantity && (quantity.isStated || quantity.value.value !== 1) && { count: quantity.value }),
    ...(size && { areaM2: size.value }),
  };
  const group = reader.groupAt(reader, at);
  if (group) {
    value.relations = structuredClone(group.value);
    at = group.next;
  }
  return { value, next: at, bareCount: quantity && !quantity.isStated ? quantity.value : null };
}

/** "面积大于2公顷的" before a noun. */
function sizedAt(reader: Reader, i: number): Read<Quantity> | null {
  const size = areaAt(reader, i);
  if (!size) return null;
  return { value: size.value.quantity, next: afterDe(reader, size.next) };
}

function afterDe(reader: Reader, i: number): number {
  return wordAt(reader, i) === "的" ? i + 1 : i;
}

function isNounPart(reader: Reader, i: number): boolean {
  const kind = reader.tokens[i]?.kind;
  return kind === "attribute" || kind === "concept" || (kind === "number" && quantityAt(reader, i) !== null);
}

/** Does 的地方 or the like follow: the noun before is what the places are sought for. */
export function isGenericAt(reader: Reader, i: number): boolean {
  return wordAt(reader, i) === "的" && GENERIC.has(wordAt(reader, i + 1)) && reader.tokens[i + 2]?.kind !== "concept";
}

/** A kind of establishment that no concept covers ends like this; the run before it is no place name. */
const NO_NAME_ENDINGS = /[店厂馆院所厅吧铺屋房器机车物人兽事品菜子树花草诗歌话词句题]$/u;

/** A run of characters that nothing knows, as the name of a place or of an unknown kind of thing. */
export function unknownAt(reader: Reader, i: number): (Read<string> & { readonly isName: boolean }) | null {
  const first = reader.tokens[i];
  if (first?.kind !== "word" || FILLER.has(first.text) || !/^\p{Script=Han}{2,}$|^[a-z]{3,}$/u.test(first.text))
    return null;
  if (!first.isUnknown) return null;
  const text = reader.message.slice(first.start, first.end);
  return { value: text, next: i + 1, isName: text.length >= 2 && !NO_NAME_ENDINGS.test(text) };
}
