import type { AttributeId, ConceptId, PredicateId } from "./ids.ts";
import { ATTRIBUTE_NAMES, CONCEPT_NAMES } from "./lexicon.ts";

type Language = "en" | "zh";

const IRREGULAR: Readonly<Record<string, string>> = {
  aircraft: "aircraft",
  housing: "housing",
  "bare soil": "bare soil",
  snow: "snow",
  smoke: "smoke",
  water: "water",
  deforestation: "deforestation",
  farmland: "farmland",
  grassland: "grasslands",
  "rice paddy": "rice paddies",
  crossroads: "crossroads",
  docks: "docks",
  woods: "woods",
  works: "works",
  "sewage works": "sewage works",
  saltworks: "saltworks",
  homes: "homes",
  houses: "houses",
  dwellings: "dwellings",
  barracks: "barracks",
  slip: "slips",
};

/** Plural of an English noun by rule; a name that ends in a known irregular word keeps its form. */
export function plural(name: string): string {
  const irregular = IRREGULAR[name];
  if (irregular !== undefined) return irregular;
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return `${name}s`;
}

/** The name that replies use for a concept. "many" is the English plural; Chinese has one form. */
export function conceptName(concept: ConceptId, language: Language, number: "one" | "many" = "one"): string {
  const { en, zh } = CONCEPT_NAMES[concept];
  if (language === "zh") return zh[0] as string;
  const name = en[0] as string;
  return number === "many" ? plural(name) : name;
}

export function attributeName(attribute: AttributeId, language: Language): string {
  return ATTRIBUTE_NAMES[attribute][language][0] as string;
}

/** Unit of the coordinates: pixels only for an image whose GSD nobody gave. */
export type LengthUnit = "m" | "px";

/** A length in words: "1,200 m", "1,200 米", "40 px". */
export function lengthWords(value: number, unit: LengthUnit, language: Language): string {
  const name = unit === "m" ? { en: "m", zh: "米" } : { en: "px", zh: "像素" };
  return `${Math.round(value).toLocaleString("en-US")} ${name[language]}`;
}

/** A relation in words: predicateWords("near", "en", "a river", 500) is "within 500 m of a river". */
export function predicateWords(
  predicate: PredicateId,
  language: Language,
  anchor: string,
  length?: number,
  unit: LengthUnit = "m",
): string {
  const distance = length === undefined ? null : lengthWords(length, unit, language);
  if (language === "zh") {
    const within = distance ? `${distance}以内` : "";
    const words: Readonly<Record<PredicateId, string>> = {
      near: distance ? `距${anchor}${within}` : `靠近${anchor}`,
      far_from: distance ? `距${anchor}${distance}以外` : `远离${anchor}`,
      adjacent: `紧邻${anchor}`,
      along: `沿着${anchor}分布`,
      inside: `在${anchor}内`,
      contains: `包含${anchor}`,
      surrounded_by: `被${anchor}包围`,
      between: `在${anchor}之间`,
      crosses: `跨越${anchor}`,
      north_of: `在${anchor}以北`,
      south_of: `在${anchor}以南`,
      east_of: `在${anchor}以东`,
      west_of: `在${anchor}以西`,
      left_of: `在${anchor}左侧`,
      right_of: `在${anchor}右侧`,
      above: `在${anchor}上方`,
      below: `在${anchor}下方`,
      connected_to: `与${anchor}相连`,
    };
    return words[predicate];
  }
  const words: Readonly<Record<PredicateId, string>> = {
    near: distance ? `within ${distance} of ${anchor}` : `near ${anchor}`,
    far_from: distance ? `more than ${distance} from ${anchor}` : `far from ${anchor}`,
    adjacent: `next to ${anchor}`,
    along: `along ${anchor}`,
    inside: `inside ${anchor}`,
    contains: `containing ${anchor}`,
    surrounded_by: `surrounded by ${anchor}`,
    between: `between ${anchor}`,
    crosses: `crossing ${anchor}`,
    north_of: `north of ${anchor}`,
    south_of: `south of ${anchor}`,
    east_of: `east of ${anchor}`,
    west_of: `west of ${anchor}`,
    left_of: `left of ${anchor}`,
    right_of: `right of ${anchor}`,
    above: `above ${anchor}`,
    below: `below ${anchor}`,
    connected_to: `connected to ${anchor}`,
  };
  return words[predicate];
}
