import type * as maplibregl from "maplibre-gl";
import { TerraDraw, TerraDrawPolygonMode, TerraDrawRectangleMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import type { Area } from "../api.ts";
import { AREA_COLOUR } from "./layers.ts";
import { canEdit, type DrawingMode } from "./use-drawing.ts";

/** Decimals of a degree that the drawing keeps; it refuses what has more. */
const DECIMALS = 9;
const FILL = { fillColor: AREA_COLOUR, fillOpacity: 0.12, outlineColor: AREA_COLOUR, outlineWidth: 2 } as const;
const CORNERS = { draggable: true, deletable: true, midpoints: true } as const;

/**
 * Draws on the map until it is stopped: a rectangle by drag or by two clicks, a polygon corner by corner, or the corners of
 * an area that is there already.
 *
 * @param area what is edited in mode "edit": a polygon without holes; not looked at in the other modes
 * @param onArea called with the area when one is finished, and in mode "edit" after every change
 * @returns stops the drawing and takes it off the map
 */
export function drawArea(
  map: maplibregl.Map,
  mode: DrawingMode,
  area: Area | null,
  onArea: (area: GeoJSON.Polygon) => void,
): () => void {
  const select = new TerraDrawSelectMode({
    flags: { polygon: { feature: { draggable: true, coordinates: CORNERS } } },
    styles: {
      selectedPolygonColor: AREA_COLOUR,
      selectedPolygonFillOpacity: 0.12,
      selectedPolygonOutlineColor: AREA_COLOUR,
      selectedPolygonOutlineWidth: 2,
      selectionPointColor: "#ffffff",
      selectionPointOutlineColor: "#0b1220",
      selectionPointWidth: 6,
      midPointColor: AREA_COLOUR,
      midPointOutlineColor: "#0b1220",
      midPointWidth: 4,
    },
  });
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: DECIMALS }),
    modes: [
      new TerraDrawRectangleMode({ styles: FILL, drawInteraction: "click-move-or-drag" }),
      new TerraDrawPolygonMode({ styles: FILL }),
      select,
    ],
  });
  draw.start();
  draw.on("finish", (id) => {
    const geometry = draw.getSnapshotFeature(id)?.geometry;
    if (geometry?.type === "Polygon") onArea({ type: "Polygon", coordinates: geometry.coordinates });
  });
  if (mode !== "edit") draw.setMode(mode);
  else if (area && canEdit(area)) {
    const id = draw.getFeatureId();
    const coordinates = area.coordinates.map((ring) =>
      ring.map((position) => position.map((degrees) => Number(degrees.toFixed(DECIMALS)))),
    );
    draw.addFeatures([
      { id, type: "Feature", geometry: { type: "Polygon", coordinates }, properties: { mode: "polygon" } },
    ]);
    draw.selectFeature(id);
  }
  return () => draw.stop();
}
