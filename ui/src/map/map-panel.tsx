import * as maplibregl from "maplibre-gl";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import { conceptName } from "../../../knowledge/ontology/names.ts";
import { changeAddress, readAddress } from "../address.ts";
import type { Area, Bbox, NearMiss, Region, WorkspaceInfo } from "../api.ts";
import { CloseIcon, CompareIcon, MinusIcon, NorthIcon, PlusIcon, ViewIcon } from "../icons.tsx";
import { measureName, percent } from "../measures.ts";
import { useReducedMotion } from "../use-media.ts";
import { type Language, words } from "../words.ts";
import { AreaMenu } from "./area-menu.tsx";
import { Compare } from "./compare.tsx";
import { LayerMenu } from "./layer-menu.tsx";
import { markRegion, NOTHING, type Overlay, setOverlay, showDate } from "./layers.ts";
import { Legend } from "./legend.tsx";
import { measuredLinks, middleOf } from "./measured-links.ts";
import { type DrawingMode, useDrawing } from "./use-drawing.ts";
import { useEntities } from "./use-entities.ts";
import { hasWebgl, useMap } from "./use-map.ts";
import { type SearchedTurn, useSaliency } from "./use-saliency.ts";

/** What the rest of the page may ask of the map. */
export interface MapView {
  bounds(): Bbox;
  /** Shows a box whole; `covered` is the share of the map's height that something hides at the bottom. */
  fit(bbox: Bbox, covered?: number): void;
  /** The map with its numbered results as a PNG data URL. */
  picture(): Promise<string>;
}

interface Props {
  readonly language: Language;
  readonly workspace: WorkspaceInfo;
  readonly regions: readonly Region[];
  readonly selected: string | null;
  readonly hovered: string | null;
  /** Ids of evidence to stress. */
  readonly emphasised: readonly string[];
  readonly miss: NearMiss | null;
  /** The turn whose results are shown, or null. */
  readonly searched: SearchedTurn | null;
  readonly date: string | null;
  readonly area: Area | null;
  readonly inView: boolean;
  readonly viewRef: RefObject<MapView | null>;
  onSelect(id: string | null): void;
  onHover(id: string | null): void;
  onDate(date: string | null): void;
  onArea(area: Area | null): void;
  onInView(inView: boolean): void;
}

/** Results beyond this many have no numbered button on the map; their outlines stay. */
const MOST_MARKERS = 100;

export function MapPanel(props: Props) {
  const { language, workspace, regions, selected, hovered, emphasised, miss, date, area, inView, viewRef } = props;
  const { onSelect, onHover, onDate, onArea, onInView } = props;
  const text = words(language);
  const holder = useRef<HTMLDivElement>(null);
  const start = useMemo(readAddress, []);
  const map = useMap(holder, workspace, { view: start.view, isInteractive: true });
  const isStill = useReducedMotion();
  const [opacity, setOpacity] = useState(1);
  const [compared, setCompared] = useState<string | null | undefined>(undefined);
  const [concepts, setConcepts] = useState<readonly string[]>(() =>
    start.layers.filter((concept) => workspace.entities.some((entry) => entry.concept === concept)),
  );
  const [showsSaliency, setShowsSaliency] = useState(false);
  const saliency = useSaliency(props.searched, showsSaliency);
  const [drawing, setDrawing] = useState<DrawingMode | null>(null);
  const dates = workspace.mosaics.map((mosaic) => mosaic.date);
  const { entities, isPartial } = useEntities(workspace, concepts, map);
  const callbacks = useRef({ onSelect, onHover, isDrawing: false });
  callbacks.current = { onSelect, onHover, isDrawing: drawing !== null };

  const numbered = useRef(regions);
  numbered.current = regions;
  useEffect(() => changeAddress({ layers: concepts }), [concepts]);
  const links = useMemo(() => {
    const region = regions.find(({ id }) => id === selected);
    return region ? measuredLinks(region, language) : [];
  }, [regions, selected, language]);

  const outlines = useMemo(
    () =>
      collect(
        regions.map((region) => [
          region.geometry as GeoJSON.Geometry,
          { id: region.id, probability: region.probability },
        ]),
      ),
    [regions],
  );
  const overlays = useMemo(
    (): Readonly<Record<Overlay, GeoJSON.GeoJSON>> => ({
      saliency,
      entities,
      area: area ? { type: "Feature", geometry: area as GeoJSON.Geometry, properties: {} } : NOTHING,
      miss: miss ? { type: "Feature", geometry: miss.geometry as GeoJSON.Geometry, properties: {} } : NOTHING,
      regions: outlines,
      evidence: collect(
        (regions.find(({ id }) => id === selected)?.evidence ?? []).flatMap((entry) =>
          entry.kind === "entity" && entry.geometry
            ? [[entry.geometry as GeoJSON.Geometry, { emphasised: emphasised.includes(entry.id) }] as const]
            : [],
        ),
      ),
      links: collect(
        links.map(({ from, to }) => [
          { type: "LineString", coordinates: [[...from], [...to]] } as GeoJSON.Geometry,
          {},
        ]),
      ),
    }),
    [saliency, entities, area, miss, outlines, regions, selected, emphasised, links],
  );

  useOverlays(map, overlays, drawing !== null);
  useMarks(map, selected, hovered);
  useEffect(() => {
    if (map) showDate(map, workspace, date, opacity);
  }, [map, workspace, date, opacity]);

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
    const settle = () => {
      const { lng, lat } = map.getCenter();
      changeAddress({ view: [Number(lng.toFixed(5)), Number(lat.toFixed(5)), Number(map.getZoom().toFixed(2))] });
    };
    const subscriptions = [
      map.on("click", "regions-fill", click),
      map.on("mousemove", "regions-fill", over),
      map.on("mouseleave", "regions-fill", out),
      map.on("moveend", settle),
    ];
    return () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }, [map]);

  useEffect(() => {
    viewRef.current = map && {
      bounds: () => boundsOf(map),
      picture: () => pictureOf(map, numbered.current),
      fit: ([west, south, east, north], covered = 0) => {
        // The panel beside the map may have come or gone in this very moment.
        map.resize();
        map.fitBounds([west, south, east, north], {
          padding: {
            top: 84,
            bottom: 64 + covered * map.getContainer().clientHeight,
            left: 56,
            right: 56,
          },
          maxZoom: 16.6,
          duration: isStill ? 0 : 500,
        });
      },
    };
    return () => {
      viewRef.current = null;
    };
  }, [map, viewRef, isStill]);

  useEntityPopups(map, language, callbacks);
  useRegionMarkers(map, regions, selected, hovered, callbacks);
  useLabels(map, links, miss);

  const drawn = useCallback(
    (made: GeoJSON.Polygon | null) => {
      setDrawing(null);
      if (made) onArea(made);
    },
    [onArea],
  );
  useDrawing(map, drawing, drawn);

  const other =
    dates.findLast((entry) => entry !== date && (date === null || (entry ?? "") < date)) ??
    dates.find((entry) => entry !== date);
  const isComparing = compared !== undefined && dates.length > 1;
  return (
    <>
      <div ref={holder} className="map" data-ready={map !== null} data-date={date ?? "undated"} />
      {isComparing && map && (
        <Compare
          main={map}
          workspace={workspace}
          date={compared ?? null}
          mainDate={date}
          overlays={overlays}
          selected={selected}
          hovered={hovered}
          language={language}
        />
      )}
      {!hasWebgl() && <p className="map-note">{text.noWebgl}</p>}
      <div className="map-tools">
        {dates.length > 0 && (
          <fieldset className="segments">
            <legend className="visually-hidden">{text.dates}</legend>
            {dates.map((entry) => (
              <button
                type="button"
                key={entry ?? ""}
                aria-pressed={entry === date}
                onClick={() => onDate(entry)}
                className="segment"
              >
                {entry ?? text.undated}
              </button>
            ))}
            {dates.length > 1 && (
              <button
                type="button"
                className="segment with-icon"
                aria-pressed={isComparing}
                onClick={() => setCompared(isComparing ? undefined : other)}
              >
                <CompareIcon />
                <span>{text.compare}</span>
              </button>
            )}
          </fieldset>
        )}
        <LayerMenu
          workspace={workspace}
          language={language}
          opacity={opacity}
          concepts={concepts}
          isPartial={isPartial}
          onOpacity={setOpacity}
          onConcepts={setConcepts}
          saliency={props.searched ? showsSaliency : null}
          onSaliency={setShowsSaliency}
        />
        <AreaMenu
          language={language}
          area={area}
          inView={inView}
          onArea={(made) => {
            onArea(made);
            if (made) viewRef.current?.fit(boxOfArea(made));
          }}
          onInView={onInView}
          onDraw={setDrawing}
          viewArea={() => (map ? boxArea(boundsOf(map)) : null)}
        />
      </div>
      {drawing && (
        <div className="map-hint" role="status">
          <span>{drawing === "rectangle" ? text.rectangleHint : text.polygonHint}</span>
          <button type="button" className="icon-button" aria-label={text.cancel} onClick={() => setDrawing(null)}>
            <CloseIcon />
          </button>
        </div>
      )}
      <fieldset className="map-zoom">
        <legend className="visually-hidden">{text.map}</legend>
        <button type="button" aria-label={text.zoomIn} title={text.zoomIn} onClick={() => map?.zoomIn()}>
          <PlusIcon />
        </button>
        <button type="button" aria-label={text.zoomOut} title={text.zoomOut} onClick={() => map?.zoomOut()}>
          <MinusIcon />
        </button>
        <button
          type="button"
          aria-label={text.fitAll}
          title={text.fitAll}
          onClick={() => viewRef.current?.fit(workspace.bboxWgs84)}
        >
          <ViewIcon />
        </button>
        <span className="north" role="img" aria-label={text.north} title={text.north}>
          <NorthIcon />N
        </span>
      </fieldset>
      <Legend
        language={language}
        workspace={workspace}
        hasRegions={regions.length > 0}
        hasEvidence={overlays.evidence !== NOTHING && selected !== null}
        hasMiss={miss !== null}
        hasSaliency={saliency.features.length > 0}
        concepts={concepts}
      />
      <Pointer map={map} />
      {dates.length === 0 && <p className="map-note">{text.noImagery}</p>}
    </>
  );
}

function collect(
  entries: readonly (readonly [GeoJSON.Geometry, GeoJSON.GeoJsonProperties])[],
): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: entries.map(([geometry, properties]) => ({ type: "Feature", geometry, properties })),
  };
}

function boundsOf(map: maplibregl.Map): Bbox {
  const box = map.getBounds();
  return [
    Math.max(-180, box.getWest()),
    Math.max(-90, box.getSouth()),
    Math.min(180, box.getEast()),
    Math.min(90, box.getNorth()),
  ];
}

/** The map as it is drawn next, with the numbers of the results, which are no part of its canvas. */
function pictureOf(map: maplibregl.Map, regions: readonly Region[]): Promise<string> {
  return new Promise((resolve) => {
    map.once("render", () => {
      const drawn = map.getCanvas();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [drawn.width, drawn.height];
      const context = canvas.getContext("2d");
      if (!context) return resolve(drawn.toDataURL("image/png"));
      context.drawImage(drawn, 0, 0);
      const scale = drawn.width / map.getContainer().clientWidth;
      context.scale(scale, scale);
      context.font = "700 12px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      for (const { bbox, rank } of regions.slice(0, MOST_MARKERS)) {
        const { x, y } = map.project([(bbox[0] + bbox[2]) / 2, bbox[3]]);
        context.beginPath();
        context.arc(x, y - 13, 12, 0, 2 * Math.PI);
        context.fillStyle = "#0b6b5f";
        context.fill();
        context.lineWidth = 2;
        context.strokeStyle = "#ffffff";
        context.stroke();
        context.fillStyle = "#ffffff";
        context.fillText(String(rank), x, y - 12);
      }
      resolve(canvas.toDataURL("image/png"));
    });
    map.triggerRepaint();
  });
}

function boxArea([west, south, east, north]: Bbox): GeoJSON.Polygon {
  return {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}

function boxOfArea(area: Area): Bbox {
  const positions = (area.type === "Polygon" ? [area.coordinates] : area.coordinates).flat(2);
  const [xs, ys] = [positions.map(([x = 0]) => x), positions.map(([, y = 0]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Puts each overlay on the map when it changes; the area is left to the drawing while one is drawn. */
export function useOverlays(
  map: maplibregl.Map | null,
  overlays: Readonly<Record<Overlay, GeoJSON.GeoJSON>>,
  isDrawing: boolean,
): void {
  const { saliency, entities, area, miss, regions, evidence, links } = overlays;
  useEffect(() => {
    if (map) setOverlay(map, "saliency", saliency);
  }, [map, saliency]);
  useEffect(() => {
    if (map) setOverlay(map, "entities", entities);
  }, [map, entities]);
  useEffect(() => {
    if (map && !isDrawing) setOverlay(map, "area", area);
  }, [map, area, isDrawing]);
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

interface RegionCallbacks {
  readonly current: { onSelect(id: string | null): void; onHover(id: string | null): void };
}

/** A numbered button at the top of each result, reachable by keyboard. */
function useRegionMarkers(
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

const ENTITY_LAYERS = ["entities-fill", "entities-line", "entities-point"] as const;

/** Tells what a mapped or detected thing is when it is clicked, as text: its name may hold anything. */
function useEntityPopups(
  map: maplibregl.Map | null,
  language: Language,
  callbacks: { readonly current: { readonly isDrawing: boolean } },
): void {
  useEffect(() => {
    if (!map) return;
    const popup = new maplibregl.Popup({ closeButton: false, maxWidth: "260px" });
    const subscription = map.on("click", (event) => {
      const hits = map.queryRenderedFeatures(event.point, { layers: ["regions-fill", ...ENTITY_LAYERS] });
      const [found] = hits;
      if (callbacks.current.isDrawing || !found || found.layer.id === "regions-fill") return;
      const { concept, name, firstSeen, lastSeen, confidence, source } = found.properties;
      const kind = isConceptId(concept) ? conceptName(concept, language) : String(concept);
      const lines = [
        name ? `${name} (${kind})` : kind,
        [firstSeen, lastSeen].filter((date) => date && date !== "null").join(" – "),
        `${measureName("confidence", language)} ${percent(Number(confidence))} · ${source}`,
      ];
      const element = document.createElement("div");
      for (const line of lines.filter((text) => text !== "")) {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        element.append(paragraph);
      }
      popup.setLngLat(event.lngLat).setDOMContent(element).addTo(map);
    });
    return () => {
      subscription.unsubscribe();
      popup.remove();
    };
  }, [map, language, callbacks]);
}

/** Distances on their lines, and the name of the near miss that is shown. */
function useLabels(map: maplibregl.Map | null, links: ReturnType<typeof measuredLinks>, miss: NearMiss | null): void {
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

/** Latitude and longitude under the pointer, else of the middle. */
function Pointer({ map }: { readonly map: maplibregl.Map | null }) {
  const [at, setAt] = useState("");
  useEffect(() => {
    if (!map) return;
    const show = ({ lat, lng }: maplibregl.LngLat) => setAt(`${lat.toFixed(5)}, ${lng.toFixed(5)}`);
    const move = (event: maplibregl.MapMouseEvent) => show(event.lngLat);
    const settle = () => show(map.getCenter());
    settle();
    const subscriptions = [map.on("mousemove", move), map.on("moveend", settle)];
    return () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }, [map]);
  return <span className="pointer">{at}</span>;
}
