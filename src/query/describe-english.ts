import { attributeName, conceptName, plural, predicateWords } from "../../knowledge/ontology/names.ts";
import type { GeoConstraint, Noun, Quantity, Query, Relation, Sort } from "./schema.ts";

const CHANGES = { new: "new", gone: "demolished", grown: "expanded", shrunk: "shrunken", changed: "changed" } as const;

/** A Query in English: "top 3 largest new quarries of at least 2 ha near a river". */
export function describeEnglish(query: Query): string {
  const { target, time, sort, limit } = query;
  const name = conceptName(target.concept, "en");
  const isMass = plural(name) === name;
  // A superlative before one thing would ask for one result.
  const isPlain = isMass || target.count?.value === 1;
  const superlative = sort && !(isPlain && limit === undefined) ? superlativeOf(sort) : null;
  const isOne = limit === 1 && superlative !== null && !target.count;
  const isSingle = isOne || target.count?.value === 1;
  const head = [
    limit !== undefined && !isOne ? `top ${limit}` : null,
    superlative,
    target.count ? quantityWords(target.count) : null,
    time && time.kind !== "as_of" ? CHANGES[time.kind] : null,
    ...target.attributes.map((attribute) => attributeName(attribute, "en")),
    conceptName(target.concept, "en", isSingle ? "one" : "many"),
    target.areaM2 ? sizeWords(target.areaM2) : null,
  ];
  const tail = [
    ...query.geo.map(geoWords),
    time ? timeWords(time) : null,
    ...query.exclude.map((exclusion) => ("region" in exclusion ? null : `except ${nounWords(exclusion, true)}`)),
    sort && !superlative ? sortWords(sort) : null,
  ];
  return relationsAfter(
    head.filter(Boolean).join(" "),
    query.relations,
    tail.filter((words) => words !== null),
  );
}

/** After an anchor with clauses of its own a comma says that what follows is of the target again. */
function relationsAfter(head: string, relations: readonly Relation[], tail: readonly string[]): string {
  let text = head;
  let isOpen = false;
  for (const relation of relations) {
    const words = relationWords(relation);
    // A participle right after an anchor would speak of the anchor: "a cliff containing …".
    const isParticiple = text !== head && /^(containing|crossing|surrounded|connected)/.test(words);
    text += `${isOpen || isParticiple ? "," : ""} ${words}`;
    isOpen = / within [\d.]+ m$/.test(words) || relation.anchors.some((anchor) => anchor.relations.length > 0);
  }
  for (const words of tail) {
    text += `${isOpen || /^(sorted|except)/.test(words) ? "," : ""} ${words}`;
    isOpen = false;
  }
  return text;
}

function superlativeOf({ by, order, anchor }: Sort): string | null {
  const down = order === "descending";
  if (anchor) return null;
  if (by === "area") return down ? "largest" : "smallest";
  return by === "date" ? (down ? "newest" : "oldest") : null;
}

function sortWords({ by, order, anchor }: Sort): string {
  const down = order === "descending";
  if (by === "distance" && anchor) return `${down ? "farthest from" : "closest to"} ${nounWords(anchor)}`;
  const key = { area: "size", date: "date", distance: "distance", probability: "probability", count: "count" }[by];
  return `sorted by ${key}, ${down ? "in descending order" : "in ascending order"}`;
}

function timeWords({ kind, from, to }: NonNullable<Query["time"]>): string | null {
  if (kind === "as_of") return to ? `as of ${to}` : null;
  if (from && to) return `between ${from} and ${to}`;
  if (from) return `since ${from}`;
  return to ? `until ${to}` : null;
}

function quantityWords({ op, value }: Quantity): string {
  return `${{ ">=": "at least", "<=": "at most", "=": "exactly", ">": "more than", "<": "fewer than" }[op]} ${value}`;
}

function sizeWords({ op, value }: Quantity): string {
  const words = { ">=": "of at least", "<=": "of at most", "=": "of", ">": "larger than", "<": "smaller than" }[op];
  return value >= 10_000 && value % 100 === 0 ? `${words} ${value / 10_000} ha` : `${words} ${value} m2`;
}

/** "a dense residential area", "at least 3 storage tanks (that are near a river and that are along a road)". */
function nounWords(noun: Noun, isPlural = false): string {
  const attributes = noun.attributes.map((attribute) => attributeName(attribute, "en"));
  const name = conceptName(noun.concept, "en");
  const isMany = isPlural || (noun.count !== undefined && noun.count.value !== 1);
  const words = [...attributes, isMany ? conceptName(noun.concept, "en", "many") : name].join(" ");
  const isMass = plural(name) === name;
  const article = isPlural || isMass ? "" : /^[aeiou]/i.test(words) ? "an " : "a ";
  const head = noun.count ? `${quantityWords(noun.count)} ${words}` : `${article}${words}`;
  const size = noun.areaM2 ? ` ${sizeWords(noun.areaM2)}` : "";
  return `${head}${size}${clauses(noun.relations, isMany)}`;
}

function clauses(relations: readonly Relation[], isMany: boolean): string {
  const verb = isMany ? "are" : "is";
  if (relations.length === 0) return "";
  return ` (${relations.map((relation) => `that ${verb} ${relationWords(relation)}`).join(" and ")})`;
}

function relationWords({ predicate, negated, distanceM, anchors }: Relation): string {
  const anchor = anchors.map((one) => nounWords(one)).join(" and ");
  const not = negated ? "not " : "";
  if (!distanceM) {
    // "not far from" is another word for near.
    if (negated && predicate === "far_from") return `not away from ${anchor}`;
    return `${not}${predicateWords(predicate, "en", anchor)}`;
  }
  const metres = `${distanceM.value} m`;
  if (predicate === "near" && distanceM.op === "<=") return `${not}within ${metres} of ${anchor}`;
  if (predicate === "near" || predicate === "far_from")
    return negated ? `not at least ${metres} from ${anchor}` : `more than ${metres} from ${anchor}`;
  return `${not}${predicateWords(predicate, "en", anchor)} within ${metres}`;
}

function geoWords({ kind, name, relation = "inside", distanceM }: GeoConstraint): string {
  const place =
    { viewport: "this view", polygon: "the drawn area", bbox: "the given box", place: name, edge_of: name }[kind] ??
    "town";
  if (kind === "edge_of") return `on the edge of ${place}`;
  switch (relation) {
    case "near":
      return distanceM === undefined ? `near ${place}` : `within ${distanceM} m of ${place}`;
    case "far_from":
      return distanceM === undefined ? `far from ${place}` : `more than ${distanceM} m from ${place}`;
    case "outside":
      return `outside ${place}`;
    case "inside":
      return `in ${place}`;
    default:
      return `${relation.replace("_", " ")} ${place}`;
  }
}
