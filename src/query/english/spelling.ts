import { plural } from "../../../knowledge/ontology/names.ts";
import { ENGLISH } from "../phrase-tables.ts";
import { grammarWords } from "../reader.ts";
import { NUMBER_WORDS } from "./number-words.ts";

let spellingList: readonly string[] | undefined;

/** Words of five letters or more that a misspelt word may be meant for: the lexicon's before the grammar's. */
function spellings(): readonly string[] {
  spellingList ??= [
    ...new Set([...[...ENGLISH.values()].flat().flatMap(({ words }) => words), ...grammarWords()]),
  ].filter((word) => /^[a-z]{5,}$/.test(word));
  return spellingList;
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

/** The word that is meant: a short form written out, a misspelling put right. */
export function spelt(word: string): string {
  return ABBREVIATIONS[word] ?? corrected(withoutApostrophe(word));
}
