import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimilarReplySchema } from "../../src/answer/similar.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import type { AreaGeometry } from "../../src/query/schema.ts";
import { EMPTY_DIALOGUE } from "../../src/query/turn.ts";
import { coarse } from "../../src/retrieval/coarse.ts";
import { cosine, finestRegionVector, likenessTo, regionVector } from "../../src/retrieval/likeness.ts";
import { moreLikeThis } from "../../src/retrieval/more-like-this.ts";
import { boxPolygon, type Outline } from "../../src/retrieval/planar.ts";
import { geoSpace, imageSpace } from "../../src/retrieval/vector-space.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import type { BoxM } from "../../src/store/ports.ts";
import { colourEncoder } from "../fixtures/colour-encoder.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-similar-"));
let engine: Engine;
afterAll(() => {
  engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Tiles of 256 m, 16 by 8, from tile 1952/17968 on. */
const [COLUMNS, ROWS, PX] = [16, 8, 32];
const [WEST, SOUTH] = [1952 * 256, 17_968 * 256];
/** One colour a tile; the tile at (2, 1) and the one at (9, 5) are alike. */
const colourOf = (column: number, row: number, band: number) =>
  (column === 2 && row === 1) || (column === 9 && row === 5)
    ? ([200, 30, 30][band] as number)
    : 40 + ((column * 37 + row * 61 + band * 83 + column * row * band * 11) % 150);
const write = (path: string, sampleType: "uint8" | "float32", rows: number) =>
  writeGeoTiff(
    path,
    {
      width: COLUMNS * PX,
      height: rows * PX,
      bands: 3,
      sampleType,
      epsg: 32_631,
      originX: WEST,
      originY: SOUTH + rows * 256,
      pixelSize: 8,
    },
    (x0, y0, width, height) => {
      const Values = sampleType === "uint8" ? Uint8Array : Float32Array;
      const out = new Values(width * height * 3);
      for (let i = 0; i < width * height; i += 1) {
        const column = Math.floor((x0 + (i % width)) / PX);
        const row = rows - 1 - Math.floor((y0 + Math.floor(i / width)) / PX);
        for (let band = 0; band < 3; band += 1) out[i * 3 + band] = colourOf(column, row, band);
      }
      return out;
    },
  );
const tileBox = (column: number, row: number, side = 1): BoxM => [
  WEST + column * 256,
  SOUTH + row * 256,
  WEST + (column + side) * 256,
  SOUTH + (row + side) * 256,
];
const wgs84 = (box: BoxM) => engine.workspace.crs.geometryToWgs84(boxPolygon(box)) as AreaGeometry;
const space = () => imageSpace("colours@1", "2024-05-01");

beforeAll(async () => {
  const image = join(folder, "image_2024-05-01.tif");
  const raster = join(folder, "prior.tif");
  await write(image, "uint8", ROWS);
  await write(raster, "float32", ROWS / 2);
  const directory = join(folder, "workspace");
  await ingest({
    workspace: directory,
    images: [image],
    embeddings: [`${raster}@2024`, `${raster}@2022`],
    encoder: colourEncoder(),
  });
  engine = await openEngine(directory, { encoder: colourEncoder() });
});

describe("the vector of a region", () => {
  it("is that of its tile, the same for a part of the tile", () => {
    const { tiles } = engine.workspace;
    const own = tiles.vector("256/1954/17969", "2024-05-01", "colours@1") as Float32Array;
    const [minX, minY] = tileBox(2, 1);
    const part = finestRegionVector(boxPolygon([minX + 50, minY + 60, minX + 90, minY + 200]), space(), tiles);
    expect(part).toMatchObject({ scale: 256, covered: 1 });
    for (const [i, value] of own.entries()) expect(part?.vector[i]).toBeCloseTo(value, 6);
  });

  it("weighs tiles by the area that they share with it, as worked by hand", () => {
    const { tiles } = engine.workspace;
    const [minX, minY, maxX] = tileBox(2, 1);
    // Three quarters in one tile, one quarter in the next.
    const region = boxPolygon([maxX - 90, minY + 10, maxX + 30, minY + 20]);
    const [a, b] = ["256/1954/17969", "256/1955/17969"].map(
      (id) => tiles.vector(id, "2024-05-01", "colours@1") as Float32Array,
    );
    const sum = Array.from(a as Float32Array, (value, i) => 0.75 * value + 0.25 * ((b as Float32Array)[i] as number));
    const found = regionVector(region, 256, space(), tiles);
    for (const [i, value] of sum.entries()) expect(found?.vector[i]).toBeCloseTo(value / Math.hypot(...sum), 5);
    expect(minX).toBeLessThan(maxX);
  });

  it("tells how much of the region has vectors, and is none outside", () => {
    const { tiles } = engine.workspace;
    const half = finestRegionVector(boxPolygon(tileBox(15, 3, 2)), space(), tiles);
    expect(half?.covered).toBeCloseTo(0.5, 6);
    expect(finestRegionVector(boxPolygon(tileBox(40, 40)), space(), tiles)).toBeNull();
  });
});

describe("more like this", () => {
  it("ranks every other tile as a plain loop does, the region's own left out", () => {
    const box = tileBox(2, 1);
    const { found, scale } = moreLikeThis(wgs84(box), { space: space(), limit: 500 }, engine.workspace);
    expect(scale).toBe(256);
    expect(found).toHaveLength(COLUMNS * ROWS - 1);
    expect(found[0]?.tile.id).toBe("256/1961/17973");
    expect(found[0]?.similarity).toBeCloseTo(1, 5);
    const { tiles } = engine.workspace;
    const query = tiles.vector("256/1954/17969", "2024-05-01", "colours@1") as Float32Array;
    const loop = tiles
      .tiles({ scale: 256, date: "2024-05-01" })
      .filter(({ id }) => id !== "256/1954/17969")
      .map(({ id }) => cosine(query, tiles.vector(id, "2024-05-01", "colours@1") as Float32Array))
      .sort((a, b) => b - a);
    for (const [i, value] of loop.entries()) expect(found[i]?.similarity).toBeCloseTo(value, 4);
    const few = moreLikeThis(wgs84(box), { space: space(), limit: 3 }, engine.workspace);
    expect(few.found).toEqual(found.slice(0, 3));
  });

  it("searches embedding rasters of the year that suits the date", () => {
    const { workspace } = engine;
    expect(geoSpace(workspace, null)?.date).toBe("2024-12-31");
    expect(geoSpace(workspace, "2023-07-01")?.encoders).toEqual(["raster:prior@2022"]);
    expect(geoSpace(workspace, "2019-07-01")?.encoders).toEqual(["raster:prior@2022"]);
    const geo = geoSpace(workspace, "2024-07-01");
    const { found } = moreLikeThis(wgs84(tileBox(2, 1)), { space: geo as never, limit: 500 }, workspace);
    expect(found).toHaveLength((COLUMNS * ROWS) / 2 - 1);
    expect(() => moreLikeThis(wgs84(tileBox(2, 6)), { space: geo as never, limit: 5 }, workspace)).toThrow(
      /embedding rasters of 2024 do not reach the region/,
    );
  });

  it("is a prior per tile: the likeness to the nearest of several examples", () => {
    const { tiles } = engine.workspace;
    const likeness = likenessTo([boxPolygon(tileBox(2, 1)), boxPolygon(tileBox(5, 2))] as Outline[], space(), tiles);
    const all = tiles.tiles({ scale: 256, date: "2024-05-01" });
    const at = (id: string) => likeness(all.find((tile) => tile.id === id) as (typeof all)[number]);
    for (const id of ["256/1954/17969", "256/1961/17973", "256/1957/17970"]) expect(at(id)).toBeCloseTo(1, 5);
    const other = tiles.vector("256/1960/17970", "2024-05-01", "colours@1") as Float32Array;
    const examples = ["256/1954/17969", "256/1957/17970"].map(
      (id) => tiles.vector(id, "2024-05-01", "colours@1") as Float32Array,
    );
    expect(at("256/1960/17970")).toBeCloseTo(Math.max(...examples.map((one) => cosine(one, other))), 5);
  });

  it("comes into the coarse score from imagery and from embedding rasters, which reach only the southern half", async () => {
    const { context, stages, workspace } = engine;
    const turn = await stages.understand("find water", EMPTY_DIALOGUE);
    const base = {
      query: turn.query,
      area: wgs84(tileBox(0, 0, 16)),
      dates: { before: null, after: "2024-05-01" },
      similarTo: wgs84(tileBox(2, 1)),
      budget: { tiles: 100, pixels: 1, regions: 10 },
    };
    const hits = await coarse(base as never, context);
    expect(workspace.tiles.tiles({ scale: 512, date: "2024-05-01" }).length).toBe(hits.length);
    for (const { tile, parts } of hits) {
      expect(parts.similar).toBeGreaterThan(0);
      expect(parts.similar_geo !== undefined).toBe(tile.box[1] < SOUTH + 4 * 256);
    }
    const own = hits.find(({ tile }) => tile.ix === 977 && tile.iy === 8984);
    expect(own?.parts).toMatchObject({ similar: expect.closeTo(1, 5), similar_geo: expect.closeTo(1, 5) });
  });
});

describe("POST /api/similar", () => {
  const post = (body: unknown) =>
    createApp({ engine, metrics: createMetrics(), pageDirectory: null, log: () => {} }).request("/api/similar", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const bbox = () => {
    const { coordinates } = wgs84([WEST + 2 * 256 + 9, SOUTH + 256 + 9, WEST + 3 * 256 - 9, SOUTH + 2 * 256 - 9]);
    const [[west, south] = [], , [east, north] = []] = coordinates[0] as number[][];
    return [west, south, east, north];
  };

  it("gives the tiles with where they lie, for a box and for the same polygon", async () => {
    const byBox = SimilarReplySchema.parse(await (await post({ bbox: bbox(), limit: 4 })).json());
    expect(byBox).toMatchObject({
      space: "image",
      encoders: ["colours@1"],
      date: "2024-05-01",
      scaleM: 256,
      note: null,
    });
    expect(byBox.tiles).toHaveLength(4);
    const [first] = byBox.tiles;
    expect(first).toMatchObject({ rank: 1, tile: "256/1961/17973", similarity: expect.closeTo(1, 4), coverage: 1 });
    const [minX, minY] = tileBox(9, 5);
    const [west, south] = engine.workspace.crs.toWgs84(minX, minY);
    expect(first?.bbox[0]).toBeCloseTo(west, 3);
    expect(first?.bbox[1]).toBeCloseTo(south, 3);
    const [w = 0, s = 0, e = 0, n = 0] = bbox();
    const polygon = {
      type: "Polygon",
      coordinates: [
        [
          [w, s],
          [e, s],
          [e, n],
          [w, n],
          [w, s],
        ],
      ],
    };
    expect(await (await post({ polygon, limit: 4 })).json()).toEqual(byBox);
    const geo = SimilarReplySchema.parse(await (await post({ bbox: bbox(), space: "geo", date: "2022-03-04" })).json());
    expect(geo).toMatchObject({ space: "geo", date: "2022-12-31", note: expect.stringContaining("prior") });
  });

  it.each([
    ["no region", {}, 400, /No region is given/],
    ["two regions", { bbox: [1, 2, 3, 4], region: "a.1.1" }, 400, /Several regions/],
    ["a box from east to west", { bbox: [4, 2, 3, 4] }, 400, /not W,S,E,N/],
    [
      "an open polygon",
      {
        polygon: {
          type: "Polygon",
          coordinates: [
            [
              [3, 4],
              [3, 5],
              [4, 5],
              [4, 4],
            ],
          ],
        },
      },
      400,
      /close/,
    ],
    [
      "a flat polygon",
      {
        polygon: {
          type: "Polygon",
          coordinates: [
            [
              [3, 4],
              [3, 5],
              [3, 5],
              [3, 4],
            ],
          ],
        },
      },
      400,
      /no area/,
    ],
    ["a region that there is not", { region: "none.1.1" }, 404, /no region "none.1.1"/],
    ["a date without imagery", { bbox: [3, 41, 3.1, 41.1], date: "1999-01-01" }, 404, /the dates are 2024-05-01/],
    ["a region without vectors", { bbox: [8, 41, 8.1, 41.1] }, 404, /do not reach the region/],
    ["a limit of none", { bbox: [1, 2, 3, 4], limit: 0 }, 400, /limit/],
    ["another space", { bbox: [1, 2, 3, 4], space: "sound" }, 400, /space/],
  ])("%s gets problem details", async (_, body, status, detail) => {
    const response = await post(body);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
  });
});

const samples = dataFile("geo", "embeddings");
it.skipIf(!samples).each([
  ["iowa_ag", 9],
  ["amazon_forest", 9],
] as const)("likeness of AlphaEarth embeddings tells land cover apart: %s", (name, classes) => {
  const [head = "", ...lines] = readFileSync(
    join(samples as string, `alphaearth_s1_dw_samples_${name}_2024.csv`),
    "utf8",
  )
    .trim()
    .split("\n");
  const columns = head.split(",");
  const [first, label] = [columns.indexOf("A00"), columns.indexOf("dw_label")];
  const points = lines.map((line) => {
    const fields = line.split(",");
    return { vector: Float32Array.from(fields.slice(first, first + 64), Number), label: fields[label] };
  });
  expect(new Set(points.map((point) => point.label)).size).toBe(classes);
  const right = points.filter((point) => {
    const nearest = points
      .filter((other) => other !== point)
      .map((other) => ({ label: other.label, likeness: cosine(point.vector, other.vector) }))
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, 5);
    const votes = new Map<string | undefined, number>();
    for (const one of nearest) votes.set(one.label, (votes.get(one.label) ?? 0) + one.likeness);
    const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
    return winner?.[0] === point.label;
  });
  process.stderr.write(
    `${name}: ${((right.length / points.length) * 100).toFixed(1)} % of ${points.length} by 5 nearest\n`,
  );
  // One class of nine by chance: 0.11.
  expect(right.length / points.length).toBeGreaterThan(0.6);
});
