import { useQueries } from "@tanstack/react-query";
import type * as maplibregl from "maplibre-gl";
import { useEffect, useMemo, useState } from "react";
import { type Bbox, getEntities, type WorkspaceInfo } from "../api.ts";
import { viewOf } from "./view.ts";

/** What the service gives at once; of concepts with more, those in the view are asked for. */
const MOST_AT_ONCE = 5000;

/** Colours told apart on imagery, light enough to stand out; they repeat after twelve concepts. */
const COLOURS = [
  "#f87171",
  "#facc15",
  "#4ade80",
  "#60a5fa",
  "#e879f9",
  "#fb923c",
  "#2dd4bf",
  "#a3e635",
  "#c4b5fd",
  "#f9a8d4",
  "#fde68a",
  "#93c5fd",
] as const;

export function conceptColour(workspace: WorkspaceInfo, concept: string): string {
  const index = workspace.entities.findIndex((entry) => entry.concept === concept);
  return COLOURS[Math.max(0, index) % COLOURS.length] as string;
}

/** The entities of the chosen concepts as one collection with a colour each; `isPartial` where the view holds more. */
export function useEntities(
  workspace: WorkspaceInfo,
  concepts: readonly string[],
  map: maplibregl.Map | null,
): { readonly entities: GeoJSON.FeatureCollection; readonly isPartial: boolean } {
  const [bounds, setBounds] = useState<Bbox | null>(null);
  const large = concepts.filter(
    (concept) => (workspace.entities.find((entry) => entry.concept === concept)?.count ?? 0) > MOST_AT_ONCE,
  );
  const hasLarge = large.length > 0;
  useEffect(() => {
    if (!map || !hasLarge) return;
    const look = () => setBounds(viewOf(map));
    look();
    map.on("moveend", look);
    return () => {
      map.off("moveend", look);
    };
  }, [map, hasLarge]);

  const wanted = concepts.map((concept) =>
    large.includes(concept) ? `${concept}@${bounds?.join(",") ?? ""}` : concept,
  );
  const found = useQueries({
    queries: wanted.map((name) => {
      const [concept = "", box] = name.split("@");
      return {
        queryKey: ["entities", workspace.fingerprint, name],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) => getEntities(concept, box, signal),
        enabled: box !== "",
        staleTime: Number.POSITIVE_INFINITY,
      };
    }),
    combine: featureLists,
  });
  const entities = useMemo(
    (): GeoJSON.FeatureCollection => ({
      type: "FeatureCollection",
      features: found.flat().map((feature) => ({
        ...feature,
        properties: { ...feature.properties, colour: conceptColour(workspace, String(feature.properties?.concept)) },
      })),
    }),
    [found, workspace],
  );
  return {
    entities,
    isPartial: wanted.some((name, i) => name.includes("@") && (found[i]?.length ?? 0) >= MOST_AT_ONCE),
  };
}

/** One list a query, empty while it is on its way. A function that stays the same, so that the lists do. */
function featureLists(
  results: readonly { readonly data?: GeoJSON.FeatureCollection | undefined }[],
): readonly (readonly GeoJSON.Feature[])[] {
  return results.map(({ data }) => data?.features ?? []);
}
