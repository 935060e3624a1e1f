import { type Draft, emptyDraft, noun } from "../draft.ts";
import { joinedSpans, type Read, type Reader, spanOf, wordAt } from "../reader.ts";
import type { GeoConstraint, Noun, Relation } from "../schema.ts";
import type { Token } from "../tokens.ts";
import type { UnderstandContext } from "../turn.ts";
import { distanceOfAt, exclusionAt, insteadAt, newBoundAt, otherSideAt, removalAt, swapAt } from "./changes.ts";
import { isGenericAt, nounAt } from "./nouns.ts";
import { orderAt } from "./order.ts";
import { areaAt, distanceAt, numberAt, quantityAt } from "./quantities.ts";
import { type Modifiers, modifierAt, takePending } from "./relations.ts";
import { timeAt } from "./times.ts";
import { chineseTokens } from "./tokens.ts";
import {
  AFTER,
  AND_ALSO,
  BACKWARD,
  CLASSIFIERS,
  EDGES_ALONE,
  FILLER,
  GENERIC,
  OR,
  START_OVER,
  SWAP_VERBS,
  VIEWS,
} from "./vocabulary.ts";

/** Reads a Chinese message: modifiers stand before what they modify, joined by 的; the last free noun is the target. */
export function parseChinese(message: string, context: UnderstandContext): Draft {
  const reader: Reader = {
    message,
    tokens: chineseTokens(message, context.gazetteer),
    context,
    draft: emptyDraft(),
    attach: null,
    lastNoun: null,
    plurals: new Set(),
    depth: 0,
    noNouns: new Set(),
    groups: new Map(),
    groupAt,
  };
  const { draft, tokens } = reader;
  const modifiers: Modifiers = { pending: [], reader };
  for (let i = 0; i < tokens.length; ) {
    const before = modifiers.pending.length;
    const next = phraseOf(modifiers, i);
    if (OR.has(wordAt(reader, i - 1))) takeAsAlternative(modifiers, before);
    if (next !== null && next > i) {
      i = next;
      continue;
    }
    singleAt(reader, i);
    i += 1;
  }
  if (!draft.target) promoteContent(modifiers);
  for (const { relation, from, to } of modifiers.pending) {
    draft.relations.push(relation);
    draft.spans.push(spanOf(reader, from, to, `relations.${draft.relations.length - 1}`));
  }
  draft.unparsed = joinedSpans(draft.unparsed, message);
  return draft;
}

/** 靠近河流或靠近湖泊: one relation more is another reading of the one before. */
function takeAsAlternative({ pending, reader }: Modifiers, before: number) {
  const relation = pending[before - 1]?.relation;
  const other = pending[before]?.relation;
  if (!relation || !other || pending.length !== before + 1 || relation.negated || other.negated) return;
  pending.pop();
  reader.draft.disjunctions.push({ relation, other });
}

/** 有密集住宅但没有公园的地方, 光伏电站中最大的三个: what the places have, or what the choice is made of, is what is sought. */
function promoteContent({ pending, reader }: Modifiers) {
  const { sort } = reader.draft;
  const among = pending.at(-1);
  if (sort && !sort.anchor && among?.relation.predicate === "inside" && /[中里]$/.test(wordAt(reader, among.to - 1))) {
    pending.pop();
    reader.draft.target = among.relation.anchors[0] ?? null;
    reader.draft.spans.push(spanOf(reader, among.from, among.to, "target.concept"));
    return;
  }
  const isGeneric = reader.tokens.some((_, i) => isGenericAt(reader, i));
  const index = pending.findIndex(({ relation }) => relation.predicate === "contains" && !relation.negated);
  const [content] = isGeneric && index >= 0 ? pending.splice(index, 1) : [];
  const sought = content?.relation.anchors[0];
  if (!content || !sought) return;
  reader.draft.target = sought;
  reader.draft.spans.push(spanOf(reader, content.from, content.to, "target.concept"));
}

function phraseOf(modifiers: Modifiers, i: number): number | null {
  const { reader } = modifiers;
  if (START_OVER.has(wordAt(reader, i))) {
    reader.draft.startsOver = true;
    return i + 1;
  }
  const denied = reader.tokens[i + 1];
  const afterDenied = nounAt(reader, i + 1);
  const isLast =
    afterDenied !== null &&
    (reader.tokens[afterDenied.next] === undefined || reader.tokens[afterDenied.next]?.kind === "mark");
  const isNot =
    ["不", "不是", "非", "并非", "未", "没"].includes(wordAt(reader, i)) || (wordAt(reader, i) === "没有" && isLast);
  if (isNot && denied?.kind === "attribute") {
    // 不是白色的建筑
    reader.draft.excludedAttributes.push(denied.attribute);
    reader.draft.spans.push(spanOf(reader, i, i + 2, "exclude"));
    return wordAt(reader, i + 2) === "的" ? i + 3 : i + 2;
  }
  return (
    viewAt(reader, i) ??
    removalAt(reader, i) ??
    swapAt(reader, i) ??
    insteadAt(modifiers, i) ??
    distanceOfAt(reader, i) ??
    newBoundAt(reader, i) ??
    otherSideAt(reader, i) ??
    orderAt(reader, i) ??
    timeAt(reader, i) ??
    exclusionAt(modifiers, i) ??
    modifierAt(modifiers, i) ??
    bareAt(modifiers, i)
  );
}

/** 这里, 当前视图里, 我画的区域内, 城镇边缘. */
function viewAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  const at = ["在", "于", "位于"].includes(wordAt(reader, i)) ? i + 1 : i;
  const add = (constraint: GeoConstraint, next: number) => {
    draft.geo.push(constraint);
    draft.spans.push(spanOf(reader, i, next, `geo.${draft.geo.length - 1}`));
    return next;
  };
  const isDenied = ["不在", "不要", "非"].includes(wordAt(reader, i)) && VIEWS.has(wordAt(reader, i + 1));
  const start = isDenied ? i + 1 : at;
  const kind = VIEWS.get(wordAt(reader, start));
  if (kind) {
    const isOutside = ["以外", "之外", "外", "外面"].includes(wordAt(reader, start + 1));
    const side = AFTER.get(wordAt(reader, start + 1));
    const isPlaced = isOutside || side === "inside" || side === "near";
    return add({ kind, relation: isOutside !== isDenied ? "outside" : "inside" }, isPlaced ? start + 2 : start + 1);
  }
  return EDGES_ALONE.has(wordAt(reader, at)) ? add({ kind: "edge_of" }, at + 1) : null;
}

/** A size, a distance, a count or the noun that is sought. */
function bareAt(modifiers: Modifiers, i: number): number | null {
  const { reader } = modifiers;
  const { draft } = reader;
  const size = areaAt(reader, i);
  if (size) {
    draft.areaM2 = size.value.quantity;
    draft.isBareSize = size.value.isBare;
    draft.spans.push(spanOf(reader, i, size.next, "target.areaM2"));
    return size.next;
  }
  const distance = distanceAt(reader, i);
  if (distance) {
    draft.distance = distance.value.distance;
    draft.isBareDistance = distance.value.isBare;
    draft.spans.push(spanOf(reader, i, distance.next, "distance"));
    return distance.next;
  }
  const bare = numberAt(reader, i);
  const isNewLimit =
    bare && !draft.target && (SWAP_VERBS.has(wordAt(reader, i - 1)) || ["改", "要"].includes(wordAt(reader, i - 1)));
  if (bare && isNewLimit && CLASSIFIERS.has(wordAt(reader, bare.next)) && !nounAt(reader, i)) {
    // 改成5个
    draft.bareNumber = bare.value;
    draft.spans.push(spanOf(reader, i, bare.next + 1, "limit"));
    return bare.next + 1;
  }
  const locative = locativeAt(modifiers, i);
  if (locative !== null) return locative;
  const found = nounAt(reader, i);
  if (found) return targetAt(modifiers, found, i);
  const quantity = quantityAt(reader, i);
  if (quantity?.isStated) {
    draft.count = quantity.value;
    draft.spans.push(spanOf(reader, i, quantity.next, "target.count"));
    return quantity.next;
  }
  return null;
}

/** Words that name where rather than what when another noun comes: 海边至少十个储罐, 市中心最古老的教堂. */
const LOCATIVES = new Set([
  "海边",
  "海滨",
  "滨海",
  "沿海",
  "岸边",
  "沿海地区",
  "滨海地区",
  "市中心",
  "城市中心",
  "城区",
  "市区",
  "中心城区",
  "山区",
  "闹市区",
]);

function locativeAt({ pending, reader }: Modifiers, i: number): number | null {
  const token = reader.tokens[i];
  if (token?.kind !== "concept" || !LOCATIVES.has(token.text) || reader.draft.target) return null;
  const hasHead = reader.tokens.slice(i + 1).some(({ kind }) => kind === "concept");
  if (!hasHead || reader.tokens[i + 1]?.kind === "mark") return null;
  const predicate = token.concept === "coast" ? "near" : "inside";
  pending.push({ relation: { predicate, negated: false, anchors: [noun(token.concept)] }, from: i, to: i + 1 });
  return i + 1;
}

function targetAt(
  modifiers: Modifiers,
  found: Read<Noun> & { readonly bareCount: Noun["count"] | null },
  i: number,
): number {
  const { reader, pending } = modifiers;
  const { draft } = reader;
  const previous = draft.spans.find(({ slot }) => slot === "target.concept");
  const isOfPrevious =
    draft.target !== null && wordAt(reader, i - 1) === "的" && previous?.end === reader.tokens[i - 2]?.end;
  if (draft.target && isOfPrevious && draft.target.concept !== found.value.concept) {
    // 机场的跑道: what a thing has lies in it. What stood before it was said of it, too.
    const start = reader.tokens.findIndex((token) => token.start === previous?.start);
    takePending(modifiers, draft.target, start);
    pending.push({
      relation: {
        predicate:
          draft.target.concept === "large_roof" || draft.target.count
            ? "contains"
            : ["coast", "highway_exit"].includes(draft.target.concept)
              ? "near"
              : "inside",
        negated: false,
        anchors: [draft.target],
      },
      from: i - 2,
      to: i - 1,
    });
    draft.spans = draft.spans.filter(({ slot }) => slot !== "target.concept");
  } else if (draft.target) {
    const isLater = pending.length > 0 && wordAt(reader, i - 1) !== "的" && previous !== undefined;
    if (isLater && reader.tokens[i - 1]?.kind !== "mark") {
      draft.unparsed.push(spanOf(reader, i, found.next, "unparsed"));
      return found.next;
    }
    if (previous && draft.target.concept !== found.value.concept)
      draft.unparsed.push({ ...previous, slot: "unparsed" });
    draft.spans = draft.spans.filter(({ slot }) => slot !== "target.concept");
  }
  draft.target = found.value;
  if (found.bareCount) {
    // 显示5个采石场: a bare number before the target asks for so many results.
    delete found.value.count;
    if (draft.limit === undefined && Number.isInteger(found.bareCount.value) && found.bareCount.value > 1)
      draft.limit = found.bareCount.value;
  }
  reader.lastNoun = found.value;
  draft.spans.push(spanOf(reader, i, found.next, "target.concept"));
  return isGenericAt(reader, found.next) ? found.next + 2 : found.next;
}

/** （靠近河流，沿铁路分布）after an anchor: the relations of that anchor. */
function groupAt(reader: Reader, i: number): Read<Relation[]> | null {
  if (wordAt(reader, i) !== "(") return null;
  const known = reader.groups.get(i);
  if (known !== undefined) return known;
  reader.groups.set(i, null);
  const inner: Modifiers = { pending: [], reader: { ...reader, draft: emptyDraft() } };
  for (let at = i + 1; at < reader.tokens.length; ) {
    if (wordAt(reader, at) === ")") {
      if (inner.pending.length > 0)
        reader.groups.set(i, { value: inner.pending.map(({ relation }) => relation), next: at + 1 });
      break;
    }
    const isJoint =
      reader.tokens[at]?.kind === "mark" || AND_ALSO.has(wordAt(reader, at)) || wordAt(reader, at) === "的";
    const next = isJoint ? at + 1 : modifierAt(inner, at);
    if (next === null || next <= at) break;
    at = next;
  }
  return reader.groups.get(i) ?? null;
}

/** One token that no phrase takes. */
function singleAt(reader: Reader, i: number) {
  const { draft } = reader;
  const token = reader.tokens[i] as Token;
  if (token.kind === "attribute") {
    draft.attributes.push(token.attribute);
    draft.spans.push(spanOf(reader, i, i + 1, "target.attributes"));
  } else if (token.kind === "rank")
    draft.ranks.push({ rank: token.value, start: token.start, end: token.end, text: token.text });
  else if (token.kind === "place") {
    draft.geo.push({ kind: "place", name: token.name, relation: "inside" });
    draft.spans.push(spanOf(reader, i, i + 1, `geo.${draft.geo.length - 1}`));
  } else if (SWAP_VERBS.has(token.text)) draft.isInstead = true;
  else if (BACKWARD.has(token.text)) draft.pointsBack = true;
  else if (token.kind !== "mark" && !FILLER.has(token.text) && !AND_ALSO.has(token.text) && !GENERIC.has(token.text))
    draft.unparsed.push(spanOf(reader, i, i + 1, "unparsed"));
}
