import type * as maplibregl from "maplibre-gl";
import { useEffect } from "react";
import { markRegion, type Overlay, setOverlay } from "./layers.ts";

/** Geometries with their properties as one collection. */
export function collect(
  entries: readonly (readonly [GeoJSON.Geometry, GeoJSON.GeoJsonProperties])[],
): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: entries.map(([geometry, properties]) => ({ type: "Feature", geometry, properties })),
  };
}

/** Puts each overlay on the map when it changes. */
export function useOverlays(map: maplibregl.Map | null, overlays: Readonly<Record<Overlay, GeoJSON.GeoJSON>>): void {
  const { saliency, entities, area, miss, regions, evidence, links } = overlays;
  useEffect(() => {
    if (map) setOverlay(map, "saliency", saliency);
  }, [map, saliency]);
  useEffect(() => {
    if (map) setOverlay(map, "entities", entities);
  }, [map, entities]);
  useEffect(() => {
    if (map) setOverlay(map, "area", area);
  }, [map, area]);
  useEffect(() => {
    if (map) setOverlay(map, "miss", miss);
  }, [map, miss]);
  useEffect(() => {
    if (map) setOverlay(map, "regions", regions);
  }, [map, regions]);
  useEffect(() => {
    if (map) setOverlay(map, "evidence", evidence);
  }, [map, evidence]);
  useEffect(() => {
    if (map) setOverlay(map, "links", links);
  }, [map, links]);
}

/** Marks the selected result and the one pointed at. */
export function useMarks(map: maplibregl.Map | null, selected: string | null, hovered: string | null): void {
  useEffect(() => (map ? markRegion(map, "selected", selected) : undefined), [map, selected]);
  useEffect(() => (map ? markRegion(map, "hovered", hovered) : undefined), [map, hovered]);
}
