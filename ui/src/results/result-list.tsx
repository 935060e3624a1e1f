import { useState } from "react";
import type { Region } from "../api.ts";
import { type Language, words } from "../words.ts";
import { ResultCard } from "./result-card.tsx";

interface Props {
  readonly regions: readonly Region[];
  readonly language: Language;
  readonly selected: string | null;
  readonly hovered: string | null;
  readonly pinned: readonly string[];
  readonly hasPictures: boolean;
  readonly canRefine: boolean;
  onSelect(id: string | null): void;
  onHover(id: string | null): void;
  onPin(id: string): void;
  onDismiss(region: Region): void;
  onSimilar(region: Region): void;
}

const ORDERS = ["rank", "area", "probability"] as const;
type Order = (typeof ORDERS)[number];

/** Cards shown before "show all"; a long result would otherwise be pages of pictures. */
const MOST_AT_FIRST = 10;
/** Lists shorter than this need no tools to sort and filter. */
const FEWEST_FOR_TOOLS = 4;

/** The results of a search as cards, pinned ones first, sorted and filtered on demand. */
export function ResultList(props: Props) {
  const { regions, language, selected, hovered, pinned } = props;
  const text = words(language);
  const [order, setOrder] = useState<Order>("rank");
  const [least, setLeast] = useState(0);
  const [showsAll, setShowsAll] = useState(false);
  const sorted = regions
    .filter(({ probability }) => probability >= least)
    .toSorted(
      (a, b) =>
        Number(pinned.includes(b.id)) - Number(pinned.includes(a.id)) ||
        (order === "area" ? b.areaM2 - a.areaM2 : order === "probability" ? b.probability - a.probability : 0) ||
        a.rank - b.rank,
    );
  const shown = showsAll ? sorted : sorted.slice(0, MOST_AT_FIRST);
  return (
    <section className="results" aria-label={text.results}>
      {regions.length >= FEWEST_FOR_TOOLS && (
        <div className="result-tools">
          <label>
            {text.sortBy}
            <select value={order} onChange={(event) => setOrder(event.target.value as Order)}>
              <option value="rank">{text.byRank}</option>
              <option value="area">{text.byArea}</option>
              <option value="probability">{text.byProbability}</option>
            </select>
          </label>
          <label>
            {text.atLeast}
            <select value={least} onChange={(event) => setLeast(Number(event.target.value))}>
              {[0, 0.5, 0.7, 0.9].map((bound) => (
                <option key={bound} value={bound}>
                  {bound === 0 ? text.any : `${bound * 100} %`}
                </option>
              ))}
            </select>
          </label>
          <span className="quiet" role="status">
            {sorted.length} / {regions.length}
          </span>
        </div>
      )}
      <ol className="cards">
        {shown.map((region) => (
          <ResultCard
            key={region.id}
            region={region}
            language={language}
            isSelected={selected === region.id}
            isHovered={hovered === region.id}
            isPinned={pinned.includes(region.id)}
            hasPictures={props.hasPictures}
            canRefine={props.canRefine}
            onSelect={props.onSelect}
            onHover={props.onHover}
            onPin={() => props.onPin(region.id)}
            onDismiss={() => props.onDismiss(region)}
            onSimilar={() => props.onSimilar(region)}
          />
        ))}
      </ol>
      {sorted.length > shown.length && (
        <button type="button" className="link" onClick={() => setShowsAll(true)}>
          {text.all} {sorted.length}
        </button>
      )}
    </section>
  );
}
