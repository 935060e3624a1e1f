/** Conversion between the working CRS (metres, x east, y north) and WGS84 (lon, lat degrees). */
export interface WorkingCrs {
  /** "EPSG:32650" and the like, always metric. */
  readonly code: string;
  toWgs84(x: number, y: number): [lon: number, lat: number];
  fromWgs84(lon: number, lat: number): [x: number, y: number];
  geometryToWgs84<G extends GeoJSON.Geometry>(geometry: G): G;
  geometryFromWgs84<G extends GeoJSON.Geometry>(geometry: G): G;
}
