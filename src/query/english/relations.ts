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
  if (wordAt(reader, link.next) === "here") {
    const { name: _, ...side } = geoOf(link, "");
    draft.geo.push({ ...side, kind: "viewport" });
    draft.spans.push(spanOf(reader, i, link.next + 1, `geo.${draft.geo.length - 1}`));
    return link.next + 1;
  }
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
export function endsPhrase(reader: Reader, i: number): boolean {
  return !["are", "have", "is", "has"].includes(wordAt(reader, i));
}

/** A participle right after an anchor speaks of that anchor. */
function participleOwner(reader: Reader, i: number): Noun | null {
  const { lastNoun, draft, attach } = reader;
  if (attach || !PARTICIPLES.has(wordAt(reader, i)) || lastNoun === draft.target || !lastNoun) return attach;
  return reader.tokens[i - 1]?.kind === "concept" ? lastNoun : attach;
}

/** Puts a relation to the noun it belongs to, or to the target. */
export function push(reader: Reader, owner: Noun | null, relation: Relation, from: number, to: number) {
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
export function trailingDistance(reader: Reader, i: number): Read<Distance> | null {
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
