import { TerralogueError } from "../errors.ts";
import { converter } from "../geo/crs.ts";
import type { BoxM } from "../store/ports.ts";
import { BlockReader, type RgbWindow } from "./blocks.ts";
import type { BandView, Chip, MosaicImage, MosaicReader } from "./ports.ts";
import { openRaster, type Raster } from "./raster.ts";

/** Positions are converted between CRSs on a grid this many pixels apart and interpolated between. */
const CONTROL_STEP_PX = 16;
/** Larger chips than this many pixels are refused. */
const LARGEST_CHIP_PX = 4096 * 4096;

interface Source {
  readonly image: MosaicImage;
  open(): Promise<BlockReader>;
}

/** Box of an image in a working CRS: the bounds of its densified outline. */
export function imageBox(description: MosaicImage["description"], workingCode: string): BoxM {
  const convert = converter(description.crs, workingCode);
  const [x0, dx, , y0, , dy] = description.transform;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i <= 32; i += 1) {
    const column = (i / 32) * description.width;
    const row = (i / 32) * description.height;
    for (const [c, r] of [
      [column, 0],
      [column, description.height],
      [0, row],
      [description.width, row],
    ] as const) {
      const [x, y] = convert(x0 + c * dx, y0 + r * dy);
      minX = Math.min(minX, x);
      minY = Math.min(minY, y);
      maxX = Math.max(maxX, x);
      maxY = Math.max(maxY, y);
    }
  }
  return [minX, minY, maxX, maxY];
}

/**
 * Reads chips of mosaics: files are opened at their first use, reprojected into the working CRS, and composed, later
 * images of a date on top.
 *
 * @param view `infrared` reads the green and the infrared band of files that have one as first and second channel; other files have no pixel then
 *
 * @throws {TerralogueError} from readChip: `bad_raster` for a block that cannot be decoded, `not_found` for a file that has gone,
 *   `too_large` for a chip of over 16 million pixels, `cancelled`
 */
export function createMosaicReader(
  images: readonly MosaicImage[],
  workingCode: string,
  view: BandView = "natural",
): MosaicReader & { close(): Promise<void> } {
  const opened = new Map<string, Promise<BlockReader>>();
  const readers: BlockReader[] = [];
  const sources = images.map(
    (image): Source => ({
      image,
      open: () => {
        let reader = opened.get(image.id);
        if (!reader) {
          reader = openRaster(image.description.path, image.description).then((raster) => {
            const made = new BlockReader(raster, `${image.id}@${workingCode}@${view}`, view);
            readers.push(made);
            return made;
          });
          reader.catch(() => opened.delete(image.id));
          opened.set(image.id, reader);
        }
        return reader;
      },
    }),
  );
  const dates = [...new Set(images.map(({ date }) => date))].sort((a, b) => (a ?? "").localeCompare(b ?? ""));
  return {
    dates,
    gsd: (date) => Math.min(...images.filter((image) => image.date === date).map(({ description }) => description.gsd)),
    readChip: async (box, date, { width, height }, signal) => {
      if (width * height > LARGEST_CHIP_PX)
        throw new TerralogueError(
          "too_large",
          `A chip of ${width} × ${height} pixels is too large; read at most ${LARGEST_CHIP_PX} at once.`,
        );
      const chip = {
        width,
        height,
        rgb: new Uint8Array(width * height * 3),
        valid: new Uint8Array(width * height),
        box,
        date,
      };
      for (const source of sources) {
        if (source.image.date !== date || !boxesMeet(source.image.box, box)) continue;
        if (signal?.aborted) throw new TerralogueError("cancelled", "Reading was stopped.");
        await paint(chip, await source.open(), workingCode, signal);
      }
      return chip;
    },
    get pixelsRead() {
      return readers.reduce((sum, reader) => sum + reader.pixelsRead, 0);
    },
    close: async () => {
      await Promise.all(
        [...opened.values()].map((reader) =>
          reader.then(
            ({ raster }) => raster.close(),
            () => {},
          ),
        ),
      );
    },
  };
}

function boxesMeet(a: BoxM, b: BoxM): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/** Lays one image over the chip where it has data. */
async function paint(chip: Chip, reader: BlockReader, workingCode: string, signal?: AbortSignal): Promise<void> {
  const { raster } = reader;
  const grid = sourceGrid(chip, raster, workingCode);
  const level = levelFor(raster, grid.pixelsPerPixel);
  const { width, height } = raster.levels[level] as Raster["levels"][number];
  const fx = width / raster.description.width;
  const fy = height / raster.description.height;
  const x0 = Math.max(0, Math.floor(grid.minX * fx) - 2);
  const y0 = Math.max(0, Math.floor(grid.minY * fy) - 2);
  const x1 = Math.min(width, Math.ceil(grid.maxX * fx) + 2);
  const y1 = Math.min(height, Math.ceil(grid.maxY * fy) + 2);
  if (x1 <= x0 || y1 <= y0) return;
  const window = await reader.window(level, x0, y0, x1, y1, signal);
  const ratio = Math.max(grid.pixelsPerPixel * fx, grid.pixelsPerPixel * fy);
  if (grid.isAffine && Math.abs(ratio - 1) < 1e-6) {
    const [sx, sy] = grid.at(0, 0);
    const left = sx * fx - x0;
    const top = sy * fy - y0;
    if (Math.abs(left - Math.floor(left) - 0.5) < 0.02 && Math.abs(top - Math.floor(top) - 0.5) < 0.02) {
      copyAligned(chip, window, Math.floor(left), Math.floor(top));
      return;
    }
  }
  const spread = ratio > 1.5 ? Math.min(8, Math.round(ratio)) : 1;
  for (let row = 0; row < chip.height; row += 1) {
    for (let column = 0; column < chip.width; column += 1) {
      const [sx, sy] = grid.at(column, row);
      const px = sx * fx - x0;
      const py = sy * fy - y0;
      if (px < 0 || py < 0 || px >= window.width || py >= window.height) continue;
      const at = row * chip.width + column;
      if (spread === 1) sampleNearOrBilinear(chip, at, window, px, py, ratio);
      else sampleMean(chip, at, window, px, py, ratio, spread);
    }
  }
}

/** Chip pixels that are the window's own pixels, copied row by row; `left` and `top` are where the chip begins in the window. */
function copyAligned(chip: Chip, window: RgbWindow, left: number, top: number) {
  const from = Math.max(0, -left);
  const to = Math.min(chip.width, window.width - left);
  if (to <= from) return;
  for (let row = Math.max(0, -top); row < Math.min(chip.height, window.height - top); row += 1) {
    const source = (row + top) * window.width + left;
    const target = row * chip.width;
    const valid = window.valid.subarray(source + from, source + to);
    if (valid.every((value) => value === 1)) {
      chip.rgb.set(window.rgb.subarray((source + from) * 3, (source + to) * 3), (target + from) * 3);
      chip.valid.fill(1, target + from, target + to);
      continue;
    }
    for (let column = from; column < to; column += 1) {
      if (window.valid[source + column] !== 1) continue;
      chip.valid[target + column] = 1;
      for (let band = 0; band < 3; band += 1)
        chip.rgb[(target + column) * 3 + band] = window.rgb[(source + column) * 3 + band] as number;
    }
  }
}

interface SourceGrid {
  /** Position in the full image's pixels of the centre of a chip pixel. */
  at(column: number, row: number): [number, number];
  /** Whether both systems are the same, so that positions need no interpolation. */
  readonly isAffine: boolean;
  /** Full-image pixels per chip pixel. */
  readonly pixelsPerPixel: number;
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

function sourceGrid(chip: Chip, raster: Raster, workingCode: string): SourceGrid {
  const { crs, transform } = raster.description;
  const [x0, dx, , y0, , dy] = transform;
  const [minX, , maxX, maxY] = chip.box;
  const stepX = (maxX - minX) / chip.width;
  const stepY = (maxY - chip.box[1]) / chip.height;
  const convert = converter(workingCode, crs);
  const isSame = crs === workingCode;
  const exact = (column: number, row: number): [number, number] => {
    const x = minX + (column + 0.5) * stepX;
    const y = maxY - (row + 0.5) * stepY;
    const [sx, sy] = isSame ? [x, y] : convert(x, y);
    return [(sx - x0) / dx, (sy - y0) / dy];
  };
  const at = isSame ? exact : interpolated(exact, chip.width, chip.height);
  const corners = [exact(-1, -1), exact(chip.width, -1), exact(-1, chip.height), exact(chip.width, chip.height)];
  const edges = isSame
    ? corners
    : [
        ...corners,
        ...Array.from({ length: 33 }, (_, i) => i / 32).flatMap((t) => [
          exact(t * chip.width, -1),
          exact(t * chip.width, chip.height),
          exact(-1, t * chip.height),
          exact(chip.width, t * chip.height),
        ]),
      ];
  const [ax, ay] = exact(chip.width / 2, chip.height / 2);
  const [bx, by] = exact(chip.width / 2 + 1, chip.height / 2);
  const [cx, cy] = exact(chip.width / 2, chip.height / 2 + 1);
  return {
    at,
    isAffine: isSame,
    pixelsPerPixel: (Math.hypot(bx - ax, by - ay) + Math.hypot(cx - ax, cy - ay)) / 2,
    minX: Math.min(...edges.map(([x]) => x)),
    minY: Math.min(...edges.map(([, y]) => y)),
    maxX: Math.max(...edges.map(([x]) => x)),
    maxY: Math.max(...edges.map(([, y]) => y)),
  };
}

/** Bilinear interpolation between exact positions every 16 pixels: under a hundredth of a pixel off at these extents. */
function interpolated(exact: (column: number, row: number) => [number, number], width: number, height: number) {
  const columns = Math.ceil(width / CONTROL_STEP_PX) + 2;
  const rows = Math.ceil(height / CONTROL_STEP_PX) + 2;
  const nodes = new Float64Array(columns * rows * 2);
  for (let j = 0; j < rows; j += 1) {
    for (let i = 0; i < columns; i += 1)
      nodes.set(exact(i * CONTROL_STEP_PX, j * CONTROL_STEP_PX), (j * columns + i) * 2);
  }
  return (column: number, row: number): [number, number] => {
    const u = column / CONTROL_STEP_PX;
    const v = row / CONTROL_STEP_PX;
    const i = Math.min(columns - 2, Math.floor(u));
    const j = Math.min(rows - 2, Math.floor(v));
    const [a, b] = [u - i, v - j];
    const at = (j * columns + i) * 2;
    const below = at + columns * 2;
    const mix = (k: number) =>
      (1 - b) * ((1 - a) * (nodes[at + k] as number) + a * (nodes[at + 2 + k] as number)) +
      b * ((1 - a) * (nodes[below + k] as number) + a * (nodes[below + 2 + k] as number));
    return [mix(0), mix(1)];
  };
}

/** The coarsest level that is still at least as fine as asked. */
function levelFor(raster: Raster, pixelsPerPixel: number): number {
  const full = raster.description.width;
  let best = 0;
  for (const [index, { width }] of raster.levels.entries()) if (full / width <= pixelsPerPixel * 1.05) best = index;
  return best;
}

function sampleNearOrBilinear(chip: Chip, at: number, window: RgbWindow, px: number, py: number, ratio: number) {
  const nx = Math.min(window.width - 1, Math.floor(px));
  const ny = Math.min(window.height - 1, Math.floor(py));
  const nearest = ny * window.width + nx;
  if (window.valid[nearest] === 0) return;
  chip.valid[at] = 1;
  const isCentred = Math.abs(px - nx - 0.5) < 0.02 && Math.abs(py - ny - 0.5) < 0.02;
  const x = Math.floor(px - 0.5);
  const y = Math.floor(py - 0.5);
  const isInside = x >= 0 && y >= 0 && x + 1 < window.width && y + 1 < window.height;
  const i00 = y * window.width + x;
  const i01 = i00 + window.width;
  if (
    (ratio <= 1.02 && isCentred) ||
    !isInside ||
    !(window.valid[i00] && window.valid[i00 + 1] && window.valid[i01] && window.valid[i01 + 1])
  ) {
    for (let band = 0; band < 3; band += 1) chip.rgb[at * 3 + band] = window.rgb[nearest * 3 + band] as number;
    return;
  }
  const a = px - 0.5 - x;
  const b = py - 0.5 - y;
  for (let band = 0; band < 3; band += 1) {
    const top = (1 - a) * (window.rgb[i00 * 3 + band] as number) + a * (window.rgb[i00 * 3 + 3 + band] as number);
    const bottom = (1 - a) * (window.rgb[i01 * 3 + band] as number) + a * (window.rgb[i01 * 3 + 3 + band] as number);
    chip.rgb[at * 3 + band] = Math.round((1 - b) * top + b * bottom);
  }
}

/** Mean of up to 8 × 8 source pixels under a chip pixel, when no overview is coarse enough. */
function sampleMean(chip: Chip, at: number, window: RgbWindow, px: number, py: number, ratio: number, spread: number) {
  let [r, g, b, n] = [0, 0, 0, 0];
  for (let j = 0; j < spread; j += 1) {
    const y = Math.floor(py + ((j + 0.5) / spread - 0.5) * ratio);
    if (y < 0 || y >= window.height) continue;
    for (let i = 0; i < spread; i += 1) {
      const x = Math.floor(px + ((i + 0.5) / spread - 0.5) * ratio);
      const k = y * window.width + x;
      if (x < 0 || x >= window.width || window.valid[k] === 0) continue;
      r += window.rgb[k * 3] as number;
      g += window.rgb[k * 3 + 1] as number;
      b += window.rgb[k * 3 + 2] as number;
      n += 1;
    }
  }
  if (n === 0) return;
  chip.valid[at] = 1;
  chip.rgb[at * 3] = Math.round(r / n);
  chip.rgb[at * 3 + 1] = Math.round(g / n);
  chip.rgb[at * 3 + 2] = Math.round(b / n);
}
