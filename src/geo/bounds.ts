/** [minX, minY, maxX, maxY] of a geometry in its own coordinates. */
export function boundsOf(geometry: GeoJSON.Geometry): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] !== "number") {
      for (const part of coordinates) visit(part);
      return;
    }
    const [x, y] = coordinates as [number, number];
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  };
  if (geometry.type === "GeometryCollection") {
    for (const part of geometry.geometries) {
      const [minX, minY, maxX, maxY] = boundsOf(part);
      visit([
        [minX, minY],
        [maxX, maxY],
      ]);
    }
  } else visit(geometry.coordinates);
  return box;
}
