import { createHash } from "node:crypto";
import { boundsOf } from "../geo/bounds.ts";
import type { Chip, MosaicImage, MosaicReader } from "../imagery/ports.ts";
import type { Segmenter } from "../models/ports.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";

/** Segmentation reads windows of this side, with a margin in which things of the next window may begin. */
const WINDOW_M = 1024;
const MARGIN_M = 160;
const SEGMENT_GSD = 2;

/**
 * Segments every window of every date that is not segmented yet, one transaction a window: killed at any moment, it goes on with
 * the window it was at. A window is segmented again when the images that it shows or the segmenter have changed.
 */
export async function findSegments(deps: {
  readonly db: Db;
  readonly images: readonly MosaicImage[];
  readonly reader: MosaicReader;
  readonly segmenter: Segmenter;
  readonly onProgress: (done: number, label: string) => void;
}): Promise<void> {
  const { db, reader, segmenter, onProgress } = deps;
  const held = db.prepare<[string, string, string], { images: string }>(
    "SELECT images FROM segment_windows WHERE segmenter = ? AND date = ? AND window = ?",
  );
  const save = db.prepare(
    "INSERT OR REPLACE INTO segment_windows (segmenter, date, window, images, entities) VALUES (?, ?, ?, ?, ?)",
  );
  const work = windowsOf(deps.images, reader.dates);
  for (const [index, { date, core, key, images }] of work.entries()) {
    if (held.get(segmenter.id, date ?? "", key)?.images === images) continue;
    onProgress(index / work.length, `segmenting ${date ?? "undated"}`);
    const entities = await segmentWindow(core, date, reader, segmenter);
    save.run(segmenter.id, date ?? "", key, images, JSON.stringify(entities));
  }
}

/** What was found on each date in the windows that the images still show, by the segmenter of an id; as found, not yet joined. */
export function foundSegments(
  db: Db,
  images: readonly MosaicImage[],
  dates: readonly (string | null)[],
  segmenterId: string,
): ReadonlyMap<string | null, readonly Entity[]> {
  const rows = db.prepare<[string, string, string], { entities: string }>(
    "SELECT entities FROM segment_windows WHERE segmenter = ? AND date = ? AND window = ?",
  );
  const found = new Map<string | null, Entity[]>(dates.map((date) => [date, []]));
  for (const { date, key } of windowsOf(images, dates)) {
    const row = rows.get(segmenterId, date ?? "", key);
    if (row) found.get(date)?.push(...(JSON.parse(row.entities) as Entity[]));
  }
  return found;
}

interface Window {
  readonly date: string | null;
  readonly core: BoxM;
  readonly key: string;
  /** Ids of the images that it shows. */
  readonly images: string;
}

function windowsOf(images: readonly MosaicImage[], dates: readonly (string | null)[]): readonly Window[] {
  return dates.flatMap((date) => {
    const ofDate = images.filter((image) => image.date === date);
    const windows = new Map<string, Window>();
    for (const { box } of ofDate) {
      const [minX, minY, maxX, maxY] = box;
      for (let y = Math.floor(minY / WINDOW_M); y * WINDOW_M < maxY; y += 1) {
        for (let x = Math.floor(minX / WINDOW_M); x * WINDOW_M < maxX; x += 1) {
          const key = `${x}/${y}`;
          if (windows.has(key)) continue;
          const core: BoxM = [x * WINDOW_M, y * WINDOW_M, (x + 1) * WINDOW_M, (y + 1) * WINDOW_M];
          const read = withMargin(core);
          const shown = ofDate.filter(
            ({ box: [a, b, c, d] }) => a < read[2] && read[0] < c && b < read[3] && read[1] < d,
          );
          windows.set(key, { date, core, key, images: shown.map(({ id }) => id).join("+") });
        }
      }
    }
    return [...windows.values()];
  });
}

const withMargin = ([minX, minY, maxX, maxY]: BoxM): BoxM => [
  minX - MARGIN_M,
  minY - MARGIN_M,
  maxX + MARGIN_M,
  maxY + MARGIN_M,
];

async function segmentWindow(
  core: BoxM,
  date: string | null,
  reader: MosaicReader,
  segmenter: Segmenter,
): Promise<readonly Entity[]> {
  const gsd = Math.max(SEGMENT_GSD, reader.gsd(date));
  const side = Math.round((WINDOW_M + 2 * MARGIN_M) / gsd);
  const chip = await reader.readChip(withMargin(core), date, { width: side, height: side });
  if (!chip.valid.some((value) => value === 1)) return [];
  const out: Entity[] = [];
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
