import { toProj4 } from "geotiff-geokeys-to-proj4";
import proj4 from "proj4";
import { TerralogueError } from "../errors.ts";

/** Conversion between the working CRS (metres, x east, y north) and WGS84 (lon, lat degrees). */
export interface WorkingCrs {
  /** "EPSG:32650" and the like, always metric. */
  readonly code: string;
  toWgs84(x: number, y: number): [lon: number, lat: number];
  fromWgs84(lon: number, lat: number): [x: number, y: number];
  geometryToWgs84<G extends GeoJSON.Geometry>(geometry: G): G;
  geometryFromWgs84<G extends GeoJSON.Geometry>(geometry: G): G;
}

const definitions = new Map<string, string>();

/**
 * The proj4 definition of a CRS given as "EPSG:n", an OGC URN or URL that ends in the code, or a proj4 string. Axes are x east, y
 * north (lon, lat) as in GeoTIFF and GeoJSON, whatever order the registry states.
 *
 * @throws {TerralogueError} `bad_raster` when the code is unknown
 */
export function crsDefinition(crs: string): string {
  const known = definitions.get(crs);
  if (known !== undefined) return known;
  const text = crs.trim();
  let definition: string | null = null;
  if (text.startsWith("+proj=")) definition = withoutAxis(text);
  else if (/CRS:?84$/i.test(text)) definition = "+proj=longlat +datum=WGS84 +no_defs";
  else {
    const code = /(?:^|[:/])(\d{4,6})$/.exec(text)?.[1];
    if (code && /epsg|^\d+$/i.test(text)) definition = fromCode(Number(code));
  }
  if (!definition) {
    throw new TerralogueError("bad_raster", `The CRS "${crs}" is not known; name it as EPSG:n or a proj4 string.`);
  }
  definitions.set(crs, definition);
  return definition;
}

function fromCode(code: number): string | null {
  return (
    fromGeoKeys({ GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: code }) ??
    fromGeoKeys({ GTModelTypeGeoKey: 2, GeographicTypeGeoKey: code })
  );
}

/** The proj4 definition that GeoTIFF keys spell out (OGC GeoTIFF 1.1), or null when they do not suffice. */
export function fromGeoKeys(keys: Record<string, number | string>): string | null {
  const result = toProj4(keys as unknown as Parameters<typeof toProj4>[0]);
  const failed = Object.keys(result.errors ?? {}).length > 0;
  const isProjected = Number(keys.GTModelTypeGeoKey) === 1;
  return !failed && result.proj4 && isProjected === !result.isGCS ? withoutAxis(result.proj4) : null;
}

function withoutAxis(definition: string): string {
  return definition.replace(/\+axis=\S+\s*/g, "").trim();
}

/** Whether coordinates are degrees. */
export function isGeographic(crs: string): boolean {
  return /\+proj=(longlat|latlong)/.test(crsDefinition(crs));
}

/** Whether coordinates are metres on the ground, near enough to measure with: projected, in metres, and not Mercator's stretched ones. */
export function isMetric(crs: string): boolean {
  const definition = crsDefinition(crs);
  if (isGeographic(crs) || /\+proj=(merc|webmerc|eqc)\b/.test(definition)) return false;
  const unit = /\+to_meter=([\d.]+)/.exec(definition)?.[1];
  const named = /\+units=(\S+)/.exec(definition)?.[1];
  return (unit === undefined || Number(unit) === 1) && (named === undefined || named === "m");
}

/** Converts positions from one CRS to another, x east (lon) first. */
export function converter(from: string, to: string): (x: number, y: number) => [number, number] {
  const source = crsDefinition(from);
  const target = crsDefinition(to);
  if (source === target) return (x, y) => [x, y];
  const { forward } = proj4(source, target);
  return (x, y) => forward([x, y]) as [number, number];
}

/** The UTM zone of a position (EPSG:326xx north, 327xx south), with no exceptions for Norway and Svalbard. */
export function utmCodeFor(lon: number, lat: number): string {
  const zone = Math.min(60, Math.max(1, Math.floor((lon + 180) / 6) + 1));
  return `EPSG:${lat < 0 ? 327 : 326}${String(zone).padStart(2, "0")}`;
}

/** A raster's own CRS when it is projected, metric and not Mercator, else the UTM zone of the position. */
export function workingCodeFor(rasterCrs: string | null, lon: number, lat: number): string {
  return rasterCrs !== null && isMetric(rasterCrs) ? rasterCrs : utmCodeFor(lon, lat);
}

/**
 * @throws {TerralogueError} `bad_raster` when the code is unknown or its units are not metres
 */
export function workingCrs(code: string): WorkingCrs {
  if (!isMetric(code))
    throw new TerralogueError(
      "bad_raster",
      `The CRS "${code}" does not measure in metres; use a projected one such as a UTM zone.`,
    );
  const forward = converter("EPSG:4326", code);
  const backward = converter(code, "EPSG:4326");
  return {
    code,
    toWgs84: backward,
    fromWgs84: forward,
    geometryToWgs84: (geometry) => mapGeometry(geometry, backward),
    geometryFromWgs84: (geometry) => mapGeometry(geometry, forward),
  };
}

/** The geometry with every position converted; z values are left out. */
export function mapGeometry<G extends GeoJSON.Geometry>(
  geometry: G,
  convert: (x: number, y: number) => [number, number],
): G {
  if (geometry.type === "GeometryCollection") {
    return { ...geometry, geometries: geometry.geometries.map((part) => mapGeometry(part, convert)) };
  }
  const visit = (coordinates: unknown): unknown =>
    Array.isArray(coordinates) && typeof coordinates[0] === "number"
      ? convert(coordinates[0], coordinates[1] as number)
      : (coordinates as unknown[]).map(visit);
  const { bbox: _, ...rest } = geometry as G & { bbox?: unknown };
  return { ...rest, coordinates: visit(geometry.coordinates) } as unknown as G;
}
