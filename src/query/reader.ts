import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import type { Draft } from "./draft.ts";
import type { Noun, Relation, Span } from "./schema.ts";
import type { Token } from "./tokens.ts";
import type { UnderstandContext } from "./turn.ts";

/** A message being read: its tokens, the draft that fills, and the noun that what follows belongs to. */
export interface Reader {
  readonly message: string;
  readonly tokens: readonly Token[];
  readonly context: UnderstandContext;
  readonly draft: Draft;
  /** Relations that follow belong to this anchor instead of the target. */
  attach: Noun | null;
  lastNoun: Noun | null;
  readonly plurals: Set<Noun>;
  /** Tokens at which no noun phrase begins, so that no reader looks twice. */
  readonly noNouns: Set<number>;
  /** How deep the phrase being read is nested. */
  readonly depth: number;
  /** Relations in brackets after an anchor, by the token of the bracket; read once. */
  readonly groups: Map<number, Read<Relation[]> | null>;
  /** Reads "(that is near a river)" at a token. */
  readonly groupAt: (reader: Reader, i: number) => Read<Relation[]> | null;
}

/** Something that was read, and the token after it. */
export interface Read<T> {
  readonly value: T;
  readonly next: number;
}

/** Text of the token, folded as the tokens are, at `i`; empty beyond the end. */
export function wordAt(reader: Reader, i: number): string {
  return reader.tokens[i]?.text ?? "";
}

export function isOneOf(reader: Reader, i: number, words: ReadonlySet<string>): boolean {
  return words.has(wordAt(reader, i));
}

export function conceptAt(reader: Reader, i: number): ConceptId | null {
  const token = reader.tokens[i];
  return token?.kind === "concept" ? token.concept : null;
}

/** Phrases with their values, by first word, longest first. */
export type Phrases<T> = ReadonlyMap<string, readonly { readonly words: readonly string[]; readonly value: T }[]>;

const spoken = new Set<string>();

/** Every word of the grammars' phrases: words that are not misspelt, and that misspelt ones may be meant for. */
export function grammarWords(): ReadonlySet<string> {
  return spoken;
}

/** A table of phrases; alternatives with one value may be joined by "|". */
export function phrases<T>(entries: Iterable<readonly [string, T]>): Phrases<T> {
  const table = new Map<string, { words: readonly string[]; value: T }[]>();
  for (const [alternatives, value] of entries) {
    for (const phrase of alternatives.split("|")) {
      const words = phrase.trim().split(" ");
      const first = words[0] as string;
      for (const word of words) spoken.add(word);
      const list = table.get(first) ?? [];
      list.push({ words, value });
      list.sort((a, b) => b.words.length - a.words.length);
      table.set(first, list);
    }
  }
  return table;
}

/** The longest phrase of the table at `i`. */
export function phraseAt<T>(reader: Reader, i: number, table: Phrases<T>): Read<T> | null {
  for (const { words, value } of table.get(wordAt(reader, i)) ?? []) {
    if (words.every((word, k) => wordAt(reader, i + k) === word)) return { value, next: i + words.length };
  }
  return null;
}

/** The index after words of the set. */
export function skip(reader: Reader, i: number, words: ReadonlySet<string>): number {
  let at = i;
  while (at < reader.tokens.length && words.has(wordAt(reader, at)) && reader.tokens[at]?.kind !== "concept") at += 1;
  return at;
}

/** The words from token `from` to before token `to`, for a slot. */
export function spanOf(reader: Reader, from: number, to: number, slot: string): Span {
  const start = reader.tokens[from]?.start ?? 0;
  const end = reader.tokens[to - 1]?.end ?? start;
  return { start, end, text: reader.message.slice(start, end), slot };
}

/** Neighbouring leftover words as one span. */
export function joinedSpans(spans: readonly Span[], message: string): Span[] {
  const out: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && last.slot === span.slot && message.slice(last.end, span.start).trim() === "")
      out[out.length - 1] = { ...last, end: span.end, text: message.slice(last.start, span.end) };
    else out.push(span);
  }
  return out;
}

const sets = new Map<string, ReadonlySet<string>>();

/** The words of a list that blanks separate, as a set; made once for each list. */
export function words(list: string): ReadonlySet<string> {
  const known = sets.get(list);
  if (known) return known;
  const set = new Set(list.split(" "));
  for (const word of set) spoken.add(word);
  sets.set(list, set);
  return set;
}
