import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { changeAddress, readAddress } from "../address.ts";
import type { Area, Bbox, NearMiss, Region, WorkspaceInfo } from "../api.ts";
import { boxArea, boxOf } from "../boxes.ts";
import { useReducedMotion } from "../use-media.ts";
import { type Language, words } from "../words.ts";
import { AreaMenu } from "./area-menu.tsx";
import { Compare } from "./compare.tsx";
import { DateSwitch } from "./date-switch.tsx";
import { DrawingHint } from "./drawing-hint.tsx";
import { LayerMenu } from "./layer-menu.tsx";
import { NOTHING, type Overlay, showDate } from "./layers.ts";
import { Legend } from "./legend.tsx";
import { mapWords } from "./map-words.ts";
import { measuredLinks } from "./measured-links.ts";
import { collect, useMarks, useOverlays } from "./overlays.ts";
import { pictureOf } from "./picture.ts";
import { Pointer } from "./pointer.tsx";
import { SearchHere } from "./search-here.tsx";
import { type DrawingMode, useDrawing } from "./use-drawing.ts";
import { useEntities } from "./use-entities.ts";
import { useEntityPopups } from "./use-entity-popups.ts";
import { hasWebgl, useMap } from "./use-map.ts";
import { useLabels, useRegionMarkers } from "./use-markers.ts";
import { useRegionPointer } from "./use-region-pointer.ts";
import { type SearchedTurn, useSaliency } from "./use-saliency.ts";
import { viewOf } from "./view.ts";
import { ZoomTools } from "./zoom-tools.tsx";

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
  /** Searches again in what is in sight now. */
  onSearchHere(bounds: Bbox): void;
}

export function MapPanel(props: Props) {
  const { language, workspace, regions, selected, hovered, emphasised, miss, date, area, inView, viewRef } = props;
  const { onSelect, onHover, onDate, onArea, onInView } = props;
  const text = words(language);
  const holder = useRef<HTMLDivElement>(null);
  const start = useMemo(readAddress, []);
  const map = useMap(holder, workspace, {
    view: start.view,
    isInteractive: true,
    label: mapWords(language).canvas,
  });
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
      area:
        area && drawing === null ? { type: "Feature", geometry: area as GeoJSON.Geometry, properties: {} } : NOTHING,
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
    [saliency, entities, area, drawing, miss, outlines, regions, selected, emphasised, links],
  );

  useOverlays(map, overlays);
  useMarks(map, selected, hovered);
  useEffect(() => {
    if (map) showDate(map, workspace, date, opacity);
  }, [map, workspace, date, opacity]);

  useRegionPointer(map, callbacks);
  useEffect(() => {
    if (!map) return;
    const settle = () => {
      const { lng, lat } = map.getCenter();
      changeAddress({ view: [Number(lng.toFixed(5)), Number(lat.toFixed(5)), Number(map.getZoom().toFixed(2))] });
    };
    const subscription = map.on("moveend", settle);
    return () => subscription.unsubscribe();
  }, [map]);

  useEffect(() => {
    viewRef.current = map && {
      bounds: () => viewOf(map),
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

  useDrawing(map, drawing, area, onArea, () => setDrawing(null));

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
        <DateSwitch
          language={language}
          dates={dates}
          date={date}
          isComparing={isComparing}
          onDate={onDate}
          onCompare={() => setCompared(isComparing ? undefined : other)}
        />
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
            if (made) viewRef.current?.fit(boxOf(made));
          }}
          onInView={onInView}
          onDraw={setDrawing}
          viewArea={() => (map ? boxArea(viewOf(map)) : null)}
        />
      </div>
      {drawing ? (
        <DrawingHint mode={drawing} language={language} onLeave={() => setDrawing(null)} />
      ) : (
        <SearchHere map={map} language={language} isWanted={props.searched !== null} onSearch={props.onSearchHere} />
      )}
      <ZoomTools map={map} language={language} onFit={() => viewRef.current?.fit(workspace.bboxWgs84)} />
      <div className="map-foot">
        <Legend
          language={language}
          workspace={workspace}
          hasRegions={regions.length > 0}
          hasEvidence={overlays.evidence !== NOTHING && selected !== null}
          hasMiss={miss !== null}
          hasSaliency={saliency.features.length > 0}
          concepts={concepts}
        />
        <Pointer map={map} attribution={attributionOf(date, entities, language)} />
      </div>
      {dates.length === 0 && <p className="map-note">{text.noImagery}</p>}
    </>
  );
}

/** "Imagery 2023-08-23 · layers.geojson": the date of the imagery, and the sources of the entities over it. */
function attributionOf(date: string | null, { features }: GeoJSON.FeatureCollection, language: Language): string {
  const sources = new Set(
    features.flatMap(({ properties }) => (properties?.source ? [String(properties.source)] : [])),
  );
  const names = [...sources].map((source) => source.replace(/^(layer|segmenter|detection):/, ""));
  return [date && `${mapWords(language).attribution} ${date}`, ...names].filter(Boolean).join(" · ");
}
