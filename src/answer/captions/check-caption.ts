import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { ATTRIBUTE_IDS, type AttributeId, CONCEPT_IDS, type ConceptId } from "../../../knowledge/ontology/ids.ts";
import { ATTRIBUTE_NAMES, CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { plural } from "../../../knowledge/ontology/names.ts";
import { COUNTING_WORDS } from "../../query/english/number-words.ts";
import type { CaptionClause } from "../../store/caption.ts";
import { type Language, plain } from "../words.ts";
import { COMPASS, type Compass } from "./facts.ts";
import type { Ground } from "./grounds.ts";

/** What a clause says that its evidence does not back; null when all of it is backed. */
export type Fault = "evidence" | "number" | "date" | "count" | "concept" | "colour" | "name" | "direction";

const HAN_DIGITS: Readonly<Record<string, number>> = {
  两: 2,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10,
};
const MEASURES = "座所条艘架辆台棵块片处道口个排";
const NUMBER = new RegExp(
  `\\d[\\d,]*(?:\\.\\d+)?|\\b(?:${Object.keys(COUNTING_WORDS).join("|")})\\b|[两二三四五六七八九十](?=[${MEASURES}])`,
  "gi",
);
const DATE = /\d{4}-\d{2}-\d{2}/g;
const COLOURS: readonly AttributeId[] = ["white", "bright", "dark", "red", "blue", "green", "brown", "grey"];

/**
 * Holds one clause against what its evidence allows: every number (at the precision that it is printed with), date, count of a
 * kind, concept, colour, proper name and direction. A wider concept than the evidence's is allowed, a narrower one is not.
 * Chinese proper names are known by their Latin letters or by their endings (镇, 河, 港 …) alone.
 */
export function faultOf(clause: CaptionClause, grounds: readonly Ground[], language: Language): Fault | null {
  const known = new Set(grounds.flatMap(({ evidence }) => evidence));
  if (clause.evidence.length === 0 || clause.evidence.some((id) => !known.has(id))) return "evidence";
  const backing = grounds.filter(({ evidence }) => evidence.some((id) => clause.evidence.includes(id)));
  const names = backing.flatMap((ground) => ground.names.map(plain)).sort((a, b) => b.length - a.length);
  let text = clause.text;
  // Names first: their letters, digits and words are their own.
  for (const name of names) if (name !== "") text = text.replaceAll(name, "¤");
  const dates = text.match(DATE) ?? [];
  if (dates.some((date) => !backing.some((ground) => ground.dates.includes(date)))) return "date";
  text = text.replace(DATE, "¤");
  const marked = markConcepts(text, language);
  const concepts = backing.flatMap((ground) => ground.concepts);
  if (marked.concepts.some((meant) => !meant.some((concept) => concepts.some((other) => isWider(concept, other)))))
    return "concept";
  const numbers = backing.flatMap((ground) => ground.numbers);
  if ((marked.text.replace(/⟦\d+⟧/g, "¤").match(NUMBER) ?? []).some((word) => !isBacked(word, numbers)))
    return "number";
  const counts = backing.flatMap((ground) => ground.counts);
  if (!countsHold(marked, counts)) return "count";
  if (coloursIn(marked.text, language).some((colour) => !backing.some(({ attributes }) => attributes.includes(colour))))
    return "colour";
  const directions = backing.flatMap((ground) => ground.directions);
  if (directionsIn(marked.text, language).some((direction) => !directions.includes(direction))) return "direction";
  return hasUnknownName(marked.text, language) ? "name" : null;
}

/** Whether a concept says no more than another: the same, or one that takes it in. */
function isWider(concept: ConceptId, other: ConceptId): boolean {
  return concept === other || subsumedConcepts(concept).includes(other);
}

/** Numbers of a text as they are printed, with the digits after the point. */
export function numbersIn(text: string): readonly string[] {
  return text.replace(DATE, "¤").match(NUMBER) ?? [];
}

/** Whether a printed number is one of some values, rounded as it is printed. */
export function isBacked(printed: string, values: readonly number[]): boolean {
  const word = COUNTING_WORDS[printed.toLowerCase()] ?? HAN_DIGITS[printed];
  const value = word ?? Number(printed.replaceAll(",", ""));
  const decimals = word === undefined ? (printed.split(".")[1]?.length ?? 0) : 0;
  const tolerance = 0.5 * 10 ** -decimals + 1e-9;
  return values.some((other) => Math.abs(other - value) <= tolerance);
}

interface Marked {
  /** The text with every name of a concept replaced by a mark. */
  readonly text: string;
  /** By number of the mark, the concepts that the name may mean. */
  readonly concepts: readonly (readonly ConceptId[])[];
}

interface Lexicon {
  readonly pattern: RegExp;
  readonly meanings: ReadonlyMap<string, readonly ConceptId[]>;
}

const lexicons = new Map<Language, Lexicon>();

function lexiconOf(language: Language): Lexicon {
  let lexicon = lexicons.get(language);
  if (!lexicon) {
    const meanings = new Map<string, ConceptId[]>();
    for (const concept of CONCEPT_IDS) {
      for (const name of CONCEPT_NAMES[concept][language]) {
        for (const form of language === "en" ? [name, plural(name)] : [name]) {
          const held = meanings.get(form) ?? [];
          if (!held.includes(concept)) meanings.set(form, [...held, concept]);
        }
      }
    }
    const words = [...meanings.keys()]
      .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("|");
    lexicon = {
      pattern: language === "en" ? new RegExp(`\\b(?:${words})\\b`, "gi") : new RegExp(words, "g"),
      meanings,
    };
    lexicons.set(language, lexicon);
  }
  return lexicon;
}

function markConcepts(text: string, language: Language): Marked {
  const { pattern, meanings } = lexiconOf(language);
  const concepts: (readonly ConceptId[])[] = [];
  const marked = text.replace(pattern, (word) => {
    concepts.push(meanings.get(language === "en" ? word.toLowerCase() : word) ?? []);
    return `⟦${concepts.length - 1}⟧`;
  });
  return { text: marked, concepts };
}

/** "Three white ⟦0⟧", 三座白色⟦0⟧: the number must be that of the kind. Lengths, areas and percents are no counts. */
const COUNTED_EN =
  /(\d[\d,]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\b)\s+(?!(?:m|km|ha|m²|km²|%|rows?|of)(?![a-z]))(?:[a-z-]+,?\s+){0,3}⟦(\d+)⟧/gi;
const COUNTED_ZH = new RegExp(
  `(\\d[\\d,]*|[两二三四五六七八九十])\\s*[${MEASURES}](?:\\p{Script=Han}{0,6}?)⟦(\\d+)⟧`,
  "gu",
);

function countsHold({ text, concepts }: Marked, counts: Ground["counts"]): boolean {
  for (const pattern of [COUNTED_EN, COUNTED_ZH]) {
    for (const [, printed = "", mark = ""] of text.matchAll(pattern)) {
      const meant = concepts[Number(mark)] ?? [];
      const holds = counts.some(
        ({ concept, count }) => isBacked(printed, [count]) && meant.some((wide) => isWider(wide, concept)),
      );
      if (!holds) return false;
    }
  }
  return true;
}

function coloursIn(text: string, language: Language): readonly AttributeId[] {
  return ATTRIBUTE_IDS.filter(
    (attribute) =>
      COLOURS.includes(attribute) &&
      ATTRIBUTE_NAMES[attribute][language].some((name) =>
        language === "en"
          ? new RegExp(`\\b${name}\\b`, "i").test(text)
          : // One character alone is part of other words.
            name.length > 1 && text.includes(name),
      ),
  );
}

const DIRECTION_ZH: Readonly<Record<string, Compass>> = {
  东北: "north-east",
  西北: "north-west",
  东南: "south-east",
  西南: "south-west",
  东: "east",
  西: "west",
  南: "south",
  北: "north",
};

function directionsIn(text: string, language: Language): readonly Compass[] {
  if (language === "zh") return (text.match(/[东西][南北]|[东西南北]/g) ?? []).flatMap((word) => zhDirections(word));
  const words =
    text.toLowerCase().match(/\b(?:north|south)(?:-?(?:east|west))?(?:ern)?\b|\b(?:east|west)(?:ern)?\b/g) ?? [];
  return words.flatMap((word) => {
    const plainWord = word.replace(/ern$/, "");
    const direction = /^(north|south)(east|west)$/.exec(plainWord);
    const name = direction ? `${direction[1]}-${direction[2]}` : plainWord;
    return COMPASS.includes(name as Compass) ? [name as Compass] : [];
  });
}

/** 东西 and 南北 are two directions, 东北 is one. */
function zhDirections(word: string): readonly Compass[] {
  const direction = DIRECTION_ZH[word];
  return direction ? [direction] : [...word].flatMap((one) => DIRECTION_ZH[one] ?? []);
}

/** Words that may begin a clause in capitals without being names. */
const OPENERS = new Set(
  `a an the this that these those there it its in on at by of to with without from along around across near next beside between
  behind before after over under inside outside beyond through throughout towards and or but only mostly largely partly about nearly
  almost some several many few most all none no nothing one two three four five six seven eight nine ten new gone grown here where
  part parts cover ground land by what is are lies lie stands runs cut crossed visible seen image imagery other others both each
  large small long round dense scattered white bright dark red blue green brown grey greyish smooth rough rough-textured
  industrial commercial paved bare built housing farmland forest grass water sea open north south east west northern southern
  eastern western north-east north-west south-east south-west northeast northwest southeast southwest centre central middle
  many-coloured sand-coloured surrounding surroundings nearest further farther since snow wetland buildings mapped unmapped dusty dull
  an area stretch`.split(/\s+/),
);

function hasUnknownName(text: string, language: Language): boolean {
  if (language === "zh")
    return (
      /[A-Za-z]{3,}/.test(text.replace(/¤/g, "")) ||
      /\p{Script=Han}{2,}[镇市县村州省港湾河江湖山岛]/u.test(unknownRuns(text))
    );
  const sentences = text.split(/[.;:!?]\s*|^/m);
  return sentences.some((sentence) =>
    sentence
      .trim()
      .split(/[\s,()⟦⟧]+/)
      .some((word, i) => {
        if (!/^\p{Lu}/u.test(word)) return false;
        return i > 0 || !OPENERS.has(word.toLowerCase().replace(/[^a-z-]/g, ""));
      }),
  );
}

/** What is left of a Chinese text without marks and the words that captions are made of. */
function unknownRuns(text: string): string {
  return text
    .replace(/[^\p{Script=Han}]+/gu, " ")
    .replace(/[东西南北中]+[部侧面]|位于|以[东西南北]+|距离?|沿着?|附近|区[内外]/gu, " ");
}
