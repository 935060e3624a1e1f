import type { Citation } from "../api.ts";
import { type Language, words } from "../words.ts";

interface Props {
  readonly citations: readonly Citation[];
  readonly language: Language;
  /** Makes the ids of the entries unique in the page; CitedText's markers lead to them. */
  readonly prefix: string;
}

export const sourceId = (prefix: string, marker: number) => `${prefix}-source-${marker}`;

/** The passages that an answer rests on, each once, with what they say and where they come from. */
export function Sources({ citations, language, prefix }: Props) {
  const passages = new Map(
    citations.filter(({ kind }) => kind === "passage").map((citation) => [citation.marker, citation]),
  );
  if (passages.size === 0) return null;
  return (
    <section className="sources">
      <h3>{words(language).sources}</h3>
      <ol>
        {[...passages.values()].map(({ marker, title, quote, source }) => (
          <li key={marker} id={sourceId(prefix, marker)} tabIndex={-1}>
            <span className="mark-number">{marker}</span>
            <div>
              <strong>{title}</strong>
              <q>{quote}</q>
              <cite>{source}</cite>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
