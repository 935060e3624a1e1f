/** Square metres, holes taken off. */
export function areaM2(outline: GeoJSON.Geometry): number {
  if (outline.type === "Polygon") return Math.max(0, ringsArea(outline.coordinates));
  if (outline.type === "MultiPolygon")
    return outline.coordinates.reduce((sum, rings) => sum + Math.max(0, ringsArea(rings)), 0);
  return 0;
}

function ringsArea(rings: readonly GeoJSON.Position[][]): number {
  return rings.reduce((sum, ring, index) => sum + (index === 0 ? 1 : -1) * Math.abs(shoelace(ring)), 0);
}

function shoelace(ring: readonly GeoJSON.Position[]): number {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [x0 = 0, y0 = 0] = ring[i] as GeoJSON.Position;
    const [x1 = 0, y1 = 0] = ring[i + 1] as GeoJSON.Position;
    twice += x0 * y1 - x1 * y0;
  }
  return twice / 2;
}
