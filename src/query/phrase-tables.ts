import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import { ATTRIBUTE_NAMES, CONCEPT_NAMES } from "../../knowledge/ontology/lexicon.ts";
import { plural } from "../../knowledge/ontology/names.ts";
import { normalise } from "./tokens.ts";
import type { Gazetteer } from "./turn.ts";

/** What a phrase of the lexicon or the gazetteer stands for. */
export type Entry =
  | { kind: "concept"; concept: ConceptId; isPlural: boolean }
  | { kind: "attribute"; attribute: AttributeId }
  | { kind: "place"; name: string; ids: string[] };

/** Phrases by their first word; the words of a phrase are joined by one space. */
export type PhraseTable = Map<string, { words: readonly string[]; entry: Entry }[]>;

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

/** English phrases of the lexicon. */
export const ENGLISH: PhraseTable = new Map();
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

/** Chinese phrases by first character, longest first. */
export const CHINESE = new Map<string, { phrase: string; entry: Entry }[]>();
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

/** The names of a gazetteer in the shape of the lexicon; made once for each gazetteer. */
export function placesOf(gazetteer: Gazetteer) {
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
