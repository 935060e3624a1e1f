import { LENGTH_UNITS } from "../defaults.ts";
import { phraseAt, phrases, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import type { Sort } from "../schema.ts";
import { nounAt } from "./nouns.ts";
import { numberAt, quantityAt } from "./quantities.ts";

type Order = Sort["order"];

const SUPERLATIVES = phrases<Pick<Sort, "by" | "order">>([
  ["largest|biggest|most extensive|greatest|hugest|largest - sized|most spacious", { by: "area", order: "descending" }],
  ["smallest|tiniest|littlest", { by: "area", order: "ascending" }],
  ["newest|latest|most recent|youngest|most recently built", { by: "date", order: "descending" }],
  ["oldest|earliest", { by: "date", order: "ascending" }],
  [
    "most likely|most probable|most certain|most confident|highest probability|best matching",
    { by: "probability", order: "descending" },
  ],
]);
const NEAREST = phrases<Order>([
  ["closest|nearest|least distant", "ascending"],
  ["farthest|furthest|most distant|most remote", "descending"],
]);
const SORT_VERBS = phrases([
  [
    "sort them by|sort these by|sort those by|sort the results by|sort results by|sort it by|sorted by|sort by|order them by|order by|ordered by|order the results by|rank them by|rank by|ranked by|rank the results by|ranked according to|in order of|by order of|arrange by|arranged by|listed by|list by|sorting by",
    true,
  ],
]);
const SORT_KEYS = phrases<Pick<Sort, "by" | "order">>([
  ["size|area|surface|surface area|how big they are|extent|footprint", { by: "area", order: "descending" }],
  ["distance|proximity|closeness|how close they are", { by: "distance", order: "ascending" }],
  ["probability|confidence|likelihood|score|certainty", { by: "probability", order: "descending" }],
  ["date|age|recency|newness|how new they are", { by: "date", order: "descending" }],
  ["count|number", { by: "count", order: "descending" }],
]);
const DIRECTIONS = phrases<Order>([
  [
    "ascending|in ascending order|smallest first|from small to large|smallest to largest|from smallest to largest|increasing|lowest first|nearest first|closest first|oldest first",
    "ascending",
  ],
  [
    "descending|in descending order|largest first|biggest first|from large to small|largest to smallest|from largest to smallest|decreasing|highest first|farthest first|furthest first|newest first",
    "descending",
  ],
]);
const TO = words("to from");
const TOPS = words("top first best only");

/** Superlatives, "top 5", "closest to the river", "sorted by size". */
export function orderAt(reader: Reader, i: number): number | null {
  return limitAt(reader, i) ?? superlativeAt(reader, i) ?? nearestAt(reader, i) ?? sortAt(reader, i);
}

function setSort(reader: Reader, sort: Sort, i: number, next: number): number {
  reader.draft.sort = sort;
  reader.draft.spans.push(spanOf(reader, i, next, "sort"));
  return next;
}

function setLimit(reader: Reader, limit: number, i: number, next: number): number {
  if (!Number.isInteger(limit) || limit < 1) return next;
  reader.draft.limit = limit;
  reader.draft.spans.push(spanOf(reader, i, next, "limit"));
  return next;
}

function isCount(reader: Reader, next: number): boolean {
  return LENGTH_UNITS[wordAt(reader, next)] === undefined;
}

const RESULTS = words("results result matches hits");

/** "top 5", "first three", "5 largest", "limit to 10", "no more than 5 results". */
function limitAt(reader: Reader, i: number): number | null {
  const word = wordAt(reader, i);
  const most = quantityAt(reader, i);
  if (most?.isStated && ["<=", "=", "<"].includes(most.value.op) && RESULTS.has(wordAt(reader, most.next)))
    return setLimit(reader, most.value.op === "<" ? most.value.value - 1 : most.value.value, i, most.next + 1);
  const number = numberAt(reader, i);
  if (number && (phraseAt(reader, number.next, SUPERLATIVES) || phraseAt(reader, number.next, NEAREST)))
    return setLimit(reader, number.value, i, number.next);
  if (
    number &&
    ["results", "result", "matches", "hits", "best", "top", "examples", "of"].includes(wordAt(reader, number.next)) &&
    isCount(reader, number.next)
  ) {
    if (wordAt(reader, number.next) === "of" && !["them", "these", "those"].includes(wordAt(reader, number.next + 1)))
      return null;
    return setLimit(reader, number.value, i, number.next + 1);
  }
  if (TOPS.has(word) && !(word === "first" && wordAt(reader, i + 1) === "one")) {
    const after = numberAt(reader, i + 1);
    if (after && isCount(reader, after.next)) return setLimit(reader, after.value, i, after.next);
    if (word === "top" && wordAt(reader, i + 1) === "result") return setLimit(reader, 1, i, i + 2);
  }
  if (word === "limit") {
    const at = skip(reader, i + 1, words("it them this the results result list to down only"));
    const after = numberAt(reader, at);
    if (after && isCount(reader, after.next)) return setLimit(reader, after.value, i, after.next);
  }
  return null;
}

function superlativeAt(reader: Reader, i: number): number | null {
  const found = phraseAt(reader, i, SUPERLATIVES);
  if (!found) return null;
  const next = setSort(reader, found.value, i, found.next);
  const number = numberAt(reader, next);
  if (number && isCount(reader, number.next)) return setLimit(reader, number.value, i, number.next);
  if (wordAt(reader, next) === "first") return next + 1;
  if (wordAt(reader, next) === "one") return setLimit(reader, 1, i, next + 1);
  const { target, spans } = reader.draft;
  const named = spans.find(({ slot }) => slot === "target.concept");
  // "which quarry is largest?"
  if (target && !reader.plurals.has(target) && /^(which|what)\b/i.test(named?.text ?? "")) reader.draft.limit ??= 1;
  if (reader.draft.limit === undefined && headIsSingular(reader, next)) reader.draft.limit = 1;
  return next;
}

/** Is the noun that the superlative stands before a single thing? "the largest" alone is one, too. */
function headIsSingular(reader: Reader, i: number): boolean {
  if (reader.tokens[i] === undefined) return wordAt(reader, i - 2) === "the" || wordAt(reader, i - 2) === "";
  const head = nounAt(reader, i, false);
  return head !== null && !reader.plurals.has(head.value);
}

function nearestAt(reader: Reader, i: number): number | null {
  const found = phraseAt(reader, i, NEAREST);
  if (!found) return null;
  const { draft } = reader;
  const isTo = TO.has(wordAt(reader, found.next)) || wordAt(reader, found.next) === "away";
  const to = isTo ? skip(reader, found.next, words("to from away")) : null;
  if (to !== null) {
    const anchor = nounAt(reader, to);
    if (!anchor) return null;
    const previous = wordAt(reader, i - 1);
    const isSingle = draft.target !== null && !reader.plurals.has(draft.target) && draft.limit === undefined;
    const named = draft.spans.find(({ slot }) => slot === "target.concept");
    const isNamed = /^(the|which|what|a|an)\b/i.test(named?.text ?? "");
    if (isSingle && isNamed && previous !== "first") draft.limit = 1;
    const next = wordAt(reader, anchor.next) === "first" ? anchor.next + 1 : anchor.next;
    return setSort(reader, { by: "distance", order: found.value, anchor: anchor.value }, i, next);
  }
  const number = numberAt(reader, found.next);
  const head = nounAt(reader, number?.next ?? found.next);
  if (!head) return nearestAloneAt(reader, i, found.value, number);
  // "the nearest quarry to the river"; "nearest the river" after a target
  if (!draft.target && TO.has(wordAt(reader, head.next))) {
    const anchor = nounAt(reader, head.next + 1);
    if (!anchor) return null;
    draft.target = head.value;
    reader.lastNoun = head.value;
    draft.spans.push(spanOf(reader, found.next, head.next, "target.concept"));
    if (number) draft.limit = number.value;
    else if (!reader.plurals.has(head.value)) draft.limit ??= 1;
    return setSort(reader, { by: "distance", order: found.value, anchor: anchor.value }, i, anchor.next);
  }
  if (draft.target) return setSort(reader, { by: "distance", order: found.value, anchor: head.value }, i, head.next);
  return null;
}

/** "the nearest one", "the closest three", "the nearest": to what the standing query names. */
function nearestAloneAt(
  reader: Reader,
  i: number,
  order: Order,
  number: { readonly value: number; readonly next: number } | null,
): number | null {
  if (reader.draft.target || reader.draft.relations.length > 0) return null;
  const at = number?.next ?? i + 1;
  const next = ["one", "ones"].includes(wordAt(reader, at)) ? at + 1 : at;
  if (reader.tokens.slice(next).some(({ kind }) => kind !== "mark")) return null;
  reader.draft.limit = number?.value ?? 1;
  if (wordAt(reader, at) === "ones" && !number) reader.draft.limit = undefined;
  return setSort(reader, { by: "distance", order }, i, next);
}

function sortAt(reader: Reader, i: number): number | null {
  const verb = phraseAt(reader, i, SORT_VERBS);
  const isBy = wordAt(reader, i) === "by";
  const start = verb?.next ?? (isBy ? i + 1 : null);
  if (start === null) return null;
  const superlative = verb && phraseAt(reader, start, DIRECTIONS);
  if (superlative) return setSort(reader, { by: "area", order: superlative.value }, i, superlative.next);
  const key = phraseAt(reader, start, SORT_KEYS);
  if (!key) return null;
  let next = key.next;
  let anchor: Sort["anchor"];
  if (TO.has(wordAt(reader, next)) && key.value.by === "distance") {
    const found = nounAt(reader, next + 1);
    if (found) [anchor, next] = [found.value, found.next];
  }
  const at = wordAt(reader, next) === "," ? next + 1 : next;
  const direction = phraseAt(reader, at, DIRECTIONS);
  return setSort(
    reader,
    { ...key.value, ...(direction && { order: direction.value }), ...(anchor && { anchor }) },
    i,
    direction?.next ?? next,
  );
}
