import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Region, WorkspaceInfo } from "./api.ts";
import { type Language, words } from "./words.ts";

maplibregl.setWorkerUrl(workerUrl);

export interface MapView {
  bounds(): [number, number, number, number];
  fit(bbox: readonly [number, number, number, number]): void;
}

interface Props {
  readonly language: Language;
  readonly workspace: WorkspaceInfo;
  readonly regions: readonly Region[];
  readonly selected: string | null;
  readonly viewRef: RefObject<MapView | null>;
  readonly inView: boolean;
  readonly area: GeoJSON.Polygon | null;
  /** Mosaic date that the newest plan looks at. */
  readonly preferredDate: string | null;
  onSelect(id: string | null): void;
  onInView(on: boolean): void;
  onArea(area: GeoJSON.Polygon | null): void;
}

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const layerId = (date: string | null) => `mosaic-${date ?? "undated"}`;

export function MapPanel(props: Props) {
  const { language, workspace, regions, selected, onSelect, viewRef, inView, onInView, area, onArea, preferredDate } =
    props;
  const text = words(language);
  const holder = useRef<HTMLDivElement>(null);
  const map = useRef<maplibregl.Map | null>(null);
  const markers = useRef<maplibregl.Marker[]>([]);
  const [isReady, setIsReady] = useState(false);
  const dates = workspace.mosaics.map(({ date }) => date);
  const [date, setDate] = useState<string | null>(dates.at(-1) ?? null);
  const [opacity, setOpacity] = useState(1);
  const [pointer, setPointer] = useState<string>("");
  const [corners, setCorners] = useState<readonly [number, number][] | null>(null);
  const drawing = useRef<readonly [number, number][] | null>(null);
  drawing.current = corners;
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    if (!holder.current) return;
    const made = new maplibregl.Map({
      container: holder.current,
      style: {
        version: 8,
        sources: {},
        layers: [{ id: "ground", type: "background", paint: { "background-color": "#8a9490" } }],
      },
      bounds: [...workspace.bboxWgs84] as [number, number, number, number],
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      dragRotate: false,
      maxZoom: 21,
    });
    map.current = made;
    made.addControl(new maplibregl.NavigationControl({ showCompass: true }), "top-right");
    made.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-left");
    made.on("load", () => {
      for (const mosaic of workspace.mosaics) {
        const id = layerId(mosaic.date);
        made.addSource(id, {
          type: "raster",
          url: `${location.origin}/api/mosaics/${mosaic.date ?? "undated"}/tilejson.json`,
          tileSize: 256,
        });
        made.addLayer({
          id,
          type: "raster",
          source: id,
          layout: { visibility: "none" },
          paint: { "raster-fade-duration": 0 },
        });
      }
      for (const id of ["evidence", "regions", "area"]) made.addSource(id, { type: "geojson", data: EMPTY });
      made.addLayer({
        id: "evidence-fill",
        type: "fill",
        source: "evidence",
        paint: { "fill-color": "#fbbf24", "fill-opacity": 0.22 },
      });
      made.addLayer({
        id: "evidence-line",
        type: "line",
        source: "evidence",
        paint: { "line-color": "#fbbf24", "line-width": 1.6 },
      });
      made.addLayer({
        id: "evidence-point",
        type: "circle",
        source: "evidence",
        filter: ["==", ["geometry-type"], "Point"],
        paint: {
          "circle-color": "#fbbf24",
          "circle-radius": 6,
          "circle-stroke-color": "#1f2937",
          "circle-stroke-width": 1.5,
        },
      });
      made.addLayer({
        id: "regions-fill",
        type: "fill",
        source: "regions",
        paint: {
          "fill-color": "#22d3ee",
          "fill-opacity": ["case", ["get", "selected"], 0.1, ["*", 0.3, ["get", "probability"]]],
        },
      });
      made.addLayer({
        id: "regions-line",
        type: "line",
        source: "regions",
        paint: {
          "line-color": ["case", ["get", "selected"], "#f8fafc", "#22d3ee"],
          "line-width": ["case", ["get", "selected"], 3.5, 2.2],
        },
      });
      made.addLayer({
        id: "area-line",
        type: "line",
        source: "area",
        paint: { "line-color": "#f472b6", "line-width": 2, "line-dasharray": [2, 1.5] },
      });
      setIsReady(true);
    });
    made.on("click", "regions-fill", (event) => {
      if (drawing.current) return;
      const id = event.features?.[0]?.properties.id as string | undefined;
      if (id) select.current(id);
    });
    made.on("mousemove", (event) => setPointer(`${event.lngLat.lat.toFixed(5)}, ${event.lngLat.lng.toFixed(5)}`));
    viewRef.current = {
      bounds: () => {
        const box = made.getBounds();
        return [Math.max(-180, box.getWest()), box.getSouth(), Math.min(180, box.getEast()), box.getNorth()];
      },
      fit: ([west, south, east, north]) =>
        made.fitBounds([west, south, east, north], {
          padding: 70,
          maxZoom: 17.5,
          duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 500,
        }),
    };
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(holder.current);
    return () => {
      resize.disconnect();
      viewRef.current = null;
      map.current = null;
      setIsReady(false);
      made.remove();
    };
  }, [workspace, viewRef]);

  // Only a new plan moves the date; the dates of a workspace do not change.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (preferredDate !== null && dates.includes(preferredDate)) setDate(preferredDate);
  }, [preferredDate]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the dates of a workspace do not change
  useEffect(() => {
    if (!isReady) return;
    for (const other of dates) {
      map.current?.setLayoutProperty(layerId(other), "visibility", other === date ? "visible" : "none");
      map.current?.setPaintProperty(layerId(other), "raster-opacity", opacity);
    }
  }, [isReady, date, opacity]);

  useEffect(() => {
    if (!isReady || !map.current) return;
    const features = regions.map(
      (region): GeoJSON.Feature => ({
        type: "Feature",
        geometry: region.geometry as GeoJSON.Geometry,
        properties: { id: region.id, probability: region.probability, selected: region.id === selected },
      }),
    );
    (map.current.getSource("regions") as maplibregl.GeoJSONSource).setData({ type: "FeatureCollection", features });
    const chosen = regions.find(({ id }) => id === selected);
    const witnesses = (chosen?.evidence ?? []).flatMap((entry): GeoJSON.Feature[] =>
      entry.kind === "entity" && entry.geometry
        ? [{ type: "Feature", geometry: entry.geometry as GeoJSON.Geometry, properties: { label: entry.label } }]
        : [],
    );
    (map.current.getSource("evidence") as maplibregl.GeoJSONSource).setData({
      type: "FeatureCollection",
      features: witnesses,
    });
    for (const marker of markers.current) marker.remove();
    markers.current = regions.map((region) => {
      const label = document.createElement("button");
      label.type = "button";
      label.className = region.id === selected ? "marker selected" : "marker";
      label.textContent = String(region.rank);
      label.setAttribute("aria-label", `#${region.rank}: ${region.caption}`);
      label.addEventListener("click", (event) => {
        event.stopPropagation();
        select.current(region.id);
      });
      const [west, , east, north] = region.bbox;
      return new maplibregl.Marker({ element: label, anchor: "bottom" })
        .setLngLat([(west + east) / 2, north])
        .addTo(map.current as maplibregl.Map);
    });
  }, [isReady, regions, selected]);

  // Drawing an area: corners by click, ended by double click or Enter, left by Escape.
  useEffect(() => {
    const drawn = map.current;
    if (!isReady || !drawn) return;
    const ring = corners && corners.length > 0 ? [...corners, corners[0] as [number, number]] : null;
    const shown: GeoJSON.Geometry | null =
      ring && ring.length > 3
        ? { type: "Polygon", coordinates: [ring.map((p) => [...p])] }
        : ring
          ? { type: "LineString", coordinates: ring.map((p) => [...p]) }
          : area;
    (drawn.getSource("area") as maplibregl.GeoJSONSource).setData(
      shown ? { type: "Feature", geometry: shown, properties: {} } : EMPTY,
    );
    if (corners === null) return;
    drawn.getCanvas().style.cursor = "crosshair";
    drawn.doubleClickZoom.disable();
    const add = (event: maplibregl.MapMouseEvent) => setCorners([...corners, [event.lngLat.lng, event.lngLat.lat]]);
    const finish = () => {
      if (ring && ring.length > 3) onArea({ type: "Polygon", coordinates: [ring.map((p) => [...p])] });
      setCorners(null);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") setCorners(null);
      if (event.key === "Enter") finish();
    };
    drawn.on("click", add);
    drawn.on("dblclick", finish);
    window.addEventListener("keydown", key);
    return () => {
      drawn.getCanvas().style.cursor = "";
      drawn.off("click", add);
      drawn.off("dblclick", finish);
      window.removeEventListener("keydown", key);
      drawn.doubleClickZoom.enable();
    };
  }, [isReady, corners, area, onArea]);

  return (
    <>
      <div className="map-tools">
        <div className="dates">
          {dates.map((entry) => (
            <button type="button" key={entry ?? ""} aria-pressed={entry === date} onClick={() => setDate(entry)}>
              {entry ?? "—"}
            </button>
          ))}
        </div>
        {dates.length > 0 && (
          <label className="opacity">
            {text.opacity}
            <input
              type="range"
              min={0}
              max={1}
              step={0.05}
              value={opacity}
              onChange={(event) => setOpacity(Number(event.target.value))}
            />
          </label>
        )}
        <label className="check">
          <input type="checkbox" checked={inView} onChange={(event) => onInView(event.target.checked)} />
          {text.inView}
        </label>
        {area ? (
          <button type="button" onClick={() => onArea(null)}>
            {text.clearArea}
          </button>
        ) : (
          <button
            type="button"
            aria-pressed={corners !== null}
            onClick={() => setCorners(corners === null ? [] : null)}
          >
            {corners === null ? text.draw : text.drawing}
          </button>
        )}
        <button type="button" onClick={() => viewRef.current?.fit(workspace.bboxWgs84)}>
          {text.fit}
        </button>
      </div>
      <div ref={holder} className="map" data-ready={isReady} data-date={date ?? ""} />
      {dates.length === 0 && <p className="map-note">{text.noImagery}</p>}
      <output className="pointer">{pointer}</output>
    </>
  );
}
