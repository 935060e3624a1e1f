import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { type Draft, emptyDraft } from "../draft.ts";
import { joinedSpans, phraseAt, phrases, type Read, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import type { GeoConstraint, Noun, Relation } from "../schema.ts";
import type { Token } from "../tokens.ts";
import type { UnderstandContext } from "../turn.ts";
import { exclusionAt } from "./exclusions.ts";
import { linkAt } from "./links.ts";
import { nounAt, placeAt, unknownNameAt } from "./nouns.ts";
import { orderAt } from "./order.ts";
import { possessionAt } from "./possessions.ts";
import { areaAt, distanceAt, numberAt, quantityAt } from "./quantities.ts";
import { relationAt } from "./relations.ts";
import { removalAt, swapAt } from "./removals.ts";
import { setLifeSpan, timeAt } from "./times.ts";
import { englishTokens } from "./tokens.ts";
import { viewAt } from "./views.ts";
import { BACKWARD, COPULAS_MANY, COPULAS_ONE, FILLER, GENERIC, NEGATIONS } from "./vocabulary.ts";

const START_OVER = phrases([
  [
    "forget that|forget it|forget all that|forget everything|forget this|never mind|nevermind|scrap that|new search|start over|start again|start afresh|something else|different question|another question|new question|new topic|different topic|instead of that|leave that",
    true,
  ],
]);

/**
 * Reads an English message from left to right: views, order, times, exclusions, relations, sizes and nouns, the longest
 * phrase first; what nothing accounts for is reported.
 */
export function parseEnglish(message: string, context: UnderstandContext): Draft {
  const reader: Reader = {
    message,
    tokens: englishTokens(message, context.gazetteer),
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
  let isGeneric = false;
  for (let i = 0; i < tokens.length; ) {
    const before = draft.relations.length;
    const next = clauseAt(reader, i) ?? phraseOf(reader, i, isGeneric);
    if (wordAt(reader, i - 1) === "or") takeAsAlternative(reader, before);
    if (next !== null && next > i) {
      i = next;
      continue;
    }
    if (GENERIC.has(wordAt(reader, i))) isGeneric = true;
    singleAt(reader, i);
    i += 1;
  }
  draft.unparsed = joinedSpans(draft.unparsed, message);
  return draft;
}

/** "near a lake or along a river": one relation more is another reading of the one before. */
function takeAsAlternative({ draft }: Reader, before: number) {
  const relation = draft.relations[before - 1];
  const other = draft.relations[before];
  if (!relation || !other || draft.relations.length !== before + 1 || relation.negated || other.negated) return;
  draft.relations.pop();
  draft.disjunctions.push({ relation, other });
}

/** Words that say which noun the next relation belongs to. */
function clauseAt(reader: Reader, i: number): number | null {
  const word = wordAt(reader, i);
  if (
    ["that", "which", "who", "where", "itself"].includes(word) ||
    (word === "and" && ["that", "which"].includes(wordAt(reader, i + 1)))
  ) {
    const at = word === "and" ? i + 2 : word === "itself" ? i : i + 1;
    const verb = wordAt(reader, at);
    const isOne = COPULAS_ONE.has(verb);
    if (!isOne && !COPULAS_MANY.has(verb) && !linkAt(reader, at)) return null;
    reader.attach = clauseOwner(reader, isOne, COPULAS_MANY.has(verb), wordAt(reader, i - 1) === ",");
    const isAuxiliary = [
      "is",
      "are",
      "was",
      "were",
      "itself",
      "lies",
      "lie",
      "sits",
      "sit",
      "stands",
      "stand",
      "runs",
      "run",
    ].includes(verb);
    // "isn't", "contains", "has no": the verb itself is read as a relation or possession.
    return isAuxiliary ? skip(reader, at + 1, words("itself themselves located situated also been being both")) : at;
  }
  if (word === ")") {
    reader.attach = null;
    return i + 1;
  }
  if (["and", "but", ",", ";", "or", "plus", "yet", "while", "though", "although"].includes(word)) {
    // "which is near a station and far from a river": the clause goes on.
    const goesOn = word === "and" && reader.attach !== null && linkAt(reader, i + 1) !== null;
    if (!goesOn && !["that", "which"].includes(wordAt(reader, i + 1))) reader.attach = null;
    return i + 1;
  }
  return null;
}

/** The nearest noun that agrees with the verb in number; after a comma the target, when it agrees. */
function clauseOwner(reader: Reader, isOne: boolean, isMany: boolean, afterComma: boolean) {
  const { lastNoun, draft, plurals } = reader;
  if (!lastNoun || lastNoun === draft.target) return null;
  const agrees = isOne ? !plurals.has(lastNoun) : !isMany || plurals.has(lastNoun);
  if (!agrees && draft.target) return null;
  if (afterComma && draft.target) {
    const targetAgrees = isOne ? !plurals.has(draft.target) : plurals.has(draft.target);
    if (targetAgrees) return null;
  }
  return lastNoun;
}

function phraseOf(reader: Reader, i: number, isGeneric: boolean): number | null {
  const { draft } = reader;
  if (i === 0 || !draft.target) {
    const over = phraseAt(reader, i, START_OVER);
    if (over && !(wordAt(reader, over.next) === "about")) {
      draft.startsOver = true;
      return over.next;
    }
  }
  const denied = reader.tokens[i + 1];
  if (NEGATIONS.has(wordAt(reader, i)) && denied?.kind === "attribute" && !reader.attach) {
    draft.excludedAttributes.push(denied.attribute);
    draft.spans.push(spanOf(reader, i, i + 2, "exclude"));
    return i + 2;
  }
  const idle = phraseAt(reader, i, IDLE);
  if (idle) return idle.next;
  const view = viewAt(reader, i) ?? deniedView(reader, i);
  if (view) {
    draft.geo.push(view.value);
    draft.spans.push(spanOf(reader, i, view.next, `geo.${draft.geo.length - 1}`));
    return view.next;
  }
  return (
    theSameAt(reader, i) ??
    otherSideAt(reader, i) ??
    removalAt(reader, i) ??
    swapAt(reader, i) ??
    countOfThemAt(reader, i) ??
    orderAt(reader, i) ??
    timeAt(reader, i) ??
    exclusionAt(reader, i) ??
    possessionAt(reader, i, isGeneric) ??
    distanceOfAt(reader, i) ??
    ofPlaceAt(reader, i) ??
    relationAt(reader, i) ??
    bareAt(reader, i, isGeneric)
  );
}

const IDLE = phrases([["look at|looking at|have a look at|take a look at|a look at", true]]);

/** "not in this view", "outside the drawn area". */
function deniedView(reader: Reader, i: number): Read<GeoConstraint> | null {
  const isOutside = wordAt(reader, i) === "outside";
  if (!isOutside && !NEGATIONS.has(wordAt(reader, i))) return null;
  const found = viewAt(reader, isOutside ? i : i + 1, isOutside);
  if (!found || found.value.kind === "edge_of") return null;
  return { value: { ...found.value, relation: "outside" }, next: found.next };
}

/** "make the port distance 3 km", "the distance to the port 3 km". */
function distanceOfAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  if (draft.target) return null;
  const verb = wordAt(reader, i);
  if (["make", "set", "change", "put", "let"].includes(verb)) {
    const found = nounAt(reader, i + 1);
    const length = found && distanceAt(reader, skip(reader, found.next, words("distance to be is as at within")));
    if (!found || !length) return null;
    return boundTo(reader, found.value.concept, length, i);
  }
  let anchor: { concept: ConceptId; next: number } | null = null;
  const start = skip(reader, i, words("the"));
  if (
    ["distance", "radius"].includes(wordAt(reader, start)) &&
    ["to", "from", "of"].includes(wordAt(reader, start + 1))
  ) {
    const found = nounAt(reader, start + 2);
    if (found) anchor = { concept: found.value.concept, next: found.next };
  } else {
    const found = nounAt(reader, i);
    if (found && ["distance", "radius", "limit", "range"].includes(wordAt(reader, found.next)))
      anchor = { concept: found.value.concept, next: found.next + 1 };
  }
  if (!anchor) return null;
  const at = skip(reader, anchor.next, words("to be is as should = :"));
  const distance = distanceAt(reader, at);
  return distance && boundTo(reader, anchor.concept, distance, i);
}

function boundTo(
  reader: Reader,
  anchor: ConceptId,
  distance: NonNullable<ReturnType<typeof distanceAt>>,
  i: number,
): number {
  const { draft } = reader;
  draft.distance = distance.value;
  draft.isBareDistance = !distance.isStated;
  draft.distanceOf = anchor;
  draft.spans.push(spanOf(reader, i, distance.next, "distance"));
  return distance.next;
}

const THE_SAME = phrases([
  [
    "the same with|same with|the same for|same for|the same thing for|same thing for|do the same for|likewise for|do the same with|the same search for|same search for|same question for",
    true,
  ],
]);

const OF_THEM = phrases([["of them|of these|of those|of which|in total|in number", true]]);

/** "storage tanks, at least ten of them", "tanks (at least 10)". */
function countOfThemAt(reader: Reader, i: number): number | null {
  const { target } = reader.draft;
  const quantity = target && reader.attach === null ? quantityAt(reader, i) : null;
  if (!quantity?.isStated || !target) return null;
  const after = phraseAt(reader, quantity.next, OF_THEM);
  const isBracketed = wordAt(reader, i - 1) === "(" && wordAt(reader, quantity.next) === ")";
  if (!after && !isBracketed) return null;
  target.count = quantity.value;
  reader.draft.spans.push(spanOf(reader, i, quantity.next, "target.count"));
  return after?.next ?? quantity.next;
}

/** "the quarries of Ellery". */
function ofPlaceAt(reader: Reader, i: number): number | null {
  if (wordAt(reader, i) !== "of") return null;
  const place = placeAt(reader, i + 1);
  const unknown = place ? null : unknownNameAt(reader, i + 1);
  const isName = unknown !== null && /^\p{Lu}/u.test(unknown.value);
  const found = place ?? (isName ? unknown : null);
  if (!found) return null;
  const { draft } = reader;
  draft.geo.push({ kind: "place", name: found.value, relation: "inside" });
  const span = spanOf(reader, i + 1, found.next, `geo.${draft.geo.length - 1}`);
  draft.spans.push(span);
  if (!place) draft.unparsed.push({ ...span, slot: "place" });
  return found.next;
}

/** "the same with mines": the words before the noun that takes the target's place. */
function theSameAt(reader: Reader, i: number): number | null {
  const same = phraseAt(reader, i, THE_SAME);
  return same && !reader.draft.target && nounAt(reader, same.next) ? same.next : null;
}

const OTHER_SIDES = phrases([
  [
    "the other side of|on the other side of|the opposite side of|on the opposite side of|the far side of|across the other side of|the opposite bank of|the other bank of|opposite side of|other side of",
    true,
  ],
]);

/** "what about the other side of the river?" */
function otherSideAt(reader: Reader, i: number): number | null {
  const side = phraseAt(reader, i, OTHER_SIDES);
  const anchor = side && !reader.draft.target ? nounAt(reader, side.next) : null;
  if (!anchor) return null;
  reader.draft.otherSideOf.push(anchor.value.concept);
  return anchor.next;
}

/** A size, a distance, a count or a noun that no preposition binds. */
function bareAt(reader: Reader, i: number, isGeneric: boolean): number | null {
  const { draft } = reader;
  const size = areaAt(reader, i);
  if (size) {
    if (draft.target) draft.target.areaM2 = size.value.quantity;
    else draft.areaM2 = size.value.quantity;
    draft.isBareSize = size.value.isBare;
    draft.spans.push(spanOf(reader, i, size.next, "target.areaM2"));
    return size.next;
  }
  const distance = distanceAt(reader, i);
  if (distance) {
    draft.distance = distance.value;
    draft.isBareDistance = !distance.isStated;
    draft.spans.push(spanOf(reader, i, distance.next, "distance"));
    return distance.next;
  }
  const counted = nounAt(reader, i, isGeneric);
  if (counted && !draft.target) {
    draft.target = counted.value;
    reader.lastNoun = counted.value;
    draft.spans.push(spanOf(reader, i, counted.next, "target.concept"));
    limitBefore(reader, i);
    const { lifeSpan } = counted;
    if (lifeSpan) setLifeSpan(reader, lifeSpan.kind, lifeSpan.from, lifeSpan.to);
    return counted.next;
  }
  if (counted) {
    draft.unparsed.push(spanOf(reader, i, counted.next, "unparsed"));
    return counted.next;
  }
  const number = numberAt(reader, i);
  if (number && !draft.target && isBareNumber(reader, i, number.next)) {
    draft.bareNumber = number.value;
    draft.spans.push(spanOf(reader, i, number.next, "limit"));
    return number.next;
  }
  const quantity = quantityAt(reader, i);
  if (quantity?.isStated && !draft.target) {
    draft.count = quantity.value;
    draft.spans.push(spanOf(reader, i, quantity.next, "target.count"));
    return quantity.next;
  }
  return null;
}

/** "(that is near a river and that is beside a road)" after an anchor: the relations of that anchor. */
function groupAt(reader: Reader, i: number): Read<Relation[]> | null {
  if (wordAt(reader, i) !== "(" || !["that", "which"].includes(wordAt(reader, i + 1))) return null;
  const known = reader.groups.get(i);
  if (known !== undefined) return known;
  reader.groups.set(i, null);
  const owner: Noun = { concept: "building", attributes: [], relations: [] };
  const inner: Reader = { ...reader, draft: emptyDraft(), attach: owner, lastNoun: owner };
  for (let at = i + 1; at < reader.tokens.length; ) {
    if (wordAt(reader, at) === ")") {
      const group = { value: owner.relations, next: at + 1 };
      if (owner.relations.length > 0) reader.groups.set(i, group);
      break;
    }
    const start = skip(reader, at, words("that which is are and , also"));
    const next = relationAt(inner, start);
    if (next === null) break;
    inner.attach = owner;
    at = next;
  }
  return reader.groups.get(i) ?? null;
}

/** "make it 5", "5 instead". */
function isBareNumber(reader: Reader, i: number, next: number): boolean {
  const isLed = ["it", "that", "to", "about", "them", "only", "just"].includes(wordAt(reader, i - 1));
  const end = skip(reader, next, words("instead please now of them results . ! ?"));
  return end >= reader.tokens.length && (isLed || wordAt(reader, next) === "instead");
}

/** "show me 5 quarries": a bare number before the target asks for so many results. */
function limitBefore(reader: Reader, i: number) {
  const { draft } = reader;
  const quantity = quantityAt(reader, i);
  if (
    quantity &&
    !quantity.isStated &&
    !draft.target?.count &&
    draft.limit === undefined &&
    Number.isInteger(quantity.value.value) &&
    quantity.value.value > 0
  ) {
    draft.limit = quantity.value.value;
    draft.spans.push(spanOf(reader, i, quantity.next, "limit"));
  }
}

/** One token that no phrase takes. */
function singleAt(reader: Reader, i: number) {
  const { draft } = reader;
  const token = reader.tokens[i] as Token;
  const word = wordAt(reader, i);
  if (token.kind === "rank") {
    draft.ranks.push({ rank: token.value, start: token.start, end: token.end, text: token.text });
    return;
  }
  // "narrow it down" is no shape.
  if (word === "narrow" && ["it", "down", "this", "that", "them", "the"].includes(wordAt(reader, i + 1))) return;
  if (token.kind === "attribute" && reader.attach) {
    // "a beach that is crowded" says it of the beach; what it is not has no slot there.
    if (NEGATIONS.has(wordAt(reader, i - 1))) draft.unparsed.push(spanOf(reader, i - 1, i + 1, "unparsed"));
    else reader.attach.attributes.push(token.attribute);
    return;
  }
  if (token.kind === "attribute") {
    draft.attributes.push(token.attribute);
    draft.spans.push(spanOf(reader, i, i + 1, "target.attributes"));
    return;
  }
  const place = placeAt(reader, i);
  if (place && token.kind === "place") {
    draft.geo.push({ kind: "place", name: place.value, relation: "inside" });
    draft.spans.push(spanOf(reader, i, i + 1, `geo.${draft.geo.length - 1}`));
    return;
  }
  if (token.kind === "mark") return;
  if (word === "instead") draft.isInstead = true;
  if (BACKWARD.has(word)) draft.pointsBack = true;
  // A denial of an attribute is read with the attribute.
  if (NEGATIONS.has(word) && reader.tokens[i + 1]?.kind === "attribute") return;
  if (!FILLER.has(word) && !GENERIC.has(word)) draft.unparsed.push(spanOf(reader, i, i + 1, "unparsed"));
}
