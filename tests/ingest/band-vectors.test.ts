import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bandName } from "../../src/imagery/band-names.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { openGeoEncoder } from "../../src/models/onnx-geo-encoder.ts";
import { ofKind, readManifest } from "../../src/models/read-manifest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { geoSpace, vectorsOf } from "../../src/retrieval/vector-space.ts";
import { TINY_MODELS } from "../fixtures/models.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-bands-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 2,048 m at 16 m a pixel, on the tile grid: red in the west, infrared in the east. */
async function scene(name: string, bands: number): Promise<string> {
  const path = join(folder, name);
  await writeGeoTiff(
    path,
    {
      width: 128,
      height: 128,
      bands,
      sampleType: "uint16",
      epsg: 32_631,
      originX: 2048 * 244,
      originY: 2048 * 2246,
      pixelSize: 16,
    },
    (x0, _y, width, height) => {
      const out = new Uint16Array(width * height * bands);
      for (let i = 0; i < width * height; i += 1) {
        const isWest = x0 + (i % width) < 64;
        for (let band = 0; band < bands; band += 1) out[i * bands + band] = 1000;
        if (bands >= 4) {
          out[i * bands + 2] = isWest ? 7000 : 1000;
          out[i * bands + 3] = isWest ? 2000 : 7000;
        }
      }
      return out;
    },
  );
  return path;
}

async function withTiny(images: readonly string[], workspace: string, version = 1) {
  const notes: string[] = [];
  const geoEncoder = await openGeoEncoder(ofKind(await readManifest(join(TINY_MODELS, "tiny-geo")), "geo_encoder"));
  await ingest({
    workspace,
    images,
    encoder: createStatisticsEncoder(),
    geoEncoder: { ...geoEncoder, id: `tiny-geo@${version}` },
    onNote: (note) => notes.push(note),
  });
  await geoEncoder.close?.();
  return notes;
}

it("describes tiles by the bands that an encoder takes, in the space of embedding rasters", async () => {
  const directory = join(folder, "workspace");
  await withTiny([await scene("scene_2021-05-01.tif", 4), await scene("scene_2021-09-01.tif", 4)], directory);
  const workspace = await openWorkspace(directory);
  const space = geoSpace(workspace, "2021-09-01");
  expect(space).toMatchObject({ kind: "geo", encoders: ["raster:tiny-geo-v1@2021"], date: "2021-12-31" });
  const tiles = workspace.tiles.tiles({ scale: 1024, box: [-1e9, -1e9, 1e9, 1e9], date: "2021-12-31" });
  expect(tiles).toHaveLength(4);
  for (const tile of tiles) {
    const [vector] = vectorsOf(tile.id, space as NonNullable<typeof space>, workspace.tiles);
    // (0.7 − 0.1) / 0.5 and nothing of infrared in the west; (0.1 − 0.1) and twice (0.7 − 0.2) / 0.5 in the east.
    const isWest = tile.box[0] < 2048 * 244 + 1024;
    expect(vector?.[0]).toBeCloseTo(isWest ? 1 : 0, 5);
    expect(vector?.[1]).toBeCloseTo(isWest ? 0 : 1, 5);
  }
  workspace.close();
});

it("keeps no vector of an earlier version beside those of a later one", async () => {
  const directory = join(folder, "versions");
  const image = await scene("versions_2021-05-01.tif", 4);
  await withTiny([image], directory, 1);
  await withTiny([image], directory, 2);
  const workspace = await openWorkspace(directory);
  expect(workspace.encoders().flatMap(({ id }) => (id.startsWith("raster:") ? id : []))).toEqual([
    "raster:tiny-geo-v2@2021",
  ]);
  workspace.close();
});

it("says which file has not the bands, and goes on without it", async () => {
  const notes = await withTiny([await scene("three_2021-05-01.tif", 3)], join(folder, "three"));
  expect(notes.filter((note) => note.includes("tiny-geo"))).toEqual([
    "three_2021-05-01.tif has no bands that are known to be red, nir, and was left out of tiny-geo@1; name its bands with gdal_edit.py or leave the model out.",
  ]);
  const workspace = await openWorkspace(join(folder, "three"));
  expect(geoSpace(workspace, null)).toBeNull();
  workspace.close();
});

it("takes names of sensors and archives for the same band", () => {
  expect(["B08", "NIR", "near infrared", "b8"].map(bandName)).toEqual(["nir", "nir", "nir", "nir"]);
  expect(["B8A", "swir16", "Red"].map(bandName)).toEqual(["nir08", "swir1", "red"]);
});
