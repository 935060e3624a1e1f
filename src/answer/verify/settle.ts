import { hasMarkup, plainLine } from "../plain-text.ts";
import type { Citation, Reply } from "../reply.ts";
import { checkSentence, mentionsIn } from "./check-sentence.ts";
import { datesIn } from "./dates.ts";
import type { Evidence } from "./evidence.ts";
import { type QuantityInText, quantitiesIn } from "./quantities.ts";
import { type Piece, piecesOf } from "./sentences.ts";

/** A sentence of the draft as a model worded it; `n` counts the draft's pieces from 0. */
export interface WordedSentence {
  readonly n: number;
  readonly text: string;
}

export interface DraftPiece extends Piece {
  readonly n: number;
  /** Citations whose words stand in it. */
  readonly citations: readonly Citation[];
  /** Lists of results, quotations and the person's own words stay as they are, and no model sees them. */
  readonly isOpen: boolean;
}

export interface SettledPiece {
  readonly text: string;
  readonly outcome: "kept" | "repaired" | "own";
}

/** The sentences of a draft, with which of them may be worded anew. */
export function draftPieces(draft: Pick<Reply, "text" | "citations" | "understood">): readonly DraftPiece[] {
  const theirs = draft.understood.unparsed.map(({ text }) => text);
  return piecesOf(draft.text, draft.citations).map((piece, n) => {
    const citations = draft.citations.filter(({ start, end }) => start < piece.end && end > piece.start);
    const quotes = citations.some(({ kind, start, end, quote }) => {
      const cited = draft.text.slice(start, end);
      return kind === "passage" && (quote.includes(cited) || cited.includes(quote));
    });
    const isTheirs = theirs.some((words) => piece.text.includes(plainLine(words)));
    const isOpen = !piece.isListed && !quotes && !isTheirs && /[\p{L}]{2}/u.test(piece.text);
    return { ...piece, n, citations, isOpen };
  });
}

/**
 * A sentence as it may leave: the model's where it says what the draft's says and the evidence backs every word of it, else the
 * draft's own.
 */
export function settlePiece(
  piece: DraftPiece,
  draft: string,
  worded: string | undefined,
  evidence: Evidence,
): SettledPiece {
  const own: SettledPiece = { text: piece.text, outcome: "own" };
  if (worded === undefined || !piece.isOpen) return own;
  const text = plainLine(worded.replace(/\[\d{1,3}\]/g, ""), 600);
  const before = piece.text.trim().replace(/\[\d{1,3}\]/g, "");
  if (text === "" || hasMarkup(worded) || !saysTheSame(text, before)) return { ...own, outcome: "repaired" };
  const markers = [...new Set(piece.citations.map(({ marker }) => ` [${marker}]`))].join("");
  const line = draft.split("\n")[piece.line] ?? "";
  const faults = checkSentence(`${text}${markers}`, `${line} ${text}`, evidence);
  if (faults.length > 0) return { ...own, outcome: "repaired" };
  const space = /\s*$/.exec(piece.text)?.[0] ?? "";
  return { text: `${withMarkers(text, markers)}${space}`, outcome: "kept" };
}

/** Markers stand before the full stop, as the writer sets them. */
function withMarkers(text: string, markers: string): string {
  if (markers === "") return text;
  const stop = /[.。!?！？]?$/.exec(text)?.[0] ?? "";
  return `${text.slice(0, text.length - stop.length)}${markers}${stop}`;
}

/** The whole text of a reply once its sentences are settled, with its citations where they now stand. */
export function settle(
  draft: Reply,
  sentences: readonly WordedSentence[],
  evidence: Evidence,
): {
  readonly text: string;
  readonly citations: Citation[];
  readonly kept: number;
  readonly repaired: number;
  readonly dropped: number;
} {
  const pieces = draftPieces(draft);
  const worded = new Map(sentences.map(({ n, text }) => [n, text]));
  const citations: Citation[] = [];
  let text = "";
  let kept = 0;
  let repaired = 0;
  for (const piece of pieces) {
    const settled = settlePiece(piece, draft.text, worded.get(piece.n), evidence);
    if (settled.outcome === "kept") kept += 1;
    if (settled.outcome === "repaired") repaired += 1;
    const core = settled.text.trimEnd().replace(/(?: \[\d{1,3}\])*[.。!?！？]?$/, "").length;
    for (const citation of piece.citations) {
      const shift = text.length - piece.start;
      citations.push(
        settled.outcome === "kept"
          ? { ...citation, start: text.length, end: text.length + core }
          : { ...citation, start: citation.start + shift, end: citation.end + shift },
      );
    }
    text += settled.text;
  }
  const open = new Set(pieces.flatMap(({ isOpen, n }) => (isOpen ? n : [])));
  const dropped = sentences.filter(({ n }) => !open.has(n)).length;
  return { text, citations, kept, repaired, dropped };
}

const ENGLISH_NO =
  /\b(?:no|not|none|nothing|never|without|neither|nor|cannot|fails?|failed|excluded|outside)\b|n['’]t\b/gi;
const CHINESE_NO = /[不没无未非]|除外|以外|之外|排除/g;

/** The same numbers, dates and results, and denied where the other denies. */
function saysTheSame(text: string, other: string): boolean {
  const key = ({ value, unit }: QuantityInText) => `${Number(value.toPrecision(12))} ${unit}`;
  const claims = (words: string) => {
    const [dates, mentions] = [datesIn(words), mentionsIn(words)];
    const isApart = ({ start, end }: QuantityInText) =>
      ![...dates, ...mentions].some((taken) => start < taken.end && end > taken.start);
    return [
      ...dates.map(({ date }) => date),
      ...mentions.map(({ rank }) => `#${rank}`),
      ...quantitiesIn(words).filter(isApart).map(key),
    ];
  };
  const [mine, theirs] = [new Set(claims(text)), new Set(claims(other))];
  const denials = (words: string) => (words.match(ENGLISH_NO)?.length ?? 0) + (words.match(CHINESE_NO)?.length ?? 0);
  return mine.size === theirs.size && [...mine].every((claim) => theirs.has(claim)) && denials(text) === denials(other);
}
