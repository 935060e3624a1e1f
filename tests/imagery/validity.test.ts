import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BlockReader } from "../../src/imagery/blocks.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { openRaster } from "../../src/imagery/raster.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-validity-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIDE = 96;

interface Page {
  readonly side?: number;
  readonly bands: number;
  readonly bits: 1 | 8;
  readonly photometric: number;
  readonly data: Buffer;
  /** Tag and SHORT values. */
  readonly extra?: readonly (readonly [number, readonly number[]])[];
}

/** A TIFF 6.0 of uncompressed pages of one strip each; the first is placed in UTM zone 31. */
function tiff(pages: readonly Page[]): Buffer {
  const parts: Buffer[] = [Buffer.from("49492a0008000000", "hex")];
  let at = 8;
  for (const [index, { side = SIDE, bands, bits, photometric, data, extra = [] }] of pages.entries()) {
    const placed = index === 0;
    const shorts = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);
    const doubles = (values: readonly number[]) => Buffer.from(Float64Array.from(values).buffer);
    const entries: [tag: number, type: number, count: number, value: Buffer][] = [
      [254, 4, 1, Buffer.from(Uint32Array.of(photometric === 4 ? 4 : 0).buffer)],
      [256, 3, 1, shorts([side])],
      [257, 3, 1, shorts([side])],
      [258, 3, bands, shorts(Array<number>(bands).fill(bits))],
      [259, 3, 1, shorts([1])],
      [262, 3, 1, shorts([photometric])],
      [273, 4, 1, Buffer.alloc(4)],
      [277, 3, 1, shorts([bands])],
      [278, 3, 1, shorts([side])],
      [279, 4, 1, Buffer.from(Uint32Array.of(data.length).buffer)],
      ...extra.map(([tag, values]): [number, number, number, Buffer] => [tag, 3, values.length, shorts(values)]),
      ...(placed
        ? ([
            [33_550, 12, 3, doubles([1, 1, 0])],
            [33_922, 12, 6, doubles([0, 0, 0, 500_000, 4_600_000, 0])],
            [34_735, 3, 16, shorts([1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_631])],
          ] as [number, number, number, Buffer][])
        : []),
    ];
    entries.sort((a, b) => a[0] - b[0]);
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16LE(entries.length, 0);
    const after: Buffer[] = [];
    let free = at + directory.length;
    const store = (value: Buffer) => {
      const start = free;
      const padded = Buffer.concat([value, Buffer.alloc(value.length % 2)]);
      after.push(padded);
      free += padded.length;
      return start;
    };
    for (const [i, [tag, type, count, value]] of entries.entries()) {
      const entry = directory.subarray(2 + i * 12);
      entry.writeUInt16LE(tag, 0);
      entry.writeUInt16LE(type, 2);
      entry.writeUInt32LE(count, 4);
      if (tag === 273) entry.writeUInt32LE(store(data), 8);
      else if (value.length > 4) entry.writeUInt32LE(store(value), 8);
      else value.copy(entry, 8);
    }
    directory.writeUInt32LE(index + 1 < pages.length ? free : 0, directory.length - 4);
    parts.push(directory, ...after);
    at = free;
  }
  return Buffer.concat(parts);
}

function file(name: string, pages: readonly Page[]): string {
  const path = join(folder, name);
  writeFileSync(path, tiff(pages));
  return path;
}

const coloured = (bands: number, colour: (x: number, y: number) => readonly number[]) =>
  Buffer.from(
    Array.from({ length: SIDE * SIDE }, (_, i) => colour(i % SIDE, Math.floor(i / SIDE)).slice(0, bands)).flat(),
  );
const bitsOf = (isSet: (x: number, y: number) => boolean) => {
  const out = Buffer.alloc((SIDE / 8) * SIDE);
  for (let y = 0; y < SIDE; y += 1)
    for (let x = 0; x < SIDE; x += 1)
      if (isSet(x, y)) out[y * (SIDE / 8) + (x >> 3)] = (out[y * (SIDE / 8) + (x >> 3)] as number) | (0x80 >> (x & 7));
  return out;
};

/** Validity of all pixels of the full resolution. */
async function validity(path: string): Promise<{ width: number; valid: Uint8Array; rgb: Uint8Array }> {
  const raster = await openRaster(path);
  const { width, height } = raster.description;
  const { valid, rgb } = await new BlockReader(raster, path).window(0, 0, 0, width, height);
  await raster.close();
  return { width, valid, rgb };
}

async function wrong(path: string, isValid: (x: number, y: number) => boolean): Promise<number> {
  const { width, valid } = await validity(path);
  return valid.reduce(
    (sum, value, i) => sum + ((value === 1) === isValid(i % width, Math.floor(i / width)) ? 0 : 1),
    0,
  );
}

describe("validity", () => {
  const isInside = (x: number, y: number) => x + y > 40 && x * 2 - y < 120;

  it("is the file's own one-bit mask, where black inside stays and colour outside goes", async () => {
    const path = file("mask.tif", [
      {
        bands: 3,
        bits: 8,
        photometric: 2,
        data: coloured(3, (x) => (x < 50 ? [0, 0, 0] : [90, 80, 70])),
      },
      { bands: 1, bits: 1, photometric: 4, data: bitsOf(isInside) },
    ]);
    expect(await wrong(path, isInside)).toBe(0);
  });

  it("is the mask beside the file, and a mask of another size is refused", async () => {
    const data = coloured(3, () => [90, 80, 70]);
    const path = file("beside.tif", [{ bands: 3, bits: 8, photometric: 2, data }]);
    const mask = coloured(1, (x, y) => [isInside(x, y) ? 255 : 0]);
    file("beside.tif.msk", [{ bands: 1, bits: 8, photometric: 1, data: mask }]);
    expect(await wrong(path, isInside)).toBe(0);
    file("beside.tif.msk", [{ side: 8, bands: 1, bits: 8, photometric: 1, data: Buffer.alloc(64) }]);
    await expect(openRaster(path)).rejects.toThrow(/mask .*beside\.tif\.msk has 8 × 8 pixels, its image 96 × 96/);
  });

  it("is a declared alpha band among any number of bands, and no undeclared fourth band", async () => {
    const four = coloured(4, (x, y) => [90, 80, 70, isInside(x, y) ? 200 : 0]);
    const five = coloured(5, (x, y) => [90, 80, 70, 60, isInside(x, y) ? 200 : 0]);
    const page = { bits: 8, photometric: 2 } as const;
    expect(await wrong(file("alpha4.tif", [{ ...page, bands: 4, data: four, extra: [[338, [2]]] }]), isInside)).toBe(0);
    expect(await wrong(file("alpha5.tif", [{ ...page, bands: 5, data: five, extra: [[338, [0, 2]]] }]), isInside)).toBe(
      0,
    );
    expect(
      await wrong(file("infrared.tif", [{ ...page, bands: 4, data: four, extra: [[338, [0]]] }]), () => true),
    ).toBe(0);
    expect(await wrong(file("silent.tif", [{ ...page, bands: 4, data: four }]), () => true)).toBe(0);
  });

  it("of a colour-mapped file follows the index, not the colour", async () => {
    const map = Array.from({ length: 768 }, (_, i) => (i % 256 === 7 ? 65_535 : 20_000));
    const { valid, rgb } = await validity(
      file("palette.tif", [
        {
          bands: 1,
          bits: 8,
          photometric: 3,
          data: coloured(1, (x, y) => [isInside(x, y) ? 7 : 0]),
          extra: [[320, map]],
        },
      ]),
    );
    expect(valid.every((value) => value === 1)).toBe(true);
    expect([...rgb.subarray(0, 3), ...rgb.subarray(50 * SIDE * 3 + 150, 50 * SIDE * 3 + 153)]).toEqual([
      78, 78, 78, 255, 255, 255,
    ]);
  });

  it("leaves out an undeclared black border, and nothing black within, though the overviews blur both", async () => {
    const size = 1500;
    const isLand = (x: number, y: number) => x + y > 700 && x - y < 900;
    const isPit = (x: number, y: number) => x > 700 && x < 760 && y > 800 && y < 860;
    const path = join(folder, "border.tif");
    await writeGeoTiff(
      path,
      {
        width: size,
        height: size,
        bands: 3,
        sampleType: "uint8",
        epsg: 32_631,
        originX: 500_000,
        originY: 4_600_000,
        pixelSize: 1,
        tileSize: 64,
      },
      (x0, y0, width, height) => {
        const out = new Uint8Array(width * height * 3);
        for (let i = 0; i < width * height; i += 1) {
          const [x, y] = [x0 + (i % width), y0 + Math.floor(i / width)];
          if (isLand(x, y) && !isPit(x, y)) out.fill(80 + ((x ^ y) & 31), i * 3, i * 3 + 3);
        }
        return out;
      },
    );
    expect(await wrong(path, isLand)).toBe(0);
  });

  it("knows a nodata value that only 32-bit floats can hold, and ignores one that the samples cannot be", async () => {
    const write = async (name: string, sampleType: "float32" | "uint8", nodata: number) => {
      const path = join(folder, name);
      await writeGeoTiff(
        path,
        {
          width: SIDE,
          height: SIDE,
          bands: 3,
          sampleType,
          epsg: 32_631,
          originX: 500_000,
          originY: 4_600_000,
          pixelSize: 1,
          nodata,
        },
        (x0, y0, width, height) => {
          const out =
            sampleType === "uint8" ? new Uint8Array(width * height * 3) : new Float32Array(width * height * 3);
          for (let i = 0; i < width * height; i += 1) {
            const isData = isInside(x0 + (i % width), y0 + Math.floor(i / width));
            out.fill(isData ? 40 + (i % 50) : sampleType === "uint8" ? 0 : nodata, i * 3, i * 3 + 3);
          }
          return out;
        },
      );
      return path;
    };
    expect(await wrong(await write("float.tif", "float32", -3.4028234663852886e38), isInside)).toBe(0);
    expect(await wrong(await write("tenth.tif", "float32", 0.1), isInside)).toBe(0);
    // −9999 is no byte: nothing is declared, so that the black border counts.
    expect(await wrong(await write("byte.tif", "uint8", -9999), isInside)).toBe(0);
  });
});

it.each([
  ["tiles", 700, 500, 64],
  ["tiles larger than the preview's step", 2000, 600, 256],
] as const)(
  "looks at a raster without overviews by decoding each of its %s once at most",
  async (_, width, height, tileSize) => {
    const path = join(folder, `preview-${tileSize}.tif`);
    await writeGeoTiff(
      path,
      {
        width,
        height,
        bands: 3,
        sampleType: "uint16",
        epsg: 32_631,
        originX: 500_000,
        originY: 4_600_000,
        pixelSize: 1,
        tileSize,
      },
      (x0, y0, w, h) => Uint16Array.from({ length: w * h * 3 }, (__, i) => 300 + ((i + x0 * 3 + y0) % 2000)),
    );
    const raster = await openRaster(path);
    const [level] = raster.levels;
    const { image } = level as (typeof raster.levels)[number];
    const tiles: string[] = [];
    const counted = new Proxy(image, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (name === "getTileOrStrip")
          return (...asked: Parameters<typeof target.getTileOrStrip>) => {
            tiles.push(`${asked[0]}/${asked[1]}`);
            return target.getTileOrStrip(...asked);
          };
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const reader = new BlockReader({ ...raster, levels: [{ image: counted, width, height }] }, path);
    await reader.window(0, 0, 0, 1, 1);
    const both = tiles.length;
    // Another block, of which the file has been looked at already: what is decoded for one block.
    await reader.window(0, 300, 300, 301, 301);
    await raster.close();
    const looked = tiles.slice(0, both - (tiles.length - both));
    expect(looked.length).toBeGreaterThan(0);
    const decoded = new Map<string, number>();
    for (const tile of looked) decoded.set(tile, (decoded.get(tile) ?? 0) + 1);
    expect(Math.max(...decoded.values())).toBe(1);
  },
);

const real = [
  dataFile("geo", "imagery", "monterosi_it", "overlap1.tif"),
  dataFile("geo", "imagery", "monterosi_it", "overlap2.tif"),
  dataFile("geo", "imagery", "swellendam_za", "3320D_2010_315_RGB_LATLNG.tif"),
  dataFile("geo", "imagery", "swellendam_za", "3420B_2010_328_RGB_LATLNG.tif"),
  dataFile("geo", "imagery", "sfbay_rapideye", "1056417_2017-03-08_RE3_3A_Visual_clip.tif"),
  dataFile("geo", "change", "boadella_s2", "Boadella_2020-01-13.tif"),
].filter((path) => path !== null);
const hasGdal = spawnSync("gdal_translate", ["--version"]).status === 0;
if (!hasGdal) process.stderr.write("Skipped: validity against GDAL needs gdal_translate (package gdal-bin).\n");

describe.skipIf(!hasGdal || real.length === 0)("validity of real rasters", () => {
  it.each(real)("differs from GDAL by less than one pixel in a hundred: %s", async (path) => {
    const out = join(folder, "mask.raw");
    spawnSync("gdal_translate", ["-q", "-of", "ENVI", "-b", "mask", path, out]);
    const oracle = readFileSync(out);
    const { valid } = await validity(path);
    expect(oracle.length).toBe(valid.length);
    const differing = valid.reduce((sum, value, i) => sum + ((value === 1) === (oracle[i] !== 0) ? 0 : 1), 0);
    expect(differing / valid.length).toBeLessThan(0.01);
  });
});
