import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromFile, type GeoTIFFImage, writeArrayBuffer } from "geotiff";
import { afterAll, describe, expect, it } from "vitest";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { readSamples } from "../../src/imagery/read-samples.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-samples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const real = [
  dataFile("geo", "imagery", "banepa_np", "banepa_mosaic_train.tif"),
  dataFile("geo", "imagery", "monterosi_it", "overlap1.tif"),
  dataFile("geo", "imagery", "swellendam_za", "3320D_2010_315_RGB_LATLNG.tif"),
  dataFile("geo", "imagery", "sfbay_rapideye", "1056417_2017-03-08_RE3_3A_Visual_clip.tif"),
  dataFile("geo", "change", "boadella_s2", "Boadella_2020-01-13.tif"),
  dataFile("geo", "embeddings", "aef_10x10_64band_int8.tif"),
].filter((path) => path !== null);

/** A windowful from inside, one over all edges' last pixels, the whole file. */
function windowsOf(image: GeoTIFFImage): readonly [number, number, number, number][] {
  const [width, height] = [image.getWidth(), image.getHeight()];
  const at = (share: number, whole: number) => Math.floor(share * whole);
  return [
    [at(0.2, width), at(0.3, height), at(0.2, width) + 1, at(0.3, height) + 1],
    [at(0.1, width), at(0.4, height), Math.min(width, at(0.1, width) + 700), Math.min(height, at(0.4, height) + 600)],
    [Math.max(0, width - 333), Math.max(0, height - 290), width, height],
  ];
}

/** The library's own reading, a sample at a time, is the oracle. */
async function expectSame(path: string, level = 0) {
  const tiff = await fromFile(path);
  try {
    const image = await tiff.getImage(level);
    for (const window of windowsOf(image)) {
      const ours = await readSamples(image, window);
      const theirs = (await image.readRasters({ window: [...window], interleave: true })) as unknown as Uint8Array;
      expect(ours.length).toBe(theirs.length);
      expect(Buffer.compare(bytesOf(ours as Uint8Array), bytesOf(theirs))).toBe(0);
    }
  } finally {
    await tiff.close();
  }
}

const bytesOf = (values: Uint8Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

describe("reading samples by rows of blocks", () => {
  it.each([
    ["uint8", "deflate", 3, 64],
    ["uint8", "none", 4, 128],
    ["uint16", "deflate", 5, 64],
    ["float32", "deflate", 2, 256],
  ] as const)(
    "gives the library's samples of a %s %s file with %i bands in tiles of %i",
    async (sampleType, compression, bands, tileSize) => {
      const path = join(folder, `${sampleType}-${compression}-${bands}.tif`);
      const kind = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array }[sampleType];
      await writeGeoTiff(
        path,
        {
          width: 301,
          height: 199,
          bands,
          sampleType,
          epsg: 32_631,
          originX: 500_000,
          originY: 4_600_000,
          pixelSize: 2,
          compression,
          tileSize,
        },
        (x, y, width, height) =>
          new kind(Array.from({ length: width * height * bands }, (_, i) => (x * 7 + y * 13 + i * 31) % 251)),
      );
      await expectSame(path);
    },
  );

  it("gives those of strips in either byte order and of bands of different kinds", async () => {
    const samples = Uint16Array.from({ length: 120 * 75 * 3 }, (_, i) => (i * 2654435761) >>> 17);
    const path = join(folder, "strips.tif");
    writeFileSync(
      path,
      new Uint8Array(
        writeArrayBuffer(samples, {
          width: 120,
          height: 75,
          SamplesPerPixel: 3,
          BitsPerSample: [16, 16, 16],
          PhotometricInterpretation: 2,
        } as never) as ArrayBuffer,
      ),
    );
    await expectSame(path);
  });

  it.skipIf(real.length === 0).each(real)(
    "gives those of a real file and of its smallest overview: %s",
    async (path) => {
      const tiff = await fromFile(path);
      const levels = await tiff.getImageCount();
      await tiff.close();
      for (const level of new Set([0, levels - 1])) await expectSame(path, level);
    },
  );
});
