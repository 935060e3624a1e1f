import type { Area, Bbox, Region } from "./api.ts";

/** The smallest box around boxes of west, south, east, north. */
export function boxAround(boxes: readonly (readonly number[])[]): Bbox {
  const at = (index: number) => boxes.map((box) => box[index] ?? 0);
  // No spread: there may be more boxes than a call takes arguments.
  const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return [least(at(0)), least(at(1)), most(at(2)), most(at(3))];
}

export function boxOf(geometry: GeoJSON.Geometry): Bbox {
  const positions = geometry.type === "GeometryCollection" ? [] : positionsOf(geometry.coordinates);
  return boxAround(positions.map(([x = 0, y = 0]) => [x, y, x, y]));
}

function positionsOf(coordinates: unknown): readonly (readonly number[])[] {
  if (!Array.isArray(coordinates)) return [];
  return typeof coordinates[0] === "number" ? [coordinates] : coordinates.flatMap(positionsOf);
}

/** The box of a result and of what its proof was measured to, so that distances can be seen whole. */
export function withWitnesses(region: Region): Bbox {
  const witnesses = region.evidence.flatMap(({ id, geometry }) =>
    region.proof.witnesses.includes(id) && geometry ? [boxOf(geometry as GeoJSON.Geometry)] : [],
  );
  return boxAround([region.bbox, ...witnesses]);
}

/** The polygon of a box. */
export function boxArea([west, south, east, north]: Bbox): Area {
  return {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}
