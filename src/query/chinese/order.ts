import { type Reader, spanOf, wordAt } from "../reader.ts";
import type { Noun, Sort } from "../schema.ts";
import { nounAt } from "./nouns.ts";
import { numberAt } from "./quantities.ts";
import {
  BEFORE,
  CLASSIFIERS,
  FIRST,
  NEAREST,
  ORDERS,
  SORT_KEYS,
  SORT_LEADS,
  SORT_VERBS,
  SUPERLATIVES,
  TOP,
} from "./vocabulary.ts";

/** 最大的三个, 离河流最近的, 前5个, 按面积排序. */
export function orderAt(reader: Reader, i: number): number | null {
  return sortedAt(reader, i) ?? superlativeAt(reader, i) ?? nearestAt(reader, i) ?? topAt(reader, i);
}

function setSort(reader: Reader, sort: Sort, i: number, next: number): number {
  reader.draft.sort = sort;
  reader.draft.spans.push(spanOf(reader, i, next, "sort"));
  return next;
}

/** The number after a superlative limits the list; a superlative alone means one. */
function limited(reader: Reader, i: number): number {
  const { draft } = reader;
  if (FIRST.has(wordAt(reader, i))) return i + 1;
  const at = wordAt(reader, i) === "的" ? i + 1 : i;
  if (FIRST.has(wordAt(reader, at))) return at + 1;
  const pointed = ["那", "这", "前"].includes(wordAt(reader, at)) ? at + 1 : at;
  const number = numberAt(reader, pointed);
  if (number && CLASSIFIERS.has(wordAt(reader, number.next))) {
    draft.limit = number.value;
    return number.next + 1;
  }
  if (
    ["那些", "这些", "几个", "一些", "那几个", "一批"].includes(wordAt(reader, at)) ||
    SORT_VERBS.has(wordAt(reader, at))
  )
    return at + 1;
  if (["那个", "一个", "这个"].includes(wordAt(reader, at))) {
    draft.limit = 1;
    return at + 1;
  }
  if (draft.limit === undefined && !reader.tokens.slice(0, i).some(({ text }) => text === "哪些" || text === "所有"))
    draft.limit = 1;
  return i;
}

function superlativeAt(reader: Reader, i: number): number | null {
  const order = ORDERS.get(wordAt(reader, i));
  if (order) return setSort(reader, { by: "area", order }, i, afterVerb(reader, i + 1));
  const adjective = reader.tokens[i];
  const isSize =
    adjective?.kind === "attribute" && (adjective.attribute === "large" || adjective.attribute === "small");
  const first = wordAt(reader, i + 1) === "的" ? i + 2 : i + 1;
  if (isSize && FIRST.has(wordAt(reader, first)))
    return setSort(
      reader,
      { by: "area", order: adjective.attribute === "large" ? "descending" : "ascending" },
      i,
      first + 1,
    );
  const found = SUPERLATIVES.get(wordAt(reader, i));
  if (!found) return null;
  setSort(reader, found, i, i + 1);
  return limited(reader, i + 1);
}

/** 离河流最近的, 距高速最远, 最靠近港口的. */
function nearestAt(reader: Reader, i: number): number | null {
  const isLead =
    ["离", "距", "距离", "到", "与", "和", "跟"].includes(wordAt(reader, i)) ||
    BEFORE.get(wordAt(reader, i)) === "near";
  if (isLead) {
    const start = wordAt(reader, i + 1) === "离" ? i + 2 : i + 1;
    const anchor = nounAt(reader, start);
    if (!anchor) return null;
    const at = ["的", "距离", "直线"].includes(wordAt(reader, anchor.next)) ? anchor.next + 1 : anchor.next;
    const side = ({ 近: "ascending", 远: "descending" } as const)[wordAt(reader, at) as "近"];
    const first = wordAt(reader, at + 1) === "的" ? at + 2 : at + 1;
    if (side && FIRST.has(wordAt(reader, first)))
      return setSort(reader, { by: "distance", order: side, anchor: anchor.value }, i, first + 1);
    const order = NEAREST.get(wordAt(reader, at));
    if (!order) return null;
    setSort(reader, { by: "distance", order, anchor: anchor.value }, i, at + 1);
    return limited(reader, at + 1);
  }
  if (wordAt(reader, i) === "最近") return nearestAloneAt(reader, i);
  const order = NEAREST.get(wordAt(reader, i));
  if (!order) return null;
  const anchor = nounAt(reader, i + 1);
  if (!anchor) return null;
  setSort(reader, { by: "distance", order, anchor: anchor.value }, i, anchor.next);
  return limited(reader, anchor.next);
}

/** 最近的一个, 最近的三个, 最近的: to what the standing query names; 最近 before anything else is a time. */
function nearestAloneAt(reader: Reader, i: number): number | null {
  const { draft, tokens } = reader;
  if (draft.target || wordAt(reader, i + 1) !== "的") return null;
  const number = numberAt(reader, i + 2);
  const isCounted = number !== null && CLASSIFIERS.has(wordAt(reader, number.next));
  const next = isCounted ? number.next + 1 : ["一个", "那个", "这个"].includes(wordAt(reader, i + 2)) ? i + 3 : i + 2;
  const rest = tokens.slice(next).filter(({ kind, text }) => kind !== "mark" && text !== "吧" && text !== "呢");
  if (rest.length > 0) return null;
  draft.limit = isCounted ? number.value : 1;
  return setSort(reader, { by: "distance", order: "ascending" }, i, next);
}

function topAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  const key = SORT_KEYS.get(wordAt(reader, i));
  if (key && TOP.has(wordAt(reader, i + 1))) {
    // 面积前三的水库
    const next = topAt(reader, i + 1);
    return next === null ? null : setSort(reader, { ...key }, i, next);
  }
  const isTop =
    TOP.has(wordAt(reader, i)) ||
    ["只要", "只看", "只显示", "最多显示", "最多给我", "只给我", "限制", "限", "只列出", "只留", "只保留"].includes(
      wordAt(reader, i),
    );
  if (!isTop) return null;
  const at = ["为", "到", "前"].includes(wordAt(reader, i + 1)) ? i + 2 : i + 1;
  const number = numberAt(reader, at);
  if (!number || !Number.isInteger(number.value) || number.value < 1) return null;
  const great = reader.tokens[number.next];
  if (
    great?.kind === "attribute" &&
    great.attribute === "large" &&
    reader.tokens[number.next + 1]?.kind === "concept"
  ) {
    // 前十大水库
    draft.limit = number.value;
    return setSort(reader, { by: "area", order: "descending" }, i, number.next + 1);
  }
  const isCounted =
    CLASSIFIERS.has(wordAt(reader, number.next)) || ["名", "位", "条"].includes(wordAt(reader, number.next));
  if (
    !isCounted &&
    !(
      TOP.has(wordAt(reader, i)) &&
      (reader.tokens[number.next]?.kind !== "word" || wordAt(reader, number.next) === "的")
    )
  )
    return null;
  const next = isCounted ? number.next + 1 : number.next;
  draft.limit = number.value;
  draft.spans.push(spanOf(reader, i, next, "limit"));
  const after = wordAt(reader, next) === "的" ? next + 1 : next;
  const found = SUPERLATIVES.get(wordAt(reader, after));
  if (!found) return next;
  return setSort(reader, found, after, after + 1);
}

/** 按面积从大到小排序, 按离河流最近排序, 面积最大的优先. */
function sortedAt(reader: Reader, i: number): number | null {
  if (!SORT_LEADS.has(wordAt(reader, i))) return null;
  const superlative = SUPERLATIVES.get(wordAt(reader, i + 1));
  if (superlative) return setSort(reader, superlative, i, afterVerb(reader, i + 2));
  const isTo = ["离", "距", "距离", "到", "与", "和"].includes(wordAt(reader, i + 1));
  let anchor: (Noun & object) | null = null;
  let at = i + 1;
  if (isTo) {
    const found = nounAt(reader, wordAt(reader, i + 2) === "离" ? i + 3 : i + 2);
    if (found) [anchor, at] = [found.value, wordAt(reader, found.next) === "的" ? found.next + 1 : found.next];
  }
  const nearest = anchor ? NEAREST.get(wordAt(reader, at)) : undefined;
  if (anchor && nearest)
    return setSort(reader, { by: "distance", order: nearest, anchor }, i, afterVerb(reader, at + 1));
  const key = SORT_KEYS.get(wordAt(reader, at));
  const isPlain = anchor !== null && ORDERS.has(wordAt(reader, at));
  if (!key && !isPlain) {
    const order = ORDERS.get(wordAt(reader, at));
    return order ? setSort(reader, { by: "area", order }, i, afterVerb(reader, at + 1)) : null;
  }
  const sort: Sort = anchor ? { by: "distance", order: "ascending", anchor } : { ...(key as Sort) };
  const next = isPlain ? at : at + 1;
  const order = ORDERS.get(wordAt(reader, next === at ? at : next));
  if (order) return setSort(reader, { ...sort, order }, i, afterVerb(reader, next + 1));
  if (anchor && !key) return null;
  return setSort(reader, sort, i, afterVerb(reader, next));
}

function afterVerb(reader: Reader, i: number): number {
  let at = i;
  while (wordAt(reader, at) === "的" || ["来", "进行", "地"].includes(wordAt(reader, at))) at += 1;
  if (SORT_VERBS.has(wordAt(reader, at))) return at + 1;
  return i;
}
