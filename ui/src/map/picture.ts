import type * as maplibregl from "maplibre-gl";
import type { Region } from "../api.ts";
import { MOST_MARKERS } from "./use-markers.ts";

/** The map as it is drawn next, with the numbers of the results, which are no part of its canvas. */
export function pictureOf(map: maplibregl.Map, regions: readonly Region[]): Promise<string> {
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
