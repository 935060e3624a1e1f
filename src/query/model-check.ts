import type { Noun, Query, Relation } from "./schema.ts";
import { normalise } from "./tokens.ts";
import type { Turn } from "./turn.ts";

/** "take" the model's reading, "drop" it, or "ask" which of the two is meant. */
export type Verdict = "take" | "drop" | "ask";

const NEGATIONS =
  /\b(not|no|never|without|except|excluding|neither|nor|lack\w*|avoid\w*|away|outside|far)\b|n't|不|没|无|除|非|远离|排除|去掉/;

/**
 * Holds a model's reading against the message and the grammar's reading. Every number, date and place name of it must stand in
 * the message; what the grammar read must be in it unchanged; where both read the same thing otherwise, a person decides.
 */
export function checkReading(reading: Query, turn: Turn, message: string, standing: Query | null): Verdict {
  const plain = normalise(message);
  const known = turn.query ?? (turn.intent === "refine" ? standing : null);
  if (!isBacked(reading, plain, known)) return "drop";
  if (!turn.query) return deniesNothing(reading, plain) ? "take" : "drop";
  if (conflicts(turn.query, reading)) return "ask";
  return isLeftOut(turn.query, reading) ? "drop" : "take";
}

interface Facts {
  readonly concepts: readonly string[];
  readonly numbers: readonly number[];
  readonly names: readonly string[];
  readonly dates: readonly string[];
  readonly negated: boolean;
}

function factsOf(query: Query): Facts {
  const concepts: string[] = [];
  const numbers: number[] = [];
  let negated =
    query.exclude.length > 0 || query.geo.some(({ relation }) => relation === "outside" || relation === "far_from");
  const noun = ({ concept, count, areaM2, relations }: Noun) => {
    concepts.push(concept);
    if (count) numbers.push(count.value);
    if (areaM2) numbers.push(areaM2.value);
    for (const one of relations) relation(one);
  };
  const relation = (one: Relation) => {
    negated ||= one.negated || one.predicate === "far_from";
    if (one.distanceM) numbers.push(one.distanceM.value);
    for (const anchor of one.anchors) noun(anchor);
  };
  noun({ ...query.target, relations: [] });
  for (const one of query.relations) relation(one);
  for (const one of query.exclude) if (!("region" in one)) noun(one);
  if (query.sort?.anchor) noun(query.sort.anchor);
  if (query.limit !== undefined && query.limit !== 1) numbers.push(query.limit);
  for (const { distanceM } of query.geo) if (distanceM !== undefined) numbers.push(distanceM);
  return {
    concepts,
    numbers,
    names: query.geo.flatMap(({ name }) => name ?? []),
    dates: [query.time?.from, query.time?.to].flatMap((date) => date ?? []),
    negated,
  };
}

/** Factors between the units people say and the metres and square metres of a Query. */
const FACTORS = [1, 1000, 0.3048, 0.9144, 1609.344, 500, 10_000, 1_000_000, 4046.8564224, 2000 / 3, 0.5, 100];
const NUMBER_WORDS =
  /\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|half|couple|several|few|pair|walk\w*)\b|[一二三四五六七八九十百千万两半几]|步行/;

/** Numbers, dates and names that neither the message nor the grammar's reading holds were made up. Regions are never the model's to name. */
function isBacked(reading: Query, plain: string, known: Query | null): boolean {
  const facts = factsOf(reading);
  const read = known ? factsOf(known) : null;
  const said = [...plain.matchAll(/\d+(?:[.,]\d+)*/g)].map(([text]) => Number(text.replaceAll(",", "")));
  const hasWords = NUMBER_WORDS.test(plain);
  const isSaid = (value: number) =>
    hasWords ||
    (read?.numbers.includes(value) ?? false) ||
    said.some((number) => FACTORS.some((factor) => Math.abs(number * factor - value) <= 0.01 * Math.max(1, value)));
  const knownRegions = known?.exclude ?? [];
  return (
    facts.numbers.every(isSaid) &&
    facts.names.every((name) => plain.includes(normalise(name)) || (read?.names.includes(name) ?? false)) &&
    facts.dates.every((date) => plain.includes(date.slice(0, 4)) || (read?.dates.includes(date) ?? false)) &&
    reading.exclude.every(
      (one) => !("region" in one) || knownRegions.some((other) => "region" in other && other.region === one.region),
    ) &&
    reading.geo.every(({ bbox, polygon }) => bbox === undefined && polygon === undefined)
  );
}

/** A message that denies something needs a reading that does, and the other way round. */
function deniesNothing(reading: Query, plain: string): boolean {
  return factsOf(reading).negated === NEGATIONS.test(plain);
}

/** The same thing read in another way: another target, another number, the contrary. */
function conflicts(own: Query, other: Query): boolean {
  if (own.target.concept !== other.target.concept) return true;
  if (differs(own.target.count, other.target.count) || differs(own.target.areaM2, other.target.areaM2)) return true;
  if (own.limit !== undefined && other.limit !== undefined && own.limit !== other.limit) return true;
  return own.relations.some((relation) => {
    const twin = other.relations.find((one) => sameAnchors(one, relation));
    if (!twin) return false;
    return (
      twin.negated !== relation.negated ||
      differs(relation.distanceM, twin.distanceM) ||
      twin.predicate !== relation.predicate
    );
  });
}

function differs(
  own: { op: string; value: number } | undefined,
  other: { op: string; value: number } | undefined,
): boolean {
  return (
    own !== undefined &&
    other !== undefined &&
    (own.op !== other.op || Math.abs(own.value - other.value) > 0.01 * own.value)
  );
}

function sameAnchors(a: Relation, b: Relation): boolean {
  return a.anchors.map(({ concept }) => concept).join() === b.anchors.map(({ concept }) => concept).join();
}

/** Something that the grammar is sure of is missing: the safer reading keeps every condition. */
function isLeftOut(own: Query, other: Query): boolean {
  const attributes = own.target.attributes.some((attribute) => !other.target.attributes.includes(attribute));
  const relations = own.relations.some((relation) => !other.relations.some((one) => sameAnchors(one, relation)));
  const geo = own.geo.some(({ kind, name }) => !other.geo.some((one) => one.kind === kind && one.name === name));
  const bounds =
    (own.target.count !== undefined && other.target.count === undefined) ||
    (own.target.areaM2 !== undefined && other.target.areaM2 === undefined);
  const time = own.time !== null && other.time?.kind !== own.time.kind;
  return attributes || relations || geo || bounds || time || own.exclude.length > other.exclude.length;
}
