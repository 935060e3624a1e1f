import { TerralogueError } from "../errors.ts";
import type { BandWindow } from "./ports.ts";
import { type Raster, reason } from "./raster.ts";

/**
 * Reads a window of an open raster's bands as they are stored, resampled (bilinear) to size × size, from the fittest overview.
 *
 * @param names the raster's bands in their order; those named null, and those after the last name, are not read
 * @param window pixels of the full image, [left, top, right, bottom); parts outside the image are without data
 * @throws {TerralogueError} `bad_raster` when bands are missing or a block cannot be decoded; `cancelled`
 */
export async function readBandWindow(
  raster: Raster,
  names: readonly (string | null)[],
  window: readonly [number, number, number, number],
  size: number,
  signal?: AbortSignal,
): Promise<BandWindow> {
  const { path, bands, width, height, nodata } = raster.description;
  const read = names.flatMap((name, sample) => (name === null ? [] : [{ name, sample }]));
  if (names.length > bands)
    throw new TerralogueError(
      "bad_raster",
      `${path} has ${bands} bands, but ${names.length} are named; name at most ${bands}.`,
    );
  if (signal?.aborted) throw new TerralogueError("cancelled", "Reading was stopped.");
  const [left, top, right, bottom] = window;
  const wanted = (right - left) / size;
  const level = raster.levels.findLast((one) => width / one.width <= wanted * 1.05) ?? raster.levels[0];
  const [fx, fy] = [(level as { width: number }).width / width, (level as { height: number }).height / height];
  const pixels = size * size;
  const out: Record<string, Float32Array> = Object.fromEntries(
    read.map(({ name }) => [name, new Float32Array(pixels)]),
  );
  const valid = new Uint8Array(pixels);
  const [x0, y0] = [Math.max(0, Math.floor(left * fx)), Math.max(0, Math.floor(top * fy))];
  const x1 = Math.min((level as { width: number }).width, Math.ceil(right * fx));
  const y1 = Math.min((level as { height: number }).height, Math.ceil(bottom * fy));
  if (x1 <= x0 || y1 <= y0) return { width: size, height: size, bands: out, valid };
  const planes = await readPlanes(
    raster,
    level as Raster["levels"][number],
    [x0, y0, x1, y1],
    read.map(({ sample }) => sample),
  );
  const [columns, rows] = [x1 - x0, y1 - y0];
  for (let y = 0; y < size; y += 1) {
    const sy = (top + ((y + 0.5) * (bottom - top)) / size) * fy - y0;
    for (let x = 0; x < size; x += 1) {
      const sx = (left + ((x + 0.5) * (right - left)) / size) * fx - x0;
      if (sx < 0 || sy < 0 || sx >= columns || sy >= rows) continue;
      const at = y * size + x;
      const isEmpty = (value: number) => !Number.isFinite(value) || value === nodata;
      const nearest = Math.min(rows - 1, Math.floor(sy)) * columns + Math.min(columns - 1, Math.floor(sx));
      if (planes.some((plane) => isEmpty(plane[nearest] as number))) continue;
      valid[at] = 1;
      for (const [k, { name }] of read.entries())
        (out[name] as Float32Array)[at] = bilinear(
          planes[k] as ArrayLike<number>,
          columns,
          rows,
          sx,
          sy,
          nearest,
          isEmpty,
        );
    }
  }
  return { width: size, height: size, bands: out, valid };
}

async function readPlanes(
  raster: Raster,
  level: Raster["levels"][number],
  window: readonly [number, number, number, number],
  samples: readonly number[],
): Promise<readonly ArrayLike<number>[]> {
  try {
    return (await level.image.readRasters({
      window: [...window],
      samples: [...samples],
    })) as unknown as readonly ArrayLike<number>[];
  } catch (cause) {
    throw new TerralogueError(
      "bad_raster",
      `${raster.description.path} has a block that cannot be decoded (${reason(cause)}); copy it again.`,
      { cause },
    );
  }
}

/** The value between the four nearest pixels, or the nearest where one of them is empty. */
function bilinear(
  plane: ArrayLike<number>,
  columns: number,
  rows: number,
  sx: number,
  sy: number,
  nearest: number,
  isEmpty: (value: number) => boolean,
): number {
  const [px, py] = [Math.max(0, Math.min(columns - 1, sx - 0.5)), Math.max(0, Math.min(rows - 1, sy - 0.5))];
  const [x, y] = [Math.floor(px), Math.floor(py)];
  const [a, b] = [px - x, py - y];
  const right = Math.min(columns - 1, x + 1);
  const below = Math.min(rows - 1, y + 1);
  const four = [
    plane[y * columns + x],
    plane[y * columns + right],
    plane[below * columns + x],
    plane[below * columns + right],
  ] as number[];
  if (four.some(isEmpty)) return plane[nearest] as number;
  const [p = 0, q = 0, r = 0, s = 0] = four;
  return (1 - b) * ((1 - a) * p + a * q) + b * ((1 - a) * r + a * s);
}
