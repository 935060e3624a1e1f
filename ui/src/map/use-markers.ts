import * as maplibregl from "maplibre-gl";
import { useEffect, useRef } from "react";
import type { NearMiss, Region } from "../api.ts";
import { type measuredLinks, middleOf } from "./measured-links.ts";

/** Results beyond this many have no numbered button on the map; their outlines stay. */
export const MOST_MARKERS = 100;

export interface RegionCallbacks {
  readonly current: { onSelect(id: string | null): void; onHover(id: string | null): void };
}

/** A numbered button at the top of each result, reachable by keyboard. */
export function useRegionMarkers(
  map: maplibregl.Map | null,
  regions: readonly Region[],
  selected: string | null,
  hovered: string | null,
  callbacks: RegionCallbacks,
): void {
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  useEffect(() => {
    if (!map) return;
    const markers = regions.slice(0, MOST_MARKERS).map((region) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "marker";
      button.textContent = String(region.rank);
      button.setAttribute("aria-label", `#${region.rank}: ${region.caption}`);
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        callbacks.current.onSelect(region.id);
      });
      button.addEventListener("pointerenter", () => callbacks.current.onHover(region.id));
      button.addEventListener("pointerleave", () => callbacks.current.onHover(null));
      buttons.current.set(region.id, button);
      const [west, , east, north] = region.bbox;
      return new maplibregl.Marker({ element: button, anchor: "bottom" })
        .setLngLat([(west + east) / 2, north])
        .addTo(map);
    });
    return () => {
      for (const marker of markers) marker.remove();
      buttons.current.clear();
    };
  }, [map, regions, callbacks]);
  // The buttons are made anew with the results, and must then be marked again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    for (const [id, button] of buttons.current) {
      button.dataset.selected = String(id === selected);
      button.dataset.hovered = String(id === hovered);
      button.setAttribute("aria-pressed", String(id === selected));
    }
  }, [map, regions, selected, hovered]);
}

/** Distances on their lines, and the name of the near miss that is shown. */
export function useLabels(
  map: maplibregl.Map | null,
  links: ReturnType<typeof measuredLinks>,
  miss: NearMiss | null,
): void {
  useEffect(() => {
    if (!map) return;
    const labels = [
      ...links.map(({ from, to, label }) => ({ at: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const, label })),
      ...(miss ? [{ at: middleOf(miss.geometry), label: miss.caption.split(/, |,/)[0] ?? "" }] : []),
    ];
    const markers = labels.map(({ at, label }) => {
      const element = document.createElement("div");
      element.className = "map-label";
      element.textContent = label;
      return new maplibregl.Marker({ element }).setLngLat([at[0], at[1]]).addTo(map);
    });
    return () => {
      for (const marker of markers) marker.remove();
    };
  }, [map, links, miss]);
}
