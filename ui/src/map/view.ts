import type * as maplibregl from "maplibre-gl";
import type { Bbox } from "../api.ts";

/** What is in sight, cut off at the ends of the globe. */
export function viewOf(map: maplibregl.Map): Bbox {
  const box = map.getBounds();
  return [
    Math.max(-180, box.getWest()),
    Math.max(-90, box.getSouth()),
    Math.min(180, box.getEast()),
    Math.min(90, box.getNorth()),
  ];
}
