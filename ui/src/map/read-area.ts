import { readZippedShapefile } from "./read-zipped-shapefile.ts";

const LARGEST_FILE = 8 * 1024 * 1024;

/** Why a file gives no area, as a code that the page words. */
export type AreaFault = "too_large" | "not_readable" | "no_polygon";

export type ReadArea =
  | { readonly kind: "area"; readonly area: GeoJSON.Polygon | GeoJSON.MultiPolygon }
  | { readonly kind: "fault"; readonly fault: AreaFault };

/**
 * The polygons of a GeoJSON or KML file or of a zipped shapefile (WGS84 lon, lat) as one area.
 *
 * @param kmlPolygons reads KML, which takes the browser's parser of XML; throws where the text is none
 */
export async function readAreaFile(file: Blob, kmlPolygons: (text: string) => readonly Rings[]): Promise<ReadArea> {
  if (file.size > LARGEST_FILE) return { kind: "fault", fault: "too_large" };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const text = isZip ? "" : new TextDecoder().decode(bytes);
    const polygons = isZip
      ? await readZippedShapefile(bytes)
      : text.trimStart().startsWith("<")
        ? kmlPolygons(text)
        : geojsonPolygons(JSON.parse(text));
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

/** The rings of a polygon, the outer one first. */
export type Rings = GeoJSON.Position[][];

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
