import type * as maplibregl from "maplibre-gl";
import { useEffect } from "react";
import type { RegionCallbacks } from "./use-markers.ts";

interface Callbacks extends RegionCallbacks {
  readonly current: RegionCallbacks["current"] & { readonly isDrawing: boolean };
}

/** Selects the result that is clicked and tells of the one pointed at; while an area is drawn the map is not asked. */
export function useRegionPointer(map: maplibregl.Map | null, callbacks: Callbacks): void {
  useEffect(() => {
    if (!map) return;
    const click = (event: maplibregl.MapLayerMouseEvent) => {
      if (callbacks.current.isDrawing) return;
      const id = event.features?.[0]?.properties.id as string | undefined;
      if (id) callbacks.current.onSelect(id);
    };
    const over = (event: maplibregl.MapLayerMouseEvent) => {
      if (callbacks.current.isDrawing) return;
      map.getCanvas().style.cursor = "pointer";
      callbacks.current.onHover((event.features?.[0]?.properties.id as string | undefined) ?? null);
    };
    const out = () => {
      if (callbacks.current.isDrawing) return;
      map.getCanvas().style.cursor = "";
      callbacks.current.onHover(null);
    };
    const subscriptions = [
      map.on("click", "regions-fill", click),
      map.on("mousemove", "regions-fill", over),
      map.on("mouseleave", "regions-fill", out),
    ];
    return () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }, [map, callbacks]);
}
