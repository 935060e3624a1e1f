import { COUNTRY_NAMES, countryCode, countryName, foldCountry } from "../../knowledge/countries.ts";
import { type FactProperty, typedFacts } from "../../knowledge/fact-properties.ts";
import { commonChineseForm, foldName, KIND_WORDS } from "../../knowledge/names.ts";
import type { Landmark } from "../../store/ports.ts";
import { INDEFINITE } from "../indefinite.ts";
import { SAME_KIND, SMALL_WORDS } from "./name-kinds.ts";
import { similarTo } from "./similar-names.ts";

/** A landmark as questions know it: its names, kind, and what is recorded of it. */
export interface NamedLandmark {
  readonly id: string;
  readonly name: string;
  readonly names: readonly string[];
  readonly concept: string | null;
  /** Codes of the countries that it lies in. */
  readonly countries: ReadonlySet<string>;
  readonly properties: ReadonlySet<FactProperty>;
  /** Folded words that say where it is or what stands in its facts. */
  readonly placeWords: ReadonlySet<string>;
  /** Folded values of its facts that are names: operators, architects, rivers. */
  readonly values: readonly string[];
  /** Longitude and latitude of its middle, or null. */
  readonly point: readonly [number, number] | null;
  /** 0..1: how much is recorded of it, and how many people live there. */
  readonly importance: number;
}

/** Words of a message that are the name of landmarks. Offsets are of the folded message. */
export interface Mention {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly landmarks: readonly NamedLandmark[];
}

export interface LandmarkNames {
  readonly size: number;
  readonly all: readonly NamedLandmark[];
  get(id: string): NamedLandmark | null;
  /** Whole names in a folded message (see `foldMessage`), longest first, none within another. */
  mentions(folded: string): readonly Mention[];
  /** Landmarks that a shortened name fits: every word of it is one of theirs, and what it leaves out tells nothing apart. */
  shortened(words: string): readonly NamedLandmark[];
  /** Landmarks whose facts name somebody or something by these words: what an architect drew, what stands on a river. */
  holding(words: string): readonly NamedLandmark[];
  /** Names that are spelt like these words, best first, for "did you mean". */
  similar(words: string, limit: number): readonly NamedLandmark[];
}

/** Longest name in words of Latin script, and in characters of Chinese. */
const MOST_WORDS = 14;
const MOST_CHARACTERS = 26;
/** Names of one letter or two are mostly something else. */
const LEAST_LETTERS = 3;

/** A message in the form in which names are looked for: folded, scripts apart, genitives cut off. */
export function foldMessage(message: string): string {
  return foldName(message.replace(/(\p{L})['’]s\b/gu, "$1").replace(/(\p{L}s)['’](?=\s)/gu, "$1"))
    .replace(/(\p{Script=Han})(?=[a-z0-9])/gu, "$1 ")
    .replace(/([a-z0-9])(?=\p{Script=Han})/gu, "$1 ")
    .replace(/\bint l\b|\bintl\b/g, "international")
    .replace(/\bst\b/g, "saint")
    .replace(/\bmt\b/g, "mount")
    .replace(/\bharbour\b/g, "harbor")
    .replace(/\bcentre\b/g, "center");
}

/** Whether a text holds Chinese characters. */
export const isHan = (text: string) => /\p{Script=Han}/u.test(text);
/** Chinese names as they are looked up: without blanks, the ending of their kind in one form. */
const hanKey = (folded: string) => commonChineseForm(folded.replace(/ /g, ""));

export function landmarkNames(landmarks: readonly Landmark[]): LandmarkNames {
  const all = landmarks.map(named);
  const byId = new Map(all.map((landmark) => [landmark.id, landmark]));
  const exact = new Map<string, Set<NamedLandmark>>();
  const byWord = new Map<string, Set<NamedLandmark>>();
  const keep = (map: Map<string, Set<NamedLandmark>>, key: string, landmark: NamedLandmark) => {
    const held = map.get(key);
    if (held) held.add(landmark);
    else map.set(key, new Set([landmark]));
  };
  for (const landmark of all) {
    for (const name of landmark.names) {
      const folded = foldMessage(name);
      if (isHan(folded)) {
        if ([...folded].length >= 2) keep(exact, hanKey(folded), landmark);
        continue;
      }
      for (const form of formsOf(folded)) if (form.length >= LEAST_LETTERS) keep(exact, form, landmark);
      for (const word of folded.split(" ")) if (!KIND_WORDS.has(word)) keep(byWord, word, landmark);
    }
  }
  const shortened = (words: string): readonly NamedLandmark[] => {
    const asked = foldMessage(words).split(" ").filter(Boolean);
    const telling = asked.filter((word) => !KIND_WORDS.has(word));
    if (telling.length === 0 || isHan(words)) return [];
    const sets = telling.map((word) => byWord.get(word) ?? new Set<NamedLandmark>());
    const [smallest] = [...sets].sort((a, b) => a.size - b.size);
    const found = [...(smallest ?? [])].filter((landmark) => fitsShortened(landmark, asked, telling));
    return found;
  };
  return {
    size: all.length,
    all,
    get: (id) => byId.get(id) ?? null,
    mentions: (folded) => mentionsIn(folded, exact),
    shortened,
    holding: (words) => all.filter((landmark) => holdsValue(landmark, words)),
    similar: (words, limit) => similarTo(words, all, limit),
  };
}

/** A name, and the name without what stands in brackets or after a comma or dash. */
function formsOf(folded: string): readonly string[] {
  const forms = new Set([folded]);
  const port = /^port of (.+)$/.exec(folded)?.[1];
  if (port) forms.add(`${port} port`).add(`${port} harbor`);
  const airport = /^(.+) international airport$/.exec(folded)?.[1];
  if (airport) forms.add(`${airport} airport`);
  const mount = /^mount (.+)$/.exec(folded)?.[1];
  if (mount && mount.length > 4) forms.add(`${mount} volcano`).add(`mountain ${mount}`);
  const cathedralOf =
    /^(cathedral|basilica|church|mosque|port|university|temple|castle|battle|bay|rock|bridge|fortress|walls) of (?:the )?(.+)$/.exec(
      folded,
    );
  if (cathedralOf) forms.add(`${cathedralOf[2]} ${cathedralOf[1]}`);
  return [...forms];
}

function fitsShortened(landmark: NamedLandmark, asked: readonly string[], telling: readonly string[]): boolean {
  return landmark.names.some((name) => {
    const own = foldMessage(name).split(" ");
    const ownSet = new Set(own);
    if (!telling.every((word) => ownSet.has(word))) return false;
    // Kind words that are not of the name must be of its kind.
    const kind = (landmark.concept ?? "").split("_");
    const strange = asked.filter((word) => KIND_WORDS.has(word) && !ownSet.has(word) && !SMALL_WORDS.has(word));
    if (!strange.every((word) => kind.includes(word) || (SAME_KIND[word] ?? []).includes(landmark.concept ?? "")))
      return false;
    const left = own.filter((word) => !asked.includes(word) && !KIND_WORDS.has(word));
    const isWhole = left.every((word) => landmark.placeWords.has(word));
    // A surname alone is enough where it is long and the kind is said too: "Bernabéu stadium".
    return isWhole || (left.length <= 2 && asked.length > telling.length && telling.some((word) => word.length >= 6));
  });
}

function mentionsIn(folded: string, exact: ReadonlyMap<string, ReadonlySet<NamedLandmark>>): readonly Mention[] {
  const found: Mention[] = [];
  const isFree = (start: number, end: number) => found.every((other) => end <= other.start || start >= other.end);
  const add = (start: number, end: number, key: string) => {
    const landmarks = exact.get(key);
    if (landmarks && isFree(start, end))
      found.push({ text: folded.slice(start, end), start, end, landmarks: [...landmarks] });
  };
  const words = [...folded.matchAll(/[^ ]+/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  for (let length = Math.min(MOST_WORDS, words.length); length >= 1; length -= 1)
    for (let i = 0; i + length <= words.length; i += 1) {
      const [first, last] = [words[i], words[i + length - 1]];
      if (!first || !last || isHan(first.text) || INDEFINITE.has(words[i - 1]?.text ?? "")) continue;
      const text = folded.slice(first.start, last.end);
      if (!isHan(text)) add(first.start, last.end, text.replace(/^the /, ""));
    }
  if (!isHan(folded)) return found.sort((a, b) => a.start - b.start);
  for (let length = Math.min(MOST_CHARACTERS, folded.length); length >= 2; length -= 1)
    for (let start = 0; start + length <= folded.length; start += 1) {
      const text = folded.slice(start, start + length);
      if (!isHan(text) || text !== text.trim()) continue;
      add(start, start + length, hanKey(text));
    }
  return found.sort((a, b) => a.start - b.start);
}

function named(landmark: Landmark): NamedLandmark {
  const typed = typedFacts(landmark.facts);
  const text = (property: FactProperty) =>
    typed.flatMap((fact) => (fact.property === property && fact.value.kind === "text" ? fact.value.text : []));
  const stated = landmark.facts.find(({ key }) => key === "country")?.value ?? "";
  const countries = new Set([
    ...(landmark.country ? [landmark.country] : []),
    ...stated.split(/[,;]/).flatMap((name) => countryCode(name) ?? []),
  ]);
  const places = [
    ...text("city"),
    ...text("region"),
    ...text("river"),
    ...text("crosses"),
    ...[...countries].flatMap((code) => [countryName(code, "en"), countryName(code, "zh")]),
    ...COUNTRY_NAMES.flatMap(([name, code]) => (countries.has(code) ? [name] : [])),
  ];
  const population = typed.find(({ property }) => property === "population")?.value;
  const people = population?.kind === "quantity" ? population.value : 0;
  return {
    id: landmark.id,
    name: landmark.name,
    names: [landmark.name, ...landmark.aliases],
    concept: landmark.concept,
    countries,
    properties: new Set(typed.map(({ property }) => property)),
    placeWords: new Set(places.flatMap((place) => foldMessage(place).split(" "))),
    values: NAME_VALUES.flatMap((property) => text(property).map(foldMessage)),
    point: middleOf(landmark.geometry),
    importance: Math.min(1, 0.2 + 0.05 * landmark.facts.length + 0.08 * Math.log10(1 + people)),
  };
}

/** Properties whose values are names of somebody or something else. */
const NAME_VALUES: readonly FactProperty[] = [
  "operator",
  "owner",
  "architect",
  "builder",
  "river",
  "crosses",
  "city",
  "region",
  "mineral",
  "fuel",
  "denomination",
  "iata",
  "icao",
  "unlocode",
];

/** Whether the facts of a landmark name somebody or something by these words. */
export function holdsValue(landmark: NamedLandmark, words: string): boolean {
  const folded = ` ${foldMessage(words)} `;
  return folded.trim().length >= 3 && landmark.values.some((value) => ` ${value} `.includes(folded));
}

function middleOf(geometry: GeoJSON.Geometry | null): readonly [number, number] | null {
  if (!geometry || geometry.type === "GeometryCollection") return null;
  const positions: number[][] = [];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number") positions.push(value as number[]);
    else value.forEach(visit);
  };
  visit(geometry.coordinates);
  const mean = (axis: 0 | 1) =>
    positions.reduce((sum, position) => sum + (position[axis] as number), 0) / positions.length;
  return positions.length > 0 ? [mean(0), mean(1)] : null;
}

/** Codes of the countries that a folded text names, with where. Names inside longer names do not count twice. */
export function countriesIn(
  text: string,
): readonly { readonly code: string; readonly start: number; readonly end: number }[] {
  const folded = foldMessage(text);
  const found: { code: string; start: number; end: number }[] = [];
  for (const [name, code] of COUNTRY_NAMES) {
    const key = isHan(name) ? name : foldCountry(name);
    if (key.length < 2) continue;
    const pattern = isHan(key) ? key : ` ${key} `;
    const at = isHan(key) ? folded.indexOf(pattern) : ` ${folded} `.indexOf(pattern);
    if (at < 0 || found.some((other) => at < other.end && at + key.length > other.start)) continue;
    found.push({ code, start: at, end: at + key.length });
  }
  return found;
}
