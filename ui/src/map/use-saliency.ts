import { useQuery } from "@tanstack/react-query";
import { getSaliency } from "../api.ts";
import { NOTHING } from "./layers.ts";

/** A turn whose search can be shown. */
export interface SearchedTurn {
  readonly thread: string;
  readonly turn: number;
}

/** Where the search of a turn looked, fetched once it is wanted. */
export function useSaliency(searched: SearchedTurn | null, isWanted: boolean): GeoJSON.FeatureCollection {
  const { data } = useQuery({
    queryKey: ["saliency", searched?.thread, searched?.turn],
    queryFn: ({ signal }) => getSaliency(searched?.thread ?? "", searched?.turn ?? 0, signal),
    enabled: isWanted && searched !== null,
    // A stored turn never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (isWanted && data) || NOTHING;
}
