import type * as maplibregl from "maplibre-gl";
import { useEffect, useState } from "react";
import type { Bbox } from "../api.ts";
import { SearchIcon } from "../icons.tsx";
import type { Language } from "../words.ts";
import { mapWords } from "./map-words.ts";
import { viewOf } from "./view.ts";

interface Props {
  readonly map: maplibregl.Map | null;
  readonly language: Language;
  /** Whether there is a search that could be run again. */
  readonly isWanted: boolean;
  onSearch(bounds: Bbox): void;
}

/** Offered once a person has moved the map away from where the results were shown. */
export function SearchHere({ map, language, isWanted, onSearch }: Props) {
  const [isMoved, setIsMoved] = useState(false);
  useEffect(() => {
    if (!map) return;
    // A move that a hand made has an event of its own; those that the page makes have none.
    const move = (event: { readonly originalEvent?: unknown }) => {
      if (event.originalEvent) setIsMoved(true);
    };
    map.on("moveend", move);
    return () => {
      map.off("moveend", move);
    };
  }, [map]);
  if (!map || !isMoved || !isWanted) return null;
  return (
    <button
      type="button"
      className="tool search-here"
      onClick={() => {
        setIsMoved(false);
        onSearch(viewOf(map));
      }}
    >
      <SearchIcon />
      {mapWords(language).searchHere}
    </button>
  );
}
