import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, test } from "@fast-check/vitest";
import { fromFile } from "geotiff";
import { afterAll, describe, expect, it } from "vitest";
import { tileAt } from "../../src/geo/tile-grid.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { dequantised, EmbeddingSummary } from "../../src/ingest/embedding-summary.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { yearlyChange } from "../../src/retrieval/yearly-change.ts";
import type { Tile } from "../../src/store/ports.ts";
import { dataFile } from "../fixtures/data.ts";
import { writeBottomUpInt8 } from "../fixtures/int8-tiff.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-embeddings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BANDS = 5;
const SIDE = 64;
/** Values around 1000, where a sum of squares would lose the variance; nothing in the first columns. */
const valueAt = (x: number, y: number, band: number) =>
  x < 5 ? -9999 : 1000 + band + Math.sin(x * 12.9 + y * 78.2 + band * 3.7);

it("keeps mean, maximum and variance of every tile, as a plain loop over its pixels finds them", async () => {
  const path = join(folder, "prior.tif");
  await writeGeoTiff(
    path,
    {
      width: SIDE,
      height: SIDE,
      bands: BANDS,
      sampleType: "float32",
      epsg: 32_631,
      originX: 500_224,
      originY: 4_600_320,
      pixelSize: 10,
      nodata: -9999,
    },
    (x0, y0, width, height) => {
      const out = new Float32Array(width * height * BANDS);
      for (let i = 0; i < out.length; i += 1) {
        const pixel = Math.floor(i / BANDS);
        out[i] = valueAt(x0 + (pixel % width), y0 + Math.floor(pixel / width), i % BANDS);
      }
      return out;
    },
  );
  await ingest({
    workspace: join(folder, "workspace"),
    embeddings: [`${path}@2023`],
    encoder: createStatisticsEncoder(),
  });
  const workspace = await openWorkspace(join(folder, "workspace"));
  expect(workspace.crs.code).toBe("EPSG:32631");
  const tiles = workspace.tiles.tiles({ date: "2023-12-31" });
  expect(new Set(tiles.map(({ scale }) => scale))).toEqual(new Set([256, 512, 1024, 2048]));
  for (const { id, box, scale, coverage } of tiles) {
    const pixels: [number, number][] = [];
    for (let y = 0; y < SIDE; y += 1)
      for (let x = 5; x < SIDE; x += 1) {
        const [centreX, centreY] = [500_224 + x * 10 + 5, 4_600_320 - y * 10 - 5];
        if (centreX >= box[0] && centreX < box[2] && centreY >= box[1] && centreY < box[3]) pixels.push([x, y]);
      }
    expect(coverage).toBeCloseTo(Math.min(1, (pixels.length * 100) / scale ** 2), 3);
    const of = (encoder: string) => workspace.tiles.vector(id, "2023-12-31", encoder) as Float32Array;
    const bands = Array.from({ length: BANDS }, (_, band) => pixels.map(([x, y]) => Math.fround(valueAt(x, y, band))));
    const mean = bands.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    const length = Math.hypot(...mean);
    expect(of("raster:prior@2023#length")[0]).toBeCloseTo(length, 3);
    for (const [band, values] of bands.entries()) {
      expect(of("raster:prior@2023")[band]).toBeCloseTo((mean[band] as number) / length, 6);
      expect(of("raster:prior@2023#max")[band]).toBe(Math.max(...values));
      const variance = values.reduce((sum, value) => sum + (value - (mean[band] as number)) ** 2, 0) / values.length;
      expect(of("raster:prior@2023#variance")[band]).toBeCloseTo(variance, 5);
    }
  }
  workspace.close();
});

it("tiles embeddings again in the CRS of imagery that comes later, and asks for the raster when it is gone", async () => {
  const image = join(folder, "image_2023-06-01.tif");
  const raster = join(folder, "east.tif");
  const write = (path: string, epsg: number, originX: number, size: number, sampleType: "uint8" | "float32") =>
    writeGeoTiff(
      path,
      { width: size, height: size, bands: 3, sampleType, epsg, originX, originY: 4_600_320, pixelSize: 2 },
      (x0, y0, width, height) => {
        const values = Array.from({ length: width * height * 3 }, (_, i) => 60 + ((i * 7 + x0 + y0) % 90));
        return sampleType === "uint8" ? Uint8Array.from(values) : Float32Array.from(values);
      },
    );
  // The raster lies just beyond the border of the zones, the image just before it.
  await write(image, 32_631, 740_000, 400, "uint8");
  await write(raster, 32_632, 252_000, 300, "float32");
  const encoder = createStatisticsEncoder();
  const run = (name: string, sources: Partial<Parameters<typeof ingest>[0]>) =>
    ingest({ workspace: join(folder, name), encoder, ...sources });
  const first = await run("in-two", { embeddings: [`${raster}@2023`] });
  await run("gone", { embeddings: [`${raster}@2023`] });
  const both = await run("in-two", { images: [image] });
  expect(both.crs).toBe("EPSG:32631");
  expect(first.crs).not.toBe(both.crs);
  expect((await run("in-one", { images: [image], embeddings: [`${raster}@2023`] })).fingerprint).toBe(both.fingerprint);
  rmSync(raster);
  await expect(run("gone", { images: [image] })).rejects.toThrow(/east\.tif must be tiled again in EPSG:32631/);
  const workspace = await openWorkspace(join(folder, "gone"));
  expect(workspace.crs.code).toBe(first.crs);
  expect(workspace.fingerprint).toBe(first.fingerprint);
  workspace.close();
});

describe("a bottom-up int8 raster", () => {
  // Four by two pixels of 128 m, two bands, the southern row first.
  const raster = { width: 4, height: 2, bands: 2, epsg: 32_631, west: 500_224, south: 4_600_320, pixelSize: 128 };
  const e = -128;
  const south = [51, 0, 102, 0, -51, 51, e, e];
  const north = [51, 51, e, e, e, e, e, e];
  // v = sign(x) · (x / 127.5)²: 51 is 0.16, 102 is 0.64.
  const ingestYears = async (name: string, files: readonly (readonly [string, number, readonly number[]])[]) => {
    const specs = files.map(([file, year, samples]) => {
      writeBottomUpInt8(join(folder, file), raster, Int8Array.from(samples));
      return `${join(folder, file)}@${year}`;
    });
    const directory = join(folder, name);
    for (const spec of specs)
      await ingest({ workspace: directory, embeddings: [spec], encoder: createStatisticsEncoder() });
    return openWorkspace(directory);
  };
  const west = tileAt(256, 1954, 17_970).id;
  const east = tileAt(256, 1955, 17_970).id;

  it("comes out as worked by hand, with empty pixels left out and rows the right way up", async () => {
    // The scale of pixels so coarse is 2,048 m; the mean there joins all four pixels that are not empty.
    const workspace = await ingestYears("coarse", [["hand.tif", 2022, [...south, ...north]]]);
    const [tile] = workspace.tiles.tiles({ date: "2022-12-31" });
    const of = (part: string) =>
      Array.from(workspace.tiles.vector(tile?.id as string, "2022-12-31", `raster:hand@2022${part}`) as Float32Array);
    const mean = [(0.16 + 0.64 - 0.16 + 0.16) / 4, (0 + 0 + 0.16 + 0.16) / 4] as const;
    const length = Math.hypot(...mean);
    expect(of("#length")[0]).toBeCloseTo(length, 6);
    expect(of("")).toEqual(mean.map((value) => expect.closeTo(value / length, 6)));
    expect(of("#max")).toEqual([expect.closeTo(0.64, 6), expect.closeTo(0.16, 6)]);
    expect(of("#variance")).toEqual([
      expect.closeTo((3 * 0.16 ** 2 + 0.64 ** 2) / 4 - mean[0] ** 2, 6),
      expect.closeTo((2 * 0.16 ** 2) / 4 - mean[1] ** 2, 6),
    ]);
    expect(tile?.coverage).toBeCloseTo((4 * 128 ** 2) / 2048 ** 2, 4);
    workspace.close();
  });

  it("puts southern rows into southern tiles", async () => {
    const fine = { ...raster, width: 32, height: 64, pixelSize: 8 };
    const samples = new Int8Array(32 * 64 * 2);
    // Band 0 in the southern tile, band 1 in the northern one.
    for (let i = 0; i < 32 * 64; i += 1) samples[i * 2 + (i < 32 * 32 ? 0 : 1)] = 102;
    writeBottomUpInt8(join(folder, "rows.tif"), fine, samples);
    const directory = join(folder, "rows");
    await ingest({
      workspace: directory,
      embeddings: [`${join(folder, "rows.tif")}@2022`],
      encoder: createStatisticsEncoder(),
    });
    const workspace = await openWorkspace(directory);
    const of = (iy: number) => workspace.tiles.vector(`256/1954/${iy}`, "2022-12-31", "raster:rows@2022");
    expect(of(17_970)).toEqual(Float32Array.of(1, 0));
    expect(of(17_971)).toEqual(Float32Array.of(0, 1));
    workspace.close();
  });

  it("keeps what changed since the year before, in either order of the years", async () => {
    const size = { ...raster, width: 64, height: 32, pixelSize: 8 };
    const filled = (file: string, left: readonly number[], right: readonly number[] | null) => {
      const samples = Int8Array.from({ length: 64 * 32 * 2 }, (_, i) => {
        const isLeft = Math.floor(i / 2) % 64 < 32;
        return (isLeft ? left : (right ?? [e, e]))[i % 2] as number;
      });
      writeBottomUpInt8(join(folder, file), size, samples);
      return join(folder, file);
    };
    const specs = [
      `${filled("aef_2021.tif", [102, 0], [51, 51])}@2021`,
      `${filled("aef_2022.tif", [0, 51], null)}@2022`,
      `${filled("aef_2024.tif", [102, 0], [51, 51])}@2024`,
    ];
    const fingerprints = new Set<string>();
    for (const [i, order] of [specs, specs.toReversed()].entries()) {
      const directory = join(folder, `years-${i}`);
      let fingerprint = "";
      for (const spec of order)
        ({ fingerprint } = await ingest({
          workspace: directory,
          embeddings: [spec],
          encoder: createStatisticsEncoder(),
        }));
      fingerprints.add(fingerprint);
      const workspace = await openWorkspace(directory);
      const difference = (tile: string, year: number) =>
        workspace.tiles.vector(tile, `${year}-12-31`, `raster:aef_${year}@${year}#difference`);
      const [x = 0, y = 0] = difference(west, 2022) as Float32Array;
      expect([x, y]).toEqual([expect.closeTo(-0.64, 6), expect.closeTo(0.16, 6)]);
      expect(difference(east, 2022)).toBeNull();
      expect(difference(west, 2021)).toBeNull();
      // Two years after the last one: no difference from year to year.
      expect(difference(west, 2024)).toBeNull();
      const { tiles } = workspace;
      const change = (from: number, to: number) =>
        yearlyChange(workspace, from, to)(tiles.tiles({ scale: 256 }).find(({ id }) => id === west) as Tile);
      expect(change(2021, 2022)).toEqual({
        cosineDistance: expect.closeTo(1, 6),
        length: expect.closeTo(Math.hypot(0.64, 0.16), 6),
      });
      expect(change(2021, 2024)).toEqual({ cosineDistance: expect.closeTo(0, 6), length: expect.closeTo(0, 6) });
      expect(change(2019, 2022)).toBeNull();
      workspace.close();
    }
    expect(fingerprints.size).toBe(1);
  });

  it("under a name that has other bands is refused", async () => {
    const directory = join(folder, "bands");
    const path = join(folder, "bands.tif");
    writeBottomUpInt8(path, raster, Int8Array.from([...south, ...north]));
    const run = () =>
      ingest({ workspace: directory, embeddings: [`${path}@2022`], encoder: createStatisticsEncoder() });
    await run();
    writeBottomUpInt8(
      path,
      { ...raster, bands: 1 },
      Int8Array.from({ length: 8 }, () => 51),
    );
    await expect(run()).rejects.toThrow(/has 1 bands, but raster:bands@2022 in this workspace has 2/);
  });
});

it("gives AlphaEarth's documented values for samples", () => {
  expect(dequantised(127)).toBe((127 / 127.5) ** 2);
  expect(dequantised(-127)).toBe(-((127 / 127.5) ** 2));
  expect(dequantised(0)).toBe(0);
  for (let sample = -127; sample <= 127; sample += 1) {
    const value = dequantised(sample);
    expect(Math.round(127.5 * Math.sqrt(Math.abs(value)) * Math.sign(value))).toBe(sample);
  }
});

const pixels = fc.array(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 12,
});
test.prop([pixels, pixels])("summaries joined are the summary of all", (some, others) => {
  const summary = (values: readonly (readonly number[])[]) => {
    const made = new EmbeddingSummary(3);
    for (const value of values) made.add(value, 0);
    return made;
  };
  const joined = summary(some);
  joined.join(summary(others));
  const whole = summary([...some, ...others]);
  expect(joined.pixels).toBe(whole.pixels);
  expect(joined.max).toEqual(whole.max);
  for (const band of [0, 1, 2]) {
    expect(joined.mean[band]).toBeCloseTo(whole.mean[band] as number, 9);
    expect(joined.variance[band]).toBeCloseTo(whole.variance[band] as number, 4);
  }
});

const alphaEarth = dataFile("geo", "embeddings", "aef_10x10_64band_int8.tif");
it.skipIf(!alphaEarth)("reads AlphaEarth's int8 embeddings", async () => {
  await ingest({
    workspace: join(folder, "alphaearth"),
    embeddings: [`${alphaEarth}@2024`],
    encoder: createStatisticsEncoder(),
  });
  const workspace = await openWorkspace(join(folder, "alphaearth"));
  const [tile] = workspace.tiles.tiles({ scale: 256, date: "2024-12-31" });
  const of = (part: string) =>
    workspace.tiles.vector(
      tile?.id as string,
      "2024-12-31",
      `raster:aef_10x10_64band_int8@2024${part}`,
    ) as Float32Array;
  expect(Math.hypot(...of(""))).toBeCloseTo(1, 5);
  expect(of("#max").every((value) => Math.abs(value) <= 1)).toBe(true);
  // Embeddings are of unit length: the mean's square and the variances add up to one.
  const variance = of("#variance").reduce((sum, value) => sum + value, 0);
  expect(variance).toBeGreaterThan(0);
  expect(variance).toBeLessThan(1);
  expect((of("#length")[0] as number) ** 2 + variance).toBeCloseTo(1, 1);
  // The file by itself: its one hundred pixels all lie in this tile.
  const file = await fromFile(alphaEarth as string);
  const planes = (await (await file.getImage()).readRasters()) as unknown as readonly Int8Array[];
  await file.close();
  const mean = planes.map((plane) => plane.reduce((sum, x) => sum + Math.sign(x) * (x / 127.5) ** 2, 0) / plane.length);
  expect(planes.map(({ length }) => length)).toEqual(Array(64).fill(100));
  expect(of("#length")[0]).toBeCloseTo(Math.hypot(...mean), 6);
  for (const [band, value] of mean.entries()) expect(of("")[band]).toBeCloseTo(value / Math.hypot(...mean), 6);
  expect(tile?.box[1]).toBe(4_423_680);
  workspace.close();
});
