import { useMemo, useRef, useState } from "react";
import type { Region } from "../api.ts";
import { type Language, words } from "../words.ts";
import { ResultCard, type ResultCardActions } from "./result-card.tsx";
import { resultWords } from "./result-words.ts";
import { VirtualCards } from "./virtual-cards.tsx";

interface Props extends ResultCardActions {
  readonly regions: readonly Region[];
  readonly language: Language;
  readonly selected: string | null;
  readonly hovered: string | null;
  readonly pinned: readonly string[];
  readonly hasPictures: boolean;
  readonly canRefine: boolean;
}

const ORDERS = ["rank", "area", "probability"] as const;
type Order = (typeof ORDERS)[number];

/** Cards shown at first: a long result would otherwise be pages of pictures. */
const MOST_AT_FIRST = 10;
/** Lists that are longer have a box of their own, in which only the cards in sight are there. */
const MOST_AT_ONCE = 40;
/** Lists shorter than this need no tools to sort and filter. */
const FEWEST_FOR_TOOLS = 4;

/** The results of a search as cards, pinned ones first, sorted and filtered on demand. */
export function ResultList(props: Props) {
  const { regions, language, selected, hovered, pinned } = props;
  const text = words(language);
  const [order, setOrder] = useState<Order>("rank");
  const [least, setLeast] = useState(0);
  const [showsAll, setShowsAll] = useState(false);
  const actions = useSteadyActions(props);
  const sorted = useMemo(
    () =>
      regions
        // By the whole per cent that its card shows.
        .filter(({ probability }) => Math.round(probability * 100) >= least * 100)
        .toSorted(
          (a, b) =>
            Number(pinned.includes(b.id)) - Number(pinned.includes(a.id)) ||
            (order === "area" ? b.areaM2 - a.areaM2 : order === "probability" ? b.probability - a.probability : 0) ||
            a.rank - b.rank,
        ),
    [regions, least, order, pinned],
  );
  const isLong = showsAll && sorted.length > MOST_AT_ONCE;
  const most = showsAll ? sorted.length : MOST_AT_FIRST;
  const card = (region: Region) => (
    <ResultCard
      key={region.id}
      region={region}
      language={language}
      isSelected={selected === region.id}
      isHovered={hovered === region.id}
      isPinned={pinned.includes(region.id)}
      hasPictures={props.hasPictures}
      canRefine={props.canRefine}
      {...actions}
    />
  );
  return (
    <section className="results">
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
            {sorted.length.toLocaleString("en-US")} / {regions.length.toLocaleString("en-US")}
          </span>
        </div>
      )}
      {isLong ? (
        <VirtualCards label={text.results} regions={sorted} selected={selected} card={card} />
      ) : (
        <ol className="cards" aria-label={text.results}>
          {shownFirst(sorted, most, selected).map(card)}
        </ol>
      )}
      {sorted.length > MOST_AT_FIRST && (
        <button type="button" className="link" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? text.fewer : `${resultWords(language).showAll} (${sorted.length.toLocaleString("en-US")})`}
        </button>
      )}
    </section>
  );
}

/** The first ones; a result that was selected on the map has its card in the list, however far down it stands. */
function shownFirst(sorted: readonly Region[], most: number, selected: string | null): readonly Region[] {
  const chosen = sorted.find(({ id }, index) => id === selected && index >= most);
  return [...sorted.slice(0, most), ...(chosen ? [chosen] : [])];
}

/** Actions that stay the same while those of the page change, so that cards are not drawn again for them. */
function useSteadyActions(actions: ResultCardActions): ResultCardActions {
  const latest = useRef(actions);
  latest.current = actions;
  return useMemo(
    () => ({
      onSelect: (id) => latest.current.onSelect(id),
      onHover: (id) => latest.current.onHover(id),
      onPin: (id) => latest.current.onPin(id),
      onDismiss: (region) => latest.current.onDismiss(region),
      onMoreLike: (region) => latest.current.onMoreLike(region),
      onSimilar: (region) => latest.current.onSimilar(region),
    }),
    [],
  );
}
