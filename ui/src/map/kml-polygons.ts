import type { Rings } from "./read-area.ts";

/**
 * The polygons of a KML 2.2 document. The browser's parser never runs or fetches anything that a document holds.
 *
 * @throws {Error} when the text is no XML
 */
export function kmlPolygons(text: string): readonly Rings[] {
  const document = new DOMParser().parseFromString(text, "application/xml");
  if (document.querySelector("parsererror")) throw new Error("not XML");
  return [...document.getElementsByTagNameNS("*", "Polygon")].map((polygon) =>
    [...polygon.getElementsByTagNameNS("*", "coordinates")].map(({ textContent }) =>
      (textContent ?? "")
        .trim()
        .split(/\s+/)
        .map((tuple) => tuple.split(",").slice(0, 2).map(Number)),
    ),
  );
}
