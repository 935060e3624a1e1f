import type { Encoder } from "../../models/ports.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import { boxesMeet, boxPolygon } from "../../retrieval/planar.ts";
import type { BoxM } from "../../store/ports.ts";
import type { ShownRegion } from "./match.ts";
import type { Found, Method } from "./methods.ts";

/** Side of the one scale of tiles that the first baseline has. */
const TILE_M = 256;
/** Side and step of the dense windows. */
const WINDOW_M = 128;
const STEP_M = 64;
const LARGEST_CHIP_PX = 128;
const BATCH = 16;
const SHOWN = 10;

interface Window {
  readonly box: BoxM;
  readonly vector: Float32Array;
}

/**
 * Windows of one size over the newest imagery ranked by the cosine of text and image. Every window is encoded for it: that is its cost, whatever is asked.
 * A window that shares ground with a better one is left out.
 */
function windowRanking(name: string, encoder: Encoder, windows: readonly Window[], pixels: number): Method {
  return {
    name,
    find: async ({ text }): Promise<Found> => {
      const started = performance.now();
      const wanted = await encoder.encodeText(text);
      const scored = wanted
        ? windows.map(({ box, vector }) => ({ box, score: dot(wanted, vector) })).sort((a, b) => b.score - a.score)
        : [];
      const kept: { box: BoxM; score: number }[] = [];
      for (const one of scored) {
        if (kept.length >= SHOWN) break;
        if (!kept.some(({ box }) => boxesShare(box, one.box))) kept.push(one);
      }
      return {
        regions: kept.map(
          ({ box, score }): ShownRegion => ({ outline: boxPolygon(box), probability: (1 + score) / 2 }),
        ),
        outcome: "ranked",
        pixelsSeen: pixels,
        chipsSeen: windows.length,
        ms: performance.now() - started,
      };
    },
  };
}

/** One scale of tiles, as ingest encoded them. */
export function fixedTiles(context: RetrievalContext): Method {
  const { workspace, encoder } = context;
  const date = context.dates.at(-1) ?? null;
  const windows = workspace.tiles.tiles({ scale: TILE_M, date }).flatMap((tile): Window[] => {
    const vector = workspace.tiles.vector(tile.id, date, encoder.id);
    return vector ? [{ box: tile.box, vector }] : [];
  });
  const side = encoder.chipSize?.width ?? TILE_M / workspace.reader.gsd(date);
  return windowRanking("fixed tiles, text to chip", encoder, windows, windows.length * side * side);
}

/** Overlapping windows at full resolution over everything. Encoded once and kept, counted as if for every query. */
export async function denseWindows(context: RetrievalContext): Promise<Method> {
  const { workspace, encoder } = context;
  const date = context.dates.at(-1) ?? null;
  const gsd = workspace.reader.gsd(date);
  const side = Math.min(LARGEST_CHIP_PX, Math.round(WINDOW_M / gsd));
  const boxes = workspace.images.filter((image) => image.date === date).flatMap(({ box }) => gridOver(box));
  const key = (box: BoxM) => `${encoder.id}|${context.contentOf(date)}|${box.join(",")}|${side}`;
  const missing = boxes.filter((box) => context.chipVector(key(box)) === undefined);
  for (let i = 0; i < missing.length; i += BATCH) {
    const part = missing.slice(i, i + BATCH);
    const chips = await Promise.all(
      part.map((box) => workspace.reader.readChip(box, date, { width: side, height: side })),
    );
    const vectors = await encoder.encodeChips(chips);
    const { dimensions } = encoder;
    context.keepChips(part.map((box, k) => [key(box), vectors.slice(k * dimensions, (k + 1) * dimensions)]));
    if (i % (BATCH * 20) === 0) process.stderr.write(`Dense windows: ${i} of ${missing.length}\n`);
  }
  const windows = boxes.flatMap((box): Window[] => {
    const vector = context.chipVector(key(box));
    return vector ? [{ box, vector }] : [];
  });
  return windowRanking("dense windows, full resolution", encoder, windows, windows.length * side * side);
}

/** Windows and pixels that the dense baseline encodes. */
export function denseCost({ workspace, dates }: RetrievalContext): {
  readonly windows: number;
  readonly pixels: number;
} {
  const date = dates.at(-1) ?? null;
  const side = Math.min(LARGEST_CHIP_PX, Math.round(WINDOW_M / workspace.reader.gsd(date)));
  const windows = workspace.images.filter((image) => image.date === date).flatMap(({ box }) => gridOver(box)).length;
  return { windows, pixels: windows * side * side };
}

/** Tiles by what their captions say: BM25 of the question over the captions of its language. */
export function textToText(context: RetrievalContext): Method {
  const date = context.dates.at(-1) ?? null;
  return {
    name: "text to text",
    find: async ({ text }): Promise<Found> => {
      const started = performance.now();
      const language = /\p{Script=Han}/u.test(text) ? "zh" : "en";
      const found = context.workspace.captions.search(text, { limit: SHOWN, language, scale: TILE_M, date });
      const regions = found.map(({ tileId, score }): ShownRegion => {
        const [scale = 0, ix = 0, iy = 0] = tileId.split("/").map(Number);
        return {
          outline: boxPolygon([ix * scale, iy * scale, (ix + 1) * scale, (iy + 1) * scale]),
          probability: score / (1 + score),
        };
      });
      return { regions, outcome: "ranked", pixelsSeen: 0, chipsSeen: 0, ms: performance.now() - started };
    },
  };
}

function gridOver([minX, minY, maxX, maxY]: BoxM): BoxM[] {
  const boxes: BoxM[] = [];
  for (let y = minY; y + WINDOW_M <= maxY; y += STEP_M)
    for (let x = minX; x + WINDOW_M <= maxX; x += STEP_M) boxes.push([x, y, x + WINDOW_M, y + WINDOW_M]);
  return boxes;
}

function boxesShare(a: BoxM, b: BoxM): boolean {
  return boxesMeet(a, b) && a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
