import type { PredicateId } from "../../../knowledge/ontology/ids.ts";
import { phraseAt, phrases, type Read, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import type { Distance, GeoConstraint, Noun, Relation } from "../schema.ts";
import { DIAGONALS, type Link, linkAt, PARTICIPLES, RELATIONS } from "./links.ts";
import { type NounPhrase, nounAt, placeAt, unknownNameAt } from "./nouns.ts";
import { distanceAt } from "./quantities.ts";

/** "near a river", "within 500 m of Ellery", "between the river and the railway". */
export function relationAt(reader: Reader, i: number): number | null {
  const measured = measuredAt(reader, i);
  if (measured !== null) return measured;
  const diagonal = phraseAt(reader, i, DIAGONALS);
  if (diagonal) {
    const [first, second] = diagonal.value.map((predicate) =>
      boundTo(reader, { predicate, negated: false, distance: undefined, next: diagonal.next }, i),
    );
    return first ?? second ?? null;
  }
  const link = linkAt(reader, i);
  return link && boundTo(reader, link, i);
}

/** What a link leads to: a place, a name that nothing knows, or a noun. */
function boundTo(reader: Reader, link: Link, i: number): number | null {
  const { draft } = reader;
  const place = placeAt(reader, link.next);
  if (place) return addPlace(reader, link, place, i);
  const unknown = mayBePlace(link) && wordAt(reader, i) !== "by" ? unknownNameAt(reader, link.next) : null;
  const noun = nounAt(reader, link.next);
  if (unknown && (!noun || unknown.next > noun.next)) {
    const next = addPlace(reader, link, unknown, i);
    draft.unparsed.push({
      ...spanOf(reader, unknown.next - 1, unknown.next, "place"),
      ...nameSpan(reader, link.next, unknown),
    });
    return next;
  }
  return noun ? addRelation(reader, link, noun, i) : null;
}

function nameSpan(reader: Reader, from: number, { next }: Read<string>) {
  const start = wordAt(reader, from) === "the" ? from + 1 : from;
  return spanOf(reader, start, next, "place");
}

function mayBePlace({ predicate }: Link): boolean {
  return ["inside", "near", "far_from", "adjacent"].includes(predicate) || /_of$/.test(predicate);
}

function addPlace(reader: Reader, link: Link, place: Read<string>, i: number): number {
  const { draft } = reader;
  draft.geo.push(geoOf(link, place.value));
  draft.spans.push(spanOf(reader, i, place.next, `geo.${draft.geo.length - 1}`));
  let { next } = place;
  while (wordAt(reader, next) === "and" || wordAt(reader, next) === ",") {
    const more = placeAt(reader, next + 1);
    if (!more) break;
    draft.geo.push(geoOf(link, more.value));
    next = more.next;
  }
  return next;
}

/** A place with how the target lies to it. */
export function geoOf(link: Pick<Link, "predicate" | "negated" | "distance">, name: string): GeoConstraint {
  const { predicate, negated, distance } = link;
  const relation = distance
    ? distance.op === ">=" || predicate === "far_from" || negated
      ? "far_from"
      : /_of$/.test(predicate)
        ? (predicate as "north_of")
        : "near"
    : predicate === "inside"
      ? negated
        ? "outside"
        : "inside"
      : ["north_of", "south_of", "east_of", "west_of"].includes(predicate)
        ? (predicate as "north_of")
        : (predicate === "far_from") !== negated
          ? "far_from"
          : "near";
  return { kind: "place", name, relation, ...(distance && { distanceM: distance.value }) };
}

/** Life spans of anchors have no place in a Query; the word is reported instead of dropped. */
function reportLifeSpan(reader: Reader, { lifeSpan }: NounPhrase) {
  if (lifeSpan) reader.draft.unparsed.push(spanOf(reader, lifeSpan.from, lifeSpan.to, "unparsed"));
}

function addRelation(reader: Reader, link: Link, first: NounPhrase, i: number): number {
  const { draft } = reader;
  let { next } = first;
  const anchors = [first.value];
  if (link.predicate === "between") {
    const second = wordAt(reader, next) === "and" ? nounAt(reader, next + 1) : null;
    if (second) {
      anchors.push(second.value);
      next = second.next;
    } else if (first.value.count || reader.plurals.has(first.value)) {
      const { count: _, ...plain } = first.value;
      anchors.splice(0, 1, plain, { ...plain });
    }
  }
  const trailing = link.distance ? null : trailingDistance(reader, next);
  const distance = link.distance ?? trailing?.value;
  if (trailing) next = trailing.next;
  const relation: Relation = { ...bounded(link, distance), anchors };
  const instead = phraseAt(reader, next, INSTEAD);
  const replaced = instead && !draft.target ? nounAt(reader, instead.next) : null;
  if (replaced) {
    draft.swaps.push({ from: replaced.value.concept, to: first.value.concept });
    return replaced.next;
  }
  const subject = participleOwner(reader, i);
  push(reader, subject, relation, i, next);
  reportLifeSpan(reader, first);
  if (link.predicate === "between") return next;
  // "near a river and a railway" is both; "near a river or a lake" is either.
  for (;;) {
    const conjunction =
      wordAt(reader, next) === "," && wordAt(reader, next + 1) === "and" ? "and" : wordAt(reader, next);
    const at = wordAt(reader, next) === "," && conjunction === "and" ? next + 2 : next + 1;
    const isList = conjunction === "," && laterConjunction(reader, next + 1);
    if (!(conjunction === "and" || conjunction === "or" || conjunction === "nor" || isList)) return next;
    const more = linkAt(reader, at) ? null : nounAt(reader, at);
    if (!more || !endsPhrase(reader, more.next)) return next;
    if (conjunction === "or" && !link.negated) {
      draft.disjunctions.push({ relation, other: { ...relation, anchors: [more.value] } });
      reader.lastNoun = more.value;
    } else push(reader, subject, { ...bounded(link, distance), anchors: [more.value] }, next, more.next);
    next = more.next;
  }
}

function bounded(link: Link, distance: Distance | undefined): Omit<Relation, "anchors"> {
  const isFar = distance !== undefined && distance.op === ">=" && link.predicate === "near";
  const predicate = isFar ? "far_from" : link.predicate;
  const bound = distance && (predicate === "far_from" ? { op: ">=" as const, value: distance.value } : distance);
  return { predicate, negated: link.negated, ...(bound && { distanceM: bound }) };
}

/** In "a river, a railway and a road" a conjunction comes later. */
function laterConjunction(reader: Reader, i: number): boolean {
  const more = nounAt(reader, i);
  return (
    more !== null &&
    ["and", "or", ","].includes(wordAt(reader, more.next)) &&
    nounAt(reader, skip(reader, more.next, words(", and or"))) !== null
  );
}

/** Nothing is said of the noun that would make it a new subject: "near a river and warehouses are …". */
function endsPhrase(reader: Reader, i: number): boolean {
  return !["are", "have", "is", "has"].includes(wordAt(reader, i));
}

/** A participle right after an anchor speaks of that anchor. */
function participleOwner(reader: Reader, i: number): Noun | null {
  const { lastNoun, draft, attach } = reader;
  if (attach || !PARTICIPLES.has(wordAt(reader, i)) || lastNoun === draft.target || !lastNoun) return attach;
  return reader.tokens[i - 1]?.kind === "concept" ? lastNoun : attach;
}

function push(reader: Reader, owner: Noun | null, relation: Relation, from: number, to: number) {
  const { draft } = reader;
  if (owner && owner !== draft.target) owner.relations.push(relation);
  else {
    draft.relations.push(relation);
    draft.spans.push(spanOf(reader, from, to, `relations.${draft.relations.length - 1}`));
  }
  reader.lastNoun = relation.anchors.at(-1) ?? reader.lastNoun;
}

const INSTEAD = phrases([["instead of|rather than|in place of", true]]);
const OPEN = words("( ,");
const AROUND = words("around nearby");
/** A distance after the anchor, "(within 500 m)" or "within 500 m" that no "of" follows. */
function trailingDistance(reader: Reader, i: number): Read<Distance> | null {
  const distance = distanceAt(reader, skip(reader, i, OPEN));
  if (!distance || distance.next <= i) return null;
  const { next } = distance;
  if (["of", "from", "to"].includes(wordAt(reader, next)) || ["of", "from", "to"].includes(wordAt(reader, next - 1)))
    return null;
  const side = phraseAt(reader, next, RELATIONS);
  if (side && /_of$/.test(side.value) && nounAt(reader, side.next)) return null;
  const isBracketed = wordAt(reader, i) === "(";
  const around = skip(reader, next, AROUND);
  const end = isBracketed && wordAt(reader, around) === ")" ? around + 1 : around;
  return { value: distance.value, next: end };
}

const POSSESSIONS = phrases<boolean>([
  [
    "with|having|have|has|featuring|that have|which have|that has|which has|where there is|where there are|there is|there are|equipped with|accompanied by|complete with|served by|home to|that contain|which contain|boasting|filled with|full of|covered with|covered by|covered in|lined with|packed with|dotted with|studded with|crowded with|populated by|that include|that includes|that features|that feature|that holds|that hold|which holds|which hold",
    false,
  ],
  [
    "without|with no|having no|have no|has no|that lack|which lack|lacking|lack|lacks|that have no|which have no|that has no|which has no|where there is no|where there are no|there is no|there are no|don't have|doesn't have|do not have|does not have|that don't have|that doesn't have|that do not have|that does not have|which don't have|which do not have|not having|with not|devoid of|free of|no|not containing|not any|that contain no|containing no|not having any|with zero|with neither|have neither|has neither",
    true,
  ],
]);
/** "with a river to the north" lies south of the river. */
const SEEN_FROM = (
  [
    ["north", "south_of"],
    ["south", "north_of"],
    ["east", "west_of"],
    ["west", "east_of"],
    ["left", "right_of"],
    ["right", "left_of"],
  ] as const
).map(([side, predicate]): readonly [string, PredicateId] => [
  `to the ${side}|to its ${side}|to their ${side}|on its ${side}|on the ${side}|on its ${side} side|on the ${side} side|to the ${side} of it|to the ${side} of them|on its ${side}ern side`,
  predicate,
]);
const SIDES = phrases<PredicateId>([
  ...SEEN_FROM,
  [
    "beside them|beside it|beside|alongside|alongside it|alongside them|adjacent|adjacent to it|adjacent to them|next to it|next to them|next door|next to|right beside|right next to it|right next to them|by its side|on its side|at its side|at the side|on the side|to the side|by the side|attached|adjoining|right there",
    "adjacent",
  ],
  [
    "nearby|near by|around|around it|around them|close by|near it|near them|close to it|close to them|in the vicinity|in the neighbourhood|in the surroundings|in the area|within reach|in proximity|close at hand|not far away|near|close|in sight|not far off",
    "near",
  ],
  [
    "inside|inside it|inside them|within it|within them|in it|in them|on site|on its grounds|on them|on it|within its grounds|on the premises",
    "contains",
  ],
  ["all around|all around it|all around them|on all sides", "surrounded_by"],
  ["along it|along them", "along"],
]);

/** "with dense housing beside", "with no river within 1 km", "without trees". */
export function possessionAt(reader: Reader, i: number, isGeneric: boolean): number | null {
  const { draft } = reader;
  const where = whereAt(reader, i);
  if (where !== null) return where;
  const opener = phraseAt(reader, i, POSSESSIONS);
  if (!opener) return null;
  const negated = opener.value;
  if (i === 0 && !negated && ["have", "has", "there"].includes(wordAt(reader, i))) return null;
  // "without the ones at the port" excludes results; it is no property of the target.
  if (
    ["without", "with"].includes(wordAt(reader, i)) &&
    /^(the )?(ones|those|one)$/.test(
      `${wordAt(reader, opener.next)} ${wordAt(reader, opener.next + 1)}`.replace(
        /^(the (?:ones?|those)|ones?|those).*/,
        "$1",
      ),
    )
  )
    return null;
  // "with at least three tanks within 500 m" as well as "with, within 500 m, …"
  const lead = leadingSide(reader, opener.next);
  const found = nounAt(reader, lead?.next ?? opener.next);
  if (!found) return null;
  if (!draft.target && isGeneric && !negated) {
    draft.target = found.value;
    reader.lastNoun = found.value;
    draft.spans.push(spanOf(reader, opener.next, found.next, "target.concept"));
    return found.next;
  }
  if (!draft.target && !isGeneric && /^there/.test(wordAt(reader, i)) && !negated) return null;
  const nouns = [found.value];
  let { next } = found;
  while (["and", "or", "nor", ","].includes(wordAt(reader, next))) {
    const more = linkAt(reader, next + 1) ? null : nounAt(reader, skip(reader, next + 1, words("and no without also")));
    if (!more || !endsPhrase(reader, more.next)) break;
    nouns.push(more.value);
    next = more.next;
  }
  const side = lead ?? sideAt(reader, next);
  const after = Math.max(side?.next ?? next, next);
  const predicate = side?.value.predicate ?? "contains";
  for (const anchor of nouns) {
    const distanceM = side?.value.distance;
    push(
      reader,
      owner(reader, i),
      { predicate, negated, ...(distanceM && { distanceM }), anchors: [anchor] },
      i,
      after,
    );
  }
  return after;
}

function owner(reader: Reader, i: number): Noun | null {
  // "housing which contains …" was attached by the relative pronoun before.
  return i >= 0 ? reader.attach : null;
}

interface Side {
  readonly predicate: PredicateId;
  readonly distance: Distance | undefined;
}

const WHERE = phrases<boolean>([
  ["where", false],
  ["where no", true],
]);
const LIE = words("is are lies lie stands stand sits sit");

/** "where a lake is within 500 m", "where no school is nearby". */
function whereAt(reader: Reader, i: number): number | null {
  const opener = phraseAt(reader, i, WHERE);
  const found = opener && nounAt(reader, opener.next);
  const side = found && LIE.has(wordAt(reader, found.next)) ? sideAt(reader, found.next + 1) : null;
  if (!found || !side || !reader.draft.target) return null;
  const { predicate, distance } = side.value;
  const distanceM = distance && { distanceM: distance };
  push(reader, reader.attach, { predicate, negated: opener.value, ...distanceM, anchors: [found.value] }, i, side.next);
  return side.next;
}

const DISTANCE_LEADS = phrases([
  [
    "whose distance to|whose distance from|with a distance to|with a distance from|the distance to|distance to|the distance from",
    true,
  ],
]);

/** "whose distance to a lake is less than 500 m". */
function measuredAt(reader: Reader, i: number): number | null {
  const lead = reader.draft.target ? phraseAt(reader, i, DISTANCE_LEADS) : null;
  const found = lead && nounAt(reader, lead.next);
  const distance = found && distanceAt(reader, skip(reader, found.next, words("is of are should must be")));
  if (!found || !distance) return null;
  const isFar = distance.value.op === ">=";
  const relation: Relation = {
    predicate: isFar ? "far_from" : "near",
    negated: false,
    distanceM: distance.value,
    anchors: [found.value],
  };
  push(reader, reader.attach, relation, i, distance.next);
  return distance.next;
}

/** "with, within 500 m, a school". */
function leadingSide(reader: Reader, i: number): Read<Side> | null {
  const distance = distanceAt(reader, skip(reader, i, words(",")));
  if (!distance?.isStated) return null;
  return { value: { predicate: "near", distance: distance.value }, next: skip(reader, distance.next, words(",")) };
}

function sideAt(reader: Reader, i: number): Read<Side> | null {
  const trailing = trailingDistance(reader, i);
  if (trailing) {
    const isFar = trailing.value.op === ">=";
    return { value: { predicate: isFar ? "far_from" : "near", distance: trailing.value }, next: trailing.next };
  }
  const side = phraseAt(reader, i, SIDES);
  if (!side || nounAt(reader, side.next) || placeAt(reader, side.next)) return null;
  const distance = trailingDistance(reader, side.next);
  return {
    value: { predicate: distance ? "near" : side.value, distance: distance?.value },
    next: distance?.next ?? side.next,
  };
}
