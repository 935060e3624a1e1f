import type * as maplibregl from "maplibre-gl";
import type { ExpressionSpecification } from "maplibre-gl";
import type { WorkspaceInfo } from "../api.ts";

/** What lies over the imagery, by source. */
export const OVERLAYS = ["saliency", "entities", "area", "miss", "regions", "evidence", "links"] as const;
export type Overlay = (typeof OVERLAYS)[number];

export const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

export const imageryId = (date: string | null) => `imagery-${date ?? "undated"}`;

/** Stops of the probability scale; the legend draws the same. Light on dark casing, so that they hold on any imagery. */
export const PROBABILITY_STOPS: readonly (readonly [number, string])[] = [
  [0.3, "#d8b4fe"],
  [0.65, "#38bdf8"],
  [1, "#5eead4"],
];
/** Stops of the saliency scale, 0 to 1. */
export const SALIENCY_STOPS: readonly (readonly [number, string])[] = [
  [0, "#3b1d6e"],
  [0.5, "#d9466f"],
  [1, "#fde047"],
];
export const EVIDENCE_COLOUR = "#fbbf24";
export const MISS_COLOUR = "#fb923c";
export const AREA_COLOUR = "#f9a8d4";

const probabilityColour: ExpressionSpecification = [
  "interpolate",
  ["linear"],
  ["get", "probability"],
  ...PROBABILITY_STOPS.flat(),
] as unknown as ExpressionSpecification;
// States, not properties: thousands of results are not sent to the map again for one that the pointer is on.
const isSelected: ExpressionSpecification = ["boolean", ["feature-state", "selected"], false];
const isHovered: ExpressionSpecification = ["boolean", ["feature-state", "hovered"], false];
const isEmphasised: ExpressionSpecification = ["boolean", ["get", "emphasised"], false];

/** Adds every source and layer of the page to a loaded map: imagery below, then entities, area, results and evidence. */
export function addLayers(map: maplibregl.Map, workspace: WorkspaceInfo): void {
  for (const { date } of workspace.mosaics) {
    const id = imageryId(date);
    map.addSource(id, {
      type: "raster",
      url: `${location.origin}/api/mosaics/${date ?? "undated"}/tilejson.json`,
      tileSize: 256,
    });
    map.addLayer({
      id,
      type: "raster",
      source: id,
      layout: { visibility: "none" },
      paint: { "raster-fade-duration": 0 },
    });
  }
  for (const id of OVERLAYS)
    map.addSource(id, { type: "geojson", data: NOTHING, ...(id === "regions" && { promoteId: "id" }) });
  const isPoint: ExpressionSpecification = ["==", ["geometry-type"], "Point"];
  map.addLayer({
    id: "saliency-fill",
    type: "fill",
    source: "saliency",
    paint: {
      "fill-color": [
        "interpolate",
        ["linear"],
        ["get", "score"],
        ...SALIENCY_STOPS.flat(),
      ] as unknown as ExpressionSpecification,
      "fill-opacity": ["interpolate", ["linear"], ["get", "score"], 0, 0.08, 1, 0.6],
      "fill-antialias": false,
    },
  });
  map.addLayer({
    id: "entities-fill",
    type: "fill",
    source: "entities",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.3 },
  });
  map.addLayer({
    id: "entities-line",
    type: "line",
    source: "entities",
    filter: ["!=", ["geometry-type"], "Point"],
    paint: { "line-color": ["get", "colour"], "line-width": 1.4 },
  });
  map.addLayer({
    id: "entities-point",
    type: "circle",
    source: "entities",
    filter: isPoint,
    paint: {
      "circle-color": ["get", "colour"],
      "circle-radius": 4.5,
      "circle-stroke-color": "#111827",
      "circle-stroke-width": 1,
    },
  });
  map.addLayer({
    id: "area-fill",
    type: "fill",
    source: "area",
    paint: { "fill-color": AREA_COLOUR, "fill-opacity": 0.08 },
  });
  map.addLayer({
    id: "area-line",
    type: "line",
    source: "area",
    paint: { "line-color": AREA_COLOUR, "line-width": 2, "line-dasharray": [2.5, 1.5] },
  });
  map.addLayer({
    id: "miss-fill",
    type: "fill",
    source: "miss",
    paint: { "fill-color": MISS_COLOUR, "fill-opacity": 0.16 },
  });
  map.addLayer({
    id: "miss-line",
    type: "line",
    source: "miss",
    paint: { "line-color": MISS_COLOUR, "line-width": 2.4, "line-dasharray": [2, 1.2] },
  });
  map.addLayer({
    id: "regions-fill",
    type: "fill",
    source: "regions",
    paint: {
      "fill-color": probabilityColour,
      "fill-opacity": ["case", isSelected, 0.06, isHovered, 0.42, 0.22],
    },
  });
  map.addLayer({
    id: "regions-casing",
    type: "line",
    source: "regions",
    layout: { "line-join": "round" },
    paint: { "line-color": "#0b1220", "line-opacity": 0.65, "line-width": ["case", isSelected, 6.5, 4.5] },
  });
  map.addLayer({
    id: "regions-line",
    type: "line",
    source: "regions",
    layout: { "line-join": "round" },
    paint: {
      "line-color": probabilityColour,
      "line-width": ["case", isSelected, 3.5, isHovered, 3, 2.2],
    },
  });
  map.addLayer({
    id: "evidence-fill",
    type: "fill",
    source: "evidence",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": EVIDENCE_COLOUR, "fill-opacity": ["case", isEmphasised, 0.5, 0.14] },
  });
  map.addLayer({
    id: "evidence-line",
    type: "line",
    source: "evidence",
    filter: ["!=", ["geometry-type"], "Point"],
    paint: { "line-color": EVIDENCE_COLOUR, "line-width": ["case", isEmphasised, 3, 1.5] },
  });
  map.addLayer({
    id: "links-casing",
    type: "line",
    source: "links",
    paint: { "line-color": "#0b1220", "line-opacity": 0.6, "line-width": 4 },
  });
  map.addLayer({
    id: "links-line",
    type: "line",
    source: "links",
    paint: { "line-color": "#ffffff", "line-width": 1.8, "line-dasharray": [3, 2] },
  });
  map.addLayer({
    id: "evidence-point",
    type: "circle",
    source: "evidence",
    filter: isPoint,
    paint: {
      "circle-color": EVIDENCE_COLOUR,
      "circle-radius": ["case", isEmphasised, 9, 6],
      "circle-stroke-color": "#0b1220",
      "circle-stroke-width": 1.8,
    },
  });
}

/** A map that was taken away, or whose drawing context the browser took, has no style and throws when it is changed. */
function hasStyle(map: maplibregl.Map): boolean {
  return Boolean(map.style) && map.getSource("regions") !== undefined;
}

export function setOverlay(map: maplibregl.Map, overlay: Overlay, data: GeoJSON.GeoJSON): void {
  if (!hasStyle(map)) return;
  (map.getSource(overlay) as maplibregl.GeoJSONSource | undefined)?.setData(data);
}

/** Marks the one result that is selected or pointed at, in place of the one before. */
export function markRegion(map: maplibregl.Map, state: "selected" | "hovered", id: string | null): () => void {
  if (id === null) return () => {};
  const mark = (isOn: boolean) => {
    if (hasStyle(map)) map.setFeatureState({ source: "regions", id }, { [state]: isOn });
  };
  mark(true);
  return () => mark(false);
}

/** Shows the imagery of one date at an opacity and hides the others. */
export function showDate(map: maplibregl.Map, workspace: WorkspaceInfo, date: string | null, opacity: number): void {
  if (!hasStyle(map)) return;
  for (const { date: other } of workspace.mosaics) {
    const id = imageryId(other);
    if (!map.getLayer(id)) continue;
    map.setLayoutProperty(id, "visibility", other === date ? "visible" : "none");
    map.setPaintProperty(id, "raster-opacity", opacity);
  }
}
