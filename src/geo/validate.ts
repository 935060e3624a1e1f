import { TerralogueError } from "../errors.ts";

const TYPES = new Set([
  "Point",
  "MultiPoint",
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "GeometryCollection",
]);

/**
 * Checks a GeoJSON geometry in WGS84 degrees: known type, finite positions in range, lines of two and rings of four
 * positions that close.
 *
 * @param what names the feature in the message, for example `feature 12 of roads.geojson`
 * @throws {TerralogueError} `bad_vectors` with one sentence on what is wrong and what to do
 */
export function checkWgs84Geometry(value: unknown, what: string): GeoJSON.Geometry {
  const geometry = value as GeoJSON.Geometry;
  if (!geometry || typeof geometry !== "object" || !TYPES.has(geometry.type)) {
    throw new TerralogueError("bad_vectors", `The geometry of ${what} is no GeoJSON geometry; mend or remove it.`);
  }
  if (geometry.type === "GeometryCollection") {
    for (const part of geometry.geometries ?? []) checkWgs84Geometry(part, what);
    return geometry;
  }
  const depth = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }[
    geometry.type
  ];
  const visit = (coordinates: unknown, level: number): void => {
    if (!Array.isArray(coordinates))
      throw new TerralogueError(
        "bad_vectors",
        `The geometry of ${what} has no coordinates where ${geometry.type} needs them; mend or remove it.`,
      );
    if (level === 0) {
      checkPosition(coordinates, what);
      return;
    }
    if (level === 1 && geometry.type !== "MultiPoint") checkChain(coordinates, geometry.type, what);
    for (const part of coordinates) visit(part, level - 1);
  };
  visit(geometry.coordinates, depth);
  return geometry;
}

function checkPosition(position: readonly unknown[], what: string) {
  const [lon, lat] = position;
  if (typeof lon !== "number" || typeof lat !== "number" || !Number.isFinite(lon) || !Number.isFinite(lat)) {
    throw new TerralogueError(
      "bad_vectors",
      `The geometry of ${what} has a coordinate that is not a finite number; mend or remove it.`,
    );
  }
  if (Math.abs(lon) > 180.000001 || Math.abs(lat) > 90.000001) {
    throw new TerralogueError(
      "bad_vectors",
      `The geometry of ${what} has the position ${lon}, ${lat}, which is outside longitude ±180 and latitude ±90: the file seems to be in metres; convert it to WGS84 (ogr2ogr -t_srs EPSG:4326) or name its CRS in a "crs" member.`,
    );
  }
}

function checkChain(chain: readonly unknown[], type: string, what: string) {
  const isRing = type.endsWith("Polygon");
  if (chain.length < (isRing ? 4 : 2)) {
    throw new TerralogueError(
      "bad_vectors",
      `The geometry of ${what} has a ${isRing ? "ring of fewer than four" : "line of fewer than two"} positions; mend or remove it.`,
    );
  }
  if (!isRing) return;
  const [first, last] = [chain[0] as number[], chain.at(-1) as number[]];
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
    throw new TerralogueError(
      "bad_vectors",
      `The geometry of ${what} has a ring that does not close; repeat its first position at its end.`,
    );
  }
}
