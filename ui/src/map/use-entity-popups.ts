import * as maplibregl from "maplibre-gl";
import { useEffect } from "react";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import { conceptName } from "../../../knowledge/ontology/names.ts";
import { measureName, percent } from "../measures.ts";
import type { Language } from "../words.ts";

const ENTITY_LAYERS = ["entities-fill", "entities-line", "entities-point"] as const;

/** Tells what a mapped or detected thing is when it is clicked, as text: its name may hold anything. */
export function useEntityPopups(
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
