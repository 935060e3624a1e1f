import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { TerralogueError } from "../errors.ts";

/** Parts of a shapefile that are read. */
const PARTS: readonly string[] = [".shp", ".dbf", ".prj", ".cpg"];
const MOST_ENTRIES = 10_000;
/** All parts together, unpacked. */
const MOST_BYTES = 4 * 1024 ** 3;

export interface UnpackedShapefiles {
  /** Where each lies while it is unpacked, and its name in the archive. */
  readonly shapefiles: readonly { readonly file: string; readonly name: string }[];
  remove(): Promise<void>;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  /** Where its local header begins. */
  readonly at: number;
}

/**
 * Unpacks the shapefiles of a zip archive into a temporary folder, under names of our own: those in the archive are never
 * used as paths.
 *
 * @throws {TerralogueError} `bad_vectors` in one sentence for what is no zip archive, is encrypted or damaged, holds no shapefile, or
 *   unpacks to more than 4 GB
 */
export async function unpackShapefiles(path: string): Promise<UnpackedShapefiles> {
  const name = basename(path);
  const folder = await mkdtemp(join(tmpdir(), "terralogue-zip-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = await open(path);
  try {
    const entries = (await entriesOf(file, name)).filter(
      (entry) => PARTS.includes(extname(entry.name).toLowerCase()) && !/(^|\/)(__MACOSX\/|\._)/.test(entry.name),
    );
    const shapes = entries.filter((entry) => /\.shp$/i.test(entry.name));
    if (shapes.length === 0)
      throw bad(name, "holds no shapefile (.shp); zip the .shp together with its .dbf, .shx and .prj");
    let left = MOST_BYTES;
    const shapefiles: { file: string; name: string }[] = [];
    for (const [number, shape] of shapes.entries()) {
      const stem = shape.name.slice(0, -4).toLowerCase();
      for (const entry of entries) {
        const extension = extname(entry.name).toLowerCase();
        if (entry.name.slice(0, -extension.length).toLowerCase() !== stem) continue;
        left -= await unpack(path, file, entry, join(folder, `${number}${extension}`), left, name);
      }
      shapefiles.push({ file: join(folder, `${number}.shp`), name: `${name}/${basename(shape.name)}` });
    }
    return { shapefiles, remove };
  } catch (fault) {
    await remove();
    throw fault;
  } finally {
    await file.close();
  }
}

/** The central directory, at the end of the archive (APPNOTE 4.3.12 and 4.3.16). */
async function entriesOf(file: FileHandle, name: string): Promise<readonly Entry[]> {
  const { size } = await file.stat();
  const tail = await bytesAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557), name);
  const end = tail.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0 || end + 22 > tail.length) throw bad(name, "is not a zip archive, or is truncated; zip it again");
  const count = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || start === 0xffffffff || count > MOST_ENTRIES)
    throw bad(name, "is a zip archive of a kind that is not read (ZIP64 or over 10,000 files); zip fewer files");
  const directory = await bytesAt(file, start, bytes, name);
  const entries: Entry[] = [];
  for (let at = 0, i = 0; i < count; i += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50)
      throw bad(name, "is a damaged zip archive; zip it again");
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    if ((directory.readUInt16LE(at + 8) & 1) !== 0) throw bad(name, "is encrypted; zip it without a password");
    entries.push({
      name: directory.toString("utf8", at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      at: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** Writes one entry to a file, and tells its size. */
async function unpack(
  path: string,
  file: FileHandle,
  { method, packedBytes, at }: Entry,
  to: string,
  most: number,
  name: string,
): Promise<number> {
  if (method !== 0 && method !== 8) throw bad(name, "is packed by a method that is not read; zip it with deflate");
  const header = await bytesAt(file, at, 30, name);
  const start = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let written = 0;
  const limit = new Transform({
    transform: (chunk: Buffer, _encoding, callback) => {
      written += chunk.length;
      callback(written > most ? bad(name, "unpacks to more than 4 GB; give a GeoPackage instead") : null, chunk);
    },
  });
  if (packedBytes === 0) {
    await pipeline([], createWriteStream(to));
    return 0;
  }
  const packed = createReadStream(path, { start, end: start + packedBytes - 1 });
  try {
    if (method === 8) await pipeline(packed, createInflateRaw(), limit, createWriteStream(to));
    else await pipeline(packed, limit, createWriteStream(to));
  } catch (cause) {
    if (cause instanceof TerralogueError) throw cause;
    throw bad(name, "is a damaged zip archive; zip it again", cause);
  }
  return written;
}

async function bytesAt(file: FileHandle, position: number, length: number, name: string): Promise<Buffer> {
  const { size } = await file.stat();
  if (position + length > size) throw bad(name, "is a truncated zip archive; zip it again");
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, position);
  return buffer;
}

function bad(name: string, what: string, cause?: unknown): TerralogueError {
  return new TerralogueError("bad_vectors", `${name} ${what}.`, { cause });
}
