import type { PredicateId } from "../../../knowledge/ontology/ids.ts";
import { emptyDraft } from "../draft.ts";
import { type Read, type Reader, spanOf, wordAt } from "../reader.ts";
import type { GeoConstraint, Noun, Quantity, Relation } from "../schema.ts";
import { isGenericAt, nounAt, unknownAt } from "./nouns.ts";
import { distanceAt, quantityAt } from "./quantities.ts";
import { afterSpread, geoOf, relationOf, type Side, sideOf, suffixAt } from "./sides.ts";
import {
  ADJOINED,
  AFTER,
  AND,
  AT,
  BEFORE,
  BETWEEN,
  COMPARISONS,
  DIAGONALS,
  DISTANCE_TO,
  EDGES,
  HAS,
  HAS_NO,
  JOINED,
  NOT,
  OR,
  SURROUNDS,
  TO,
} from "./vocabulary.ts";

/** A relation that was read before the noun it modifies. */
export interface Pending {
  readonly relation: Relation;
  readonly from: number;
  readonly to: number;
}

/** Reading state of the Chinese grammar: modifiers wait until the noun comes that they belong to. */
export interface Modifiers {
  readonly pending: Pending[];
  readonly reader: Reader;
}

/** A noun with the modifiers before it (靠近河流的学校), where `ends` says what must follow. */
function modifiedAt(reader: Reader, i: number, ends: (next: number) => boolean): Read<Noun> | null {
  const plain = nounAt(reader, i);
  if (plain && ends(plain.next)) return plain;
  if (reader.depth >= 3) return null;
  const inner: Modifiers = { pending: [], reader: { ...reader, draft: emptyDraft(), depth: reader.depth + 1 } };
  for (let at = i; at < Math.min(i + 40, reader.tokens.length); ) {
    const next = modifierAt(inner, at);
    if (next === null || next <= at) break;
    at = wordAt(reader, next) === "的" ? next + 1 : next;
    const head = nounAt(reader, at);
    if (head && ends(head.next)) {
      head.value.relations.push(...inner.pending.map(({ relation }) => relation));
      return head;
    }
  }
  return null;
}

/** A relation of the target or of the anchor that follows, from token `i`. */
export function modifierAt(modifiers: Modifiers, i: number): number | null {
  return boundAt(modifiers, i) ?? possessionAt(modifiers, i);
}

function push({ pending }: Modifiers, relation: Relation, from: number, to: number): number {
  pending.push({ relation, from, to });
  return to;
}

function addGeo({ reader }: Modifiers, constraint: GeoConstraint, from: number, to: number): number {
  reader.draft.geo.push(constraint);
  reader.draft.spans.push(spanOf(reader, from, to, `geo.${reader.draft.geo.length - 1}`));
  return to;
}

function boundAt(modifiers: Modifiers, i: number): number | null {
  const { reader } = modifiers;
  let at = i;
  let negated = false;
  while (NOT.has(wordAt(reader, at)) && reader.tokens[at]?.kind === "word") {
    negated = !negated || !["不", "没"].includes(wordAt(reader, at));
    at += 1;
  }
  const isDenied =
    ["没有", "没", "无"].includes(wordAt(reader, at)) &&
    (BEFORE.has(wordAt(reader, at + 1)) || AT.has(wordAt(reader, at + 1)));
  if (isDenied) {
    negated = !negated;
    at += 1;
  }
  if (AT.has(wordAt(reader, at))) at += 1;
  return (
    distanceToAt(modifiers, at, i, negated) ??
    surroundedAt(modifiers, at, i, negated) ??
    joinedAt(modifiers, at, i, negated) ??
    prefixAt(modifiers, at, i, negated) ??
    anchoredAt(modifiers, at, i, negated)
  );
}

/** 距高速出口500米以内, 离河流不到2公里, 与住宅区的距离大于300米. */
function distanceToAt(modifiers: Modifiers, i: number, from: number, negated: boolean): number | null {
  const { reader } = modifiers;
  if (!DISTANCE_TO.has(wordAt(reader, i))) return null;
  const led = DISTANCE_TO.has(wordAt(reader, i + 1)) ? i + 2 : i + 1;
  const isNearest = wordAt(reader, led) === "最近" && wordAt(reader, led + 1) === "的";
  const start = isNearest ? led + 2 : led;
  const token = reader.tokens[start];
  const name =
    token?.kind === "place"
      ? token.name
      : unknownAt(reader, start)?.isName
        ? unknownAt(reader, start)?.value
        : undefined;
  const distanceFrom = (next: number) => {
    let at = next;
    while (["的", "距离", "直线距离", "相距", "间", "之间", "间距", "附近", "都", "要"].includes(wordAt(reader, at)))
      at += 1;
    const isFar = ["远", "较远", "很远", "比较远"].includes(wordAt(reader, at));
    const isNear = ["近", "较近", "很近", "不远", "比较近"].includes(wordAt(reader, at));
    if (["更", "再"].includes(wordAt(reader, at)) && ["近", "远"].includes(wordAt(reader, at + 1)))
      return {
        side: { predicate: wordAt(reader, at + 1) === "近" ? "near" : "far_from", distance: undefined } satisfies Side,
        next: ["一点", "些", "一些"].includes(wordAt(reader, at + 2)) ? at + 3 : at + 2,
      };
    const distance = distanceAt(reader, at);
    if (distance) return { side: sideOf("near", distance.value.distance), next: distance.next };
    if (isFar || isNear)
      return { side: { predicate: isFar ? "far_from" : "near", distance: undefined } satisfies Side, next: at + 1 };
    const isWeak = ["不太", "不是很", "不怎么", "不算"].includes(wordAt(reader, at));
    if (isWeak && ["远", "近"].includes(wordAt(reader, at + 1))) {
      const predicate = wordAt(reader, at + 1) === "近" ? ("near" as const) : ("far_from" as const);
      return { side: { predicate, distance: undefined, isOutside: true } satisfies Side, next: at + 2 };
    }
    if (
      ["不", "很", "较", "比较", "非常", "特别", "十分", "太", "挺", "有点"].includes(wordAt(reader, at)) &&
      ["远", "近"].includes(wordAt(reader, at + 1))
    ) {
      const far = (wordAt(reader, at + 1) === "远") !== (wordAt(reader, at) === "不");
      return { side: { predicate: far ? "far_from" : "near", distance: undefined } satisfies Side, next: at + 2 };
    }
    return null;
  };
  if (name !== undefined) {
    const found = distanceFrom(start + 1);
    if (!found) return null;
    if (token?.kind !== "place") reader.draft.unparsed.push(spanOf(reader, start, start + 1, "place"));
    return addGeo(modifiers, geoOf(name, found.side, negated), from, found.next);
  }
  const anchor = modifiedAt(reader, start, (next) => distanceFrom(next) !== null);
  const found = anchor && distanceFrom(anchor.next);
  if (!anchor || !found) return null;
  return push(modifiers, relationOf(found.side, negated, [anchor.value]), from, found.next);
}

/** 被森林包围. */
function surroundedAt(modifiers: Modifiers, i: number, from: number, negated: boolean): number | null {
  const { reader } = modifiers;
  const isPassive = ["被", "由", "四周被", "四周都是"].includes(wordAt(reader, i));
  const around =
    ["四周", "周围", "四面"].includes(wordAt(reader, i)) &&
    ["被", "是", "都是", "全是", "都"].includes(wordAt(reader, i + 1));
  if (!isPassive && !around) return null;
  const start = around ? (wordAt(reader, i + 2) === "是" ? i + 3 : i + 2) : i + 1;
  const after = (next: number) => (["所", "完全", "全部", "全"].includes(wordAt(reader, next)) ? next + 1 : next);
  const anchor = modifiedAt(
    reader,
    start,
    (next) => SURROUNDS.has(wordAt(reader, after(next))) || CROSSED.has(wordAt(reader, after(next))) || around,
  );
  if (!anchor) return null;
  if (CROSSED.has(wordAt(reader, after(anchor.next))))
    return push(modifiers, { predicate: "crosses", negated, anchors: [anchor.value] }, from, after(anchor.next) + 1);
  const end = SURROUNDS.has(wordAt(reader, after(anchor.next))) ? after(anchor.next) + 1 : anchor.next;
  return push(modifiers, { predicate: "surrounded_by", negated, anchors: [anchor.value] }, from, end);
}

/** 与铁路相连, 和公园相邻. */
function joinedAt(modifiers: Modifiers, i: number, from: number, negated: boolean): number | null {
  const { reader } = modifiers;
  if (!TO.has(wordAt(reader, i))) return null;
  let isNegated = negated;
  const after = (next: number) => {
    let at = next;
    while (["直接", "不"].includes(wordAt(reader, at))) at += 1;
    return at;
  };
  const predicateAt = (next: number): PredicateId | null =>
    JOINED.has(wordAt(reader, after(next)))
      ? "connected_to"
      : ADJOINED.has(wordAt(reader, after(next)))
        ? "adjacent"
        : null;
  const listed = listAt(reader, i + 1);
  const shared = listed && listed.value.length > 1 ? predicateAt(listed.next) : null;
  if (listed && shared) {
    for (const one of listed.value) push(modifiers, { predicate: shared, negated, anchors: [one] }, from, listed.next);
    return after(listed.next) + 1;
  }
  const anchor = modifiedAt(reader, i + 1, (next) => predicateAt(next) !== null);
  const predicate = anchor && predicateAt(anchor.next);
  if (!anchor || !predicate) return null;
  if (wordAt(reader, anchor.next) === "不") isNegated = !isNegated;
  return push(modifiers, { predicate, negated: isNegated, anchors: [anchor.value] }, from, after(anchor.next) + 1);
}

/** 湖泊和森林 */
function listAt(reader: Reader, i: number): Read<Noun[]> | null {
  const first = nounAt(reader, i);
  if (!first) return null;
  const value = [first.value];
  let { next } = first;
  while (AND.has(wordAt(reader, next)) || isListMark(reader, next)) {
    const more = nounAt(reader, next + 1);
    if (!more) break;
    value.push(more.value);
    next = more.next;
  }
  return { value, next };
}

/** 靠近河流, 沿跨越河流的高速公路. */
function prefixAt(modifiers: Modifiers, i: number, from: number, negated: boolean): number | null {
  const { reader } = modifiers;
  const predicate = BEFORE.get(wordAt(reader, i));
  if (!predicate || (reader.tokens[i]?.kind !== "word" && reader.tokens[i]?.kind !== "mark")) return null;
  const start = ["于", "着", "了"].includes(wordAt(reader, i + 1)) ? i + 2 : i + 1;
  const token = reader.tokens[start];
  const unknown = unknownAt(reader, start);
  const name = token?.kind === "place" ? token.name : unknown?.isName ? unknown.value : undefined;
  if (name !== undefined) {
    const distance = distanceAt(reader, start + 1);
    const isBound = distance && !distance.value.isBare;
    const next = afterSpread(reader, isBound ? distance.next : start + 1);
    if (token?.kind !== "place") reader.draft.unparsed.push(spanOf(reader, start, start + 1, "place"));
    return addGeo(
      modifiers,
      geoOf(name, { predicate, distance: isBound ? distance.value.distance : undefined }, negated),
      from,
      next,
    );
  }
  const anchor = nounAt(reader, start) ?? modifiedAt(reader, start, () => true);
  if (!anchor) return null;
  const distance = distanceAt(reader, anchor.next);
  let next = anchor.next;
  let side: Side = { predicate, distance: undefined };
  if (distance && !HAS.has(wordAt(reader, distance.next)) && !HAS_NO.has(wordAt(reader, distance.next))) {
    side =
      predicate === "near" || predicate === "adjacent"
        ? sideOf("near", distance.value.distance)
        : { predicate, distance: distance.value.distance };
    next = distance.next;
  } else if (
    (AFTER.get(wordAt(reader, next)) === "near" || wordAt(reader, next) === "旁边") &&
    !HAS.has(wordAt(reader, next + 1)) &&
    !HAS_NO.has(wordAt(reader, next + 1))
  )
    next += 1;
  next = afterSpread(reader, next);
  push(modifiers, relationOf(side, negated, [anchor.value]), from, next);
  return moreAnchors(modifiers, side, negated, next, () => true);
}

/** 靠近学校和医院: each further noun shares the relation, unless it is the target. */
function moreAnchors(
  modifiers: Modifiers,
  side: Side,
  negated: boolean,
  i: number,
  ends: (next: number) => boolean,
): number {
  const { reader } = modifiers;
  let next = i;
  while (AND.has(wordAt(reader, next)) || isListMark(reader, next) || ALSO_HAS.has(wordAt(reader, next))) {
    const more = nounAt(reader, next + 1);
    const isListed =
      more && (wordAt(reader, more.next) === "的" || AND.has(wordAt(reader, more.next))) && ends(more.next);
    if (!more || !isListed) break;
    const relation = modifiers.pending.at(-1)?.relation;
    if (OR.has(wordAt(reader, next)) && !negated && relation)
      reader.draft.disjunctions.push({ relation, other: { ...relation, anchors: [more.value] } });
    else push(modifiers, relationOf(side, negated, [more.value]), next, more.next);
    next = more.next;
  }
  return next;
}

/** 高速出口附近, 埃勒里以北, 河流和铁路之间, 不在市中心. */
function anchoredAt(modifiers: Modifiers, i: number, from: number, negated: boolean): number | null {
  const { reader } = modifiers;
  const token = reader.tokens[i];
  const unknown = unknownAt(reader, i);
  if (token?.kind === "place") return placeAt(modifiers, token.name, i, from, negated);
  if (unknown) return unknownPlaceAt(modifiers, unknown, i, from, negated);
  const first = nounAt(reader, i);
  if (!first) return null;
  const between = betweenAt(reader, first);
  if (between) return push(modifiers, { predicate: "between", negated, anchors: between.value }, from, between.next);
  if (["town", "city", "village", "city_center"].includes(first.value.concept)) {
    const at = wordAt(reader, first.next) === "的" ? first.next + 1 : first.next;
    if (EDGES.has(wordAt(reader, at))) return addGeo(modifiers, { kind: "edge_of" }, from, at + 1);
  }
  const others: Noun[] = [];
  let { next } = first;
  let isEither = false;
  while (AND.has(wordAt(reader, next)) || isListMark(reader, next)) {
    isEither ||= OR.has(wordAt(reader, next));
    const more = nounAt(reader, next + 1);
    if (!more) break;
    others.push(more.value);
    next = more.next;
  }
  const shared = others.length > 0 ? suffixAt(reader, next) : null;
  const suffix = shared ?? suffixAt(reader, first.next);
  const diagonal = DIAGONALS.get(wordAt(reader, afterDe(reader, first.next)));
  if (diagonal) {
    const end = afterDe(reader, first.next) + 1;
    if (i === from) takePending(modifiers, first.value, from);
    for (const predicate of diagonal)
      push(modifiers, { predicate, negated, anchors: [structuredClone(first.value)] }, from, end);
    return end;
  }
  if (!suffix) {
    // 不在市中心的建筑: 在 alone means inside.
    const isIn =
      (i > from && AT.has(wordAt(reader, i - 1))) ||
      (NOT.has(wordAt(reader, i - 1)) && /在|于/.test(wordAt(reader, i - 1)));
    const counted = quantityAt(reader, first.next);
    if (!isIn && counted?.isStated && wordAt(reader, counted.next) === "的" && !first.value.count) {
      // 起重机少于三台的港口
      const anchor = { ...first.value, count: counted.value };
      return push(modifiers, { predicate: "contains", negated, anchors: [anchor] }, from, counted.next);
    }
    const predicate = first.value.concept === "coast" ? "near" : "inside";
    return isIn ? push(modifiers, { predicate, negated, anchors: [first.value] }, from, first.next) : null;
  }
  if (i === from) takePending(modifiers, first.value, from);
  push(modifiers, relationOf(suffix.value, negated, [first.value]), from, suffix.next);
  const relation = modifiers.pending.at(-1)?.relation;
  for (const other of shared ? others : []) {
    if (isEither && !negated && relation)
      reader.draft.disjunctions.push({ relation, other: { ...relation, anchors: [other] } });
    else push(modifiers, relationOf(suffix.value, negated, [other]), from, suffix.next);
  }
  return suffix.next;
}

/** 、 joins the nouns of a list; ， separates clauses. */
function isListMark(reader: Reader, i: number): boolean {
  return reader.message.charAt(reader.tokens[i]?.start ?? -1) === "、";
}

/** Modifiers that end in 的 right before an anchor speak of that anchor. */
export function takePending({ pending, reader }: Modifiers, owner: Noun, from: number) {
  let edge = from;
  while (pending.length > 0) {
    const last = pending.at(-1) as Pending;
    if (wordAt(reader, edge - 1) !== "的" || last.to !== edge - 1) return;
    owner.relations.unshift(last.relation);
    pending.pop();
    edge = last.from;
  }
}

function afterDe(reader: Reader, i: number): number {
  return wordAt(reader, i) === "的" ? i + 1 : i;
}

function betweenAt(reader: Reader, first: Read<Noun>): Read<Noun[]> | null {
  if (AND.has(wordAt(reader, first.next))) {
    const second = nounAt(reader, first.next + 1);
    if (second && BETWEEN.has(wordAt(reader, second.next)))
      return { value: [first.value, second.value], next: second.next + 1 };
  }
  if (!BETWEEN.has(wordAt(reader, first.next)) || (wordAt(reader, first.next) === "中间" && !first.value.count))
    return null;
  const { count: _, ...plain } = first.value;
  return { value: [plain, structuredClone(plain)], next: first.next + 1 };
}

function placeAt(modifiers: Modifiers, name: string, i: number, from: number, negated: boolean): number {
  const { reader } = modifiers;
  const edgeAt = wordAt(reader, i + 1) === "的" ? i + 2 : i + 1;
  if (EDGES.has(wordAt(reader, edgeAt))) return addGeo(modifiers, { kind: "edge_of", name }, from, edgeAt + 1);
  const diagonal = DIAGONALS.get(wordAt(reader, edgeAt));
  if (diagonal) {
    for (const predicate of diagonal)
      addGeo(modifiers, geoOf(name, { predicate, distance: undefined }, negated), from, edgeAt + 1);
    return edgeAt + 1;
  }
  const suffix = suffixAt(reader, i + 1);
  const side = suffix?.value ?? { predicate: "inside" as const, distance: undefined };
  return addGeo(modifiers, geoOf(name, side, negated), from, suffix?.next ?? i + 1);
}

/** 西马奇的采石场: a name that no dictionary holds, where a place may stand. */
function unknownPlaceAt(
  modifiers: Modifiers,
  unknown: Read<string> & { readonly isName: boolean },
  i: number,
  from: number,
  negated: boolean,
): number | null {
  const { reader } = modifiers;
  const after = wordAt(reader, i + 1);
  const isPlaced =
    /[市县区镇省乡州]$/.test(unknown.value) ||
    after === "的" ||
    suffixAt(reader, i + 1) !== null ||
    EDGES.has(after) ||
    i > from;
  if (!unknown.isName || !isPlaced) return null;
  reader.draft.unparsed.push(spanOf(reader, i, i + 1, "place"));
  return placeAt(modifiers, unknown.value, i, from, negated);
}

/** 旁边有密集建筑, 500米以内没有住宅, 没有树木, 旁边至少有三个储罐. */
function possessionAt(modifiers: Modifiers, i: number): number | null {
  const { reader } = modifiers;
  let at = ["在", "其", "它", "它们", "且", "的"].includes(wordAt(reader, i)) && wordAt(reader, i) !== "的" ? i + 1 : i;
  const isAround = AFTER.get(wordAt(reader, at)) === "near" && distanceAt(reader, at + 1) !== null;
  if (isAround) at += 1;
  const distance = distanceAt(reader, at);
  const side = AFTER.get(wordAt(reader, at));
  if (distance) at = distance.next;
  else if (side) at += 1;
  if (distance && wordAt(reader, at) === "的" && GENERIC_SIDES.has(wordAt(reader, at + 1))) at += 2;
  const isPlaced = distance !== null || side !== undefined;
  if (isPlaced && ["都", "也", "就", "还", "又", "均"].includes(wordAt(reader, at))) at += 1;
  const comparison = HAS.has(wordAt(reader, at + 1)) ? COMPARISONS.get(wordAt(reader, at)) : undefined;
  if (comparison) at += 1;
  const stated = comparison ? null : quantityAt(reader, at);
  const isBareCount = stated?.isStated === true && (isPlaced || /有$/.test(wordAt(reader, at)));
  const verb = wordAt(reader, at);
  const negated = HAS_NO.has(verb) || (["不", "没"].includes(verb) && HAS.has(wordAt(reader, at + 1)));
  const isWall = isPlaced && ["是", "为", "就是"].includes(verb);
  if (!negated && !HAS.has(verb) && !isBareCount && !isWall) return null;
  let start = isBareCount ? at : at + 1;
  if (negated && HAS.has(wordAt(reader, start))) start += 1;
  const endsPhrase = (next: number) => {
    const word = wordAt(reader, next);
    return (
      word === "的" ||
      word === "" ||
      (AFTER.has(word) && (HAS.has(wordAt(reader, next + 1)) || HAS_NO.has(wordAt(reader, next + 1)))) ||
      reader.tokens[next]?.kind === "mark" ||
      AND.has(word) ||
      ["且", "并", "并且", "而且", "但", "又", "吗", "又有", "也有", "还有", "且有"].includes(word) ||
      reader.tokens[next]?.kind === "concept"
    );
  };
  const anchor = modifiedAt(reader, start, endsPhrase) ?? nounAt(reader, start);
  if (!anchor) return null;
  const own = HAS.has(verb) && comparison ? withComparison(anchor.value, comparison) : anchor.value;
  if (!negated && isGenericAt(reader, anchor.next) && !reader.draft.target) {
    reader.draft.target = own;
    reader.draft.spans.push(spanOf(reader, start, anchor.next, "target.concept"));
    return anchor.next + 2;
  }
  if (
    isPlaced &&
    !negated &&
    !reader.draft.target &&
    ["吗", "么", "嘛", "没有"].includes(wordAt(reader, anchor.next))
  ) {
    // 附近有医院吗: what is asked for is what is sought.
    reader.draft.target = own;
    if (distance) {
      reader.draft.distance = distance.value.distance;
      reader.draft.spans.push(spanOf(reader, i, distance.next, "distance"));
    }
    reader.draft.spans.push(spanOf(reader, start, anchor.next, "target.concept"));
    return anchor.next + 1;
  }
  const isModifier = wordAt(reader, anchor.next) === "的" || reader.draft.target !== null || isPlaced || negated;
  const listed = AND.has(wordAt(reader, anchor.next)) && nounAt(reader, anchor.next + 1);
  if (
    !isModifier &&
    !listed &&
    !["的", "且", "并", "但", "但是", "而", "又", "却", "并且", "而且", "又有", "也有", "还有", "且有"].includes(
      wordAt(reader, anchor.next),
    ) &&
    !followedByHead(reader, anchor.next)
  )
    return null;
  const predicate: PredicateId = distance
    ? "near"
    : side
      ? side === "inside"
        ? "contains"
        : (SEEN_FROM[side] ?? side)
      : "contains";
  const given = distance?.value.distance;
  const link: Side = given ? sideOf(predicate, given) : { predicate, distance: undefined };
  push(modifiers, relationOf(link, negated, [own]), i, anchor.next);
  return moreAnchors(modifiers, link, negated, anchor.next, () => true);
}

const ALSO_HAS = new Set(["又有", "也有", "还有", "和", "且有"]);
const CROSSED = new Set(["穿过", "跨越", "横穿", "穿越", "贯穿", "经过", "跨过"]);
/** 北边有河流的村庄 lies south of the river. */
const SEEN_FROM: Partial<Record<PredicateId, PredicateId>> = {
  north_of: "south_of",
  south_of: "north_of",
  east_of: "west_of",
  west_of: "east_of",
  left_of: "right_of",
  right_of: "left_of",
  above: "below",
  below: "above",
};
const GENERIC_SIDES = new Set(["范围", "范围内", "距离", "区域", "地方"]);

function withComparison(noun: Noun, op: Quantity["op"]): Noun {
  return noun.count ? { ...noun, count: { op, value: noun.count.value } } : noun;
}

/** In 有储罐，且靠近河流的工厂 the head comes after more modifiers. */
function followedByHead(reader: Reader, i: number): boolean {
  return (
    reader.tokens[i]?.kind === "mark" &&
    reader.tokens.slice(i).some(({ text }, k, rest) => text === "的" && rest[k + 1]?.kind === "concept")
  );
}
