import { areaM2 } from "../geo/area.ts";
import type { MosaicImage } from "../imagery/ports.ts";
import type { Entity } from "../store/entity.ts";

/** Closed water from this size on is a lake, smaller a pond. Square metres: two hectares. */
const LAKE_FROM_M2 = 20_000;
/** Water along the edge of the imagery for more than this share of its outline may go on beyond: a river, or the sea. */
const OPEN_FROM = 0.15;
/** Long waters are rivers and canals: 1 − short side / long side. */
const LONG_FROM = 0.9;
/** Points this close to the edge of the imagery, in pixels, lie on it. */
const ON_EDGE_PX = 2;

/** Calls still water that was found in imagery by its size: lake or pond where it is closed and no strip; others stay water. */
export function nameWaters(found: readonly Entity[], images: readonly MosaicImage[]): readonly Entity[] {
  const ofDate = new Map<string | null, readonly MosaicImage[]>();
  for (const image of images) ofDate.set(image.date, [...(ofDate.get(image.date) ?? []), image]);
  const all = [...ofDate.values()];
  return found.map((entity): Entity => {
    if (entity.concept !== "water" || entity.geometry.type !== "Polygon") return entity;
    if (Number(entity.tags["measured:elongation"] ?? 0) >= LONG_FROM) return entity;
    const isOpen = all.every((own) => shareOnEdge(entity.geometry as GeoJSON.Polygon, own) > OPEN_FROM);
    if (isOpen) return entity;
    return { ...entity, concept: areaM2(entity.geometry) >= LAKE_FROM_M2 ? "lake" : "pond" };
  });
}

/** Share of the outer ring that runs along the edge of the box around images, or outside of it. */
function shareOnEdge({ coordinates }: GeoJSON.Polygon, images: readonly MosaicImage[]): number {
  const pixel = Math.min(...images.map(({ description }) => description.gsd));
  const [west, south, east, north] = [0, 1, 2, 3].map((side) =>
    (side < 2 ? Math.min : Math.max)(...images.map(({ box }) => box[side as 0 | 1 | 2 | 3])),
  ) as [number, number, number, number];
  const reach = ON_EDGE_PX * pixel;
  const isOn = ([x = 0, y = 0]: GeoJSON.Position) =>
    x <= west + reach || x >= east - reach || y <= south + reach || y >= north - reach;
  const ring = coordinates[0] ?? [];
  let [along, whole] = [0, 0];
  for (let i = 1; i < ring.length; i += 1) {
    const [from, to] = [ring[i - 1] as GeoJSON.Position, ring[i] as GeoJSON.Position];
    const length = Math.hypot((to[0] as number) - (from[0] as number), (to[1] as number) - (from[1] as number));
    whole += length;
    if (isOn(from) && isOn(to)) along += length;
  }
  return whole > 0 ? along / whole : 0;
}
