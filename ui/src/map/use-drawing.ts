import type * as maplibregl from "maplibre-gl";
import { useEffect, useRef } from "react";
import { NOTHING, setOverlay } from "./layers.ts";
import type { Position } from "./nearest.ts";

export type DrawingMode = "rectangle" | "polygon";

/** Pixels within which a click means the first corner. */
const SNAP_PX = 10;

const closedRing = (corners: readonly Position[]): GeoJSON.Polygon => ({
  type: "Polygon",
  coordinates: [[...corners, corners[0] as Position].map(([x, y]) => [x, y])],
});

function rectangle([ax, ay]: Position, [bx, by]: Position): readonly Position[] {
  const [west, east, south, north] = [Math.min(ax, bx), Math.max(ax, bx), Math.min(ay, by), Math.max(ay, by)];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ];
}

/** Draws an area on the map while a mode is set: a dragged rectangle, or corners by click. Escape leaves it. */
export function useDrawing(
  map: maplibregl.Map | null,
  mode: DrawingMode | null,
  onDrawn: (area: GeoJSON.Polygon | null) => void,
): void {
  const done = useRef(onDrawn);
  done.current = onDrawn;
  useEffect(() => {
    if (!map || mode === null) return;
    const canvas = map.getCanvas();
    canvas.style.cursor = "crosshair";
    map.doubleClickZoom.disable();
    map.dragPan.disable();
    const stop = mode === "rectangle" ? drawRectangle(map, done) : drawPolygon(map, done);
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape") done.current(null);
    };
    window.addEventListener("keydown", leave);
    return () => {
      window.removeEventListener("keydown", leave);
      stop();
      canvas.style.cursor = "";
      map.dragPan.enable();
      map.doubleClickZoom.enable();
    };
  }, [map, mode]);
}

type Done = { readonly current: (area: GeoJSON.Polygon | null) => void };

function drawRectangle(map: maplibregl.Map, done: Done): () => void {
  let start: Position | null = null;
  const begin = (event: maplibregl.MapMouseEvent | maplibregl.MapTouchEvent) => {
    start = [event.lngLat.lng, event.lngLat.lat];
  };
  const grow = (event: maplibregl.MapMouseEvent | maplibregl.MapTouchEvent) => {
    if (start) setOverlay(map, "area", closedRing(rectangle(start, [event.lngLat.lng, event.lngLat.lat])));
  };
  const end = (event: maplibregl.MapMouseEvent | maplibregl.MapTouchEvent) => {
    if (!start) return;
    const corners = rectangle(start, [event.lngLat.lng, event.lngLat.lat]);
    start = null;
    const isFlat = corners[0]?.[0] === corners[1]?.[0] || corners[0]?.[1] === corners[2]?.[1];
    done.current(isFlat ? null : closedRing(corners));
  };
  const subscriptions = [
    map.on("mousedown", begin),
    map.on("mousemove", grow),
    map.on("mouseup", end),
    map.on("touchstart", begin),
    map.on("touchmove", grow),
    map.on("touchend", end),
  ];
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

function drawPolygon(map: maplibregl.Map, done: Done): () => void {
  let corners: readonly Position[] = [];
  const show = (pointer: Position | null) => {
    const shown = pointer ? [...corners, pointer] : corners;
    if (shown.length === 0) setOverlay(map, "area", NOTHING);
    else if (shown.length < 3)
      setOverlay(map, "area", { type: "LineString", coordinates: shown.map(([x, y]) => [x, y]) });
    else setOverlay(map, "area", closedRing(shown));
  };
  const close = () => done.current(corners.length >= 3 ? closedRing(corners) : null);
  const add = (event: maplibregl.MapMouseEvent) => {
    const [first] = corners;
    const at = first && map.project([first[0], first[1]]);
    if (corners.length >= 3 && at && Math.hypot(at.x - event.point.x, at.y - event.point.y) <= SNAP_PX) return close();
    const corner: Position = [event.lngLat.lng, event.lngLat.lat];
    const last = corners.at(-1);
    // The second click of a double click falls on the corner just set.
    if (!last || last[0] !== corner[0] || last[1] !== corner[1]) corners = [...corners, corner];
    show(null);
  };
  const follow = (event: maplibregl.MapMouseEvent) => {
    if (corners.length > 0) show([event.lngLat.lng, event.lngLat.lat]);
  };
  const enter = (event: KeyboardEvent) => {
    if (event.key === "Enter") close();
  };
  const subscriptions = [map.on("click", add), map.on("mousemove", follow), map.on("dblclick", close)];
  window.addEventListener("keydown", enter);
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
    window.removeEventListener("keydown", enter);
  };
}
