import { INDEFINITE } from "../indefinite.ts";
import { CHINESE, ENGLISH, type Entry, type PhraseTable, placesOf } from "../phrase-tables.ts";
import type { Token } from "../tokens.ts";
import { normalise } from "../tokens.ts";
import type { Gazetteer } from "../turn.ts";
import { NUMBER_WORDS } from "./number-words.ts";
import { spelt } from "./spelling.ts";
import { writtenDateAt } from "./written-dates.ts";

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
  const words = pieces.map((piece) => spelt(piece.text));
  const places = placesOf(gazetteer).english;
  const tokens: Token[] = [];
  for (let i = 0; i < pieces.length; ) {
    const piece = pieces[i] as (typeof pieces)[number];
    const span = (count: number) => ({
      start: piece.start,
      end: (pieces[i + count - 1] as (typeof pieces)[number]).end,
      text: text.slice(piece.start, (pieces[i + count - 1] as (typeof pieces)[number]).end),
    });
    const special = writtenDateAt(
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

/** Longest phrase at `i` in the gazetteer (as written) or in the lexicon (spelling corrected); hyphens between words are passed over. */
function longest(
  raw: readonly string[],
  words: readonly string[],
  i: number,
  places: PhraseTable,
): { entry: Entry; count: number } | null {
  let best: { entry: Entry; count: number } | null = null;
  const isAnyOfKind = INDEFINITE.has(raw[i - 1] ?? "");
  const sources = [[raw, places] as const, [words, ENGLISH] as const];
  for (const [source, table] of isAnyOfKind ? sources.toReversed() : sources) {
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

/** A Chinese name of the lexicon inside English text. */
function chinesePhrase(text: string, at: number): Token | null {
  const found = (CHINESE.get(text.charAt(at)) ?? []).find(({ phrase }) => text.startsWith(phrase, at));
  return found ? { start: at, end: at + found.phrase.length, text: found.phrase, ...found.entry } : null;
}
