import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import { CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { attributeName, conceptName, plural } from "../../../knowledge/ontology/names.ts";
import { plain } from "../words.ts";
import type { CoverKind } from "./concepts.ts";
import type { Anchor, Axis, Compass, CoverFact, Names, Position } from "./facts.ts";

/** English grammar for captions: nouns with articles, numbers and adjectives. */

/** Nouns that can be counted, where the ontology's name cannot or is too wide. */
const COUNTED: Partial<Record<ConceptId, readonly [one: string, many: string]>> = {
  water: ["water body", "water bodies"],
  bare_soil: ["bare patch", "bare patches"],
  farmland: ["field", "fields"],
  sea: ["sea", "seas"],
  coast: ["coast", "coasts"],
};
/** Things of which there is one for whoever stands there. */
const DEFINITE: ReadonlySet<ConceptId> = new Set(["sea", "coast"]);
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] as const;
/** Size, shape, state, colour: the order of English adjectives. */
const ADJECTIVE_ORDER: readonly AttributeId[] = [
  "large",
  "small",
  "long",
  "tall",
  "damaged",
  "flooded",
  "empty",
  "abandoned",
  "round",
  "elongated",
  "curved",
  "bright",
  "dark",
  "white",
  "grey",
  "red",
  "blue",
  "green",
  "brown",
];

export function noun(concept: ConceptId, count: number): string {
  const counted = COUNTED[concept];
  if (counted) return counted[count === 1 ? 0 : 1];
  return conceptName(concept, "en", count === 1 ? "one" : "many");
}

/** "two" to "nine", then digits. */
export function numberWord(count: number): string {
  return NUMBERS[count] ?? count.toLocaleString("en-US");
}

/** "a", or "an" before a vowel sound. */
export function withArticle(words: string): string {
  return `${/^(?:[aeio]|un[^i]|u[^ns])/i.test(words) ? "an" : "a"} ${words}`;
}

/** "a large white roof", "five round storage tanks". */
export function counted(
  concept: ConceptId,
  count: number,
  attributes: readonly AttributeId[] = [],
  other = false,
): string {
  const name = noun(concept, count);
  const adjectives = [...attributes]
    .sort((a, b) => ADJECTIVE_ORDER.indexOf(a) - ADJECTIVE_ORDER.indexOf(b))
    .map((attribute) => attributeName(attribute, "en"));
  // "Large white roofs", not "white large roofs".
  const isLarge = name.startsWith("large ");
  const words = [
    ...(other ? ["other"] : []),
    ...(isLarge ? ["large"] : []),
    ...adjectives,
    isLarge ? name.slice("large ".length) : name,
  ].join(" ");
  if (count !== 1) return `${numberWord(count)} ${words}`;
  if (other) return `one ${words}`;
  return DEFINITE.has(concept) && adjectives.length === 0 ? `the ${words}` : withArticle(words);
}

/** Lines and ways are called by name with "the": "the A64 motorway", "the Breede River". */
const WITH_THE: ReadonlySet<ConceptId> = new Set([
  "highway",
  "railway",
  "river",
  "stream",
  "canal",
  "highway_exit",
  "railway_station",
  "sea",
  "coast",
]);

/** A proper name, with its kind where the name does not say it. */
export function named({ en }: Names, concept: ConceptId | null): string {
  const name = plain(en);
  if (concept === null) return name;
  const says = saysKind(name, concept);
  if (WITH_THE.has(concept)) return `the ${says ? name : `${name} ${noun(concept, 1)}`}`;
  return says ? name : `${name} (${noun(concept, 1)})`;
}

function saysKind(name: string, concept: ConceptId): boolean {
  const words = ` ${name.toLowerCase()} `;
  // Streets have street names.
  if (concept === "residential_area" || concept === "road") return true;
  if (concept === "port" && words.includes(" port ")) return true;
  return CONCEPT_NAMES[concept].en.some((one) => words.includes(` ${one} `) || words.includes(` ${plural(one)} `));
}

/** Something that others lie by: its name, or "a river". */
export function anchorWords({ concept, names }: Pick<Anchor, "concept" | "names">): string {
  if (names) return named(names, concept);
  return concept === null ? "a place" : counted(concept, 1);
}

const COVER_WORDS: Readonly<Record<CoverKind, string>> = {
  industry: "industrial ground",
  commerce: "commercial ground",
  housing: "housing",
  buildings: "buildings",
  paved: "paved ground",
  wetland: "wetland",
  water: "water",
  snow: "snow and ice",
  forest: "forest",
  bare: "bare ground",
  grass: "grass",
  farmland: "farmland",
};
/** Concepts that are said instead of their kind of ground. */
const COVER_CONCEPTS: Partial<Record<ConceptId, string>> = {
  sea: "sea",
  river: "river",
  lake: "lake",
  reservoir: "reservoir",
  orchard: "orchards",
  vineyard: "vineyards",
  rice_paddy: "rice paddies",
  park: "parkland",
  golf_course: "golf course",
  desert: "desert",
  beach: "beach",
  quarry: "quarry",
  construction_site: "construction ground",
};

export function coverWords({ cover, concept }: Pick<CoverFact, "cover" | "concept">): string {
  return (concept && COVER_CONCEPTS[concept]) ?? COVER_WORDS[cover];
}

/** "in the north-west", "along the north edge", "throughout". */
export function positionWords(position: Position): string {
  switch (position.kind) {
    case "part":
      return `in the ${position.part}`;
    case "edge":
      return `along the ${position.side}ern edge`;
    case "throughout":
      return "throughout";
  }
}

export function towards(direction: Compass): string {
  return `to the ${direction}`;
}

export function axisWords(axis: Axis): string {
  const [from, to] = axis.split("–") as [string, string];
  return `from ${from} to ${to}`;
}

/** "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
