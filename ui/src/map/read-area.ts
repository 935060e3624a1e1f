const LARGEST_FILE = 8 * 1024 * 1024;

/** Why a file gives no area, as a code that the page words. */
export type AreaFault = "too_large" | "not_readable" | "no_polygon";

export type ReadArea =
  | { readonly kind: "area"; readonly area: GeoJSON.Polygon | GeoJSON.MultiPolygon }
  | { readonly kind: "fault"; readonly fault: AreaFault };

/** The polygons of a GeoJSON or KML file (WGS84 lon, lat) as one area. */
export async function readAreaFile(file: File): Promise<ReadArea> {
  if (file.size > LARGEST_FILE) return { kind: "fault", fault: "too_large" };
  const text = await file.text();
  return readAreaText(text);
}

export function readAreaText(text: string): ReadArea {
  try {
    const polygons = text.trimStart().startsWith("<") ? kmlPolygons(text) : geojsonPolygons(JSON.parse(text));
    const closed = polygons.map((rings) => rings.map(closed2d)).filter(([outer]) => outer && outer.length >= 4);
    const [first] = closed;
    if (!first) return { kind: "fault", fault: "no_polygon" };
    return {
      kind: "area",
      area:
        closed.length === 1 ? { type: "Polygon", coordinates: first } : { type: "MultiPolygon", coordinates: closed },
    };
  } catch {
    return { kind: "fault", fault: "not_readable" };
  }
}

type Rings = GeoJSON.Position[][];

function geojsonPolygons(value: GeoJSON.GeoJSON): readonly Rings[] {
  switch (value.type) {
    case "FeatureCollection":
      return value.features.flatMap((feature) => geojsonPolygons(feature));
    case "Feature":
      return value.geometry ? geojsonPolygons(value.geometry) : [];
    case "GeometryCollection":
      return value.geometries.flatMap((geometry) => geojsonPolygons(geometry));
    case "Polygon":
      return [value.coordinates];
    case "MultiPolygon":
      return value.coordinates;
    default:
      return [];
  }
}

/** KML 2.2 polygons; the parser of the browser never runs or fetches anything that a document holds. */
function kmlPolygons(text: string): readonly Rings[] {
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

/** The ring without heights, closed on itself; positions off the globe make the file unreadable. */
function closed2d(ring: readonly GeoJSON.Position[]): GeoJSON.Position[] {
  const flat = ring.map(([x = Number.NaN, y = Number.NaN]) => {
    if (!(Math.abs(x) <= 180 && Math.abs(y) <= 90)) throw new Error("not WGS84");
    return [x, y];
  });
  const [first, last] = [flat[0], flat.at(-1)];
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) flat.push([...first]);
  return flat;
}
