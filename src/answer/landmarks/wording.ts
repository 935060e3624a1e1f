import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import { countryName, countryPhrase } from "../../knowledge/countries.ts";
import { FACT_PROPERTIES, type FactProperty, foldKey, propertyOf } from "../../knowledge/fact-properties.ts";
import type { FactValue } from "../../knowledge/fact-value.ts";
import type { Asked } from "../../query/knowledge/asks.ts";
import type { Fact, Landmark } from "../../store/ports.ts";
import { conceptName } from "../names.ts";
import { capitalised, type Language, plain, say } from "../words.ts";

/** The alias in the reader's script where there is one, else the name. */
export function nameIn(landmark: Landmark, language: Language): string {
  if (language === "en") return plain(landmark.name);
  return plain(landmark.aliases.find((alias) => /\p{Script=Han}/u.test(alias)) ?? landmark.name);
}

const UNIT_WORDS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  m: ["m", "米"],
  km: ["km", "公里"],
  ft: ["ft", "英尺"],
  km2: ["km²", "平方公里"],
  m2: ["m²", "平方米"],
  ha: ["ha", "公顷"],
  m3: ["m³", "立方米"],
  mw: ["MW", "兆瓦"],
  gw: ["GW", "吉瓦"],
  kw: ["kW", "千瓦"],
  t: ["t", "吨"],
  teu: ["TEU", "标准箱"],
  acres: ["acres", "英亩"],
};

/** A fact's value as its source gives it, a bare number with the unit of its key: "2,080 MW", "1830–1848", "26th century BC". */
export function valueWords(fact: Fact, value: FactValue, language: Language): string {
  const raw = plain(fact.value);
  if (value.kind !== "quantity" || !/^[-−]?\d+(\.\d+)?$/.test(raw))
    return value.kind === "time" ? timeWords(raw, language) : raw;
  const number = Number(raw.replace("−", "-")).toLocaleString("en-US", { maximumFractionDigits: 8 });
  const known = propertyOf(fact.key);
  const unit =
    known?.unit ??
    (known && "unit" in FACT_PROPERTIES[known.property]
      ? (FACT_PROPERTIES[known.property] as { unit: string }).unit.toLowerCase()
      : null);
  const spelt = unit ? UNIT_WORDS[unit === "hectares" ? "ha" : unit === "sqkm" ? "km2" : unit] : undefined;
  return spelt ? `${number} ${say(language, spelt[0], spelt[1])}` : number;
}

function timeWords(raw: string, language: Language): string {
  return language === "zh" && /^\d{3,4}$/.test(raw) ? `${raw}年` : raw;
}

/** "Hoover Dam is operated by …", without a full stop. */
export function factSentence(
  landmark: Landmark,
  property: FactProperty,
  fact: Fact,
  value: FactValue,
  language: Language,
): string {
  const name = nameIn(landmark, language);
  const subject = capitalised(name);
  const words = valueWords(fact, value, language);
  const isSpan = value.kind === "time" && (value.to !== undefined || value.isOpen || /[^\d]/.test(words));
  const on = /^\d{3,4}$/.test(words) ? `in ${words}` : isSpan ? `(${words})` : `in ${words}`;
  const english: Readonly<Partial<Record<FactProperty, string>>> = {
    opened: `${subject} opened ${on}`,
    completed: `${subject} was completed ${on}`,
    built: `${subject} was built ${on}`,
    founded: `${subject} was founded ${on}`,
    closed: `${subject} closed ${on}`,
    designated: `${subject} was put on the World Heritage List ${on}`,
    operator: `${subject} is operated by ${words}`,
    owner: `${subject} is owned by ${words}`,
    architect: `${subject} was designed by ${words}`,
    builder: `${subject} was built by ${words}`,
    height: `${subject} is ${words} high`,
    elevation: `${subject} has an elevation of ${words} above sea level`,
    length: `${subject} is ${words} long`,
    width: `${subject} is ${words} wide`,
    depth: `${subject} is ${words} deep`,
    span: `${subject} has a main span of ${words}`,
    area: `${subject} covers ${words}`,
    population: `${subject} has a population of ${words}`,
    seats: `${subject} has ${words} seats`,
    power: `${subject} has a power capacity of ${words}`,
    units: `${subject} has ${words} units`,
    runways: `${subject} has ${words} ${words === "1" ? "runway" : "runways"}`,
    river: `${subject} is on the river ${words}`,
    crosses: `${subject} crosses ${words}`,
    fuel: `The energy source of ${name} is ${words}`,
    mineral: `${subject} yields ${words}`,
    city: `${subject} is in or serves ${words}`,
    region: `${subject} is in ${words}`,
  };
  const chinese: Readonly<Partial<Record<FactProperty, string>>> = {
    opened: `${name}于${words}开通启用`,
    completed: `${name}于${words}建成`,
    built: `${name}建造于${words}`,
    founded: `${name}创建于${words}`,
    closed: `${name}于${words}关闭`,
    designated: `${name}于${words}列入世界遗产名录`,
    operator: `${name}由${words}运营`,
    owner: `${name}归${words}所有`,
    architect: `${name}由${words}设计`,
    builder: `${name}由${words}建造`,
    height: `${name}高 ${words}`,
    elevation: `${name}海拔 ${words}`,
    length: `${name}长 ${words}`,
    width: `${name}宽 ${words}`,
    depth: `${name}深 ${words}`,
    area: `${name}面积 ${words}`,
    seats: `${name}有 ${words} 个座位`,
  };
  return say(
    language,
    english[property] ?? `The ${FACT_PROPERTIES[property].en} of ${name} is ${words}`,
    chinese[property] ?? `${name}的${FACT_PROPERTIES[property].zh}为 ${words}`,
  );
}

/** The kind of a landmark in words, or null where it is not told. */
export function kindWords(landmark: Landmark, language: Language): string | null {
  const { concept } = landmark;
  if (concept === null || !isConceptId(concept)) return null;
  return concept === "landmark" ? say(language, "landmark", "地标") : conceptName(concept, language);
}

/** Countries of a landmark as they stand after "in": "the United States". */
export function countryAfterIn(landmark: Landmark, language: Language): string {
  return landmark.country ? countryPhrase(landmark.country, language) : countryWords(landmark, language);
}

/** Countries of a landmark in words; empty where none is known. */
export function countryWords(landmark: Landmark, language: Language): string {
  if (landmark.country) return countryName(landmark.country, language);
  return plain(landmark.facts.find(({ key }) => key === "country")?.value ?? "").replace(/,(?=\S)/g, ", ");
}

/** "23.971° N, 32.878° E". */
export function positionWords([lon, lat]: readonly [number, number]): string {
  const one = (value: number, [positive, negative]: readonly [string, string]) =>
    `${Math.abs(value).toFixed(3)}° ${value < 0 ? negative : positive}`;
  return `${one(lat, ["N", "S"])}, ${one(lon, ["E", "W"])}`;
}

/** "Birmingham (city, United Kingdom)". */
export function landmarkLabel(landmark: Landmark, language: Language): string {
  const what = [kindWords(landmark, language), countryWords(landmark, language)].filter(
    (word) => word !== null && word !== "",
  );
  const name = nameIn(landmark, language);
  return what.length > 0 ? say(language, `${name} (${what.join(", ")})`, `${name}(${what.join(",")})`) : name;
}

/** What was asked for, in words. */
export function askedWords(asked: Asked, language: Language): string {
  switch (asked) {
    case "country":
      return say(language, "country", "所在国家");
    case "coordinates":
    case "location":
      return say(language, "position", "位置");
    case "kind":
      return say(language, "kind", "类型");
    default:
      return FACT_PROPERTIES[asked][language];
  }
}

/** Names of the facts that are recorded, for an answer that lacks the one asked for. */
export function recordedWords(landmark: Landmark, language: Language): readonly string[] {
  return [
    ...new Set(
      landmark.facts.map(({ key }) => {
        const known = propertyOf(key);
        return known ? FACT_PROPERTIES[known.property][language] : foldKey(key).replaceAll("_", " ");
      }),
    ),
  ];
}
