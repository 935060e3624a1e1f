import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Engine, openEngine } from "../../src/engine.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import type { Encoder } from "../../src/models/ports.ts";
import { EMPTY_DIALOGUE } from "../../src/query/turn.ts";
import { coarse } from "../../src/retrieval/coarse.ts";
import { colourEncoder } from "../fixtures/colour-encoder.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-many-tiles-"));
let engine: Engine;
afterAll(() => {
  engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Tiles of 512 m a side of the mosaic: more of them than the coarse stage scores one by one. */
const SIDE = 70;
const [WEST, SOUTH] = [900 * 512, 8900 * 512];
const GREEN = Float32Array.of(0, 1, 0);

/** A forest is as likely as it is green. */
function greenEncoder(): Encoder {
  return {
    ...colourEncoder("greens@1"),
    scoreConcept: (concept, vectors) =>
      concept === "forest"
        ? Float32Array.from({ length: vectors.length / 3 }, (_, i) => vectors[i * 3 + 1] ?? 0)
        : null,
    conceptDirection: (concept) => (concept === "forest" ? GREEN : null),
  };
}

beforeAll(async () => {
  const image = join(folder, "image_2024-05-01.tif");
  await writeGeoTiff(
    image,
    {
      width: SIDE * 16,
      height: SIDE * 16,
      bands: 3,
      sampleType: "uint8",
      epsg: 32_631,
      originX: WEST,
      originY: SOUTH + SIDE * 512,
      pixelSize: 32,
    },
    (x0, y0, width, height) => {
      const out = new Uint8Array(width * height * 3);
      for (let i = 0; i < width * height; i += 1) {
        const column = Math.floor((x0 + (i % width)) / 16);
        const row = Math.floor((y0 + Math.floor(i / width)) / 16);
        const green = (column * 7919 + row * 104_729) % 200;
        out.set([120, green + 20, 220 - green], i * 3);
      }
      return out;
    },
  );
  const directory = join(folder, "workspace");
  await ingest({ workspace: directory, images: [image], encoder: greenEncoder() });
  engine = await openEngine(directory, { encoder: greenEncoder() });
}, 240_000);

it("ranks the same tiles first where a scan nominates them as where every tile is scored", async () => {
  const { stages, workspace, context } = engine;
  const [date = null] = context.dates;
  expect(workspace.tiles.count(512, date)).toBeGreaterThan(4096);
  const turn = await stages.understand("forests", EMPTY_DIALOGUE);
  const planned = stages.plan(turn, EMPTY_DIALOGUE);
  if (planned.kind !== "planned") throw new Error(JSON.stringify(planned));
  const hits = await coarse(planned.plan, context);
  const greenness = (id: string) => workspace.tiles.vector(id, date, "greens@1")?.[1] ?? 0;
  const all = workspace.tiles
    .tiles({ scale: 512, date })
    .map(({ id }) => greenness(id))
    .sort((a, b) => b - a);
  expect(hits).toHaveLength(planned.plan.budget.tiles);
  const found = hits.map(({ parts }) => parts.image as number).sort((a, b) => b - a);
  // What lies around a tile counts as well, so that the last few of the best may be others of nearly the same green.
  expect(found.at(0)).toBeCloseTo(all[0] as number, 5);
  for (const value of found) expect(value).toBeGreaterThan(all[1000] as number);
});
