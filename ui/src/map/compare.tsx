import type * as maplibregl from "maplibre-gl";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { WorkspaceInfo } from "../api.ts";
import { type Language, words } from "../words.ts";
import { type Overlay, showDate } from "./layers.ts";
import { useMarks, useOverlays } from "./overlays.ts";
import { useMap } from "./use-map.ts";

interface Props {
  readonly main: maplibregl.Map;
  readonly workspace: WorkspaceInfo;
  /** Dates at the left and at the right of the divider. */
  readonly date: string | null;
  readonly mainDate: string | null;
  readonly selected: string | null;
  readonly hovered: string | null;
  readonly overlays: Readonly<Record<Overlay, GeoJSON.GeoJSON>>;
  readonly language: Language;
}

/** A second map of another date over the first, cut off at a divider that is dragged or moved with the arrow keys. */
export function Compare({ main, workspace, date, mainDate, overlays, selected, hovered, language }: Props) {
  const text = words(language);
  const holder = useRef<HTMLDivElement>(null);
  // Right above the main map's canvas and below its markers, which are then seen at both sides.
  const place = useMemo(() => document.createElement("div"), []);
  useEffect(() => {
    place.className = "compare-place";
    main.getCanvas().after(place);
    return () => place.remove();
  }, [main, place]);
  const frame = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(0.5);
  const map = useMap(holder, workspace, { view: null, isInteractive: false, label: date ?? text.undated });
  useOverlays(map, overlays);
  useMarks(map, selected, hovered);
  useEffect(() => {
    if (map) showDate(map, workspace, date, 1);
  }, [map, workspace, date]);
  useEffect(() => {
    if (!map) return;
    const follow = () => map.jumpTo({ center: main.getCenter(), zoom: main.getZoom() });
    follow();
    main.on("move", follow);
    return () => {
      main.off("move", follow);
    };
  }, [map, main]);
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    setShare(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
  };
  return (
    <div className="compare" ref={frame}>
      {createPortal(
        <div
          className="compare-map"
          ref={holder}
          data-ready={map !== null}
          style={{ clipPath: `inset(0 ${(1 - share) * 100}% 0 0)` }}
        />,
        place,
      )}
      <span className="compare-date" style={{ right: `calc(${(1 - share) * 100}% + 14px)` }}>
        {date ?? text.undated}
      </span>
      <span className="compare-date" style={{ left: `calc(${share * 100}% + 14px)` }}>
        {mainDate ?? text.undated}
      </span>
      <div
        className="divider"
        role="slider"
        tabIndex={0}
        aria-label={text.compareSlider}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        style={{ left: `${share * 100}%` }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -0.05, ArrowRight: 0.05, Home: -1, End: 1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          setShare((held) => Math.min(1, Math.max(0, held + step)));
        }}
      >
        <span aria-hidden="true">⇔</span>
      </div>
    </div>
  );
}
