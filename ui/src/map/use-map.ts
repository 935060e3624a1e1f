import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { type RefObject, useEffect, useState } from "react";
import type { WorkspaceInfo } from "../api.ts";
import { addLayers } from "./layers.ts";
import "maplibre-gl/dist/maplibre-gl.css";

maplibregl.setWorkerUrl(workerUrl);

const LARGEST_ZOOM = 21;

let canDraw: boolean | null = null;

/** Whether this browser can draw a map at all; looked at once, since every look takes one of its few drawing contexts. */
export function hasWebgl(): boolean {
  if (canDraw !== null) return canDraw;
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    canDraw = context !== null;
  } catch {
    canDraw = false;
  }
  return canDraw;
}

interface Options {
  readonly view: readonly [number, number, number] | null;
  /** False for a map that only follows another. */
  readonly isInteractive: boolean;
  /** Name of the map for those who do not see it. */
  readonly label: string;
}

/** A map of the workspace in the given element, once its layers can be used; null before that and without WebGL. */
export function useMap(
  holder: RefObject<HTMLDivElement | null>,
  workspace: WorkspaceInfo,
  options: Options,
): maplibregl.Map | null {
  const [map, setMap] = useState<maplibregl.Map | null>(null);
  // The view is where the map starts; later ones move it, they do not make another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!holder.current || !hasWebgl()) return;
    const [west, south, east, north] = workspace.bboxWgs84;
    const made = new maplibregl.Map({
      container: holder.current,
      // An empty style: no glyphs, no sprites, nothing is asked of anybody else.
      style: { version: 8, sources: {}, layers: [] },
      ...(options.view
        ? { center: [options.view[0], options.view[1]], zoom: options.view[2] }
        : { bounds: [west, south, east, north], fitBoundsOptions: { padding: 16 } }),
      attributionControl: false,
      interactive: options.isInteractive,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: LARGEST_ZOOM,
    });
    made.touchZoomRotate.disableRotation();
    made.keyboard.disableRotation();
    if (options.isInteractive) made.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), "bottom-left");
    made.on("load", () => {
      addLayers(made, workspace);
      setMap(made);
    });
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(holder.current);
    return () => {
      resize.disconnect();
      setMap(null);
      made.remove();
    };
  }, [holder, workspace, options.isInteractive]);
  useEffect(() => {
    // A region of its own only where one can do something in it.
    const canvas = map?.getCanvas();
    canvas?.setAttribute("aria-label", options.label);
    if (!options.isInteractive) canvas?.setAttribute("role", "img");
  }, [map, options.label, options.isInteractive]);
  return map;
}
