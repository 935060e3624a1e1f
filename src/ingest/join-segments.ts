import Flatbush from "flatbush";
import { boundsOf } from "../geo/bounds.ts";
import { distanceM, inPolygon } from "../logic/distance.ts";
import type { Entity } from "../store/entity.ts";
import { SEEN_ON } from "./map-features.ts";

/** Two outlines of the same kind are one thing from this overlap (intersection over union) on. */
export const SAME_IOU = 0.4;

/** What a map calls the things that a segmenter finds. */
const MAPPED_AS: Readonly<Record<string, readonly string[]>> = {
  large_roof: ["large_roof", "warehouse", "building", "factory", "shopping_mall", "greenhouse", "data_center"],
  truck_yard: ["truck_yard", "parking_lot"],
  solar_panel: ["solar_panel"],
};

/** Finds those of some entities whose boxes meet another's. */
function neighbours(entities: readonly Entity[]): (entity: Entity) => readonly Entity[] {
  if (entities.length === 0) return () => [];
  const tree = new Flatbush(entities.length);
  for (const { geometry } of entities) tree.add(...boundsOf(geometry));
  tree.finish();
  return ({ geometry }) => tree.search(...boundsOf(geometry)).map((i) => entities[i] as Entity);
}

/** One entity a thing: the newest segment stands for those of all dates that lie on it; what is mapped already is left out. */
export function joinSegments(
  found: ReadonlyMap<string | null, readonly Entity[]>,
  mapped: readonly Entity[],
  pair: readonly [string, string] | null,
): Entity[] {
  const nearMapped = new Map(
    Object.entries(MAPPED_AS).map(([concept, kinds]) => [
      concept,
      neighbours(mapped.filter((entity) => kinds.includes(entity.concept))),
    ]),
  );
  const kept: Entity[] = [];
  const keptOn: (string | null)[] = [];
  for (const date of [...found.keys()].sort((a, b) => (b ?? "").localeCompare(a ?? ""))) {
    for (const entity of found.get(date) ?? []) {
      const others = nearMapped.get(entity.concept)?.(entity) ?? [];
      if (others.some((other) => overlap(entity.geometry, other.geometry) >= SAME_IOU)) continue;
      const same = kept.findIndex(
        (other) => other.concept === entity.concept && overlap(entity.geometry, other.geometry) >= SAME_IOU,
      );
      const held = kept[same];
      if (held) {
        // Only a find on another date is a second witness; one of the same date is the same find across a window's border.
        if (keptOn[same] === date) continue;
        kept[same] = {
          ...held,
          confidence: Math.round(Math.min(0.95, 1 - (1 - held.confidence) * (1 - entity.confidence * 0.6)) * 100) / 100,
        };
        continue;
      }
      keptOn.push(date);
      kept.push(pair && date === pair[0] ? { ...entity, tags: { [SEEN_ON]: pair[0] } } : entity);
    }
  }
  return kept;
}

/** Intersection over union on a 24 × 24 lattice over both boxes: enough to tell the same thing from a neighbour. */
export function overlap(a: GeoJSON.Geometry, b: GeoJSON.Geometry): number {
  if (a.type !== "Polygon" || (b.type !== "Polygon" && b.type !== "MultiPolygon")) return 0;
  const boxA = boundsOf(a);
  const boxB = boundsOf(b);
  if (boxA[0] > boxB[2] || boxB[0] > boxA[2] || boxA[1] > boxB[3] || boxB[1] > boxA[3] || distanceM(a, b) > 0) return 0;
  const [minX, minY, maxX, maxY] = [
    Math.min(boxA[0], boxB[0]),
    Math.min(boxA[1], boxB[1]),
    Math.max(boxA[2], boxB[2]),
    Math.max(boxA[3], boxB[3]),
  ];
  const polygons = b.type === "Polygon" ? [b.coordinates] : b.coordinates;
  let both = 0;
  let either = 0;
  for (let i = 0; i < 24; i += 1) {
    for (let j = 0; j < 24; j += 1) {
      const x = minX + ((i + 0.5) / 24) * (maxX - minX);
      const y = minY + ((j + 0.5) / 24) * (maxY - minY);
      const inA = inPolygon(x, y, a.coordinates);
      const inB = polygons.some((polygon) => inPolygon(x, y, polygon));
      if (inA && inB) both += 1;
      if (inA || inB) either += 1;
    }
  }
  return either > 0 ? both / either : 0;
}
