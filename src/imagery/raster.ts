import { createHash } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import {
  addDecoder,
  BaseDecoder,
  fromCustomClient,
  fromFile,
  fromUrl,
  type GeoTIFF,
  type GeoTIFFImage,
  setLogger,
} from "geotiff";
import { TerralogueError } from "../errors.ts";
import { converter, crsDefinition, fromGeoKeys, isGeographic } from "../geo/crs.ts";
import type { RasterDescription } from "./ports.ts";
import { PublicClient } from "./public-client.ts";

const inflateAsync = promisify(inflate);

/** zlib of Node instead of the JavaScript inflate that geotiff brings: several times faster on large tiles. */
class NativeDeflateDecoder extends BaseDecoder {
  override async decodeBlock(buffer: ArrayBufferLike): Promise<ArrayBufferLike> {
    const out = await inflateAsync(Buffer.from(buffer as ArrayBuffer), { maxOutputLength: LARGEST_BLOCK_BYTES });
    return out.buffer.slice(out.byteOffset, out.byteOffset + out.byteLength);
  }
}
addDecoder([8, 32946], async () => NativeDeflateDecoder, undefined, false);
setLogger({
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  log: () => {},
  time: () => {},
  timeEnd: () => {},
} as never);

/** A block (tile or strip) that decodes to more than this is refused. */
const LARGEST_BLOCK_BYTES = 512 * 1024 * 1024;
const URL_TIMEOUT_MS = 30_000;

/** One resolution of a raster: the full image or an overview. */
export interface Level {
  readonly image: GeoTIFFImage;
  readonly width: number;
  readonly height: number;
}

/** An open raster file: what it says of itself, and its resolutions, finest first. */
export interface Raster {
  readonly description: RasterDescription;
  readonly levels: readonly Level[];
  /** Validity masks (of the file itself or of GDAL's `.msk` beside it), finest first; 0 is no data. Empty for most files. */
  readonly masks: readonly Level[];
  /** TIFF photometric interpretation: 2 RGB, 6 YCbCr, 1 and 0 grey, 3 palette. */
  readonly photometric: number;
  /** Whether the last band is an alpha band. */
  readonly hasAlpha: boolean;
  close(): Promise<void>;
}

export function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/**
 * Opens a GeoTIFF or COG from a path or an http(s) URL and checks what it declares, without reading pixels. A GDAL
 * `.aux.xml` beside a file supplies the CRS and transform that the file itself lacks.
 *
 * @param reach "public" follows a URL to addresses of the public internet alone; without it, wherever it leads
 * @throws {TerralogueError} `bad_raster` or `not_found` with one sentence for: a missing, empty, truncated or foreign file; no
 *   georeference or CRS; a rotated transform; sizes that the file cannot hold
 */
export async function openRaster(path: string, { reach }: Pick<RasterDescription, "reach"> = {}): Promise<Raster> {
  const where = isUrl(path) || isAbsolute(path) ? path : resolve(path);
  const size = isUrl(path) ? null : await checkFile(where);
  const tiff = await openTiff(where, size, reach);
  try {
    const image = await guarded(where, tiff.getImage(0));
    await checkStructure(where, image, size);
    const georeference = await georeferenceOf(where, image);
    const { levels, masks: ownMasks } = await levelsOf(tiff, image);
    const sidecar = ownMasks.length === 0 ? await maskBeside(where, image) : null;
    return {
      description: {
        ...(await describe(where, image, georeference, levels.length - 1, size)),
        ...(reach && size === null && { reach }),
      },
      levels,
      masks: sidecar?.masks ?? ownMasks,
      photometric: Number((await tag(image, "PhotometricInterpretation")) ?? 1),
      hasAlpha: await hasAlphaBand(image),
      close: async () => {
        await sidecar?.tiff.close();
        await tiff.close();
      },
    };
  } catch (fault) {
    await Promise.resolve(tiff.close()).catch(() => {});
    throw fault;
  }
}

async function checkFile(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new TerralogueError("not_found", `There is no file ${path}; check the path.`);
  if (found.size === 0)
    throw new TerralogueError("bad_raster", `${path} is empty (0 bytes); copy or download it again.`);
  const file = await open(path);
  const head = Buffer.alloc(4);
  await file.read(head, 0, 4, 0);
  await file.close();
  const magic = head.toString("latin1");
  const picture = head.readUInt16BE(0) === 0xffd8 ? "JPEG" : magic === "\x89PNG" ? "PNG" : null;
  if (picture) {
    throw new TerralogueError(
      "bad_raster",
      `${path} is a ${picture} picture under a TIFF name; its georeference, if any, is only in a sidecar: convert it with gdal_translate -of GTiff IN OUT.tif.`,
    );
  }
  if (!["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(magic)) {
    throw new TerralogueError("bad_raster", `${path} is not a TIFF file; convert it with gdal_translate -of COG.`);
  }
  return found.size;
}

async function openTiff(path: string, size: number | null, reach: "public" | undefined): Promise<GeoTIFF> {
  if (size !== null) return guarded(path, fromFile(path));
  const signal = AbortSignal.timeout(URL_TIMEOUT_MS);
  const options = { allowFullFile: false };
  return guarded(
    path,
    reach === "public" ? fromCustomClient(new PublicClient(path), options, signal) : fromUrl(path, options, signal),
  );
}

/** Any fault of the TIFF library as one sentence. */
async function guarded<T>(path: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    const own = ownFault(cause);
    if (own) throw own;
    throw new TerralogueError(
      "bad_raster",
      `${path} cannot be read as a TIFF (${reason(cause)}); it may be truncated or damaged, copy it again.`,
      { cause },
    );
  }
}

/** Our own sentence in a fault of the library, which wraps and gathers those of the client that reads for it. */
function ownFault(fault: unknown): TerralogueError | null {
  if (fault instanceof TerralogueError) return fault;
  if (fault instanceof AggregateError) return fault.errors.map(ownFault).find((own) => own !== null) ?? null;
  return fault instanceof Error && fault.cause !== undefined ? ownFault(fault.cause) : null;
}

export function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split("\n")[0]?.slice(0, 120) ?? "";
}

type TagName = Parameters<GeoTIFFImage["fileDirectory"]["loadValue"]>[0];

async function tag(image: GeoTIFFImage, name: string): Promise<unknown> {
  return image.fileDirectory.hasTag(name as TagName) ? image.fileDirectory.loadValue(name as TagName) : undefined;
}

async function checkStructure(path: string, image: GeoTIFFImage, size: number | null) {
  const [width, height, bands] = [image.getWidth(), image.getHeight(), image.getSamplesPerPixel()];
  if (!(width > 0 && height > 0))
    throw new TerralogueError(
      "bad_raster",
      `${path} is truncated or damaged: its header names no pixels; copy it again.`,
    );
  const blockWidth = image.isTiled ? image.getTileWidth() : width;
  const blockHeight = Math.min(
    image.isTiled ? image.getTileHeight() : image.getBlockHeight(0),
    image.isTiled ? Number.POSITIVE_INFINITY : height,
  );
  const blockBytes = blockWidth * blockHeight * image.getBytesPerPixel();
  const blocks = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight);
  if (size !== null && blocks * 4 > size) {
    throw new TerralogueError(
      "bad_raster",
      `${path} declares ${width} × ${height} pixels in ${blocks} blocks, more than its ${size} bytes can hold; it is damaged.`,
    );
  }
  if (!(blockBytes <= LARGEST_BLOCK_BYTES)) {
    throw new TerralogueError(
      "bad_raster",
      `${path} has blocks of ${blockWidth} × ${blockHeight} × ${bands} samples, too large to decode; rewrite it with gdal_translate -of COG.`,
    );
  }
  if (size === null) return;
  const kind = image.isTiled ? "Tile" : "Strip";
  const offsets = (await guarded(path, tag(image, `${kind}Offsets`))) as ArrayLike<number> | undefined;
  const counts = (await guarded(path, tag(image, `${kind}ByteCounts`))) as ArrayLike<number> | undefined;
  const planes = image.planarConfiguration === 2 ? bands : 1;
  if (!offsets || offsets.length < blocks * planes) {
    throw new TerralogueError(
      "bad_raster",
      `${path} lists ${offsets?.length ?? 0} of its ${blocks * planes} blocks; it is truncated or damaged, copy it again.`,
    );
  }
  for (let i = 0; i < offsets.length; i += 1) {
    if (Number(offsets[i]) + Number(counts?.[i] ?? 0) > size) {
      throw new TerralogueError(
        "bad_raster",
        `${path} is truncated: it ends at byte ${size} before its pixels do; copy it again.`,
      );
    }
  }
}

interface Georeference {
  readonly crs: string;
  readonly transform: RasterDescription["transform"];
}

async function georeferenceOf(path: string, image: GeoTIFFImage): Promise<Georeference> {
  const own = { crs: crsOf(image), transform: await transformOf(path, image) };
  const sidecar = own.crs && own.transform ? null : await sidecarOf(path);
  const transform = own.transform ?? sidecar?.transform ?? null;
  const crs = own.crs ?? sidecar?.crs ?? null;
  if (!transform) {
    throw new TerralogueError(
      "bad_raster",
      `${path} has no georeference; add one, for example gdal_translate -a_srs EPSG:n -a_ullr W N E S in.tif out.tif, or put its .aux.xml beside it.`,
    );
  }
  if (!crs) {
    throw new TerralogueError(
      "bad_raster",
      `${path} names no CRS; add one, for example gdal_translate -a_srs EPSG:32650 in.tif out.tif.`,
    );
  }
  crsDefinition(crs);
  const [, , rowSkew, , columnSkew] = transform;
  if (rowSkew !== 0 || columnSkew !== 0) {
    throw new TerralogueError(
      "bad_raster",
      `${path} is rotated or sheared against its CRS; make it north-up with gdalwarp in.tif out.tif.`,
    );
  }
  return { crs, transform };
}

function crsOf(image: GeoTIFFImage): string | null {
  const keys = image.getGeoKeys() as Record<string, number | string> | null;
  if (!keys) return null;
  const projected = Number(keys.ProjectedCSTypeGeoKey ?? 0);
  const geographic = Number(keys.GeographicTypeGeoKey ?? 0);
  const model = Number(keys.GTModelTypeGeoKey ?? 0);
  if (projected > 0 && projected < 32_767) return `EPSG:${projected}`;
  if (model !== 1 && geographic > 0 && geographic < 32_767) return `EPSG:${geographic}`;
  return fromGeoKeys(keys);
}

async function transformOf(path: string, image: GeoTIFFImage): Promise<RasterDescription["transform"] | null> {
  const keys = image.getGeoKeys() as Record<string, number> | null;
  const half = Number(keys?.GTRasterTypeGeoKey ?? 1) === 2 ? 0.5 : 0;
  const matrix = (await tag(image, "ModelTransformation")) as ArrayLike<number> | undefined;
  if (matrix && matrix.length >= 8) {
    const at = (i: number) => Number(matrix[i]);
    return [at(3) - half * (at(0) + at(1)), at(0), at(1), at(7) - half * (at(4) + at(5)), at(4), at(5)];
  }
  const scale = (await tag(image, "ModelPixelScale")) as ArrayLike<number> | undefined;
  const tie = (await tag(image, "ModelTiepoint")) as ArrayLike<number> | undefined;
  if (!scale || !tie || tie.length < 6) return null;
  if (tie.length > 6)
    throw new TerralogueError("bad_raster", `${path} is placed by ground control points; warp it with gdalwarp first.`);
  const [sx, sy] = [Number(scale[0]), Number(scale[1])];
  if (!(sx > 0) || sy === 0 || !Number.isFinite(sx * sy))
    throw new TerralogueError(
      "bad_raster",
      `${path} has the pixel size ${sx} × ${sy}; mend it with gdal_translate -a_ullr.`,
    );
  const [column, row, , x, y] = Array.from(tie as ArrayLike<number>, Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return [x - (column + half) * sx, sx, 0, y + (row + half) * sy, 0, -sy];
}

/** CRS and transform of GDAL's sidecar file, for rasters that carry none. */
async function sidecarOf(
  path: string,
): Promise<{ crs: string | null; transform: RasterDescription["transform"] | null } | null> {
  if (isUrl(path)) return null;
  const text = await readFile(`${path}.aux.xml`, "utf8").catch(() => null);
  if (text === null) return null;
  const numbers = /<GeoTransform>([^<]+)<\/GeoTransform>/.exec(text)?.[1]?.split(",").map(Number);
  const srs = /<SRS[^>]*>([^<]+)<\/SRS>/.exec(text)?.[1]?.replaceAll("&quot;", '"') ?? "";
  const code = [...srs.matchAll(/(?:AUTHORITY\["EPSG",\s*"?|ID\["EPSG",\s*|EPSG:)(\d+)/g)].at(-1)?.[1];
  const isValid = numbers?.length === 6 && numbers.every(Number.isFinite);
  return {
    crs: code ? `EPSG:${code}` : null,
    transform: isValid ? (numbers as unknown as RasterDescription["transform"]) : null,
  };
}

const IS_REDUCED = 1;
const IS_MASK = 4;

async function levelsOf(
  tiff: GeoTIFF,
  first: GeoTIFFImage,
): Promise<{ readonly levels: readonly Level[]; readonly masks: readonly Level[] }> {
  const levels = [levelOf(first)];
  const masks: Level[] = [];
  const count = await tiff.getImageCount().catch(() => 1);
  for (let i = 1; i < Math.min(count, 64); i += 1) {
    const image = await tiff.getImage(i).catch(() => null);
    if (!image) break;
    const kind = Number((await tag(image, "NewSubfileType")) ?? 0);
    const sameShape = Math.abs(image.getWidth() / image.getHeight() / (first.getWidth() / first.getHeight()) - 1) < 0.1;
    if (!sameShape) continue;
    if ((kind & IS_MASK) !== 0) masks.push(levelOf(image));
    else if ((kind & IS_REDUCED) !== 0 && image.getWidth() < (levels.at(-1) as Level).width)
      levels.push(levelOf(image));
  }
  return { levels, masks: masks.sort((a, b) => b.width - a.width) };
}

const levelOf = (image: GeoTIFFImage): Level => ({ image, width: image.getWidth(), height: image.getHeight() });

/** GDAL's mask sidecar, "FILE.msk": a TIFF of the same size. */
async function maskBeside(
  path: string,
  image: GeoTIFFImage,
): Promise<{ readonly tiff: GeoTIFF; readonly masks: readonly Level[] } | null> {
  const file = `${path}.msk`;
  if (isUrl(path) || !(await stat(file).catch(() => null))) return null;
  const tiff = await guarded(file, fromFile(file));
  const mask = levelOf(await guarded(file, tiff.getImage(0)));
  if (mask.width === image.getWidth() && mask.height === image.getHeight()) return { tiff, masks: [mask] };
  await tiff.close();
  throw new TerralogueError(
    "bad_raster",
    `The mask ${file} has ${mask.width} × ${mask.height} pixels, its image ${image.getWidth()} × ${image.getHeight()}; make it again or remove it.`,
  );
}

/** Whether the file declares its last band to be alpha (TIFF ExtraSamples 1 or 2); a fourth band may as well be infrared. */
async function hasAlphaBand(image: GeoTIFFImage): Promise<boolean> {
  const extra = (await tag(image, "ExtraSamples")) as ArrayLike<number> | undefined;
  if (!extra || extra.length === 0 || image.getSamplesPerPixel() < 2) return false;
  return [1, 2].includes(Number(extra[extra.length - 1]));
}

async function describe(
  path: string,
  image: GeoTIFFImage,
  { crs, transform }: Georeference,
  overviews: number,
  size: number | null,
): Promise<RasterDescription> {
  const [width, height] = [image.getWidth(), image.getHeight()];
  const bits = image.getBitsPerSample();
  const kind = { 1: "uint", 2: "int", 3: "float" }[image.getSampleFormat()] ?? "uint";
  const sampleType = `${kind}${bits}` as RasterDescription["sampleType"];
  if (!["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"].includes(sampleType)) {
    throw new TerralogueError(
      "bad_raster",
      `${path} has ${bits}-bit ${kind} samples, which cannot be read; convert it with gdal_translate -ot Byte or -ot UInt16.`,
    );
  }
  const [x0, dx, , y0, , dy] = transform;
  const bboxWgs84 = bboxOf([x0, y0, x0 + width * dx, y0 + height * dy], crs);
  const [west, south, east, north] = bboxWgs84;
  if (![west, south, east, north].every(Number.isFinite) || Math.abs(south) > 90.1 || Math.abs(north) > 90.1) {
    throw new TerralogueError(
      "bad_raster",
      `${path} lies outside the world in its CRS ${crs}; check its georeference.`,
    );
  }
  const nodata = image.getGDALNoData();
  return {
    path,
    width,
    height,
    bands: image.getSamplesPerPixel(),
    sampleType,
    crs,
    transform,
    nodata: nodataOf(nodata, sampleType),
    gsd: groundSampleDistance(crs, transform, width, height, bboxWgs84),
    overviews,
    bboxWgs84,
    fingerprint:
      size === null
        ? hashOf(`${path}|${width}|${height}|${transform.join(",")}|${crs}`)
        : await fingerprintOf(path, size),
  };
}

/** The declared value as the samples hold it; null where none is declared, for NaN, and for one that no sample can be. */
function nodataOf(value: number | null, sampleType: RasterDescription["sampleType"]): number | null {
  if (value === null || Number.isNaN(value)) return null;
  if (sampleType === "float32") return Math.fround(value);
  if (sampleType === "float64") return value;
  const bits = Number(/\d+$/.exec(sampleType)?.[0]);
  const [least, most] = sampleType.startsWith("uint") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** Box of a rectangle's densified outline in WGS84. */
function bboxOf(
  [xa, ya, xb, yb]: readonly [number, number, number, number],
  crs: string,
): [number, number, number, number] {
  const toWgs84 = converter(crs, "EPSG:4326");
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i <= 16; i += 1) {
    const t = i / 16;
    for (const [x, y] of [
      [xa + t * (xb - xa), ya],
      [xa + t * (xb - xa), yb],
      [xa, ya + t * (yb - ya)],
      [xb, ya + t * (yb - ya)],
    ] as const) {
      const [lon, lat] = toWgs84(x, y);
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  return [west, south, east, north];
}

/** Metres on the ground of one pixel at the centre: measured along both axes on the sphere, the mean of both. */
function groundSampleDistance(
  crs: string,
  [x0, dx, , y0, , dy]: RasterDescription["transform"],
  width: number,
  height: number,
  bbox: readonly [number, number, number, number],
): number {
  const latitude = ((bbox[1] + bbox[3]) / 2) * (Math.PI / 180);
  if (isGeographic(crs)) {
    const degree = 111_320;
    return Math.sqrt(Math.abs(dx * dy)) * degree * Math.sqrt(Math.cos(latitude));
  }
  const toWgs84 = converter(crs, "EPSG:4326");
  const [cx, cy] = [x0 + (width / 2) * dx, y0 + (height / 2) * dy];
  const metresBetween = ([lon1, lat1]: [number, number], [lon2, lat2]: [number, number]) => {
    const radius = 6_371_008.8;
    const x = (lon2 - lon1) * (Math.PI / 180) * Math.cos(latitude);
    return radius * Math.hypot(x, (lat2 - lat1) * (Math.PI / 180));
  };
  const along = metresBetween(toWgs84(cx, cy), toWgs84(cx + dx * 10, cy)) / 10;
  const across = metresBetween(toWgs84(cx, cy), toWgs84(cx, cy + dy * 10)) / 10;
  // A metric CRS keeps its own figure: 1 m pixels in UTM are called 1 m.
  const projected = Math.sqrt(Math.abs(dx * dy));
  const measured = (along + across) / 2;
  return Math.abs(measured / projected - 1) < 0.01 ? projected : measured;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** SHA-256 over the size, the first and last 64 KiB and 64 samples of 4 KiB spread evenly: names the content, not the path. */
async function fingerprintOf(path: string, size: number): Promise<string> {
  const hash = createHash("sha256").update(String(size));
  const file = await open(path);
  try {
    const read = async (position: number, length: number) => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - position)));
      await file.read(buffer, 0, buffer.length, position);
      hash.update(buffer);
    };
    await read(0, 65_536);
    for (let i = 1; i <= 64; i += 1) await read(Math.floor((size * i) / 65), 4096);
    await read(Math.max(0, size - 65_536), 65_536);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}
