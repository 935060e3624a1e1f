import type { NearMiss } from "../api.ts";
import { widenWords } from "../phrases.ts";
import { Margin } from "../results/margin.tsx";
import { type Language, words } from "../words.ts";

interface Props {
  readonly misses: readonly NearMiss[];
  readonly language: Language;
  /** Open where they are all that there is to show. */
  readonly isOpen: boolean;
  /** Whether one distance alone bounds the query, so that another can be asked for in words. */
  readonly canWiden: boolean;
  onShow(miss: NearMiss): void;
  onHover(miss: NearMiss | null): void;
  onSend(message: string): void;
}

/** Places that fail at one condition: what fails, by how much, and what would let them in. */
export function NearMisses({ misses, language, isOpen, canWiden, onShow, onHover, onSend }: Props) {
  const text = words(language);
  if (misses.length === 0) return null;
  return (
    <details className="near-misses" open={isOpen}>
      <summary>{isOpen ? text.nearMisses : `${misses.length} ${text.nearMissesOf}`}</summary>
      <ul>
        {misses.map((miss) => {
          const { change } = miss.failure;
          const widened =
            canWiden && change?.admits && change.kind === "distance" && change.value !== undefined
              ? widenWords(Math.ceil(change.value), language)
              : null;
          return (
            <li key={miss.id} onPointerEnter={() => onHover(miss)} onPointerLeave={() => onHover(null)}>
              <button
                type="button"
                className="miss"
                onClick={() => onShow(miss)}
                onFocus={() => onHover(miss)}
                onBlur={() => onHover(null)}
              >
                {miss.caption}
              </button>
              <Margin failure={miss.failure} language={language} />
              <p>
                {miss.failure.explanation}
                {miss.failure.repair ? ` ${miss.failure.repair}` : ""}
              </p>
              {widened && (
                <button type="button" className="chip" onClick={() => onSend(widened)}>
                  {text.admits} “{widened}”
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
