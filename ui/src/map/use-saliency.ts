import { useEffect, useState } from "react";
import { getSaliency } from "../api.ts";
import { NOTHING } from "./layers.ts";

/** A turn whose search can be shown. */
export interface SearchedTurn {
  readonly thread: string;
  readonly turn: number;
}

/** Where the search of a turn looked, fetched once it is wanted. */
export function useSaliency(searched: SearchedTurn | null, isWanted: boolean): GeoJSON.FeatureCollection {
  const [found, setFound] = useState<{ readonly key: string; readonly cells: GeoJSON.FeatureCollection } | null>(null);
  const thread = searched?.thread;
  const turn = searched?.turn;
  const key = thread === undefined ? "" : `${thread}.${turn}`;
  useEffect(() => {
    if (!isWanted || thread === undefined || turn === undefined) return;
    const controller = new AbortController();
    getSaliency(thread, turn, controller.signal).then(
      (cells) => setFound({ key: `${thread}.${turn}`, cells }),
      () => {},
    );
    return () => controller.abort();
  }, [isWanted, thread, turn]);
  return isWanted && found?.key === key ? found.cells : NOTHING;
}
