import { createHash } from "node:crypto";
import { boundsOf } from "../geo/bounds.ts";
import type { WorkingCrs } from "../geo/crs.ts";
import type { Chip, MosaicImage, MosaicReader } from "../imagery/ports.ts";
import { distanceM, inPolygon } from "../logic/distance.ts";
import type { Segmenter } from "../models/ports.ts";
import { readMeta } from "../open-workspace.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { deleteEntities, insertEntities, sqliteEntityStore } from "../store/sqlite/entities.ts";
import { markDone } from "./ingest.ts";
import { landCover, looksNatural } from "./land-cover.ts";

/** Segmentation reads windows of this side, with a margin in which things of the next window may begin. */
const WINDOW_M = 1024;
const MARGIN_M = 160;
const SEGMENT_GSD = 2;
/** Two outlines of the same kind are one thing from this overlap (intersection over union) on. */
const SAME_IOU = 0.4;
const SEGMENTS = "segments";
/** Mapped things of these kinds are dated from the imagery when they are at least this large. */
const DATED_KINDS: ReadonlySet<string> = new Set([
  "warehouse",
  "large_roof",
  "logistics_park",
  "truck_yard",
  "factory",
  "industrial_area",
  "solar_farm",
  "solar_panel",
  "residential_area",
  "construction_site",
  "shopping_mall",
  "commercial_area",
  "parking_lot",
  "container_yard",
  "greenhouse",
  "building",
  "stadium",
]);
const SMALLEST_DATED_M2 = 500;

/**
 * Things that the imagery shows and the maps do not, and life spans: segments of every date, joined across dates and
 * with what is mapped; then for every built thing whether its ground looked natural on the oldest or the newest date. Derived
 * again, all of it, whenever the imagery or the layers have changed.
 */
export async function deriveEntities(deps: {
  readonly db: Db;
  readonly images: readonly MosaicImage[];
  readonly reader: MosaicReader;
  readonly crs: WorkingCrs;
  readonly segmenter: Segmenter | null;
  readonly onProgress: (done: number, label: string) => void;
}): Promise<void> {
  const { db, images, reader, segmenter, onProgress } = deps;
  if (images.length === 0) return;
  const key = derivationKey(db, images, segmenter);
  if (readMeta(db, "derivation") === key) return;
  const dates = reader.dates;
  const found = new Map<string | null, Entity[]>();
  for (const [index, date] of dates.entries()) {
    found.set(
      date,
      segmenter
        ? await segmentDate(date, images, reader, segmenter, (share) =>
            onProgress((index + share) / (dates.length + 1), `segmenting ${date ?? "undated"}`),
          )
        : [],
    );
  }
  const mapped = sqliteEntityStore(db)
    .query({})
    .filter(({ source }) => !source.startsWith("segmenter:"));
  const oldest = dates.find((date) => date !== null) ?? null;
  const newest = dates.findLast((date) => date !== null) ?? null;
  const pair = oldest !== null && newest !== null && oldest !== newest ? ([oldest, newest] as const) : null;
  const joined = joinSegments(found, mapped, pair);
  onProgress(dates.length / (dates.length + 1), "dating");
  const dated = pair
    ? await dateThings([...mapped.filter(isDatable), ...joined], pair, reader)
    : new Map<string, Dating>();
  const segments = joined.map((entity) => ({ ...entity, ...(dated.get(entity.id) ?? {}), id: entity.id }));
  db.transaction(() => {
    deleteEntities(db, SEGMENTS);
    db.prepare("DELETE FROM dating").run();
    insertEntities(db, segments, SEGMENTS);
    const insert = db.prepare(
      "INSERT INTO dating (id, first_seen, last_seen, area_history, tags, confidence) VALUES (?, ?, ?, '[]', ?, NULL)",
    );
    for (const { id } of mapped) {
      const dating = dated.get(id);
      if (dating && (dating.firstSeen || dating.lastSeen))
        insert.run(id, dating.firstSeen, dating.lastSeen, JSON.stringify({ "dated:by": "imagery" }));
    }
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('derivation', ?)").run(key);
    markDone(db, `derive/${key}`);
  }).immediate();
}

function derivationKey(db: Db, images: readonly MosaicImage[], segmenter: Segmenter | null): string {
  const layers = db
    .prepare<[], { fingerprint: string }>(
      "SELECT fingerprint FROM sources WHERE kind IN ('vectors', 'detections') ORDER BY fingerprint",
    )
    .all();
  return createHash("sha256")
    .update(JSON.stringify([segmenter?.id ?? null, images.map(({ id }) => id), layers]))
    .digest("hex");
}

async function segmentDate(
  date: string | null,
  images: readonly MosaicImage[],
  reader: MosaicReader,
  segmenter: Segmenter,
  onProgress: (share: number) => void,
): Promise<Entity[]> {
  const boxes = images.filter((image) => image.date === date).map(({ box }) => box);
  const gsd = Math.max(SEGMENT_GSD, reader.gsd(date));
  const windows = [...new Map(boxes.flatMap(windowsOf).map((box) => [box.join(","), box])).values()];
  const out: Entity[] = [];
  for (const [index, core] of windows.entries()) {
    onProgress(index / windows.length);
    const box: BoxM = [core[0] - MARGIN_M, core[1] - MARGIN_M, core[2] + MARGIN_M, core[3] + MARGIN_M];
    const side = Math.round((WINDOW_M + 2 * MARGIN_M) / gsd);
    const chip = await reader.readChip(box, date, { width: side, height: side });
    if (!chip.valid.some((value) => value === 1)) continue;
    for (const segment of await segmenter.segment(chip)) {
      const geometry = toMetres(segment.polygon, chip);
      const [minX, minY, maxX, maxY] = boundsOf(geometry);
      const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
      // A thing belongs to the window that its middle lies in.
      if (cx < core[0] || cx >= core[2] || cy < core[1] || cy >= core[3]) continue;
      out.push({
        id: `segment:${createHash("sha256")
          .update(`${segmenter.id}|${segment.concept}|${date}|${Math.round(cx)}|${Math.round(cy)}`)
          .digest("hex")
          .slice(0, 16)}`,
        concept: segment.concept,
        geometry,
        confidence: segment.confidence,
        attributes: segment.attributes,
        name: null,
        source: `segmenter:${segmenter.id}`,
        firstSeen: null,
        lastSeen: null,
        areaHistory: [],
        tags: {},
      });
    }
  }
  return out;
}

function windowsOf([minX, minY, maxX, maxY]: BoxM): BoxM[] {
  const out: BoxM[] = [];
  for (let y = Math.floor(minY / WINDOW_M); y * WINDOW_M < maxY; y += 1) {
    for (let x = Math.floor(minX / WINDOW_M); x * WINDOW_M < maxX; x += 1)
      out.push([x * WINDOW_M, y * WINDOW_M, (x + 1) * WINDOW_M, (y + 1) * WINDOW_M]);
  }
  return out;
}

function toMetres(polygon: GeoJSON.Polygon, chip: Chip): GeoJSON.Polygon {
  const [minX, minY, maxX, maxY] = chip.box;
  const [sx, sy] = [(maxX - minX) / chip.width, (maxY - minY) / chip.height];
  return {
    type: "Polygon",
    coordinates: polygon.coordinates.map((ring) =>
      ring.map(([x = 0, y = 0]) => [Math.round((minX + x * sx) * 100) / 100, Math.round((maxY - y * sy) * 100) / 100]),
    ),
  };
}

/** One entity a thing: the newest segment stands for those of all dates that lie on it; what is mapped already is left out. */
function joinSegments(
  found: ReadonlyMap<string | null, readonly Entity[]>,
  mapped: readonly Entity[],
  pair: readonly [string, string] | null,
): Entity[] {
  const roofs = mapped.filter(({ concept }) =>
    ["large_roof", "warehouse", "building", "factory", "shopping_mall", "greenhouse", "data_center"].includes(concept),
  );
  const yards = mapped.filter(({ concept }) => ["truck_yard", "parking_lot"].includes(concept));
  const panels = mapped.filter(({ concept }) => concept === "solar_panel");
  const kept: Entity[] = [];
  const keptOn: (string | null)[] = [];
  for (const date of [...found.keys()].sort((a, b) => (b ?? "").localeCompare(a ?? ""))) {
    for (const entity of found.get(date) ?? []) {
      const others = entity.concept === "large_roof" ? roofs : entity.concept === "truck_yard" ? yards : panels;
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
      kept.push(pair && date === pair[0] ? { ...entity, tags: { "seen:on": pair[0] } } : entity);
    }
  }
  return kept;
}

/** Intersection over union on a 24 × 24 lattice over both boxes: enough to tell the same thing from a neighbour. */
function overlap(a: GeoJSON.Geometry, b: GeoJSON.Geometry): number {
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

interface Dating {
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

function isDatable(entity: Entity): boolean {
  if (!DATED_KINDS.has(entity.concept) || entity.firstSeen !== null || entity.lastSeen !== null) return false;
  if (entity.geometry.type !== "Polygon" && entity.geometry.type !== "MultiPolygon") return false;
  const [minX, minY, maxX, maxY] = boundsOf(entity.geometry);
  return (maxX - minX) * (maxY - minY) >= SMALLEST_DATED_M2;
}

/** A built thing is new when its ground looked natural on the first date and built on the second; gone the other way round. */
async function dateThings(
  things: readonly Entity[],
  [first, second]: readonly [string, string],
  reader: MosaicReader,
): Promise<Map<string, Dating>> {
  const out = new Map<string, Dating>();
  for (const thing of things) {
    const before = await landCover(thing.geometry, first, reader);
    const after = await landCover(thing.geometry, second, reader);
    if (!before || !after) continue;
    const wasNatural = looksNatural(before);
    const isNatural = looksNatural(after);
    if (wasNatural && !isNatural) out.set(thing.id, { firstSeen: second, lastSeen: null });
    else if (isNatural && !wasNatural) out.set(thing.id, { firstSeen: null, lastSeen: first });
  }
  return out;
}
