import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { boundsOf } from "../../src/geo/bounds.ts";
import { workingCrs } from "../../src/geo/crs.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { createMosaicReader, imageBox } from "../../src/imagery/mosaic.ts";
import { openRaster } from "../../src/imagery/raster.ts";
import { dateThing } from "../../src/ingest/date-entities.ts";
import { dateMappedRoads, findNewRoads } from "../../src/ingest/find-new-roads.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { measureExtent } from "../../src/ingest/measure-extent.ts";
import { looksChanged, standsOn } from "../../src/ingest/standing-out.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { areaM2, boxPolygon } from "../../src/retrieval/planar.ts";
import type { Entity } from "../../src/store/entity.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-dating-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIDE = 600;
const [WEST, NORTH] = [500_000, 4_600_000];
const DATES = ["2021-05-01", "2024-05-01"] as const;

interface Disc {
  readonly at: readonly [number, number];
  /** Radius on each date, in metres; 0 where it is not there. */
  readonly radius: readonly [number, number];
  readonly colour: readonly [number, number, number];
  /** Outline that the map draws; 0 for a point. */
  readonly mapped: number;
  readonly tags: Readonly<Record<string, string>>;
}

const DISCS: Readonly<Record<string, Disc>> = {
  growing: { at: [120, 120], radius: [60, 90], colour: [190, 170, 140], mapped: 90, tags: { landuse: "quarry" } },
  steady: { at: [420, 120], radius: [80, 80], colour: [196, 176, 150], mapped: 80, tags: { landuse: "quarry" } },
  drying: {
    at: [120, 420],
    radius: [90, 55],
    colour: [60, 84, 104],
    mapped: 90,
    tags: { natural: "water", water: "lake" },
  },
  house: { at: [320, 320], radius: [0, 7], colour: [196, 198, 200], mapped: 7, tags: { building: "house" } },
  old: { at: [360, 320], radius: [7, 7], colour: [196, 198, 200], mapped: 7, tags: { building: "house" } },
  newWell: { at: [220, 520], radius: [0, 4], colour: [76, 66, 56], mapped: 0, tags: { man_made: "petroleum_well" } },
  oldWell: { at: [260, 220], radius: [4, 4], colour: [76, 66, 56], mapped: 0, tags: { man_made: "petroleum_well" } },
  noWell: { at: [260, 40], radius: [0, 0], colour: [76, 66, 56], mapped: 0, tags: { man_made: "petroleum_well" } },
  tiled: { at: [60, 240], radius: [9, 9], colour: [148, 86, 70], mapped: 9, tags: { building: "house" } },
  razed: { at: [400, 320], radius: [7, 0], colour: [196, 198, 200], mapped: 7, tags: { building: "house" } },
};

/** Pavement: a road that came, one that was there, and a yard that came. West, north, east, south in pixels, and the dates it is there. */
const PAVED = [
  { box: [300, 540, 560, 546], dates: [1] },
  { box: [300, 570, 560, 576], dates: [0, 1] },
  { box: [500, 420, 560, 480], dates: [1] },
] as const;
const ASPHALT = [132, 132, 134] as const;

/** Grass with things on it; the second date is brighter and hazier without anything having changed. */
async function paint(date: 0 | 1): Promise<string> {
  const path = join(folder, `ground_${DATES[date]}.tif`);
  await writeGeoTiff(
    path,
    {
      width: SIDE,
      height: SIDE,
      bands: 3,
      sampleType: "uint8",
      epsg: 32_631,
      originX: WEST,
      originY: NORTH,
      pixelSize: 1,
    },
    (x0, y0, width, height) => {
      const out = new Uint8Array(width * height * 3);
      for (let i = 0; i < width * height; i += 1) {
        const [x, y] = [x0 + (i % width), y0 + Math.floor(i / width)];
        const thing = Object.values(DISCS).find(
          ({ at, radius }) => Math.hypot(x + 0.5 - at[0], y + 0.5 - at[1]) < (radius[date] as number),
        );
        const isPaved = PAVED.some(
          ({ box: [west, north, east, south], dates }) =>
            x >= west && x < east && y >= north && y < south && (dates as readonly number[]).includes(date),
        );
        const noise = ((x * 7919 + y * 104_729 + x * y * 13) % 21) - 10;
        for (let band = 0; band < 3; band += 1) {
          const value = ((thing?.colour ?? (isPaved ? ASPHALT : [112, 134, 84]))[band] as number) + noise;
          out[i * 3 + band] = Math.min(255, Math.max(0, date === 0 ? value : value * 1.06 + 6));
        }
      }
      return out;
    },
  );
  return path;
}

function layer(): string {
  const crs = workingCrs("EPSG:32631");
  const features = Object.entries(DISCS).map(([id, { at, mapped, tags }]) => {
    const ring = Array.from({ length: 49 }, (_, i) => {
      const angle = ((i % 48) / 48) * 2 * Math.PI;
      return [WEST + at[0] + mapped * Math.cos(angle), NORTH - at[1] + mapped * Math.sin(angle)];
    });
    return {
      type: "Feature",
      id,
      properties: { ...tags, name: id },
      geometry: crs.geometryToWgs84(
        mapped > 0
          ? { type: "Polygon", coordinates: [ring] }
          : { type: "Point", coordinates: [WEST + at[0], NORTH - at[1]] },
      ),
    };
  });
  const path = join(folder, "things.geojson");
  writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features }));
  return path;
}

it("measures what grew and shrank, and dates houses of 150 m²", async () => {
  await ingest({
    workspace: join(folder, "workspace"),
    images: [await paint(0), await paint(1)],
    vectors: [layer()],
    encoder: createStatisticsEncoder(),
  });
  const workspace = await openWorkspace(join(folder, "workspace"));
  const of = (name: string) => workspace.entities.query({}).find((entity) => entity.name === name);
  for (const [name, before, after] of [
    ["growing", 60, 90],
    ["drying", 90, 55],
  ] as const) {
    const history = of(name)?.areaHistory ?? [];
    expect(history.map(({ date }) => date)).toEqual(DATES);
    expect((history[0]?.areaM2 as number) / (Math.PI * before ** 2)).toBeCloseTo(1, 1);
    expect((history[1]?.areaM2 as number) / (Math.PI * after ** 2)).toBeCloseTo(1, 1);
    expect(of(name)).toMatchObject({ firstSeen: null, lastSeen: null, tags: { "dated:by": "imagery" } });
  }
  expect(of("steady")).toMatchObject({ areaHistory: [], firstSeen: null, lastSeen: null });
  expect(of("house")).toMatchObject({ firstSeen: DATES[1], lastSeen: null });
  expect(of("old")).toMatchObject({ firstSeen: null, lastSeen: null });
  expect(of("razed")).toMatchObject({ firstSeen: null, lastSeen: DATES[0] });
  expect(of("newWell")).toMatchObject({ firstSeen: DATES[1], lastSeen: null });
  for (const name of ["oldWell", "noWell"]) expect(of(name)).toMatchObject({ firstSeen: null, lastSeen: null });
  // Roofs have the colour of the newest date on which they stood; the ground's, once they are gone, is not theirs.
  for (const name of ["house", "old", "razed"]) expect(of(name)?.attributes).toEqual(["white", "bright"]);
  for (const name of ["tiled"]) expect(of(name)?.attributes).toEqual(["red"]);
  for (const name of ["steady", "oldWell"]) expect(of(name)?.attributes).toEqual([]);
  workspace.close();
});

/** The two painted dates as a mosaic. */
async function paintedPair() {
  const images = await Promise.all(
    ([0, 1] as const).map(async (date) => {
      const path = await paint(date);
      const { description, close } = await openRaster(path);
      await close();
      return { id: path, description, date: DATES[date], box: imageBox(description, "EPSG:32631") };
    }),
  );
  return { images, reader: createMosaicReader(images, "EPSG:32631") };
}

it("finds the road that came, and neither the one that was there nor a yard", async () => {
  const { images, reader } = await paintedPair();
  const roads = await findNewRoads(images, DATES, [], reader);
  await reader.close();
  expect(roads.map(({ concept, firstSeen }) => [concept, firstSeen])).toEqual([["road", DATES[1]]]);
  const [minX, minY, maxX, maxY] = boundsOf((roads[0] as (typeof roads)[number]).geometry);
  expect(Math.abs(minX - WEST - 300)).toBeLessThan(6);
  expect(Math.abs(maxX - WEST - 560)).toBeLessThan(6);
  expect(Math.abs(NORTH - maxY - 540)).toBeLessThan(6);
  expect(maxY - minY).toBeLessThan(14);
});

it("calls a mapped line new that lies along new pavement, and finds no second road there", async () => {
  const { images, reader } = await paintedPair();
  const roads = await findNewRoads(images, DATES, [], reader);
  await reader.close();
  const line = (id: string, y: number): Entity => ({
    ...(roads[0] as Entity),
    id,
    source: "layer:roads",
    firstSeen: null,
    geometry: {
      type: "LineString",
      coordinates: [
        [WEST + 305, NORTH - y],
        [WEST + 555, NORTH - y],
      ],
    },
  });
  const { dated, left } = dateMappedRoads(roads, [line("new", 543), line("old", 573)]);
  expect([...dated.keys()]).toEqual(["new"]);
  expect(left).toEqual([]);
});

it("sees what stands out on one date alone, and what a detector overlooked", async () => {
  const { reader } = await paintedPair();
  const at = (name: keyof typeof DISCS): GeoJSON.Point => {
    const [x, y] = (DISCS[name] as Disc).at;
    return { type: "Point", coordinates: [WEST + x, NORTH - y] };
  };
  const square = ([x, y]: readonly number[], half: number): GeoJSON.Polygon => ({
    type: "Polygon",
    coordinates: [
      [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
        [-1, -1],
      ].map(([dx = 0, dy = 0]) => [(x as number) + dx * half, (y as number) + dy * half]),
    ],
  });
  expect(await standsOn(at("newWell"), DATES, reader)).toBe("second");
  expect(await standsOn(at("oldWell"), DATES, reader)).toBe("both");
  expect(await standsOn(at("noWell"), DATES, reader)).toBe("both");
  expect(await looksChanged(square(at("newWell").coordinates, 3), DATES, reader)).toBe(true);
  expect(await looksChanged(square(at("oldWell").coordinates, 3), DATES, reader)).toBe(false);
  await reader.close();
});

it("says that a wood is gone only where other cover was found in its place", async () => {
  const { reader } = await paintedPair();
  const wood: Entity = {
    id: "wood",
    concept: "forest",
    geometry: boxPolygon([WEST + 20, NORTH - 580, WEST + 90, NORTH - 520]),
    confidence: 1,
    attributes: [],
    name: null,
    source: "layer:woods",
    firstSeen: null,
    lastSeen: null,
    areaHistory: [],
    tags: {},
  };
  const cover =
    (found: Readonly<Record<string, string>>) =>
    (_: GeoJSON.Geometry, date: string, kinds: readonly string[]): number =>
      kinds.includes(found[date] ?? "") ? 1 : 0;
  const of = (found: Readonly<Record<string, string>>) => dateThing(wood, DATES, reader, cover(found));
  expect(await of({ [DATES[0]]: "forest", [DATES[1]]: "farmland" })).toMatchObject({ lastSeen: DATES[0] });
  expect((await of({ [DATES[0]]: "forest" }))?.lastSeen ?? null).toBeNull();
  expect((await of({ [DATES[0]]: "forest", [DATES[1]]: "forest" }))?.lastSeen ?? null).toBeNull();
  await reader.close();
});

const reservoir = ["Boadella_2020-01-13.tif", "Boadella_2020-01-28.tif", "Boadella_2020-02-02_labels.geojson"].map(
  (name) => dataFile("geo", "change", "boadella_s2", name),
);
it.skipIf(reservoir.includes(null))(
  "sees a reservoir fill in a storm, up to the outline that was drawn after it",
  async () => {
    const [before, after, labels] = reservoir as [string, string, string];
    const { features } = JSON.parse(readFileSync(labels, "utf8")) as GeoJSON.FeatureCollection;
    const crs = workingCrs("EPSG:32631");
    const images = await Promise.all(
      [before, after].map(async (path, i) => {
        const { description, close } = await openRaster(path);
        await close();
        return { id: path, description, date: DATES[i] as string, box: imageBox(description, crs.code) };
      }),
    );
    const reader = createMosaicReader(images, crs.code);
    const water = crs.geometryFromWgs84((features[0] as GeoJSON.Feature).geometry);
    const low = await measureExtent(water, DATES[0], reader);
    const high = await measureExtent(water, DATES[1], reader);
    await reader.close();
    expect((high as number) / (low as number)).toBeGreaterThan(1.1);
    expect((high as number) / areaM2(water)).toBeGreaterThan(0.75);
  },
);
