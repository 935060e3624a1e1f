import type { Citation } from "../reply.ts";

/** A sentence of a text with the space behind it; pieces joined are the text. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** 0-based line that it stands in. */
  readonly line: number;
  /** A numbered line of a list of results. */
  readonly isListed: boolean;
}

const FULL_STOPS =
  /[。]+[”’」』)）]*\s*|[!?！？]+[”’」』)）]*(?:\s+|$|(?=\p{Script=Han}))|\.[”’)]*(?:\s+(?=[\p{Lu}\p{Script=Han}“"#\d(])|\s*$)/gu;

/** A text cut behind its sentences and lines, never inside what a citation covers. */
export function piecesOf(text: string, citations: readonly Pick<Citation, "start" | "end">[] = []): readonly Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  text.split(/(?<=\n)/).forEach((line, index) => {
    const prefix = /^\s*\d+\.\s/.exec(line)?.[0].length ?? 0;
    let start = 0;
    const cut = (end: number) => {
      if (end <= start) return;
      const from = offset + start;
      pieces.push({ text: line.slice(start, end), start: from, end: offset + end, line: index, isListed: prefix > 0 });
      start = end;
    };
    if (prefix === 0) {
      for (const match of line.matchAll(FULL_STOPS)) {
        const end = match.index + match[0].length;
        const at = offset + end;
        const isCited = citations.some((citation) => at > citation.start && at < citation.end);
        if (!isCited) cut(end);
      }
    }
    cut(line.length);
    offset += line.length;
  });
  return pieces;
}
