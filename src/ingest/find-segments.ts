import { createHash } from "node:crypto";
import { areaM2 } from "../geo/area.ts";
import { boundsOf } from "../geo/bounds.ts";
import type { Chip, MosaicImage, MosaicReader } from "../imagery/ports.ts";
import { inTurn } from "../in-turn.ts";
import type { CountingRule, Segment, Segmenter } from "../models/ports.ts";
import { conceptBySize } from "../models/segments/vectorise.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { stitchSegments, type WindowFinds } from "./stitch-segments.ts";

/** Segmentation reads windows of this side, with a margin in which things of the next window may begin. */
const WINDOW_M = 1024;
const MARGIN_M = 160;
/** Enough where things are cut at the window's border: the margin is only what the network looks at beyond it. */
const CUT_MARGIN_M = 64;
/** Segmenters that do not say at which GSD they read best are given this one. */
const USUAL_GSD = 2;
/** Tag of a piece that a window's border cuts, with what the whole must meet to count. Never published. */
const CUT = "segment:cut";

/**
 * Segments every window of every date that is not segmented yet, one transaction a window: killed at any moment, it goes on with
 * the window it was at. A window is segmented again when the images that it shows or the segmenter have changed.
 */
export async function findSegments(deps: {
  readonly db: Db;
  readonly images: readonly MosaicImage[];
  readonly reader: MosaicReader;
  readonly infrared?: MosaicReader;
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
  const left = work
    .map((window, index) => ({ ...window, index }))
    .filter(({ date, key, images }) => held.get(segmenter.id, date ?? "", key)?.images !== images);
  // While one window is in the network, the next one is read and the last one's areas are made polygons.
  const found = inTurn(left, async (window) => {
    onProgress(window.index / work.length, `segmenting ${window.date ?? "undated"}`);
    return { ...window, entities: await segmentWindow(window.core, window.date, deps) };
  });
  for await (const { date, key, images, entities } of found)
    save.run(segmenter.id, date ?? "", key, images, JSON.stringify(entities));
}

/**
 * What was found on each date in the windows that the images still show, by the segmenter of an id: pieces of one thing put
 * together across borders, not yet joined across dates.
 */
export function foundSegments(
  db: Db,
  images: readonly MosaicImage[],
  dates: readonly (string | null)[],
  segmenterId: string,
): ReadonlyMap<string | null, readonly Entity[]> {
  const rows = db.prepare<[string, string, string], { entities: string }>(
    "SELECT entities FROM segment_windows WHERE segmenter = ? AND date = ? AND window = ?",
  );
  const found = new Map<string | null, WindowFinds[]>(dates.map((date) => [date, []]));
  for (const { date, key, core } of windowsOf(images, dates)) {
    const row = rows.get(segmenterId, date ?? "", key);
    if (row) found.get(date)?.push({ core, entities: JSON.parse(row.entities) as Entity[] });
  }
  return new Map(
    [...found].map(([date, windows]) => [date, stitchSegments(windows).flatMap((entity) => counted(entity) ?? [])]),
  );
}

/** A thing put together of pieces, as the kind that its size makes it; null when even the whole is too small or too doubtful. */
function counted(entity: Entity): Entity | null {
  const { [CUT]: text, ...tags } = entity.tags;
  if (text === undefined) return entity;
  const rule = JSON.parse(text) as CountingRule;
  const area = areaM2(entity.geometry);
  if (area < rule.minAreaM2 || entity.confidence < rule.minConfidence) return null;
  const concept = conceptBySize(entity.concept, area, rule.sizes);
  return concept === null ? null : { ...entity, concept, tags };
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
          const read = [core[0] - MARGIN_M, core[1] - MARGIN_M, core[2] + MARGIN_M, core[3] + MARGIN_M] as const;
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

async function segmentWindow(
  core: BoxM,
  date: string | null,
  {
    reader,
    infrared,
    segmenter,
  }: { readonly reader: MosaicReader; readonly infrared?: MosaicReader; readonly segmenter: Segmenter },
): Promise<readonly Entity[]> {
  const gsd = Math.max(segmenter.targetGsd ?? USUAL_GSD, reader.gsd(date));
  // Nothing is read for a segmenter that could not read it.
  if (segmenter.readsInfrared && segmenter.gsd && (gsd < segmenter.gsd.min || gsd > segmenter.gsd.max)) return [];
  // Whole pixels in window and margin, so that pieces of neighbouring windows meet exactly.
  const side = Math.round(WINDOW_M / gsd);
  const marginM = segmenter.marginM ?? (segmenter.cutsAtCore ? CUT_MARGIN_M : MARGIN_M);
  const margin = Math.round((marginM * side) / WINDOW_M);
  const reach = (margin * WINDOW_M) / side;
  const all = side + 2 * margin;
  const box: BoxM = [core[0] - reach, core[1] - reach, core[2] + reach, core[3] + reach];
  const chip = await reader.readChip(box, date, { width: all, height: all });
  if (!chip.valid.some((value) => value === 1)) return [];
  const found = await segmenter.segment(chip, {
    core: [margin, margin, margin + side, margin + side],
    ...(segmenter.readsInfrared &&
      infrared && { infrared: await infrared.readChip(box, date, { width: all, height: all }) }),
  });
  const out: Entity[] = [];
  for (const segment of found) {
    const geometry = toMetres(segment.polygon, chip);
    const [minX, minY, maxX, maxY] = boundsOf(geometry);
    const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
    // A thing that is given whole belongs to the window that its middle lies in.
    if (!segmenter.cutsAtCore && (cx < core[0] || cx >= core[2] || cy < core[1] || cy >= core[3])) continue;
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
      tags: tagsOf(segment),
    });
  }
  return out;
}

/** What was measured, for those who look closely; and of cut things the rule of the whole. */
function tagsOf({ measures, cut }: Segment): Readonly<Record<string, string>> {
  if (cut) return { [CUT]: JSON.stringify(cut) };
  if (!measures) return {};
  return {
    "measured:elongation": String(measures.elongation),
    "measured:orientation": String(measures.orientationDeg),
  };
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
