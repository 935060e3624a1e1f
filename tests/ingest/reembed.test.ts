import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openEngine } from "../../src/engine.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { colourEncoder } from "../fixtures/colour-encoder.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-reembed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = join(folder, "image_2024-05-01.tif");
const raster = join(folder, "prior.tif");
/** Three blocks of 2,048 m. */
const write = (path: string, sampleType: "uint8" | "float32") =>
  writeGeoTiff(
    path,
    {
      width: 1200,
      height: 400,
      bands: 3,
      sampleType,
      epsg: 32_631,
      originX: 499_712,
      originY: 4_601_856,
      pixelSize: 5,
    },
    (x0, y0, width, height) => {
      const values = Array.from({ length: width * height * 3 }, (_, i) => 60 + ((i * 7 + x0 + y0) % 90));
      return sampleType === "uint8" ? Uint8Array.from(values) : Float32Array.from(values);
    },
  );

const before = join(folder, "before");
beforeAll(async () => {
  await write(image, "uint8");
  await write(raster, "float32");
  await ingest({
    workspace: before,
    images: [image],
    embeddings: [`${raster}@2024`],
    encoder: createStatisticsEncoder(),
  });
});
const copy = (name: string) => {
  cpSync(before, join(folder, name), { recursive: true });
  return join(folder, name);
};
const encodersOf = async (directory: string) => {
  const workspace = await openWorkspace(directory);
  const found = { used: workspace.imageEncoder, all: workspace.encoders().map(({ id }) => id) };
  workspace.close();
  return found;
};

it("refuses another encoder than the workspace's, at ingest and at asking, naming both and the command", async () => {
  const directory = copy("refused");
  const { fingerprint } = await openWorkspace(directory);
  const sentence = new RegExp(
    `${directory} holds vectors of statistics@1, but this Terralogue encodes with colours@1.*npm run --silent ingest -- --workspace ${directory} --reembed`,
  );
  await expect(ingest({ workspace: directory, images: [image], encoder: colourEncoder("colours@1") })).rejects.toThrow(
    sentence,
  );
  await expect(openEngine(directory, { encoder: colourEncoder("colours@1") })).rejects.toThrow(sentence);
  await expect(openEngine(directory, { encoder: colourEncoder("statistics@2") })).rejects.toThrow(/statistics@2/);
  expect((await openWorkspace(directory)).fingerprint).toBe(fingerprint);
  (await openEngine(directory)).close();
});

it("encodes again to the content of a workspace made with the new encoder, with embedding rasters as they were", async () => {
  const directory = copy("again");
  const again = await ingest({ workspace: directory, encoder: colourEncoder("colours@1"), reembed: true });
  const fresh = await ingest({
    workspace: join(folder, "fresh"),
    images: [image],
    embeddings: [`${raster}@2024`],
    encoder: colourEncoder("colours@1"),
  });
  expect(again.fingerprint).toBe(fresh.fingerprint);
  expect((await encodersOf(directory)).used).toBe("colours@1");
  (await openEngine(directory, { encoder: colourEncoder("colours@1") })).close();
  await expect(openEngine(directory)).rejects.toThrow(
    /holds vectors of colours@1, but .* encodes with terralogue-clip@\d+/,
  );
  const notes: string[] = [];
  const encoder = colourEncoder("colours@1");
  await ingest({ workspace: directory, encoder, reembed: true, onNote: (note) => notes.push(note) });
  expect(encoder.batches).toBe(0);
  expect(notes.join()).toMatch(/encoded by colours@1 already/);
});

it("stopped in the middle, keeps the old vectors in use, and goes on where it ended", async () => {
  const directory = copy("stopped");
  await expect(ingest({ workspace: directory, encoder: colourEncoder("colours@1", 2), reembed: true })).rejects.toThrow(
    "stopped here",
  );
  const half = await encodersOf(directory);
  expect(half.used).toBe("statistics@1");
  expect(half.all).toEqual(expect.arrayContaining(["colours@1", "statistics@1"]));
  (await openEngine(directory)).close();
  const rest = colourEncoder("colours@1");
  const { fingerprint } = await ingest({ workspace: directory, encoder: rest, reembed: true });
  expect(rest.batches).toBeGreaterThan(0);
  const all = colourEncoder("colours@1");
  const whole = await ingest({ workspace: copy("whole"), encoder: all, reembed: true });
  expect(rest.batches).toBe(all.batches - 2);
  expect(fingerprint).toBe(whole.fingerprint);
  expect((await encodersOf(directory)).all.filter((id) => !id.startsWith("raster:"))).toEqual(["colours@1"]);
});

it("given up in the middle, leaves nothing of the new encoder behind", async () => {
  const directory = copy("given-up");
  const { fingerprint } = await openWorkspace(directory);
  await expect(ingest({ workspace: directory, encoder: colourEncoder("colours@1", 1), reembed: true })).rejects.toThrow(
    "stopped here",
  );
  const kept = await ingest({ workspace: directory, images: [image], encoder: createStatisticsEncoder() });
  expect(kept.fingerprint).toBe(fingerprint);
});

it("a search with vectors of another space is refused", async () => {
  const workspace = await openWorkspace(before);
  const search = (length: number, encoder: string) =>
    workspace.tiles.nearest(new Float32Array(length).fill(1), { encoder, limit: 1 });
  expect(search(3, "raster:prior@2024")).toHaveLength(1);
  expect(() => search(4, "raster:prior@2024")).toThrow(
    /query has 4 dimensions, the vectors of raster:prior@2024 have 3/,
  );
  expect(() => search(3, "colours@1")).toThrow(/no vectors of colours@1 .* raster:prior@2024, .*statistics@1/);
  workspace.close();
});

it("a folder without a workspace has nothing to encode again", async () => {
  await expect(
    ingest({ workspace: join(folder, "none"), encoder: createStatisticsEncoder(), reembed: true }),
  ).rejects.toThrow(/none is no Terralogue workspace/);
});
