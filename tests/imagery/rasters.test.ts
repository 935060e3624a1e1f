import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { workingCodeFor, workingCrs } from "../../src/geo/crs.ts";
import { type GeoTiffOptions, writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { encodeChip, renderMapTile, tileJson } from "../../src/imagery/map-tiles.ts";
import { createMosaicReader, imageBox } from "../../src/imagery/mosaic.ts";
import { openRaster } from "../../src/imagery/raster.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-rasters-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Red grows east, green grows south, blue is a checker: every pixel is known. */
const known = (column: number, row: number): readonly [number, number, number] => [
  column % 256,
  row % 256,
  ((column >> 3) + (row >> 3)) % 2 ? 200 : 40,
];

async function fixture(name: string, options: Partial<GeoTiffOptions> = {}): Promise<string> {
  const path = join(folder, name);
  const all: GeoTiffOptions = {
    width: 300,
    height: 200,
    bands: 3,
    sampleType: "uint8",
    epsg: 32_631,
    originX: 500_000,
    originY: 4_600_000,
    pixelSize: 2,
    ...options,
  };
  await writeGeoTiff(path, all, (x, y, width, height) => {
    const out =
      all.sampleType === "uint8"
        ? new Uint8Array(width * height * all.bands)
        : all.sampleType === "uint16"
          ? new Uint16Array(width * height * all.bands)
          : new Float32Array(width * height * all.bands);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const colour = known(x + column, y + row);
        for (let band = 0; band < all.bands; band += 1)
          out[(row * width + column) * all.bands + band] =
            (colour[band % 3] as number) * (all.sampleType === "uint8" ? 1 : 20);
      }
    }
    return out;
  });
  return path;
}

async function readerOf(path: string) {
  const raster = await openRaster(path);
  await raster.close();
  const { description } = raster;
  const [west, south, east, north] = description.bboxWgs84;
  const code = workingCodeFor(description.crs, (west + east) / 2, (south + north) / 2);
  const box = imageBox(description, code);
  return { description, code, box, reader: createMosaicReader([{ id: path, description, date: null, box }], code) };
}

describe("reading", () => {
  it.each([
    ["deflate", 256],
    ["none", 256],
    ["deflate", 64],
  ] as const)("gives the very pixels of a %s file with tiles of %i", async (compression, tileSize) => {
    const { reader, box } = await readerOf(
      await fixture(`plain-${compression}-${tileSize}.tif`, { compression, tileSize }),
    );
    expect(box).toEqual([500_000, 4_599_600, 500_600, 4_600_000]);
    const chip = await reader.readChip([500_020, 4_599_700, 500_120, 4_599_800], null, { width: 50, height: 50 });
    for (const [column, row] of [
      [0, 0],
      [49, 0],
      [13, 37],
      [49, 49],
    ] as const) {
      const at = (row * 50 + column) * 3;
      expect([...chip.rgb.subarray(at, at + 3)]).toEqual([...known(10 + column, 100 + row)]);
    }
    expect(chip.valid.every((value) => value === 1)).toBe(true);
    await reader.close();
  });

  it("is transparent outside its coverage and joins images of a date, later ones on top", async () => {
    const left = await fixture("left.tif");
    const right = await fixture("right.tif", { originX: 500_400 });
    const code = "EPSG:32631";
    const images = await Promise.all(
      [left, right].map(async (path) => {
        const raster = await openRaster(path);
        await raster.close();
        return {
          id: path,
          description: raster.description,
          date: "2024-05-01",
          box: imageBox(raster.description, code),
        };
      }),
    );
    const reader = createMosaicReader(images, code);
    const chip = await reader.readChip([500_000, 4_599_600, 501_200, 4_600_000], "2024-05-01", {
      width: 600,
      height: 200,
    });
    expect(chip.valid[10 * 600 + 550]).toBe(0);
    expect([...chip.rgb.subarray((10 * 600 + 210) * 3, (10 * 600 + 210) * 3 + 2)]).toEqual([10, 10]);
    expect(
      await reader
        .readChip([0, 0, 100, 100], "2024-05-01", { width: 4, height: 4 })
        .then(({ valid }) => valid.every((value) => value === 0)),
    ).toBe(true);
    await reader.close();
  });

  it("reprojects as a brute-force twin does", async () => {
    const path = await fixture("degrees.tif", {
      epsg: 4326,
      isGeographic: true,
      originX: 2.3,
      originY: 41.7,
      pixelSize: 0.00002,
    });
    const { reader, box, code } = await readerOf(path);
    const [minX, minY, maxX, maxY] = box;
    const size = { width: 120, height: 160 };
    const chip = await reader.readChip(box, null, size);
    const { toWgs84 } = workingCrs(code);
    let far = 0;
    let compared = 0;
    for (let row = 4; row < size.height - 4; row += 7) {
      for (let column = 4; column < size.width - 4; column += 7) {
        const [lon, lat] = toWgs84(
          minX + ((column + 0.5) / size.width) * (maxX - minX),
          maxY - ((row + 0.5) / size.height) * (maxY - minY),
        );
        const sourceColumn = Math.floor((lon - 2.3) / 0.00002);
        const sourceRow = Math.floor((41.7 - lat) / 0.00002);
        if (sourceColumn < 3 || sourceRow < 3 || sourceColumn > 250 || sourceRow > 196) continue;
        const at = row * size.width + column;
        expect(chip.valid[at]).toBe(1);
        compared += 1;
        if (
          Math.abs((chip.rgb[at * 3] as number) - sourceColumn) > 4 ||
          Math.abs((chip.rgb[at * 3 + 1] as number) - sourceRow) > 4
        )
          far += 1;
      }
    }
    expect(compared).toBeGreaterThan(100);
    expect(far).toBe(0);
    await reader.close();
  });

  it("uses overviews for coarse chips", async () => {
    const { reader, box, description } = await readerOf(await fixture("large.tif", { width: 2048, height: 2048 }));
    expect(description.overviews).toBe(3);
    await reader.readChip(box, null, { width: 128, height: 128 });
    expect(reader.pixelsRead).toBeLessThanOrEqual(256 * 256);
    await reader.close();
  });

  it.each(["uint16", "float32"] as const)("stretches %s bands to 8 bits", async (sampleType) => {
    const { reader, box } = await readerOf(await fixture(`deep-${sampleType}.tif`, { sampleType, bands: 4 }));
    const chip = await reader.readChip(box, null, { width: 150, height: 100 });
    expect(Math.max(...chip.rgb)).toBe(255);
    expect(Math.min(...chip.rgb)).toBe(0);
    await reader.close();
  });

  it("takes declared nodata and an undeclared black border as no data", async () => {
    const path = join(folder, "border.tif");
    await writeGeoTiff(
      path,
      {
        width: 400,
        height: 400,
        bands: 3,
        sampleType: "uint8",
        epsg: 32_631,
        originX: 500_000,
        originY: 4_600_000,
        pixelSize: 1,
      },
      (_x, _y, width, height) => {
        const out = new Uint8Array(width * height * 3);
        for (let row = 0; row < height; row += 1)
          for (let column = 80; column < width; column += 1)
            out.fill(90, (row * width + column) * 3, (row * width + column) * 3 + 3);
        return out;
      },
    );
    const { reader, box } = await readerOf(path);
    const chip = await reader.readChip(box, null, { width: 400, height: 400 });
    expect(chip.valid[200 * 400 + 20]).toBe(0);
    expect(chip.valid[200 * 400 + 200]).toBe(1);
    await reader.close();
  });

  it("reads a COG over HTTP by ranges", async () => {
    const path = await fixture("remote.tif", { width: 1024, height: 1024 });
    const body = await readFile(path);
    let sent = 0;
    const server = createServer((request, response) => {
      const range = /bytes=(\d+)-(\d+)?/.exec(request.headers.range ?? "");
      const start = Number(range?.[1] ?? 0);
      const end = Math.min(body.length - 1, Number(range?.[2] ?? body.length - 1));
      sent += end - start + 1;
      response.writeHead(206, {
        "content-range": `bytes ${start}-${end}/${body.length}`,
        "content-length": end - start + 1,
      });
      response.end(body.subarray(start, end + 1));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const { reader, box } = await readerOf(`http://127.0.0.1:${port}/remote.tif`);
    const chip = await reader.readChip([box[0], box[3] - 100, box[0] + 100, box[3]], null, { width: 50, height: 50 });
    expect([...chip.rgb.subarray(0, 3)]).toEqual([...known(0, 0)]);
    expect(sent).toBeGreaterThan(0);
    await reader.close();
    server.closeAllConnections();
    server.close();
  });
});

describe("map tiles", () => {
  it("render where there is imagery and nowhere else", async () => {
    const { reader, code, description } = await readerOf(await fixture("tiles.tif", { width: 600, height: 600 }));
    const [west, south, east, north] = description.bboxWgs84;
    const z = 15;
    const x = Math.floor((((west + east) / 2 + 180) / 360) * 2 ** z);
    const latitude = (((south + north) / 2) * Math.PI) / 180;
    const y = Math.floor(((1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2) * 2 ** z);
    const png = await renderMapTile(reader, workingCrs(code), null, { z, x, y }, "png");
    expect(png?.subarray(1, 4).toString()).toBe("PNG");
    expect(await renderMapTile(reader, workingCrs(code), null, { z, x: x + 5, y }, "png")).toBeNull();
    expect(tileJson({ date: null, bounds: description.bboxWgs84, gsd: 2, url: "u" })).toMatchObject({
      tilejson: "3.0.0",
      maxzoom: 17,
      bounds: [west, south, east, north],
    });
    expect(
      (await encodeChip({ width: 1, height: 1, rgb: new Uint8Array(3), valid: new Uint8Array(1) }, "webp"))
        .subarray(8, 12)
        .toString(),
    ).toBe("WEBP");
    await reader.close();
  });
});

describe("refusals", () => {
  it.each([
    ["empty", (path: string) => writeFileSync(path, ""), /is empty \(0 bytes\)/],
    ["foreign", (path: string) => writeFileSync(path, "hello, I am no picture"), /is not a TIFF file/],
    [
      "jpeg",
      (path: string) => writeFileSync(path, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0])),
      /is a JPEG picture under a TIFF name/,
    ],
    [
      "header only",
      (path: string) => writeFileSync(path, Buffer.from("49492a0008000000", "hex")),
      /truncated or damaged|cannot be read/,
    ],
  ] as const)("%s", async (name, make, reason) => {
    const path = join(folder, `${name}.tif`);
    make(path);
    await expect(openRaster(path)).rejects.toThrow(reason);
  });

  it("a truncated file", async () => {
    const path = await fixture("cut.tif", { overviews: false });
    const { size } = await import("node:fs").then(({ statSync }) => statSync(path));
    truncateSync(path, size - 200);
    await expect(openRaster(path)).rejects.toThrow(/truncated|cannot be read/);
  });

  it("a missing file", async () => {
    await expect(openRaster(join(folder, "nowhere.tif"))).rejects.toThrow(/There is no file/);
  });
});

const real: readonly [
  file: string | null,
  name: string,
  expected: { bands: number; gsd: number; code: string; covered: number },
][] = [
  [
    dataFile("geo", "imagery", "swellendam_za", "3420B_2010_328_RGB_LATLNG.tif"),
    "Swellendam, strips, degrees",
    { bands: 4, gsd: 2.5, code: "EPSG:32734", covered: 0.9 },
  ],
  [
    dataFile("geo", "imagery", "monterosi_it", "overlap1.tif"),
    "Monterosi, Web Mercator",
    { bands: 3, gsd: 7.4, code: "EPSG:32633", covered: 0.5 },
  ],
  [
    dataFile("geo", "imagery", "sfbay_rapideye", "1056417_2017-03-08_RE3_3A_Visual_clip.tif"),
    "San Francisco Bay, LZW",
    { bands: 4, gsd: 5, code: "EPSG:32610", covered: 0.9 },
  ],
  [
    dataFile("geo", "change", "boadella_s2", "Boadella_2020-01-13.tif"),
    "Boadella, 12 bands int16",
    { bands: 12, gsd: 10, code: "EPSG:32631", covered: 0.9 },
  ],
  [
    dataFile("geo", "imagery", "banepa_np", "banepa_mosaic_train.tif"),
    "Banepa, JPEG YCbCr",
    { bands: 3, gsd: 0.13, code: "EPSG:32645", covered: 0.9 },
  ],
  [
    dataFile("geo", "embeddings", "aef_10x10_64band_int8.tif"),
    "AlphaEarth, bottom-up",
    { bands: 64, gsd: 10, code: "EPSG:32613", covered: 0.9 },
  ],
];

describe.skipIf(real.every(([file]) => file === null))("real rasters", () => {
  it.each(real.filter(([file]) => file !== null))("%s", async (file, _name, expected) => {
    const { reader, description, code, box } = await readerOf(file as string);
    expect(description.bands).toBe(expected.bands);
    expect(description.gsd / expected.gsd).toBeCloseTo(1, 0);
    expect(code).toBe(expected.code);
    const chip = await reader.readChip(box, null, { width: 200, height: 200 });
    expect(chip.valid.reduce((sum, value) => sum + value, 0) / chip.valid.length).toBeGreaterThan(expected.covered);
    expect(new Set(chip.rgb).size).toBeGreaterThan(30);
    await reader.close();
  });
});
