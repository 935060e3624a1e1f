import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { dataFile } from "../fixtures/data.ts";

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
  const tiles = workspace.tiles.tiles({ scale: 256, date: "2023-12-31" });
  expect(tiles.length).toBeGreaterThan(4);
  for (const { id, box, coverage } of tiles) {
    const pixels: [number, number][] = [];
    let all = 0;
    for (let y = 0; y < SIDE; y += 1)
      for (let x = 0; x < SIDE; x += 1) {
        const [west, north] = [500_224 + x * 10, 4_600_320 - y * 10];
        if (west + 10 <= box[0] || west >= box[2] || north <= box[1] || north - 10 >= box[3]) continue;
        all += 1;
        if (x >= 5) pixels.push([x, y]);
      }
    expect(coverage).toBeCloseTo(pixels.length / all, 6);
    const of = (encoder: string) => workspace.tiles.vector(id, "2023-12-31", encoder) as Float32Array;
    const bands = Array.from({ length: BANDS }, (_, band) => pixels.map(([x, y]) => Math.fround(valueAt(x, y, band))));
    const mean = bands.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    const length = Math.hypot(...mean);
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

const alphaEarth = dataFile("geo", "embeddings", "aef_10x10_64band_int8.tif");
it.skipIf(!alphaEarth)("reads AlphaEarth's int8 embeddings", async () => {
  await ingest({
    workspace: join(folder, "alphaearth"),
    embeddings: [`${alphaEarth}@2024`],
    encoder: createStatisticsEncoder(),
  });
  const workspace = await openWorkspace(join(folder, "alphaearth"));
  const [tile] = workspace.tiles.tiles({ date: "2024-12-31" });
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
  workspace.close();
});
