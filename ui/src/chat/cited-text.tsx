import { Fragment } from "react";
import type { Citation } from "../api.ts";

interface Props {
  readonly text: string;
  readonly citations: readonly Citation[];
  onCitation(citation: Citation): void;
}

/** A reply's text as text, with its markers [1] as buttons that show what they cite. */
export function CitedText({ text, citations, onCitation }: Props) {
  const pieces = text.split(/(\[\d+\])/);
  return (
    <p className="spoken">
      {pieces.map((piece, index) => {
        const marker = /^\[(\d+)\]$/.exec(piece)?.[1];
        const citation = marker === undefined ? undefined : citations.find((entry) => entry.marker === Number(marker));
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text keep their places
        if (!citation) return <Fragment key={index}>{piece}</Fragment>;
        return (
          <button
            type="button"
            className="mark"
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text keep their places
            key={index}
            aria-label={`[${citation.marker}] ${citation.title}`}
            onClick={() => onCitation(citation)}
          >
            {citation.marker}
          </button>
        );
      })}
    </p>
  );
}
