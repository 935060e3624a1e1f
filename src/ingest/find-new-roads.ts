import { createHash } from "node:crypto";
import { areaM2 } from "../geo/area.ts";
import { boundsOf } from "../geo/bounds.ts";
import type { Chip, MosaicImage, MosaicReader } from "../imagery/ports.ts";
import { distanceM, inPolygon } from "../logic/distance.ts";
import type { Entity } from "../store/entity.ts";
import type { Dating } from "./date-entities.ts";
import { isNatural } from "./land-cover.ts";
import { straightStrips } from "./straight-strips.ts";

/** What finds of the difference of two dates say they are from. */
export const DIFFERENCE_SOURCE = "segmenter:date-difference@1";

/** Roads are looked for on a grid of this pixel size; imagery coarser than that shows no lanes. */
const PIXEL_M = 2;
const WINDOW_M = 1024;
/** Read beyond the window, so that a road over its border is seen whole. */
const MARGIN_M = 160;
/** New roads are straight for at least so long, and at most so wide. */
const LEAST_LENGTH_M = 60;
const MOST_WIDTH_M = 16;
const CONFIDENCE = 0.75;
/** Paved ground that is no road: what was found to be one of these on the second date is left out, with its apron. */
const NO_ROADS: ReadonlySet<string> = new Set([
  "building",
  "large_roof",
  "truck_yard",
  "parking_lot",
  "solar_panel",
  "container",
  "storage_tank",
  "runway",
  "railway",
]);
/** A hall or a yard of this size has an apron around it. */
const LARGE_M2 = 900;
const APRON_M = 20;

interface Obstacle {
  readonly geometry: GeoJSON.Geometry;
  readonly box: Box;
  readonly apartM: number;
}

/**
 * Roads that came between two dates: straight strips of pavement on the second where the first shows soil or vegetation. Segmenters see narrow lanes badly and
 * give a network as one piece, old and new; the difference shows the new ones alone.
 *
 * @param built what was found on the second date
 */
export async function findNewRoads(
  images: readonly MosaicImage[],
  pair: readonly [string, string],
  built: readonly Entity[],
  reader: MosaicReader,
): Promise<readonly Entity[]> {
  if (pair.some((date) => reader.gsd(date) > PIXEL_M)) return [];
  const obstacles = built
    .filter(({ concept }) => NO_ROADS.has(concept))
    .map(
      ({ geometry }): Obstacle => ({
        geometry,
        box: boundsOf(geometry),
        apartM: areaM2(geometry as GeoJSON.Polygon) >= LARGE_M2 ? APRON_M : 0,
      }),
    );
  const roads: Entity[] = [];
  for (const core of sharedWindows(images, pair)) {
    const box = [core[0] - MARGIN_M, core[1] - MARGIN_M, core[2] + MARGIN_M, core[3] + MARGIN_M] as const;
    const side = Math.round((box[2] - box[0]) / PIXEL_M);
    const [before, after] = [
      await reader.readChip([...box], pair[0], { width: side, height: side }),
      await reader.readChip([...box], pair[1], { width: side, height: side }),
    ];
    const paved = newlyPaved(before, after);
    for (const obstacle of obstacles) {
      const [minX, minY, maxX, maxY] = obstacle.box;
      if (minX < box[2] && maxX > box[0] && minY < box[3] && maxY > box[1]) clear(paved, after, obstacle);
    }
    const strips = straightStrips(paved, side, side, LEAST_LENGTH_M / PIXEL_M, MOST_WIDTH_M / PIXEL_M);
    for (const corners of strips) {
      const ring = corners.map(([column, row]) => [
        Math.round((box[0] + column * PIXEL_M) * 100) / 100,
        Math.round((box[3] - row * PIXEL_M) * 100) / 100,
      ]);
      const [minX, minY, maxX, maxY] = boundsOf({ type: "Polygon", coordinates: [ring] });
      const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
      if (x < core[0] || x >= core[2] || y < core[1] || y >= core[3]) continue;
      roads.push(roadOf({ type: "Polygon", coordinates: [ring] }, x, y, pair[1]));
    }
  }
  return roads;
}

/** A mapped road lies on new pavement when this share of its length is no further than that from it. */
const ON_STRIP_SHARE = 0.7;
const ON_STRIP_M = 5;
const SAMPLE_M = 10;

/**
 * Lines of a map that lie along new pavement are new; what they lie on is no find of its own any more.
 *
 * @param strips new roads that the imagery shows
 */
export function dateMappedRoads(
  strips: readonly Entity[],
  mapped: readonly Entity[],
): { readonly dated: ReadonlyMap<string, Dating>; readonly left: readonly Entity[] } {
  const dated = new Map<string, Dating>();
  const known = new Set<string>();
  const boxes = strips.map(({ geometry }) => boundsOf(geometry));
  for (const road of mapped) {
    const { concept, geometry, firstSeen, lastSeen } = road;
    if (concept !== "road" || geometry.type !== "LineString" || firstSeen !== null || lastSeen !== null) continue;
    const [minX, minY, maxX, maxY] = boundsOf(geometry);
    const near = strips.filter((_, i) => {
      const [a, b, c, d] = boxes[i] as Box;
      return a - ON_STRIP_M <= maxX && c + ON_STRIP_M >= minX && b - ON_STRIP_M <= maxY && d + ON_STRIP_M >= minY;
    });
    if (near.length === 0) continue;
    const points = alongLine(geometry.coordinates);
    const isOn = (point: GeoJSON.Position) => (strip: Entity) =>
      distanceM({ type: "Point", coordinates: point }, strip.geometry) <= ON_STRIP_M;
    const on = points.filter((point) => near.some(isOn(point)));
    if (on.length < ON_STRIP_SHARE * points.length) continue;
    dated.set(road.id, { firstSeen: near[0]?.firstSeen ?? null, lastSeen: null, areaHistory: [] });
    for (const strip of near) if (on.some((point) => isOn(point)(strip))) known.add(strip.id);
  }
  return { dated, left: strips.filter(({ id }) => !known.has(id)) };
}

function alongLine(line: readonly GeoJSON.Position[]): readonly GeoJSON.Position[] {
  return line.slice(1).flatMap(([x1 = 0, y1 = 0], i) => {
    const [x0 = 0, y0 = 0] = line[i] ?? [];
    const steps = Math.max(1, Math.round(Math.hypot(x1 - x0, y1 - y0) / SAMPLE_M));
    return Array.from({ length: steps }, (_, k) => [
      x0 + ((k + 0.5) / steps) * (x1 - x0),
      y0 + ((k + 0.5) / steps) * (y1 - y0),
    ]);
  });
}

function roadOf(geometry: GeoJSON.Polygon, x: number, y: number, date: string): Entity {
  return {
    id: `segment:${createHash("sha256")
      .update(`${DIFFERENCE_SOURCE}|road|${date}|${Math.round(x)}|${Math.round(y)}`)
      .digest("hex")
      .slice(0, 16)}`,
    concept: "road",
    geometry,
    confidence: CONFIDENCE,
    attributes: ["paved"],
    name: null,
    source: DIFFERENCE_SOURCE,
    firstSeen: date,
    lastSeen: null,
    areaHistory: [],
    tags: {},
  };
}

type Box = readonly [number, number, number, number];

/** Windows on a fixed grid that images of both dates meet. */
function sharedWindows(images: readonly MosaicImage[], [first, second]: readonly [string, string]): readonly Box[] {
  const windows = new Map<string, Box>();
  const meets = (date: string, [a, b, c, d]: Box) =>
    images.some(({ date: taken, box }) => taken === date && box[0] < c && a < box[2] && box[1] < d && b < box[3]);
  for (const { box, date } of images) {
    if (date !== second) continue;
    for (let y = Math.floor(box[1] / WINDOW_M); y * WINDOW_M < box[3]; y += 1)
      for (let x = Math.floor(box[0] / WINDOW_M); x * WINDOW_M < box[2]; x += 1) {
        const window: Box = [x * WINDOW_M, y * WINDOW_M, (x + 1) * WINDOW_M, (y + 1) * WINDOW_M];
        if (meets(first, window)) windows.set(`${x}/${y}`, window);
      }
  }
  return [...windows.values()];
}

/** 1 where natural ground became the even grey of asphalt or concrete. */
function newlyPaved(before: Chip, after: Chip): Uint8Array {
  const out = new Uint8Array(before.valid.length);
  for (let at = 0; at < out.length; at += 1) {
    if (before.valid[at] === 0 || after.valid[at] === 0) continue;
    const band = (chip: Chip, i: number) => chip.rgb[at * 3 + i] as number;
    if (
      isPaved(band(after, 0), band(after, 1), band(after, 2)) &&
      isNatural(band(before, 0), band(before, 1), band(before, 2))
    )
      out[at] = 1;
  }
  return out;
}

function isPaved(r: number, g: number, b: number): boolean {
  return Math.max(r, g, b) - Math.min(r, g, b) <= 26 && r + g + b >= 210 && r + g + b <= 620 && !isNatural(r, g, b);
}

/** Takes an outline and what is that close to it out of a mask. */
function clear(mask: Uint8Array, { width, box }: Chip, { geometry, box: own, apartM }: Obstacle): void {
  if (geometry.type !== "Polygon") return;
  const height = mask.length / width;
  const column = (x: number) => Math.min(width, Math.max(0, Math.floor((x - box[0]) / PIXEL_M)));
  const row = (y: number) => Math.min(height, Math.max(0, Math.floor((box[3] - y) / PIXEL_M)));
  for (let j = row(own[3] + apartM); j < row(own[1] - apartM); j += 1)
    for (let i = column(own[0] - apartM); i < column(own[2] + apartM); i += 1) {
      const at = j * width + i;
      if (mask[at] === 0) continue;
      const [x, y] = [box[0] + (i + 0.5) * PIXEL_M, box[3] - (j + 0.5) * PIXEL_M];
      if (
        inPolygon(x, y, geometry.coordinates) ||
        distanceM({ type: "Point", coordinates: [x, y] }, geometry) <= apartM
      )
        mask[at] = 0;
    }
}
