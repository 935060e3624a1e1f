import sharp from "sharp";
import type { WorkingCrs } from "../geo/crs.ts";
import type { BoxM } from "../store/ports.ts";
import type { Chip, MosaicReader } from "./ports.ts";

export const MAP_TILE_PX = 256;
/** The chip under a map tile is read this much finer, since it is resampled once more. */
const OVERSAMPLING = 1.25;

export type PictureFormat = "png" | "webp" | "jpeg";

/** A chip as a picture file; pixels without data are transparent (black in JPEG, which has no transparency). */
export async function encodeChip(
  chip: Pick<Chip, "width" | "height" | "rgb" | "valid">,
  format: PictureFormat,
): Promise<Buffer> {
  const rgba = new Uint8Array(chip.width * chip.height * 4);
  for (let i = 0; i < chip.valid.length; i += 1) {
    if (chip.valid[i] === 0) continue;
    rgba[i * 4] = chip.rgb[i * 3] as number;
    rgba[i * 4 + 1] = chip.rgb[i * 3 + 1] as number;
    rgba[i * 4 + 2] = chip.rgb[i * 3 + 2] as number;
    rgba[i * 4 + 3] = 255;
  }
  const picture = sharp(rgba, { raw: { width: chip.width, height: chip.height, channels: 4 } });
  switch (format) {
    case "png":
      return picture.png({ compressionLevel: 6 }).toBuffer();
    case "webp":
      return picture.webp({ quality: 82, effort: 2 }).toBuffer();
    case "jpeg":
      return picture.removeAlpha().jpeg({ quality: 85 }).toBuffer();
  }
}

/** Lon/lat of a position in XYZ tile coordinates (x, y may be fractional). */
function lonLat(z: number, x: number, y: number): [number, number] {
  const n = 2 ** z;
  return [(x / n) * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI];
}

/** One 256 px Web Mercator tile (XYZ) of a mosaic date, or null where it has no pixels. */
export async function renderMapTile(
  reader: MosaicReader,
  crs: WorkingCrs,
  date: string | null,
  { z, x, y }: { readonly z: number; readonly x: number; readonly y: number },
  format: PictureFormat,
  signal?: AbortSignal,
): Promise<Buffer | null> {
  const steps = 8;
  const nodes: [number, number][] = [];
  for (let j = 0; j <= steps; j += 1) {
    for (let i = 0; i <= steps; i += 1) nodes.push(crs.fromWgs84(...lonLat(z, x + i / steps, y + j / steps)));
  }
  if (!nodes.every(([px, py]) => Number.isFinite(px) && Number.isFinite(py))) return null;
  const box: BoxM = [
    Math.min(...nodes.map(([px]) => px)),
    Math.min(...nodes.map(([, py]) => py)),
    Math.max(...nodes.map(([px]) => px)),
    Math.max(...nodes.map(([, py]) => py)),
  ];
  const side = Math.round(MAP_TILE_PX * OVERSAMPLING);
  const chip = await reader.readChip(box, date, { width: side, height: side }, signal);
  if (!chip.valid.some((value) => value !== 0)) return null;
  const tile = {
    width: MAP_TILE_PX,
    height: MAP_TILE_PX,
    rgb: new Uint8Array(MAP_TILE_PX * MAP_TILE_PX * 3),
    valid: new Uint8Array(MAP_TILE_PX * MAP_TILE_PX),
  };
  const [minX, minY, maxX, maxY] = box;
  for (let row = 0; row < MAP_TILE_PX; row += 1) {
    for (let column = 0; column < MAP_TILE_PX; column += 1) {
      const [px, py] = between(
        nodes,
        steps,
        ((column + 0.5) / MAP_TILE_PX) * steps,
        ((row + 0.5) / MAP_TILE_PX) * steps,
      );
      const cx = Math.min(side - 1, Math.max(0, Math.floor(((px - minX) / (maxX - minX)) * side)));
      const cy = Math.min(side - 1, Math.max(0, Math.floor(((maxY - py) / (maxY - minY)) * side)));
      const from = cy * side + cx;
      const to = row * MAP_TILE_PX + column;
      if (chip.valid[from] === 0) continue;
      tile.valid[to] = 1;
      tile.rgb.set(chip.rgb.subarray(from * 3, from * 3 + 3), to * 3);
    }
  }
  return encodeChip(tile, format);
}

function between(nodes: readonly [number, number][], steps: number, u: number, v: number): [number, number] {
  const i = Math.min(steps - 1, Math.floor(u));
  const j = Math.min(steps - 1, Math.floor(v));
  const [a, b] = [u - i, v - j];
  const at = (di: number, dj: number) => nodes[(j + dj) * (steps + 1) + i + di] as [number, number];
  const mix = (k: 0 | 1) =>
    (1 - b) * ((1 - a) * at(0, 0)[k] + a * at(1, 0)[k]) + b * ((1 - a) * at(0, 1)[k] + a * at(1, 1)[k]);
  return [mix(0), mix(1)];
}

/** TileJSON 3.0 of a mosaic date. Zoom reaches one level beyond the imagery's own resolution. */
export function tileJson(options: {
  readonly date: string | null;
  readonly bounds: readonly [number, number, number, number];
  readonly gsd: number;
  readonly url: string;
}) {
  const [west, south, east, north] = options.bounds;
  const latitude = (((south + north) / 2) * Math.PI) / 180;
  const native = Math.log2((156_543.03392 * Math.cos(latitude)) / options.gsd);
  const span = Math.max(east - west, (north - south) * 2, 1e-6);
  return {
    tilejson: "3.0.0",
    name: options.date ?? "undated",
    tiles: [options.url],
    bounds: [west, south, east, north],
    minzoom: Math.max(0, Math.floor(Math.log2(360 / span)) - 2),
    maxzoom: Math.min(22, Math.max(1, Math.ceil(native) + 1)),
    tileSize: MAP_TILE_PX,
    scheme: "xyz",
  };
}
