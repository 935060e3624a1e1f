import { type ConceptId, isConceptId } from "../../../knowledge/ontology/ids.ts";
import { CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { plural } from "../../../knowledge/ontology/names.ts";
import { foldMessage, type NamedLandmark } from "./landmark-names.ts";

/** Whether a landmark is of the kind asked for; hydropower is asked for as dams and as power plants. */
export function isOfConcept(landmark: NamedLandmark, concept: string): boolean {
  if (concept === "landmark") return true;
  if (landmark.concept === concept) return true;
  return (ALSO_OF[concept] ?? []).includes(landmark.concept ?? "");
}
const ALSO_OF: Readonly<Record<string, readonly string[]>> = {
  mountain: ["volcano"],
  building: ["skyscraper", "tower"],
  skyscraper: ["tower"],
  port: ["container_yard", "harbor"],
  harbor: ["port"],
  power_plant: ["dam", "solar_farm", "wind_farm"],
  town: ["city"],
};

const CONCEPT_PHRASES: readonly (readonly [phrase: string, concept: ConceptId])[] = (
  Object.entries(CONCEPT_NAMES) as [ConceptId, { en: readonly string[]; zh: readonly string[] }][]
)
  .flatMap(([concept, { en, zh }]) => [
    ...en.flatMap((name) => [[foldMessage(name), concept] as const, [foldMessage(plural(name)), concept] as const]),
    ...zh.map((name) => [name, concept] as const),
  ])
  .concat([
    ["mount", "mountain"],
    ["peak", "mountain"],
    ["summit", "mountain"],
    ["skyscraper", "skyscraper"],
    ["seaport", "port"],
    ["seaports", "port"],
    ["hydropower station", "dam"],
    ["hydropower plant", "dam"],
    ["hydroelectric plant", "dam"],
    ["nuclear power plant", "power_plant"],
    ["nuclear power station", "power_plant"],
    ["world heritage site", "landmark"],
    ["heritage site", "landmark"],
    ["landmarks", "landmark"],
    ["landmark", "landmark"],
    ["地标", "landmark"],
    ["水坝", "dam"],
    ["水电站", "dam"],
    ["核电站", "power_plant"],
    ["球场", "stadium"],
    ["高楼", "skyscraper"],
    ["摩天大楼", "skyscraper"],
    ["山峰", "mountain"],
    ["机场", "airport"],
  ])
  .sort((a, b) => b[0].length - a[0].length);

/** The kind of thing that folded words name, longest name first, or null. */
export function conceptIn(words: string): string | null {
  const spaced = ` ${words} `;
  for (const [phrase, concept] of CONCEPT_PHRASES)
    if (/\p{Script=Han}/u.test(phrase) ? words.includes(phrase) : spaced.includes(` ${phrase} `))
      return isConceptId(concept) ? concept : null;
  return null;
}
