import type { Difference, Left } from "../../../src/answer/difference.ts";
import type { Measurement } from "../../../src/logic/proof.ts";
import type { Region } from "../api.ts";
import { valueWords } from "../measures.ts";
import { inWords } from "../results/proof-words.ts";
import type { Language } from "../words.ts";
import { chatWords } from "./chat-words.ts";

interface Props {
  readonly difference: Difference;
  /** The results before, which the ranks of those that left belong to. */
  readonly before: readonly Region[];
  readonly language: Language;
  onSelect(id: string): void;
  onHover(id: string | null): void;
}

/** What a refinement did to the results before it: how many stay, and why each of the others left. */
export function DifferenceView({ difference, before, language, onSelect, onHover }: Props) {
  const text = chatWords(language);
  const { remain, added, left } = difference;
  const gone = left.reduce((sum, { count }) => sum + count, 0);
  const shares = [
    { name: "remain", count: remain, label: text.remain },
    { name: "added", count: added, label: text.added },
    { name: "left", count: gone, label: text.left },
  ].filter(({ count }) => count > 0);
  return (
    <section className="difference">
      <p className="difference-bar">
        {shares.map(({ name, count, label }) => (
          <span key={name} data-share={name} style={{ flexGrow: count }}>
            {count} {label}
          </span>
        ))}
      </p>
      {left.length > 0 && (
        <ul aria-label={text.difference}>
          {left.map((entry) => (
            <li key={`${entry.reason} ${entry.formula ?? ""}`}>
              <span>
                {entry.ranks.map((rank) => {
                  const region = before.find((one) => one.rank === rank);
                  return region ? (
                    <button
                      type="button"
                      key={rank}
                      className="rank-link"
                      aria-label={`#${rank}: ${region.caption}`}
                      onClick={() => onSelect(region.id)}
                      onPointerEnter={() => onHover(region.id)}
                      onPointerLeave={() => onHover(null)}
                    >
                      #{rank}
                    </button>
                  ) : (
                    <span key={rank}>#{rank}</span>
                  );
                })}
              </span>
              <span>{reasonWords(entry, language)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function reasonWords(left: Left, language: Language): string {
  const text = chatWords(language);
  if (left.reason !== "fails") return text[left.reason];
  const part = left.formula ? `${text.fails} “${inWords(left.formula, language)}”` : text.left;
  const { nearest, farthest, unit } = left;
  if (nearest === undefined || farthest === undefined || unit === undefined) return part;
  const [least, most] = [nearest, farthest].map((value) => valueWords(value, unit as Measurement["unit"], language));
  return `${part} (${least === most ? least : `${least} – ${most}`})`;
}
