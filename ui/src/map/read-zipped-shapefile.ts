import type { Rings } from "./read-area.ts";

/** Most bytes that a file of an archive may unpack to. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * The polygons of the first shapefile in a ZIP archive, in longitude and latitude.
 *
 * @throws {Error} when the archive or the shapefile cannot be read, is too large, or is in another coordinate system
 * @see ESRI Shapefile Technical Description (1998); APPNOTE.TXT 6.3 of PKWARE
 */
export async function readZippedShapefile(bytes: Uint8Array): Promise<readonly Rings[]> {
  const entries = zipEntries(bytes);
  const shape = entries.find(({ name }) => /\.shp$/i.test(name) && !name.startsWith("__MACOSX"));
  if (!shape) throw new Error("no shapefile in the archive");
  const stem = shape.name.replace(/\.shp$/i, "").toLowerCase();
  const projection = entries.find(({ name }) => name.toLowerCase() === `${stem}.prj`);
  if (projection) {
    const text = new TextDecoder().decode(await unpack(bytes, projection));
    if (!/^\s*(GEOGCS|GEOGCRS|GEODCRS)/i.test(text)) throw new Error("not in longitude and latitude");
  }
  return shapePolygons(await unpack(bytes, shape));
}

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LONGEST_COMMENT = 65_535;

function zipEntries(bytes: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && end > bytes.length - 22 - LONGEST_COMMENT && view.getUint32(end, true) !== END_SIGNATURE) end -= 1;
  if (end < 0 || view.getUint32(end, true) !== END_SIGNATURE) throw new Error("no ZIP archive");
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let i = view.getUint16(end + 10, true); i > 0; i -= 1) {
    if (view.getUint32(at, true) !== ENTRY_SIGNATURE) throw new Error("broken ZIP directory");
    const nameBytes = view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

const STORED = 0;
const DEFLATED = 8;

async function unpack(bytes: Uint8Array, { method, packedBytes, offset }: ZipEntry): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = bytes.slice(start, start + packedBytes);
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new Error("packed in an unknown way");
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST_BYTES) throw new Error("too large when unpacked");
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

const SHAPEFILE_CODE = 9994;
/** Polygon, with heights, with measures. */
const POLYGON_TYPES: readonly number[] = [5, 15, 25];

function shapePolygons(bytes: Uint8Array): readonly Rings[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 100 || view.getInt32(0) !== SHAPEFILE_CODE) throw new Error("no shapefile");
  const polygons: Rings[] = [];
  for (let at = 100; at + 12 <= bytes.length; at += 8 + view.getInt32(at + 4) * 2) {
    if (!POLYGON_TYPES.includes(view.getInt32(at + 8, true))) continue;
    const [parts, points] = [view.getInt32(at + 44, true), view.getInt32(at + 48, true)];
    const first = at + 52 + parts * 4;
    const rings = Array.from({ length: parts }, (_, part) => {
      const from = view.getInt32(at + 52 + part * 4, true);
      const to = part + 1 < parts ? view.getInt32(at + 56 + part * 4, true) : points;
      return Array.from({ length: to - from }, (_, i): GeoJSON.Position => {
        const place = first + (from + i) * 16;
        return [view.getFloat64(place, true), view.getFloat64(place + 8, true)];
      });
    });
    polygons.push(...withHoles(rings));
  }
  return polygons;
}

/** Outer rings run clockwise; each hole belongs to the outer ring that it lies in. */
function withHoles(rings: Rings): readonly Rings[] {
  const outer = rings.filter((ring) => signedArea(ring) <= 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => signedArea(ring) > 0)) {
    const around = outer.find(([ring]) => ring && hole[0] && contains(ring, hole[0]));
    if (around) around.push(hole);
    else outer.push([hole]);
  }
  return outer;
}

/** Positive where the ring runs against the clock. */
function signedArea(ring: readonly GeoJSON.Position[]): number {
  return ring.reduce((sum, [x = 0, y = 0], i) => {
    const [nextX = 0, nextY = 0] = ring[(i + 1) % ring.length] ?? [];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}

function contains(ring: readonly GeoJSON.Position[], [x = 0, y = 0]: GeoJSON.Position): boolean {
  let isInside = false;
  ring.forEach(([ax = 0, ay = 0], i) => {
    const [bx = 0, by = 0] = ring[(i + 1) % ring.length] ?? [];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
  });
  return isInside;
}
