import { type KeyboardEvent, memo, useId } from "react";
import { chipUrl, type Region } from "../api.ts";
import { IconButton } from "../icon-button.tsx";
import { DismissIcon, PencilSimilarIcon, PinIcon, SimilarIcon } from "../icons.tsx";
import { percent } from "../measures.ts";
import { flagWords, partWords } from "../phrases.ts";
import { type Language, words } from "../words.ts";
import { resultWords } from "./result-words.ts";

/** What one does with a result. */
export interface ResultCardActions {
  onSelect(id: string | null): void;
  onHover(id: string | null): void;
  onPin(id: string): void;
  onDismiss(region: Region): void;
  onMoreLike(region: Region): void;
  onSimilar(region: Region): void;
}

/** Where a card stands in a list of which only a part is there. */
export interface CardPlace {
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly index: number;
  readonly of: number;
  measure(element: HTMLElement | null): void;
}

interface Props extends ResultCardActions {
  readonly region: Region;
  readonly language: Language;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  readonly isPinned: boolean;
  /** False while the turn is not stored yet: its pictures cannot be asked for. */
  readonly hasPictures: boolean;
  /** Whether "#2" in a message means this very result: only those of the newest search can be spoken of by rank. */
  readonly canRefine: boolean;
  readonly place?: CardPlace;
}

/** Dates on which imagery shows the region, oldest first. */
export function pictureDates(region: Region): readonly string[] {
  const dates = region.evidence.flatMap(({ kind, date }) => (kind === "tile" && date ? [date] : []));
  return [...new Set(dates)].sort();
}

/** "Logistics park" and "6.3 ha, first seen …": a caption begins with what the place is. */
export function captionParts(caption: string): readonly [string, string] {
  const comma = /, |,/.exec(caption);
  if (!comma) return [caption, ""];
  return [caption.slice(0, comma.index), caption.slice(comma.index + comma[0].length)];
}

/** Arrow keys walk from card to card, as in any list. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const cards = [...(event.currentTarget.closest(".cards")?.querySelectorAll<HTMLElement>(".card-head") ?? [])];
  const next = cards[cards.indexOf(event.currentTarget) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/**
 * One result: what and where in words, its probability and score parts, its pictures of each date. Drawn again only when
 * something of it changes, so its callbacks must stay the same.
 */
export const ResultCard = memo(function ResultCard(props: Props) {
  const { region, language, isSelected, isHovered, isPinned, hasPictures, canRefine, place } = props;
  const { onSelect, onHover } = props;
  const text = words(language);
  const own = resultWords(language);
  const hint = useId();
  const [title, facts] = captionParts(region.caption);
  const dates = pictureDates(region);
  return (
    <li
      className="card"
      {...(place && {
        ref: place.measure,
        "data-index": place.index,
        "aria-setsize": place.of,
        "aria-posinset": place.index + 1,
        style: { transform: `translateY(${place.top}px)` },
      })}
      data-region={region.id}
      data-selected={isSelected}
      data-hovered={isHovered}
      data-pinned={isPinned}
      onPointerEnter={() => onHover(region.id)}
      onPointerLeave={() => onHover(null)}
    >
      <button
        type="button"
        className="card-head"
        aria-pressed={isSelected}
        aria-describedby={hint}
        onClick={() => onSelect(isSelected ? null : region.id)}
        onFocus={() => onHover(region.id)}
        onBlur={() => onHover(null)}
        onKeyDown={walk}
      >
        <span className="rank">{region.rank}</span>
        <span className="caption">
          <strong>{title}</strong>
          {facts && <span className="facts">{facts}</span>}
        </span>
        <span className="probability" title={text.probabilityMeaning}>
          <span className="visually-hidden">{text.probability} </span>
          {percent(region.probability)}
          <meter min={0} max={1} value={region.probability} aria-hidden="true" />
        </span>
      </button>
      <span id={hint} className="visually-hidden">
        {text.selectHint}
      </span>
      <div className="card-foot">
        {dates.length > 0 && (
          <div className="pictures">
            {dates.map((date) => (
              <figure key={date}>
                {hasPictures ? (
                  <img
                    src={chipUrl(region.id, date)}
                    alt={`#${region.rank}, ${date}`}
                    loading="lazy"
                    decoding="async"
                    width="84"
                    height="84"
                  />
                ) : (
                  <div className="skeleton" />
                )}
                <figcaption>{date}</figcaption>
              </figure>
            ))}
          </div>
        )}
        <div className="card-side">
          <dl className="parts" aria-label={text.parts}>
            {Object.entries(region.score.parts).map(([name, value]) => (
              <div key={name}>
                <dt>{partWords(name, language)}</dt>
                <dd>
                  <meter min={0} max={1} value={value} aria-hidden="true" />
                  {value.toFixed(2)}
                </dd>
              </div>
            ))}
          </dl>
          {region.flags.length > 0 && (
            <p className="flags">
              <span className="visually-hidden">{text.caution}: </span>
              {region.flags.map((flag) => flagWords(flag, language)).join(" · ")}
            </p>
          )}
          <div className="card-actions">
            <IconButton
              className=""
              name={`${text.pin}: #${region.rank}`}
              tip={text.pin}
              isPressed={isPinned}
              onClick={() => props.onPin(region.id)}
            >
              <PinIcon />
            </IconButton>
            {canRefine && (
              <>
                <IconButton
                  className=""
                  name={`${text.dismiss}: #${region.rank}`}
                  tip={text.dismiss}
                  onClick={() => props.onDismiss(region)}
                >
                  <DismissIcon />
                </IconButton>
                <IconButton
                  className=""
                  name={`${own.moreLike}: #${region.rank}`}
                  tip={own.moreLike}
                  onClick={() => props.onMoreLike(region)}
                >
                  <SimilarIcon />
                </IconButton>
                <IconButton
                  className=""
                  name={`${text.similar}: #${region.rank}`}
                  tip={text.similar}
                  onClick={() => props.onSimilar(region)}
                >
                  <PencilSimilarIcon />
                </IconButton>
              </>
            )}
          </div>
        </div>
      </div>
    </li>
  );
});
