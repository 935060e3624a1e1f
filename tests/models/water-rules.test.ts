import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine.ts";
import { sharedArea } from "../../src/geo/overlay.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { createMosaicReader, imageBox } from "../../src/imagery/mosaic.ts";
import type { Chip } from "../../src/imagery/ports.ts";
import { openRaster } from "../../src/imagery/raster.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { createWaterRules } from "../../src/models/water-rules.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { areaM2 } from "../../src/retrieval/planar.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-water-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A picture of 5 m pixels from a colour a pixel, with grain. */
function picture(side: number, colourAt: (x: number, y: number) => readonly number[], grain: number): Chip {
  const rgb = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i += 1) {
    const noise = (((i * 7919) % 1009) / 1009 - 0.5) * 2 * grain;
    const colour = colourAt(i % side, Math.floor(i / side));
    for (let band = 0; band < 3; band += 1)
      rgb[i * 3 + band] = Math.max(0, Math.min(255, (colour[band] as number) + noise));
  }
  return {
    width: side,
    height: side,
    rgb,
    valid: new Uint8Array(side * side).fill(1),
    box: [0, 0, side * 5, side * 5],
    date: null,
  };
}

const SEA = [46, 64, 66] as const;
const rules = createWaterRules();
const kinds = async (chip: Chip) => (await rules.segment(chip)).map(({ concept }) => concept).sort();

describe("water by colour", () => {
  it("finds the open sea and the long bright things on it, not the round and the dark ones", async () => {
    const chip = picture(
      240,
      (x, y) => {
        if (x >= 60 && x < 84 && y >= 60 && y < 66) return [230, 232, 228];
        if (Math.hypot(x - 160, y - 60) < 6) return [230, 232, 228];
        if (x >= 60 && x < 84 && y >= 160 && y < 166) return [10, 12, 12];
        return SEA;
      },
      5,
    );
    const found = await rules.segment(chip);
    expect(found.map(({ concept }) => concept).sort()).toEqual(["ship", "water"]);
    const ship = found.find(({ concept }) => concept === "ship");
    const xs = ship?.polygon.coordinates[0]?.map(([x = 0]) => x) ?? [];
    expect(Math.min(...xs)).toBeGreaterThan(56);
    expect(Math.max(...xs)).toBeLessThan(88);
    expect(ship?.measures?.elongation).toBeGreaterThan(0.5);
  });

  it("takes neither rough nor black woods for water, nor a small even field", async () => {
    expect(await kinds(picture(200, () => SEA, 40))).toEqual([]);
    expect(await kinds(picture(200, () => [14, 20, 24], 2))).toEqual([]);
    const field = picture(200, (x, y) => (Math.max(x, y) < 60 && Math.min(x, y) >= 20 ? SEA : [150, 130, 90]), 5);
    expect(await kinds(field)).toEqual([]);
  });

  it("finds nothing in imagery finer than 3 m", async () => {
    const chip = picture(240, () => SEA, 5);
    expect(await rules.segment({ ...chip, box: [0, 0, 240, 240] })).toEqual([]);
  });
});

/** Blue, green, red and infrared in 16 bits at 10 m: land that shines in the infrared under haze, with a lake, a pond and a river. */
async function multispectral(): Promise<string> {
  const path = join(folder, "scene_2022-06-01.tif");
  const side = 300;
  const isWater = (x: number, y: number) =>
    Math.hypot(x - 100, y - 100) < 40 || Math.hypot(x - 220, y - 80) < 5 || (y >= 240 && y < 246);
  await writeGeoTiff(
    path,
    {
      width: side,
      height: side,
      bands: 4,
      sampleType: "uint16",
      epsg: 32_631,
      originX: 500_000,
      originY: 4_600_000,
      pixelSize: 10,
    },
    (x0, y0, width, height) => {
      const out = new Uint16Array(width * height * 4);
      for (let i = 0; i < width * height; i += 1) {
        const [x, y] = [x0 + (i % width), y0 + Math.floor(i / width)];
        const grain = (x * 31 + y * 17) % 60;
        const values = isWater(x, y) ? [1150, 1250, 1000, 820] : [900, 980, 1050, 2600];
        for (const [band, value] of values.entries()) out[i * 4 + band] = value + grain;
      }
      return out;
    },
  );
  return path;
}

it("finds water by its infrared, through haze, and calls it lake, pond or water by size and shape", async () => {
  const path = await multispectral();
  await ingest({
    workspace: join(folder, "workspace"),
    images: [path],
    encoder: createStatisticsEncoder(),
    rules: [rules],
  });
  const workspace = await openWorkspace(join(folder, "workspace"));
  const found = workspace.entities.query({});
  expect(found.map(({ concept }) => concept).sort()).toEqual(["lake", "pond", "water"]);
  const size = (concept: string) => areaM2(found.find((one) => one.concept === concept)?.geometry as GeoJSON.Polygon);
  expect(size("lake") / (Math.PI * 400 ** 2)).toBeCloseTo(1, 1);
  expect(size("water") / (3000 * 60)).toBeCloseTo(1, 1);
  workspace.close();
});

it("reads no infrared where the bands are not known", async () => {
  const { description, close } = await openRaster(await rgbFile());
  await close();
  const reader = createMosaicReader(
    [{ id: "a", description, date: null, box: imageBox(description, "EPSG:32631") }],
    "EPSG:32631",
    "infrared",
  );
  const chip = await reader.readChip([500_000, 4_599_500, 500_500, 4_600_000], null, { width: 50, height: 50 });
  expect(chip.valid.some((value) => value === 1)).toBe(false);
  await reader.close();
});

async function rgbFile(): Promise<string> {
  const path = join(folder, "rgb.tif");
  await writeGeoTiff(
    path,
    {
      width: 50,
      height: 50,
      bands: 3,
      sampleType: "uint8",
      epsg: 32_631,
      originX: 500_000,
      originY: 4_600_000,
      pixelSize: 10,
    },
    (_x, _y, width, height) => new Uint8Array(width * height * 3).fill(90),
  );
  return path;
}

const bay = dataFile("geo", "imagery", "sfbay_rapideye", "1056417_2017-03-08_RE3_3A_Visual_clip.tif");
it.skipIf(!bay)("finds the four ships that lie at anchor in a bay, and the bay", { timeout: 60_000 }, async () => {
  const workspace = await ingested("bay", [bay as string]);
  const of = (concept: string) => workspace.entities.query({}).filter((one) => one.concept === concept);
  expect(of("ship")).toHaveLength(4);
  for (const { geometry } of of("ship")) expect(areaM2(geometry)).toBeGreaterThan(800);
  expect(of("water")).toHaveLength(1);
  workspace.close();
  // Without a map nothing says where the ports are.
  const engine = await openEngine(join(folder, "bay"));
  const far = await engine.agent.run({ message: "ships more than 5 km from any port" });
  expect([far.outcome, far.regions.length]).toEqual(["not_covered", 0]);
  expect((await engine.agent.run({ message: "ships" })).regions).toHaveLength(4);
  engine.close();
});

const reservoir = ["Boadella_2020-01-28.tif", "Boadella_2020-02-02_labels.geojson"].map((name) =>
  dataFile("geo", "change", "boadella_s2", name),
);
it.skipIf(reservoir.includes(null))(
  "finds a reservoir in twelve bands, with its outline",
  { timeout: 60_000 },
  async () => {
    const [image, labels] = reservoir as [string, string];
    const directory = join(folder, "reservoir");
    await ingest({ workspace: directory, images: [image], encoder: createStatisticsEncoder(), rules: [rules] });
    const engine = await openEngine(directory);
    const { features } = JSON.parse(readFileSync(labels, "utf8")) as GeoJSON.FeatureCollection;
    const { crs } = engine.workspace;
    const drawn = crs.geometryFromWgs84((features[0] as GeoJSON.Feature).geometry) as GeoJSON.MultiPolygon;
    const { regions } = await engine.agent.run({ message: "reservoirs" });
    expect(regions).toHaveLength(1);
    const found = crs.geometryFromWgs84(regions[0]?.geometry as GeoJSON.Geometry) as GeoJSON.Polygon;
    const shared = sharedArea(found, drawn);
    expect(shared / (areaM2(found) + areaM2(drawn) - shared)).toBeGreaterThan(0.7);
    engine.close();
  },
);

async function ingested(name: string, images: readonly string[]) {
  const directory = join(folder, name);
  await ingest({ workspace: directory, images, encoder: createStatisticsEncoder(), rules: [rules] });
  return openWorkspace(directory);
}
