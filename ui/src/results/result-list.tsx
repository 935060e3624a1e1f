import { useMemo, useRef, useState } from "react";
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

/** Cards shown at first, and with every "more": a long result would otherwise be pages of pictures. */
const MOST_AT_FIRST = 10;
const MORE = 50;
/** Lists shorter than this need no tools to sort and filter. */
const FEWEST_FOR_TOOLS = 4;

/** The results of a search as cards, pinned ones first, sorted and filtered on demand. */
export function ResultList(props: Props) {
  const { regions, language, selected, hovered, pinned } = props;
  const text = words(language);
  const [order, setOrder] = useState<Order>("rank");
  const [least, setLeast] = useState(0);
  const [most, setMost] = useState(MOST_AT_FIRST);
  const latest = useRef(props);
  latest.current = props;
  const actions = useMemo(
    (): Pick<Props, "onSelect" | "onHover" | "onPin" | "onDismiss" | "onSimilar"> => ({
      onSelect: (id) => latest.current.onSelect(id),
      onHover: (id) => latest.current.onHover(id),
      onPin: (id) => latest.current.onPin(id),
      onDismiss: (region) => latest.current.onDismiss(region),
      onSimilar: (region) => latest.current.onSimilar(region),
    }),
    [],
  );
  const sorted = useMemo(
    () =>
      regions
        .filter(({ probability }) => probability >= least)
        .toSorted(
          (a, b) =>
            Number(pinned.includes(b.id)) - Number(pinned.includes(a.id)) ||
            (order === "area" ? b.areaM2 - a.areaM2 : order === "probability" ? b.probability - a.probability : 0) ||
            a.rank - b.rank,
        ),
    [regions, least, order, pinned],
  );
  const chosen = sorted.find(({ id }, index) => id === selected && index >= most);
  // A result that was selected on the map has its card in the list, however far down it stands.
  const shown = [...sorted.slice(0, most), ...(chosen ? [chosen] : [])];
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
            {...actions}
          />
        ))}
      </ol>
      {sorted.length > shown.length && (
        <button type="button" className="link" onClick={() => setMost(most + MORE)}>
          {text.more} ({(sorted.length - shown.length).toLocaleString("en-US")})
        </button>
      )}
    </section>
  );
}
