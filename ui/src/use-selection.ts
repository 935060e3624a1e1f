import { useCallback, useEffect, useState } from "react";
import { changeAddress, readAddress } from "./address.ts";
import type { NearMiss } from "./api.ts";

export interface Selection {
  /** Id of the result whose proof is shown, or null. */
  readonly selected: string | null;
  /** Id of the result that is pointed at, or null. */
  readonly hovered: string | null;
  /** Ids of the evidence that is stressed. */
  readonly emphasised: readonly string[];
  /** The near miss that is shown: the one pointed at, else the one chosen. */
  readonly miss: NearMiss | null;
  /** Ids of the results that are kept at the top. */
  readonly pinned: readonly string[];
  select(id: string | null): void;
  hover(id: string | null): void;
  emphasise(ids: readonly string[]): void;
  chooseMiss(miss: NearMiss): void;
  hoverMiss(miss: NearMiss | null): void;
  /** Pins a result, or lets it go again. */
  pin(id: string): void;
  unpinAll(): void;
}

const NONE: readonly string[] = [];

/** What is selected, pointed at and pinned; the selected result stands in the page's address. */
export function useSelection(): Selection {
  const [selected, setSelected] = useState<string | null>(() => readAddress().region);
  const [hovered, hover] = useState<string | null>(null);
  const [emphasised, emphasise] = useState<readonly string[]>(NONE);
  const [chosenMiss, chooseMiss] = useState<NearMiss | null>(null);
  const [hoveredMiss, hoverMiss] = useState<NearMiss | null>(null);
  const [pinned, setPinned] = useState<readonly string[]>(NONE);
  useEffect(() => changeAddress({ region: selected }), [selected]);
  const select = useCallback((id: string | null) => {
    setSelected(id);
    chooseMiss(null);
    hoverMiss(null);
    emphasise(NONE);
  }, []);
  return {
    selected,
    hovered,
    emphasised,
    miss: hoveredMiss ?? chosenMiss,
    pinned,
    select,
    hover,
    emphasise,
    chooseMiss,
    hoverMiss,
    pin: (id) => setPinned((held) => (held.includes(id) ? held.filter((entry) => entry !== id) : [...held, id])),
    unpinAll: () => setPinned(NONE),
  };
}
