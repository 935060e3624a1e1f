import { hasMarkup, withoutMarkup } from "../plain-text.ts";
import { checkSentence, type Unsupported } from "./check-sentence.ts";
import type { Evidence } from "./evidence.ts";
import { type Piece, piecesOf } from "./sentences.ts";

export interface CheckedPiece {
  readonly piece: Piece;
  readonly faults: readonly Unsupported[];
}

/** Each sentence of a text with what in it nothing backs. */
export function verifyText(
  text: string,
  evidence: Evidence,
  citations: readonly { readonly start: number; readonly end: number }[] = [],
): readonly CheckedPiece[] {
  const lines = text.split(/(?<=\n)/);
  return piecesOf(text, citations).map((piece) => ({
    piece,
    faults: checkSentence(piece.text, lines[piece.line] ?? piece.text, evidence),
  }));
}

/** The sentences of a text that the evidence backs; those that it does not, and those with links or markup, are left out. Empty when none is left. */
export function supportedText(text: string, evidence: Evidence): { readonly text: string; readonly dropped: number } {
  const pieces = piecesOf(text.trim());
  const clean = pieces.filter((piece) => !hasMarkup(piece.text)).map((piece) => withoutMarkup(piece.text));
  const checked = verifyText(clean.join(""), evidence);
  const kept = checked.filter(({ faults, piece }) => faults.length === 0 && /[\p{L}\p{N}]/u.test(piece.text));
  return {
    text: kept
      .map(({ piece }) => piece.text)
      .join("")
      .trim(),
    dropped: pieces.length - clean.length + checked.length - kept.length,
  };
}
