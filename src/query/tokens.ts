import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import { ATTRIBUTE_NAMES, CONCEPT_NAMES } from "../../knowledge/ontology/lexicon.ts";
import { plural } from "../../knowledge/ontology/names.ts";
import { chineseGrammarWords, MAY_BEGIN_NAMES, NAMES } from "./chinese/vocabulary.ts";
import { AREA_UNITS, LENGTH_UNITS } from "./defaults.ts";
import { grammarWords } from "./reader.ts";
import type { Gazetteer } from "./turn.ts";

/** One lexical unit of a message. Offsets are UTF-16 units of the message as it was written. */
export type Token = { readonly start: number; readonly end: number; readonly text: string } & (
  | { readonly kind: "concept"; readonly concept: ConceptId; readonly isPlural: boolean }
  | { readonly kind: "attribute"; readonly attribute: AttributeId }
  | { readonly kind: "place"; readonly name: string; readonly ids: readonly string[] }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "rank"; readonly value: number }
  | { readonly kind: "date"; readonly from: string; readonly to: string }
  | { readonly kind: "word"; readonly isUnknown?: boolean }
  | { readonly kind: "mark" }
);

/** Full-width forms to ASCII, lower case, typographic quotes and dashes to plain ones; one unit in, one unit out. */
export function normalise(text: string): string {
  let out = "";
  for (const unit of text) {
    if (unit >= " " && unit <= "~") {
      out += unit >= "A" && unit <= "Z" ? unit.toLowerCase() : unit;
      continue;
    }
    const folded = unit.length > 1 ? unit : unit.normalize("NFKC").toLowerCase();
    const plainUnit =
      { "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "、": ",", "，": ",", "。": "." }[folded] ?? folded;
    out += plainUnit.length === unit.length ? plainUnit : unit;
  }
  return out;
}

type Entry =
  | { kind: "concept"; concept: ConceptId; isPlural: boolean }
  | { kind: "attribute"; attribute: AttributeId }
  | { kind: "place"; name: string; ids: string[] };

/** Phrases by their first word; the words of a phrase are joined by one space. */
type PhraseTable = Map<string, { words: readonly string[]; entry: Entry }[]>;

function addPhrase(table: PhraseTable, phrase: string, entry: Entry) {
  const words = wordsOf(phrase);
  const [first] = words;
  if (!first) return;
  const list = table.get(first) ?? [];
  if (list.some((other) => other.words.join(" ") === words.join(" ") && other.entry.kind === entry.kind)) return;
  list.push({ words, entry });
  list.sort((a, b) => b.words.length - a.words.length);
  table.set(first, list);
}

function wordsOf(phrase: string): string[] {
  return normalise(phrase).replace(/[-'.]/g, " ").split(/\s+/).filter(Boolean);
}

const ENGLISH: PhraseTable = new Map();
for (const [concept, names] of Object.entries(CONCEPT_NAMES) as [ConceptId, (typeof CONCEPT_NAMES)[ConceptId]][]) {
  for (const name of names.en) addPhrase(ENGLISH, name, { kind: "concept", concept, isPlural: /[^su]s$/.test(name) });
}
// Plurals by rule come second: "homes" is a name of its own before it is the plural of "home".
for (const [concept, names] of Object.entries(CONCEPT_NAMES) as [ConceptId, (typeof CONCEPT_NAMES)[ConceptId]][]) {
  for (const name of names.en)
    if (plural(name) !== name) addPhrase(ENGLISH, plural(name), { kind: "concept", concept, isPlural: true });
}
// Two words written as one ("solarfarms") come last, where no word of that spelling is known.
for (const [concept, names] of Object.entries(CONCEPT_NAMES) as [ConceptId, (typeof CONCEPT_NAMES)[ConceptId]][]) {
  for (const name of names.en) {
    const [first, second, ...rest] = wordsOf(name);
    if (!first || !second || rest.length > 0 || first.length + second.length < 8) continue;
    for (const [joined, isPlural] of [
      [`${first}${second}`, false],
      [plural(`${first}${second}`), true],
    ] as const)
      if (!ENGLISH.has(joined)) addPhrase(ENGLISH, joined, { kind: "concept", concept, isPlural });
  }
}
for (const [attribute, names] of Object.entries(ATTRIBUTE_NAMES) as [
  AttributeId,
  (typeof ATTRIBUTE_NAMES)[AttributeId],
][]) {
  for (const name of names.en) addPhrase(ENGLISH, name, { kind: "attribute", attribute });
}

let spellingList: readonly string[] | undefined;

/** Words of five letters or more that a misspelt word may be meant for: the lexicon's before the grammar's. */
function spellings(): readonly string[] {
  spellingList ??= [
    ...new Set([...[...ENGLISH.values()].flat().flatMap(({ words }) => words), ...grammarWords()]),
  ].filter((word) => /^[a-z]{5,}$/.test(word));
  return spellingList;
}

/** Chinese phrases by first character, longest first. */
const CHINESE = new Map<string, { phrase: string; entry: Entry }[]>();
function addChinese(phrase: string, entry: Entry) {
  const first = phrase.charAt(0);
  const list = CHINESE.get(first) ?? [];
  list.push({ phrase, entry });
  list.sort((a, b) => b.phrase.length - a.phrase.length);
  CHINESE.set(first, list);
}
for (const [concept, names] of Object.entries(CONCEPT_NAMES) as [ConceptId, (typeof CONCEPT_NAMES)[ConceptId]][]) {
  for (const name of names.zh) addChinese(name, { kind: "concept", concept, isPlural: false });
}
for (const [attribute, names] of Object.entries(ATTRIBUTE_NAMES) as [
  AttributeId,
  (typeof ATTRIBUTE_NAMES)[AttributeId],
][]) {
  for (const name of names.zh) addChinese(name, { kind: "attribute", attribute });
}

const placeTables = new WeakMap<Gazetteer, { english: PhraseTable; chinese: { phrase: string; entry: Entry }[] }>();

function placesOf(gazetteer: Gazetteer) {
  let tables = placeTables.get(gazetteer);
  if (!tables) {
    const english: PhraseTable = new Map();
    const chinese: { phrase: string; entry: Entry }[] = [];
    for (const place of gazetteer.places) {
      for (const name of place.names) {
        const entry: Entry = { kind: "place", name, ids: [place.id] };
        if (/\p{Script=Han}/u.test(name)) chinese.push({ phrase: normalise(name), entry });
        else if (!ENGLISH.has(normalise(name)) || wordsOf(name).length > 1)
          addPhrase(english, name.replace(/^the /i, ""), entry);
      }
    }
    chinese.sort((a, b) => b.phrase.length - a.phrase.length);
    tables = { english, chinese };
    placeTables.set(gazetteer, tables);
  }
  return tables;
}

const NUMBER_WORDS: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
  sixteen: 16,
  eighteen: 18,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  thirteen: 13,
  fourteen: 14,
  seventeen: 17,
  nineteen: 19,
  couple: 2,
  dozen: 12,
  half: 0.5,
};
const ORDINALS: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
};
const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const PIECE =
  /\d{4}-\d{2}-\d{2}|\d{4}-\d{2}(?!\d)|#\s?\d+|no\.\s?\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|m²|km²|m2\b|km2\b|w\/o?(?![a-z])|[<>]=?|[a-z_]+(?:'[a-z]+)?|\p{Script=Han}|[^\s]/giu;

/** Tokens of an English message: phrases of the lexicon and the gazetteer, longest match first; numbers, dates, "#2", words, marks. */
export function englishTokens(message: string, gazetteer: Gazetteer): readonly Token[] {
  const text = normalise(message);
  const pieces = [...text.matchAll(PIECE)].map((match) => ({
    text: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const words = pieces.map((piece) => ABBREVIATIONS[piece.text] ?? corrected(withoutApostrophe(piece.text)));
  const places = placesOf(gazetteer).english;
  const tokens: Token[] = [];
  for (let i = 0; i < pieces.length; ) {
    const piece = pieces[i] as (typeof pieces)[number];
    const span = (count: number) => ({
      start: piece.start,
      end: (pieces[i + count - 1] as (typeof pieces)[number]).end,
      text: text.slice(piece.start, (pieces[i + count - 1] as (typeof pieces)[number]).end),
    });
    const special = dateAt(
      pieces.map(({ text: word }) => word),
      i,
    );
    if (special) {
      tokens.push({ ...span(special.count), kind: "date", from: special.from, to: special.to });
      i += special.count;
      continue;
    }
    const chinese = /\p{Script=Han}/u.test(piece.text) ? chinesePhrase(text, piece.start) : null;
    if (chinese) {
      tokens.push(chinese);
      while (pieces[i] !== undefined && (pieces[i] as (typeof pieces)[number]).start < chinese.end) i += 1;
      continue;
    }
    const found = longest(
      pieces.map(({ text: word }) => word),
      words,
      i,
      places,
    );
    if (found) {
      tokens.push({ ...span(found.count), ...found.entry });
      i += found.count;
      continue;
    }
    tokens.push(plainToken(span(1), words[i] as string));
    i += 1;
  }
  return tokens;
}

function plainToken(span: { start: number; end: number; text: string }, word: string): Token {
  if (/^(#|no\.)\s?\d+$/.test(span.text)) return { ...span, kind: "rank", value: Number(span.text.replace(/\D/g, "")) };
  const number = /^[\d,.]*\d$/.test(word) ? Number(word.replaceAll(",", "")) : NUMBER_WORDS[word];
  if (number !== undefined && Number.isFinite(number)) return { ...span, kind: "number", value: number };
  if (/^[\p{L}²_']/u.test(word)) return { ...span, text: word, kind: "word" };
  return { ...span, kind: "mark" };
}

export function ordinal(word: string): number | undefined {
  return ORDINALS[word];
}

/** Longest phrase at `i` in the gazetteer (as written) or in the lexicon (spelling corrected); hyphens between words are passed over. */
function longest(
  raw: readonly string[],
  words: readonly string[],
  i: number,
  places: PhraseTable,
): { entry: Entry; count: number } | null {
  let best: { entry: Entry; count: number } | null = null;
  for (const [source, table] of [
    [raw, places],
    [words, ENGLISH],
  ] as const) {
    for (const { words: phrase, entry } of table.get(source[i] ?? "") ?? []) {
      const count = matchAt(source, i, phrase);
      if (count > 0 && (!best || count > best.count)) best = { entry, count };
    }
  }
  return best;
}

function matchAt(source: readonly string[], i: number, phrase: readonly string[]): number {
  let at = i;
  for (const [index, word] of phrase.entries()) {
    while (index > 0 && (source[at] === "-" || source[at] === "'")) at += 1;
    if (source[at] !== word) return 0;
    at += 1;
  }
  return at - i;
}

const LEXICON_WORDS = new Set([...ENGLISH.keys(), ...[...ENGLISH.values()].flat().flatMap(({ words }) => words)]);

/** Common words one letter away from a word of the lexicon, which they do not mean. */
const NO_MISSPELLINGS = new Set(
  "wally whale wales bakers converted convert converts conversion converting corrected contacted horse horses mouse louse price prices train trains trade trades world worlds plants planes please pleased peace pleas lanes later latest water waters matter matters letter letters party parties parts right rights light lights night sights house since sense stone stones store stores story stories state states start starts stars share shares shape shapes sharp short sport sports spots point points print brand brands bring brings build builds built found founds force forces reach reached teach beaches bench benches watch watches catch match matches patch patches batch batches pitch ditch ditches coach couch touch month months mouth mouths south north worth earth wheat white while whale where there these those their three thee tree trees green greens great greats grace graces grade grades grave graves trace traces track tracks truck trick tricks trunk drink drinks bring crane cranes crate crates create creates cream dream dreams dread dress press fields yields shield wield party marsh march marsh cable cables table tables stable stables label cabin cabins basin basins brain brains drain drains grain grains chain chains chair chairs stair stairs plain plains claim claims clean clear clears class glass glasses grasses brass cross crosses across clock clocks block blocks stock stocks shock shack shacks black blank plank planks flank frank crown brown bread broad board boards beard heard hearts heart hard yard yards cards guard guards grand sands bands lands hands banks tanks ranks ranch ranches branch branches bunch lunch punch hours sours tours towns downs gowns power tower towers lower lowers mower flower flowers tours cause pause cease lease leases least feast beast coast coasts roast toast boast boats goats coats floats bloat throat hotel hotels motel motels model models novel hovel level levels river rivers driver drivers liver fiver diver divers never fever lever newer sewer viewer skies bridge brides bride bridle fridge ridges villa villas village bakery bakeries factor factors actor actors doctor sector sectors vector vectors tractor tractors parka parks marks barks sharks stadia school schools scholar scholars spool church churn mosque mosques museum museums metro pub pubs zoo cinema cinemas theatre theatres library libraries bakery cafe cafes restaurant restaurants shop shops hostel casino castles cattle battle bottle settle kettle little title titles puddle paddle paddy daddy".split(
    " ",
  ),
);
/** Short forms and short misspellings, too short for the edit distance to tell. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  "w/": "with",
  "w/o": "without",
  nr: "near",
  neer: "near",
  naer: "near",
  nera: "near",
  neat: "near",
  nead: "near",
  wiht: "with",
  wtih: "with",
  whit: "with",
  frm: "from",
  fron: "from",
  thn: "than",
  tahn: "than",
  teh: "the",
  adn: "and",
  ofr: "for",
  hwy: "highway",
  hwys: "highways",
  fwy: "freeway",
  bldg: "building",
  bldgs: "buildings",
  rd: "road",
  rds: "roads",
  btw: "between",
  thru: "through",
  resi: "residential",
  indl: "industrial",
  fcatory: "factory",
  prot: "port",
  porst: "ports",
  rvier: "river",
  laek: "lake",
  laeks: "lakes",
  bigest: "biggest",
  hiway: "highway",
  hiways: "highways",
  motorwy: "motorway",
  larj: "large",
  shwo: "show",
  hous: "house",
  lagre: "large",
  larg: "large",
  smal: "small",
  aroud: "around",
  arond: "around",
  besid: "beside",
  insid: "inside",
  alnog: "along",
  aong: "along",
};
/** "warehouse's" for warehouses. */
function withoutApostrophe(word: string): string {
  const base = word.endsWith("'s") ? word.slice(0, -2) : "";
  return base !== "" && ENGLISH.has(base) ? plural(base) : word;
}

const corrections = new Map<string, string>();

/** A misspelt word of five letters or more as the one lexicon word at edit distance 1 (2 from nine letters on), else itself. */
function corrected(word: string): string {
  if (word.length < 5 || !/^[a-z]+$/.test(word)) return word;
  if (
    LEXICON_WORDS.has(word) ||
    NO_MISSPELLINGS.has(word) ||
    grammarWords().has(word) ||
    NUMBER_WORDS[word] !== undefined
  )
    return word;
  const known = corrections.get(word);
  if (known !== undefined) return known;
  const allowed = word.length >= 9 ? 2 : 1;
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const candidate of spellings()) {
    if (Math.abs(candidate.length - word.length) > allowed || candidate.charAt(0) !== word.charAt(0)) continue;
    const distance = editDistance(word, candidate, allowed);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  const result = best ?? word;
  if (corrections.size < 10_000) corrections.set(word, result);
  return result;
}

/** Damerau–Levenshtein distance (adjacent swaps count one), cut off above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1, (previous[j - 1] as number) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] as number) + 1);
      row.push(value);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length] as number;
}

/** A day, month or year at `i`: "2023-05-14", "2023-05", "14 May 2023", "May 2023", "2023". */
function dateAt(words: readonly string[], i: number): { from: string; to: string; count: number } | null {
  const word = words[i] ?? "";
  if (/^\d{4}-\d{2}-\d{2}$/.test(word) && isDay(word)) return { from: word, to: word, count: 1 };
  if (/^\d{4}-\d{2}$/.test(word)) return monthRange(Number(word.slice(0, 4)), Number(word.slice(5)), 1);
  const month = monthNumber(word);
  if (month > 0 && isYear(words[i + 1])) return monthRange(Number(words[i + 1]), month, 2);
  const dayMonth = monthNumber(words[i + 1] ?? "");
  if (/^\d{1,2}$/.test(word) && dayMonth > 0 && isYear(words[i + 2])) {
    const day = `${words[i + 2]}-${String(dayMonth).padStart(2, "0")}-${word.padStart(2, "0")}`;
    if (isDay(day)) return { from: day, to: day, count: 3 };
  }
  // March 3, 2024
  const comma = words[i + 2] === "," ? i + 3 : i + 2;
  if (month > 0 && /^\d{1,2}$/.test(words[i + 1] ?? "") && isYear(words[comma])) {
    const day = `${words[comma]}-${String(month).padStart(2, "0")}-${(words[i + 1] ?? "").padStart(2, "0")}`;
    if (isDay(day)) return { from: day, to: day, count: comma - i + 1 };
  }
  // between May and August 2023: the year of the second month is that of the first
  if (
    month > 0 &&
    ["and", "to", "until", "-"].includes(words[i + 1] ?? "") &&
    monthNumber(words[i + 2] ?? "") > 0 &&
    isYear(words[i + 3])
  )
    return monthRange(Number(words[i + 3]), month, 1);
  if (isYear(word) && words[i + 1] === "s" && word.endsWith("0"))
    return { from: `${word}-01-01`, to: `${Number(word) + 9}-12-31`, count: 2 };
  const next = words[i + 1] ?? "";
  if (isYear(word) && !/^(m|km|metres?|meters?|feet|ft|miles?|ha|hectares?|m2|m²|acres?|米|公里)$/.test(next))
    return { from: `${word}-01-01`, to: `${word}-12-31`, count: 1 };
  return null;
}

function monthNumber(word: string): number {
  return word.length >= 3 ? MONTHS.findIndex((month) => month === word || month.slice(0, 3) === word) + 1 : 0;
}

function isYear(word: string | undefined): boolean {
  return /^(19|20)\d{2}$/.test(word ?? "");
}

function isDay(iso: string): boolean {
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}

export function monthRange(
  year: number,
  month: number,
  count: number,
): { from: string; to: string; count: number } | null {
  if (month < 1 || month > 12) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const prefix = `${year}-${String(month).padStart(2, "0")}`;
  return { from: `${prefix}-01`, to: `${prefix}-${String(last).padStart(2, "0")}`, count };
}

const CHINESE_DIGITS = "零一二三四五六七八九";

/** 五, 十二, 两百, 三千五 as numbers; NaN for what is none. */
export function chineseNumber(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === "半") return 0.5;
  let total = 0;
  let digit = 0;
  for (const unit of text.replaceAll("两", "二").replaceAll("〇", "零")) {
    const value = CHINESE_DIGITS.indexOf(unit);
    const scale = { 十: 10, 百: 100, 千: 1000, 万: 10_000 }[unit];
    if (value >= 0) digit = value;
    else if (scale === 10_000) [total, digit] = [(total + digit) * scale, 0];
    else if (scale) [total, digit] = [total + (digit || 1) * scale, 0];
    else return Number.NaN;
  }
  return total + digit;
}

const CHINESE_PIECE =
  /\d{4}-\d{2}-\d{2}|(?:\d{4}|[零〇一二三四五六七八九]{4})年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|#\s?\d+|第[\d一二三四五六七八九十]+[个处]?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[<>]=?|[a-z²_]+\d?/iuy;

let wordsByFirst: Map<string, string[]> | undefined;

/** Function words of the Chinese grammar by their first character, longest first. */
function functionWords(first: string): readonly string[] {
  if (!wordsByFirst) {
    wordsByFirst = new Map();
    const units = [...Object.keys(LENGTH_UNITS), ...Object.keys(AREA_UNITS)].filter((unit) =>
      /\p{Script=Han}/u.test(unit),
    );
    for (const word of [...new Set([...chineseGrammarWords(), ...units, ...WALKS])].sort(
      (a, b) => b.length - a.length,
    )) {
      const list = wordsByFirst.get(word.charAt(0)) ?? [];
      list.push(word);
      wordsByFirst.set(word.charAt(0), list);
    }
  }
  return wordsByFirst.get(first) ?? [];
}

const WALKS = ["步行距离", "步行可达", "步行十分钟", "步行范围", "走路可到"];

type Unplaced<T> = T extends unknown ? Omit<T, "start" | "end" | "text"> : never;
interface Segment {
  readonly length: number;
  readonly token: Unplaced<Token> | null;
}

/** What may stand at `i`, longest first; of two of one length the name, the number, the lexicon and the grammar come in this order. */
function segmentsAt(text: string, i: number, places: ReturnType<typeof placesOf>["chinese"]): Segment[] {
  const segments: Segment[] = [];
  for (const { phrase, entry } of places)
    if (text.startsWith(phrase, i)) segments.push({ length: phrase.length, token: entry });
  const number = /^[零一二三四五六七八九十百千万两半]+/.exec(text.slice(i, i + 12))?.[0];
  if (number && Number.isFinite(chineseNumber(number)))
    segments.push({ length: number.length, token: { kind: "number", value: chineseNumber(number) } });
  const first = text.charAt(i);
  for (const { phrase, entry } of CHINESE.get(first) ?? [])
    if (text.startsWith(phrase, i)) segments.push({ length: phrase.length, token: entry });
  for (const word of functionWords(first))
    if (text.startsWith(word, i))
      segments.push({ length: word.length, token: { kind: "word", isUnknown: NAMES.has(word) } });
  return segments.sort((a, b) => b.length - a.length);
}

const TOKEN_COST = 1;
const UNKNOWN_COST = 8;

/**
 * Tokens of a Chinese message by dictionary segmentation: of all ways to cut the text the one with the fewest unknown
 * characters and then the fewest words, the longer word first (沿|海滩, not 沿海|滩).
 */
export function chineseTokens(message: string, gazetteer: Gazetteer): readonly Token[] {
  const text = normalise(message);
  const places = placesOf(gazetteer).chinese;
  const costs = new Float64Array(text.length + 1);
  const choices = new Array<Segment>(text.length);
  for (let i = text.length - 1; i >= 0; i -= 1) {
    const unit = text.charAt(i);
    const isLetter = /\p{L}/u.test(unit);
    const unknown: Segment = { length: 1, token: null };
    if (!/\p{Script=Han}/u.test(unit) && !(isLetter && !/[a-z]/.test(unit))) {
      CHINESE_PIECE.lastIndex = i;
      const length = CHINESE_PIECE.exec(text)?.[0].length ?? 1;
      choices[i] = { length, token: null };
      costs[i] = (costs[i + length] ?? 0) + (/\s/.test(unit) ? 0 : TOKEN_COST);
      continue;
    }
    let best = unknown;
    let cost = (costs[i + 1] as number) + UNKNOWN_COST;
    CHINESE_PIECE.lastIndex = i;
    const piece = CHINESE_PIECE.exec(text)?.[0];
    const options = segmentsAt(text, i, places);
    if (piece) options.unshift({ length: piece.length, token: null });
    for (const option of options) {
      const total = (costs[i + option.length] as number) + TOKEN_COST;
      if (total < cost) [best, cost] = [option, total];
    }
    choices[i] = best;
    costs[i] = cost;
  }
  const tokens: Token[] = [];
  for (let i = 0; i < text.length; ) {
    if (/\s/.test(text.charAt(i))) {
      i += 1;
      continue;
    }
    tokens.push(chineseToken(text, i, choices[i] as Segment, gazetteer));
    i = (tokens.at(-1) as Token).end;
  }
  return withUnknownRuns(tokens, text);
}

function chineseToken(text: string, i: number, { length, token }: Segment, gazetteer: Gazetteer): Token {
  const span = { start: i, end: i + length, text: text.slice(i, i + length) };
  if (token) return { ...span, ...token } as Token;
  CHINESE_PIECE.lastIndex = i;
  if (CHINESE_PIECE.exec(text)?.[0] === span.text) {
    const english = /^[a-z]/i.test(span.text) ? englishPhrase(text, i, gazetteer) : null;
    return english ?? pieceToken(span, span.text);
  }
  return /\p{L}/u.test(span.text) ? { ...span, kind: "word", isUnknown: true } : { ...span, kind: "mark" };
}

/**
 * Neighbouring characters that nothing knows are one word, and so is a name of one character among them: 黄河 and 海鲜 are
 * no rivers and seas of the lexicon.
 */
function withUnknownRuns(tokens: readonly Token[], text: string): Token[] {
  const out: Token[] = [];
  const isUnknown = (token: Token | undefined) => token?.kind === "word" && token.isUnknown === true;
  const mayJoin = (token: Token | undefined) =>
    isUnknown(token) ||
    (token !== undefined && (token.kind === "concept" || token.kind === "attribute") && token.end - token.start === 1);
  const mayBegin = (i: number) => {
    const token = tokens[i];
    const before = tokens[i - 1];
    const isFree = before === undefined || before.kind === "mark" || (before.kind === "word" && !isUnknown(before));
    return (
      token?.kind === "word" &&
      MAY_BEGIN_NAMES.has(token.text) &&
      isFree &&
      isUnknown(tokens[i + 1]) &&
      tokens[i + 1]?.start === token.end
    );
  };
  for (let i = 0; i < tokens.length; ) {
    let end = mayBegin(i) ? i + 1 : i;
    while (mayJoin(tokens[end]) && (end === i || tokens[end]?.start === tokens[end - 1]?.end)) end += 1;
    // 埃勒里: 里 after an unknown name belongs to it; 内 or 中 would stand for "in".
    const isNamed =
      tokens.slice(i, end).some(isUnknown) && tokens[end]?.text === "里" && tokens[end]?.start === tokens[end - 1]?.end;
    if (isNamed) end += 1;
    while (isNamed && mayJoin(tokens[end]) && tokens[end]?.start === tokens[end - 1]?.end) end += 1;
    const run = tokens.slice(i, end);
    if (run.some(isUnknown)) {
      const start = (run[0] as Token).start;
      const last = (run.at(-1) as Token).end;
      out.push({ start, end: last, text: text.slice(start, last), kind: "word", isUnknown: true });
      i = end;
    } else {
      out.push(tokens[i] as Token);
      i += 1;
    }
  }
  return out;
}

/** A Chinese name of the lexicon inside English text. */
function chinesePhrase(text: string, at: number): Token | null {
  const found = (CHINESE.get(text.charAt(at)) ?? []).find(({ phrase }) => text.startsWith(phrase, at));
  return found ? { start: at, end: at + found.phrase.length, text: found.phrase, ...found.entry } : null;
}

/** A whole English phrase of lexicon or gazetteer inside Chinese text. */
function englishPhrase(message: string, at: number, gazetteer: Gazetteer): Token | null {
  const run = /^[a-z0-9'\- ]+/i.exec(message.slice(at))?.[0] ?? "";
  const [first] = englishTokens(run, gazetteer);
  return first && first.kind !== "word" && first.kind !== "mark"
    ? { ...first, start: at + first.start, end: at + first.end }
    : null;
}

function pieceToken(span: { start: number; end: number; text: string }, piece: string): Token {
  if (/^#/.test(piece)) return { ...span, kind: "rank", value: Number(piece.replace(/\D/g, "")) };
  if (/^第/.test(piece)) return { ...span, kind: "rank", value: chineseNumber(piece.replace(/[第个处]/g, "")) };
  const date = /^(\d{4}|[零〇一二三四五六七八九]{4})年(?:(\d{1,2})月)?(?:(\d{1,2})[日号])?$/.exec(piece);
  if (date) {
    const [, written, month, day] = date;
    const year = [...(written as string)]
      .map((digit) => (/\d/.test(digit) ? digit : CHINESE_DIGITS.indexOf(digit === "〇" ? "零" : digit)))
      .join("");
    if (month && day) {
      const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
      return { ...span, kind: "date", from: iso, to: iso };
    }
    const range = month ? monthRange(Number(year), Number(month), 1) : { from: `${year}-01-01`, to: `${year}-12-31` };
    if (range) return { ...span, kind: "date", from: range.from, to: range.to };
  }
  if (/^\d{4}-/.test(piece) && !isDay(piece)) return { ...span, kind: "word", isUnknown: true };
  if (/^\d{4}-/.test(piece)) return { ...span, kind: "date", from: piece, to: piece };
  if (/^[\d,.]+$/.test(piece)) return { ...span, kind: "number", value: Number(piece.replaceAll(",", "")) };
  return { ...span, kind: "word" };
}
