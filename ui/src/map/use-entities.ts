import type * as maplibregl from "maplibre-gl";
import { useEffect, useState } from "react";
import { type Bbox, getEntities, type WorkspaceInfo } from "../api.ts";

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
  const [held, setHeld] = useState<ReadonlyMap<string, readonly GeoJSON.Feature[]>>(new Map());
  const [bounds, setBounds] = useState<Bbox | null>(null);
  const large = concepts.filter(
    (concept) => (workspace.entities.find((entry) => entry.concept === concept)?.count ?? 0) > MOST_AT_ONCE,
  );
  const hasLarge = large.length > 0;
  useEffect(() => {
    if (!map || !hasLarge) return;
    const look = () => {
      const box = map.getBounds();
      setBounds([
        Math.max(-180, box.getWest()),
        Math.max(-90, box.getSouth()),
        Math.min(180, box.getEast()),
        Math.min(90, box.getNorth()),
      ]);
    };
    look();
    map.on("moveend", look);
    return () => {
      map.off("moveend", look);
    };
  }, [map, hasLarge]);

  const wanted = concepts.map((concept) =>
    large.includes(concept) ? `${concept}@${bounds?.join(",") ?? ""}` : concept,
  );
  const key = wanted.join(" ");
  // The key names everything that is wanted; the list itself is new at every render.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const controller = new AbortController();
    for (const name of wanted) {
      const [concept = "", box] = name.split("@");
      if (held.has(name) || box === "") continue;
      getEntities(concept, box, controller.signal).then(
        ({ features }) => setHeld((before) => new Map(before).set(name, features)),
        () => {},
      );
    }
    return () => controller.abort();
  }, [key]);

  const lists = wanted.map((name) => held.get(name) ?? []);
  return {
    entities: {
      type: "FeatureCollection",
      features: lists.flat().map((feature) => ({
        ...feature,
        properties: {
          ...feature.properties,
          colour: conceptColour(workspace, String(feature.properties?.concept)),
        },
      })),
    },
    isPartial: wanted.some((name, i) => name.includes("@") && (lists[i]?.length ?? 0) >= MOST_AT_ONCE),
  };
}
