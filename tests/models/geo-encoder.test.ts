import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readBandWindow } from "../../src/imagery/band-window.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import type { BandWindow } from "../../src/imagery/ports.ts";
import { openRaster } from "../../src/imagery/raster.ts";
import { openGeoEncoder } from "../../src/models/onnx-geo-encoder.ts";
import { ofKind, readManifest } from "../../src/models/read-manifest.ts";
import { TINY_MODELS } from "../fixtures/models.ts";

const folder = mkdtempSync(join(tmpdir(), "bands-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = async (change: Record<string, unknown> = {}) => {
  const model = ofKind(await readManifest(join(TINY_MODELS, "tiny-geo")), "geo_encoder");
  return openGeoEncoder({ ...model, manifest: { ...model.manifest, ...change } });
};

/** 4 × 4 pixels; values as a sensor stores them, ten thousandths. */
const windowOf = (red: number, nir: number, valid = 1): BandWindow => ({
  width: 4,
  height: 4,
  bands: { nir: new Float32Array(16).fill(nir), red: new Float32Array(16).fill(red) },
  valid: new Uint8Array(16).fill(valid),
});

describe("an encoder of bands", () => {
  it("scales each band by name, gives constants, and means the patches without the token of class", async () => {
    const encoder = await open();
    expect(encoder).toMatchObject({ id: "tiny-geo@1", dimensions: 2, bands: ["red", "nir"], inputSize: 4 });
    // (0.4 − 0.1) / 0.5 = 0.6 times 1, and (0.4 − 0.2) / 0.5 = 0.4 times 2.
    const length = Math.hypot(0.6, 0.8);
    const vectors = await encoder.encodeWindows([windowOf(4000, 4000), windowOf(1000, 7000)]);
    expect(vectors[0]).toBeCloseTo(0.6 / length, 5);
    expect(vectors[1]).toBeCloseTo(0.8 / length, 5);
    expect([...vectors.subarray(2)]).toEqual([0, 1]);
    await encoder.close();
  });

  it("takes the bands' means where there is no data", async () => {
    const encoder = await open();
    const half = windowOf(4000, 2000);
    half.valid.fill(0, 8);
    half.bands.red?.fill(60_000, 8);
    expect([...(await encoder.encodeWindows([half]))]).toEqual([1, 0]);
    await encoder.close();
  });

  it.each([
    [
      "a band too few",
      { bands: [{ name: "red", mean: 0, std: 1 }] },
      /takes 2 bands .* but its manifest lists 1; list them all/,
    ],
    ["no constant", { constants: {} }, /also takes "waves" float32\[2\]; give its values under constants/],
    [
      "a constant too long",
      { constants: { waves: [1, 2, 3] } },
      /but the manifest's constants give 3 numbers; correct their count/,
    ],
    ["a constant too many", { constants: { waves: [1, 2], gsd: 10 } }, /has no input "gsd"/],
    ["patches that do not fit", { patchSize: 3 }, /inputSize 4 is no whole number of patches of 3 pixels/],
    ["no vector", { output: "vector" }, /has nothing that could be the vector/],
  ])("is refused with %s", async (_, change, sentence) => {
    await expect(open(change)).rejects.toThrow(sentence);
  });

  it("says which band is missing and which size it wants", async () => {
    const encoder = await open();
    await expect(encoder.encodeWindows([{ ...windowOf(1, 1), bands: { red: new Float32Array(16) } }])).rejects.toThrow(
      /needs the band nir, and the imagery has red;/,
    );
    await expect(encoder.encodeWindows([{ ...windowOf(1, 1), width: 8 }])).rejects.toThrow(
      /reads windows of 4 × 4 pixels/,
    );
    await encoder.close();
  });
});

describe("a window of a raster's bands", () => {
  const path = join(folder, "bands.tif");
  const write = () =>
    writeGeoTiff(
      path,
      {
        width: 16,
        height: 16,
        bands: 3,
        sampleType: "uint16",
        epsg: 32650,
        originX: 0,
        originY: 160,
        pixelSize: 10,
        tileSize: 16,
        nodata: 0,
      },
      (x, y, width, height) =>
        Uint16Array.from({ length: width * height * 3 }, (_, i) => {
          const at = Math.floor(i / 3);
          const [column, row] = [x + (at % width), y + Math.floor(at / width)];
          // Band 0: column, band 1: row, band 2: their sum, from 100 on; the last row is without data.
          return row === 15 ? 0 : 100 + [column, row, column + row][i % 3]!;
        }),
    );

  it("has the named bands as stored, without data outside and where the raster has none", async () => {
    await write();
    const raster = await openRaster(path);
    const window = await readBandWindow(raster, ["red", null, "nir"], [14, 12, 18, 16], 4);
    expect(Object.keys(window.bands)).toEqual(["red", "nir"]);
    expect([...window.valid]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
    expect([...(window.bands.red as Float32Array).subarray(0, 2)]).toEqual([114, 115]);
    expect([...(window.bands.nir as Float32Array).subarray(4, 6)]).toEqual([127, 128]);
    // Enlarged: between pixel middles.
    const fine = await readBandWindow(raster, ["red"], [4, 4, 6, 6], 4);
    expect([...(fine.bands.red as Float32Array).subarray(0, 4)]).toEqual([104, 104.25, 104.75, 105]);
    await raster.close();
  });

  it("is refused with more names than bands", async () => {
    await write();
    const raster = await openRaster(path);
    await expect(readBandWindow(raster, ["a", "b", "c", "d"], [0, 0, 4, 4], 4)).rejects.toThrow(
      /has 3 bands, but 4 are named/,
    );
    await raster.close();
  });
});
