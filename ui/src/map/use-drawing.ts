import type * as maplibregl from "maplibre-gl";
import { useEffect, useRef } from "react";
import type { Area } from "../api.ts";

export type DrawingMode = "rectangle" | "polygon" | "edit";

/** Whether an area is of the kind whose corners can be moved. */
export function canEdit(area: Area): area is GeoJSON.Polygon {
  return area.type === "Polygon" && area.coordinates.length === 1;
}

/**
 * Draws or edits an area on the map while a mode is set; what draws is loaded then. Escape leaves, and so does Enter where
 * corners are moved.
 *
 * @param onArea the area so far; in the modes that draw, it is finished
 */
export function useDrawing(
  map: maplibregl.Map | null,
  mode: DrawingMode | null,
  area: Area | null,
  onArea: (area: Area) => void,
  onLeave: () => void,
): void {
  const latest = useRef({ area, onArea, onLeave });
  latest.current = { area, onArea, onLeave };
  useEffect(() => {
    if (!map || mode === null) return;
    let stop: (() => void) | null = null;
    let isOver = false;
    import("./draw-area.ts").then(({ drawArea }) => {
      if (isOver) return;
      stop = drawArea(map, mode, latest.current.area, (made) => {
        latest.current.onArea(made);
        // The drawing is still in the middle of its own event.
        if (mode !== "edit") queueMicrotask(() => latest.current.onLeave());
      });
      map.getContainer().dataset.drawing = mode;
    });
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape" || (event.key === "Enter" && mode === "edit")) latest.current.onLeave();
    };
    window.addEventListener("keydown", leave);
    return () => {
      isOver = true;
      window.removeEventListener("keydown", leave);
      delete map.getContainer().dataset.drawing;
      // A map that was taken away took the drawing with it.
      if (map.style) stop?.();
    };
  }, [map, mode]);
}
