import { backsDate, datesIn } from "./dates.ts";
import type { Evidence, EvidenceUnit } from "./evidence.ts";
import { type KnownQuantity, quantitiesIn, says } from "./quantities.ts";
import { ONTOLOGY_HAN, ONTOLOGY_WORDS, PLAIN_HAN, PLAIN_WORDS, wordsOf } from "./vocabulary.ts";

/** What a sentence says that nothing backs. */
export interface Unsupported {
  readonly kind: "number" | "name" | "date" | "region" | "word" | "source";
  readonly text: string;
}

interface Mention {
  readonly rank: number;
  readonly start: number;
  readonly end: number;
}

const MENTIONS =
  /#\s?(\d{1,4})(?!\d)|第\s?(\d{1,3})\s?个|\b(?:result|region|number|no\.)\s(\d{1,3})\b(?!\s?(?:%|m\b|ha\b|km))|(?:结果|区域)\s?(\d{1,3})(?!\d|[.,]\d|\s?个)|^\s*(\d{1,3})\.\s/giu;
const MARKER = /\[(\d{1,3})\]/g;

/** The numbers in square brackets that cite something, in the order in which they stand. */
export function markersIn(text: string): readonly number[] {
  return [...text.matchAll(MARKER)].map(([, marker]) => Number(marker));
}

/** The results that a text points at: "#2", "第 2 个", "2." at the start of a line. */
export function mentionsIn(text: string): readonly Mention[] {
  return [...text.matchAll(MENTIONS)].map((match) => ({
    rank: Number(match.slice(1).find((group) => group !== undefined)),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * Everything in a sentence that the evidence does not back: numbers with their units and rounding, names, dates, results pointed at,
 * and words that stand for something. A sentence is held against what it points at, and what its line points at where it does not.
 *
 * @param line the line that it stands in: what it speaks of
 */
export function checkSentence(sentence: string, line: string, evidence: Evidence): readonly Unsupported[] {
  const faults: Unsupported[] = [];
  const mentions = mentionsIn(sentence);
  for (const { rank, start, end } of mentions)
    if (!evidence.units.some((unit) => unit.rank === rank))
      faults.push({ kind: "region", text: sentence.slice(start, end).trim() });
  const spokenOf = new Set(mentionsIn(line).map(({ rank }) => rank));
  for (const marker of markersIn(sentence)) {
    const cited = evidence.units.filter(({ markers }) => markers.includes(marker));
    if (cited.length === 0) faults.push({ kind: "source", text: `[${marker}]` });
    // A line that speaks of #3 does not rest on what is cited of #1.
    const ranks = cited.flatMap(({ rank }) => rank ?? []);
    if (spokenOf.size > 0 && ranks.length > 0 && !ranks.some((rank) => spokenOf.has(rank)))
      faults.push({ kind: "region", text: `[${marker}]` });
  }
  const scope = scopeOf(sentence, line, evidence);
  faults.push(...strangeLabels(sentence, scope, evidence.names));
  const { rest: blanked, repeated } = blankPhrases(sentence, scope, new Set(evidence.names));
  // "X is operated by X": a name in the place of another that the evidence holds, too.
  faults.push(...repeated.map((text) => ({ kind: "name" as const, text })));
  let rest = blanked;
  for (const name of evidence.names) {
    const at = indexOfName(rest, name);
    if (at < 0) continue;
    faults.push({ kind: "name", text: name });
    rest = blank(rest, at, at + name.length);
  }
  for (const { start, end } of mentionsIn(rest)) rest = blank(rest, start, end);
  rest = rest.replace(MARKER, (marker) => " ".repeat(marker.length));
  const dates = scope.flatMap((unit) => unit.dates);
  for (const { date, start, end } of datesIn(rest)) {
    if (!backsDate(dates, date)) faults.push({ kind: "date", text: rest.slice(start, end) });
    rest = blank(rest, start, end);
  }
  faults.push(...checkQuantities(rest, mentions, scope, sentence));
  for (const { start, end } of quantitiesIn(rest)) rest = blank(rest, start, end);
  faults.push(...checkWords(rest, scope));
  return faults;
}

/** Units that a sentence may draw on: those for all, those it points at, those its line points at; in a text that points at nothing, those without a place. */
function scopeOf(sentence: string, line: string, evidence: Evidence): readonly EvidenceUnit[] {
  const mentions = [...mentionsIn(sentence), ...mentionsIn(line)];
  const ranks = new Set([...mentions.map(({ rank }) => rank), ...(evidence.focus ?? [])]);
  const markers = new Set([...markersIn(sentence), ...markersIn(line)]);
  return evidence.units.filter(
    (unit) =>
      unit.isGlobal ||
      (unit.rank !== null && ranks.has(unit.rank)) ||
      unit.markers.some((marker) => markers.has(marker)),
  );
}

const OF_PROBABILITY = /probab|likel|chance|odds|概率|可能性|置信/i;
/** A line of a list says of its result what it is itself, with no bounds and no sizes of parts. */
const LISTED = /^\s*(\d{1,3})\.\s/;

/** A number right behind a result belongs to that result; any other to whatever the sentence is about. */
function checkQuantities(
  rest: string,
  mentions: readonly Mention[],
  scope: readonly EvidenceUnit[],
  sentence: string,
): Unsupported[] {
  const faults: Unsupported[] = [];
  const listed = Number(LISTED.exec(sentence)?.[1] ?? 0);
  const isOfProbability = OF_PROBABILITY.test(sentence);
  const hasProbability = scope.some(({ quantities }) => quantities.some(({ role }) => role === "probability"));
  let behind = new Set<number>();
  for (const { text, start, end, ...printed } of quantitiesIn(rest)) {
    const before = mentions.filter((mention) => mention.end <= start).at(-1);
    const isFirst = before !== undefined && !behind.has(before.end);
    if (before) behind = behind.add(before.end);
    const allowed =
      listed > 0
        ? scope.filter(({ rank }) => rank === listed)
        : isFirst
          ? scope.filter((unit) => unit.rank === before.rank || unit.rank === null)
          : scope;
    const mayBe = ({ role }: KnownQuantity) =>
      printed.unit === "percent" && isOfProbability && hasProbability
        ? role === "probability"
        : listed === 0 || role !== undefined;
    if (!allowed.some((unit) => unit.quantities.some((known) => mayBe(known) && says(printed, known))))
      faults.push({ kind: "number", text });
  }
  return faults;
}

/** Names with a kind in brackets behind them that nothing in reach is labelled with: "River Kestrel (large factory)". */
function strangeLabels(sentence: string, scope: readonly EvidenceUnit[], names: readonly string[]): Unsupported[] {
  const known = scope.flatMap(({ phrases }) => phrases.map(asLabel));
  return names.flatMap((name): Unsupported[] => {
    const at = indexOfName(sentence, name);
    if (at < 0) return [];
    const kind = /^\s?[((]([^()()]{1,40})[))]/.exec(sentence.slice(at + name.length))?.[1];
    if (kind === undefined || !isKind(kind)) return [];
    const label = asLabel(`${name}(${kind}`);
    const isHeld = (one: string) => known.some((phrase) => phrase.includes(one));
    return isHeld(label) || !isHeld(asLabel(`(${kind}`)) ? [] : [{ kind: "name", text: `${name} (${kind})` }];
  });
}

const asLabel = (text: string) => text.toLowerCase().replace(/\s?[((]/g, "(");

/** Made of the ontology's names alone: "large factory", 高速出口. */
function isKind(words: string): boolean {
  let han = words;
  for (const name of ONTOLOGY_HAN) han = han.replaceAll(name, "");
  return (
    !/\p{Script=Han}/u.test(han.replaceAll("的", "")) &&
    wordsOf(words).every((word) => ONTOLOGY_WORDS.has(word)) &&
    !/\d/.test(words)
  );
}

function checkWords(rest: string, scope: readonly EvidenceUnit[]): Unsupported[] {
  const faults: Unsupported[] = [];
  const known = new Set(scope.flatMap((unit) => unit.phrases.flatMap((phrase) => wordsOf(phrase))));
  for (const word of wordsOf(rest)) {
    const isKnown = [word, ...word.split("-")].some((form) => form !== "" && isBacked(form, known));
    if (!isKnown) faults.push({ kind: "word", text: word });
  }
  let han = rest;
  for (const name of ONTOLOGY_HAN) if (han.includes(name)) han = han.replaceAll(name, " ");
  for (const [run] of han.matchAll(/\p{Script=Han}+/gu)) {
    const strange = [...run].filter((sign) => !PLAIN_HAN.has(sign));
    if (strange.length > 0) faults.push({ kind: "word", text: run });
  }
  return faults;
}

function isBacked(word: string, known: ReadonlySet<string>): boolean {
  if (PLAIN_WORDS.has(word) || ONTOLOGY_WORDS.has(word) || known.has(word)) return true;
  return word.length === 1 || (word.endsWith("s") && known.has(word.slice(0, -1))) || known.has(`${word}s`);
}

/** Takes what the evidence says word for word out of a sentence, longest first; names that it took out more than once are told. */
function blankPhrases(
  sentence: string,
  scope: readonly EvidenceUnit[],
  names: ReadonlySet<string>,
): { readonly rest: string; readonly repeated: readonly string[] } {
  const phrases = [...new Set(scope.flatMap((unit) => unit.phrases))].sort((a, b) => b.length - a.length);
  const repeated: string[] = [];
  let rest = sentence;
  for (const phrase of phrases) {
    for (let count = 1; ; count += 1) {
      const at = indexOfName(rest, phrase);
      if (at < 0) break;
      if (count === 2 && names.has(phrase)) repeated.push(phrase);
      rest = blank(rest, at, at + phrase.length);
    }
  }
  return { rest, repeated };
}

/** Where a phrase stands as words of their own, or −1: “Exit 1” is not in “Exit 12”. */
function indexOfName(text: string, phrase: string): number {
  const lower = text.toLowerCase();
  const wanted = phrase.toLowerCase();
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + phrase.length] ?? " ";
    const glued = (inner: string | undefined, outer: string) =>
      /[\p{Script=Latin}\p{N}]/u.test(inner ?? "") && /[\p{Script=Latin}\p{N}]/u.test(outer);
    const isNumber = /^[\d,.]*\d/.test(text.slice(at + phrase.length)) && /\d$/.test(phrase);
    if (!glued(phrase[0], before) && !glued(phrase.at(-1), after) && !isNumber) return at;
  }
  return -1;
}

function blank(text: string, start: number, end: number): string {
  return `${text.slice(0, start)}${" ".repeat(end - start)}${text.slice(end)}`;
}
