import type { Piece } from "../draft.ts";
import { noun } from "../draft.ts";
import { type Read, type Reader, spanOf, wordAt } from "../reader.ts";
import { nounAt } from "./nouns.ts";
import { areaAt, distanceAt, lengthAt } from "./quantities.ts";
import { type Modifiers, modifierAt } from "./relations.ts";
import {
  AFTER,
  ALL_RESULTS,
  AND,
  ANY,
  BEFORE,
  CONDITIONS,
  EXCEPT,
  EXCLUDING,
  INSTEAD,
  LAST,
  NO_MATTER,
  OTHER_SIDES,
  REMOVING,
  SLOTS,
  SWAP_LEADS,
  SWAP_VERBS,
} from "./vocabulary.ts";

/** 去掉住宅区的条件, 面积不限, 任意大小, 不一定要新建的. Only before a target is named. */
export function removalAt(reader: Reader, i: number): number | null {
  if (reader.draft.target) return null;
  if (ALL_RESULTS.has(wordAt(reader, i)) && reader.tokens.slice(i + 1).every(({ kind }) => kind === "mark")) {
    reader.draft.removals.push({ kind: "slot", slot: "all" });
    return i + 1;
  }
  const isExclusion = EXCLUDING.has(wordAt(reader, i)) && !REMOVING.has(wordAt(reader, i));
  const isOrder =
    isExclusion ||
    REMOVING.has(wordAt(reader, i)) ||
    ANY.has(wordAt(reader, i)) ||
    (wordAt(reader, i) === "把" && pieceAt(reader, i + 1) !== null);
  const skipped = ["掉", "了", "再", "要", "是", "对", "关于", "那个", "这个", "这", "那"];
  let start = isOrder ? i + 1 : i;
  while (isOrder && skipped.includes(wordAt(reader, start))) start += 1;
  const piece = pieceAt(reader, start);
  if (!piece) return null;
  let at = piece.next;
  while (["的", "这个", "那个", "这", "那", "了", "附近", "条"].includes(wordAt(reader, at))) at += 1;
  const isCondition = CONDITIONS.has(wordAt(reader, at));
  if (isCondition) at += 1;
  const isNoMatter =
    NO_MATTER.has(wordAt(reader, at)) || (wordAt(reader, at) === "可以" && NO_MATTER.has(wordAt(reader, at + 1)));
  if (!isOrder && !isNoMatter) return null;
  if (isExclusion && !isCondition && !isNoMatter) return null;
  if (wordAt(reader, i) === "把" && !isNoMatter) return null;
  const isSlot = piece.value.kind === "slot";
  const isEnd =
    reader.tokens[at] === undefined ||
    reader.tokens[at]?.kind === "mark" ||
    isNoMatter ||
    ["了", "吧"].includes(wordAt(reader, at));
  if (!isCondition && !isSlot && !isEnd) return null;
  // 去掉温室 may drop a condition or exclude a kind of thing: which of the two the standing query says.
  if (ANY.has(wordAt(reader, i)) && !isSlot) return null;
  if (
    !isCondition &&
    !isNoMatter &&
    EXCLUDING.has(wordAt(reader, i)) &&
    ["排除", "不要", "除了"].includes(wordAt(reader, i))
  )
    return null;
  // 去掉住宅附近的 leaves results out; it gives no condition up.
  const isSide = piece.next > start + 1 && wordAt(reader, piece.next) === "的";
  if (isSide && !isCondition && !isNoMatter && EXCLUDING.has(wordAt(reader, i))) return null;
  if (piece.value.kind === "attribute" && !isCondition && !isNoMatter && EXCLUDING.has(wordAt(reader, i))) return null;
  if (isNoMatter) at += 1;
  reader.draft.removals.push(piece.value);
  reader.draft.spans.push(spanOf(reader, i, at, "removed"));
  return at;
}

function pieceAt(reader: Reader, i: number): Read<Piece> | null {
  const slot = SLOTS.get(wordAt(reader, i));
  if (slot && areaAt(reader, i) === null) return { value: { kind: "slot", slot }, next: i + 1 };
  const distance = distanceAt(reader, i);
  if (distance) return { value: { kind: "slot", slot: "distance" }, next: distance.next };
  const at = BEFORE.has(wordAt(reader, i)) || ["在", "离", "距"].includes(wordAt(reader, i)) ? i + 1 : i;
  const token = reader.tokens[at];
  if (token?.kind === "place") return { value: { kind: "place", name: token.name }, next: afterSide(reader, at + 1) };
  const found = nounAt(reader, at);
  if (found) {
    const after = wordAt(reader, found.next) === "的" ? found.next + 1 : found.next;
    if (SLOTS.get(wordAt(reader, after)) === "distance")
      return { value: { kind: "slot", slot: "distance" }, next: after + 1 };
    return { value: { kind: "concept", concept: found.value.concept }, next: afterSide(reader, found.next) };
  }
  return token?.kind === "attribute"
    ? { value: { kind: "attribute", attribute: token.attribute }, next: at + 1 }
    : null;
}

function afterSide(reader: Reader, i: number): number {
  const distance = distanceAt(reader, i);
  if (distance) return distance.next;
  return AFTER.has(wordAt(reader, i)) ? i + 1 : i;
}

/** 把高速公路换成铁路, 铁路而不是高速公路, 用湖泊代替河流. */
export function swapAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  if (draft.target) return null;
  const isLed = SWAP_LEADS.has(wordAt(reader, i)) || ["用", "以", "不是", "不要"].includes(wordAt(reader, i));
  const first = nounAt(reader, isLed ? i + 1 : i);
  if (!first) return null;
  const take = (from: typeof first.value.concept, to: typeof first.value.concept, next: number) => {
    draft.swaps.push({ from, to });
    draft.spans.push(spanOf(reader, i, next, "swapped"));
    return next;
  };
  let at = first.next;
  while (["都", "全", ","].includes(wordAt(reader, at))) at += 1;
  if (
    SWAP_VERBS.has(wordAt(reader, at)) ||
    ((wordAt(reader, at) === "换" || wordAt(reader, at) === "改") && wordAt(reader, at + 1) === "到")
  ) {
    const second = nounAt(reader, at + 1);
    return second && take(first.value.concept, second.value.concept, second.next);
  }
  const isRather =
    ["而是", "要", "而要"].includes(wordAt(reader, at)) ||
    (wordAt(reader, at) === "而" && wordAt(reader, at + 1) === "是");
  if (isRather && ["不是", "不要"].includes(wordAt(reader, i))) {
    const second = nounAt(reader, wordAt(reader, at) === "而" ? at + 2 : at + 1);
    return second && take(first.value.concept, second.value.concept, second.next);
  }
  if (INSTEAD.has(wordAt(reader, at)) && wordAt(reader, at) !== "不是") {
    const second = nounAt(reader, at + 1);
    return second && take(second.value.concept, first.value.concept, second.next);
  }
  return null;
}

/** 靠近铁路而不是高速出口: the anchor before takes the place of the one after. */
export function insteadAt({ reader, pending }: Modifiers, i: number): number | null {
  const { draft } = reader;
  const last = pending.at(-1);
  const anchor = last?.relation.anchors[0];
  if (draft.target || !anchor || !["而不是", "而非"].includes(wordAt(reader, i))) return null;
  const start = BEFORE.has(wordAt(reader, i + 1)) ? i + 2 : i + 1;
  const from = nounAt(reader, start);
  if (!from) return null;
  pending.pop();
  draft.swaps.push({ from: from.value.concept, to: anchor.concept });
  return AFTER.has(wordAt(reader, from.next)) ? from.next + 1 : from.next;
}

/** 把港口的距离改成3公里, 距离改为500米. */
export function distanceOfAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  if (draft.target) return null;
  let at = SWAP_LEADS.has(wordAt(reader, i)) ? i + 1 : i;
  while (["与", "和", "到", "离", "距", "跟"].includes(wordAt(reader, at))) at += 1;
  const anchor = nounAt(reader, at);
  if (anchor) at = wordAt(reader, anchor.next) === "的" ? anchor.next + 1 : anchor.next;
  if (SLOTS.get(wordAt(reader, at)) !== "distance" && !(anchor && ["距离", "范围"].includes(wordAt(reader, at))))
    return null;
  at += 1;
  while (
    SWAP_VERBS.has(wordAt(reader, at)) ||
    ["改", "到", "为", "是", "要", "应", "换", "设", "调", "成"].includes(wordAt(reader, at))
  )
    at += 1;
  const distance = distanceAt(reader, at);
  if (!distance) return null;
  draft.distance = distance.value.distance;
  draft.isBareDistance = distance.value.isBare;
  if (anchor) draft.distanceOf = anchor.value.concept;
  draft.spans.push(spanOf(reader, i, distance.next, "distance"));
  return distance.next;
}

/** 河对岸, 河的另一边. */
export function otherSideAt(reader: Reader, i: number): number | null {
  const anchor = nounAt(reader, i);
  if (!anchor) return null;
  const at = wordAt(reader, anchor.next) === "的" ? anchor.next + 1 : anchor.next;
  if (!OTHER_SIDES.has(wordAt(reader, at))) return null;
  reader.draft.otherSideOf.push(anchor.value.concept);
  return at + 1;
}

/** 排除第三个, 不要港口附近的, 除了温室. */
export function exclusionAt(modifiers: Modifiers, i: number): number | null {
  const { reader, pending } = modifiers;
  const { draft } = reader;
  if (!EXCLUDING.has(wordAt(reader, i))) return null;
  let at = i + 1;
  while (["掉", "了", "那些", "在", "结果", "编号", "那个"].includes(wordAt(reader, at)) && wordAt(reader, at) !== "在")
    at += 1;
  if (LAST.has(wordAt(reader, at))) {
    draft.exclude.push({ region: "#last" });
    return at + 1;
  }
  const start = at;
  for (;;) {
    const token = reader.tokens[at];
    const isNumbered = token?.kind === "number" && ["结果", "编号"].includes(wordAt(reader, at - 1));
    if (token?.kind !== "rank" && !(token?.kind === "number" && isNumbered)) break;
    draft.exclude.push({ region: `#${token.value}` });
    draft.ranks.push({ rank: token.value, start: token.start, end: token.end, text: token.text });
    at += 1;
    while (AND.has(wordAt(reader, at)) || wordAt(reader, at) === ",") at += 1;
  }
  if (at > start) return EXCEPT.has(wordAt(reader, at)) ? at + 1 : at;
  const token = reader.tokens[at];
  const afterDe = wordAt(reader, at + 1) === "的" ? at + 2 : at + 1;
  if (
    token?.kind === "attribute" &&
    (reader.tokens[afterDe] === undefined || reader.tokens[afterDe]?.kind === "mark")
  ) {
    draft.excludedAttributes.push(token.attribute);
    return afterDe;
  }
  const before = pending.length;
  const places = draft.geo.length;
  const next = modifierAt(modifiers, at);
  if (
    next !== null &&
    (wordAt(reader, next) === "的" ||
      EXCEPT.has(wordAt(reader, next)) ||
      reader.tokens[next] === undefined ||
      reader.tokens[next]?.kind === "mark")
  ) {
    for (const one of pending.splice(before))
      pending.push({ ...one, relation: { ...one.relation, negated: !one.relation.negated } });
    for (const place of draft.geo.slice(places))
      if (place.relation === "inside") place.relation = "outside";
      else if (place.relation === "near") place.relation = "far_from";
    return next;
  }
  pending.splice(before);
  draft.geo.splice(places);
  const found = nounAt(reader, at);
  if (!found) return null;
  draft.exclude.push({ ...noun(found.value.concept), attributes: found.value.attributes });
  draft.spans.push(spanOf(reader, i, found.next, `exclude.${draft.exclude.length - 1}`));
  let end = found.next;
  while (AND.has(wordAt(reader, end)) || wordAt(reader, end) === "、") {
    const more = nounAt(reader, end + 1);
    if (!more) break;
    draft.exclude.push({ ...noun(more.value.concept), attributes: more.value.attributes });
    end = more.next;
  }
  return EXCEPT.has(wordAt(reader, end)) ? end + 1 : end;
}

/** 改成500米, 放宽到2公里: a distance after a verb of change. */
export function newBoundAt(reader: Reader, i: number): number | null {
  if (!SWAP_VERBS.has(wordAt(reader, i))) return null;
  const length = lengthAt(reader, i + 1);
  const distance = length && distanceAt(reader, i + 1);
  if (!distance) return null;
  reader.draft.distance = distance.value.distance;
  reader.draft.isBareDistance = distance.value.isBare;
  reader.draft.spans.push(spanOf(reader, i, distance.next, "distance"));
  return distance.next;
}
