import { isDay, monthRange } from "../dates.ts";
import { AREA_UNITS, LENGTH_UNITS } from "../defaults.ts";
import { englishTokens } from "../english/tokens.ts";
import { CHINESE, placesOf } from "../phrase-tables.ts";
import { normalise, type Token } from "../tokens.ts";
import type { Gazetteer } from "../turn.ts";
import { chineseGrammarWords, MAY_BEGIN_NAMES, NAMES } from "./vocabulary.ts";

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
