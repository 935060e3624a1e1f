import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { readFeatures } from "../../src/ingest/read-features.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-zip-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A zip archive of these files, by APPNOTE 6.3.9. */
function zip(files: Readonly<Record<string, Buffer>>, { flags = 0 } = {}): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const names = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(0, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(names.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, names, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), common, rest, names]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A shapefile of points with an attribute NAME, by ESRI's technical description. */
function shapefile(points: readonly (readonly [number, number, string])[]): { shp: Buffer; dbf: Buffer } {
  const shp = Buffer.alloc(100 + points.length * 28);
  shp.writeInt32BE(9994, 0);
  shp.writeInt32BE(shp.length / 2, 24);
  shp.writeInt32LE(1000, 28);
  shp.writeInt32LE(1, 32);
  points.forEach(([x, y], i) => {
    const at = 100 + i * 28;
    shp.writeInt32BE(i + 1, at);
    shp.writeInt32BE(10, at + 4);
    shp.writeInt32LE(1, at + 8);
    shp.writeDoubleLE(x, at + 12);
    shp.writeDoubleLE(y, at + 20);
  });
  const header = Buffer.alloc(65);
  header[0] = 3;
  header.writeUInt32LE(points.length, 4);
  header.writeUInt16LE(65, 8);
  header.writeUInt16LE(21, 10);
  header.write("name", 32, "latin1");
  header.write("C", 43, "latin1");
  header[48] = 20;
  header[64] = 0x0d;
  const rows = points.map(([, , name]) => Buffer.from(` ${name.padEnd(20)}`));
  return { shp, dbf: Buffer.concat([header, ...rows, Buffer.from([0x1a])]) };
}

const write = (name: string, content: Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const read = async (path: string) => {
  const features = [];
  for await (const feature of readFeatures(path)) features.push(feature);
  return features;
};
const leftovers = () => readdirSync(tmpdir()).filter((name) => /^terralogue-zip-(?!test-)/.test(name));

it("reads every shapefile of an archive, whatever their folders are called, and leaves nothing behind", async () => {
  const schools = shapefile([
    [10, 50, "North School"],
    [11, 51, "South School"],
  ]);
  const mills = shapefile([[12, 52, "Old Mill"]]);
  const before = leftovers();
  const features = await read(
    write(
      "layers.zip",
      zip({
        "../../schools.SHP": schools.shp,
        "../../schools.DBF": schools.dbf,
        "deep/mills.shp": mills.shp,
        "deep/mills.dbf": mills.dbf,
        "__MACOSX/deep/._mills.shp": Buffer.from("x"),
        "readme.txt": Buffer.from("x"),
      }),
    ),
  );
  expect(features.map(({ index, properties, geometry }) => [index, properties.name, geometry])).toEqual([
    [0, "North School", { type: "Point", coordinates: [10, 50] }],
    [1, "South School", { type: "Point", coordinates: [11, 51] }],
    [2, "Old Mill", { type: "Point", coordinates: [12, 52] }],
  ]);
  expect(leftovers()).toEqual(before);
});

it.each([
  ["no archive", Buffer.from("this is no archive at all, but a text"), "is not a zip archive"],
  ["one without a shapefile", zip({ "a.txt": Buffer.from("x") }), "holds no shapefile"],
  ["an encrypted one", zip({ "a.shp": Buffer.from("x") }, { flags: 1 }), "is encrypted"],
  ["a truncated one", zip({ "a.shp": Buffer.alloc(1000, "x") }).subarray(20), "zip archive"],
])("refuses %s in a sentence", async (name, content, reason) => {
  const before = leftovers();
  await expect(read(write(`${name.replaceAll(" ", "-")}.zip`, content))).rejects.toThrow(reason);
  expect(leftovers()).toEqual(before);
});
