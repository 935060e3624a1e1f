import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Engine, openEngine } from "../../src/engine.ts";
import { workingCrs } from "../../src/geo/crs.ts";
import { writeGeoTiff } from "../../src/imagery/geotiff-writer.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-beyond-"));
const [WEST, NORTH] = [500_000, 4_600_000];
let engine: Engine;

/** A picture of 300 m; the map beside it holds a school 2 km to the east, and a house on either. */
beforeAll(async () => {
  const image = join(folder, "ground_2024-05-01.tif");
  await writeGeoTiff(
    image,
    {
      width: 300,
      height: 300,
      bands: 3,
      sampleType: "uint8",
      epsg: 32_631,
      originX: WEST,
      originY: NORTH,
      pixelSize: 1,
    },
    (_x, _y, width, height) => new Uint8Array(width * height * 3).fill(120),
  );
  const crs = workingCrs("EPSG:32631");
  const square = (id: string, x: number, tags: Readonly<Record<string, string>>) => ({
    type: "Feature",
    id,
    properties: tags,
    geometry: crs.geometryToWgs84({
      type: "Polygon",
      coordinates: [
        [
          [x, NORTH - 120],
          [x + 20, NORTH - 120],
          [x + 20, NORTH - 100],
          [x, NORTH - 100],
          [x, NORTH - 120],
        ],
      ],
    }),
  });
  const layer = join(folder, "map.geojson");
  const features = [
    square("school", WEST + 2000, { amenity: "school", name: "Hill School" }),
    square("house", WEST + 2100, { building: "house" }),
    square("near", WEST + 100, { building: "house" }),
  ];
  writeFileSync(layer, JSON.stringify({ type: "FeatureCollection", features }));
  const workspace = join(folder, "workspace");
  await ingest({ workspace, images: [image], vectors: [layer], encoder: createStatisticsEncoder() });
  engine = await openEngine(workspace);
});
afterAll(() => {
  engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

it("answers from the map where it knows the kind beyond the imagery alone, and says so", async () => {
  const { regions } = await engine.agent.run({ message: "schools", thread: "one" });
  expect(regions.map(({ caption }) => caption.split(",")[0])).toEqual(["Hill School (school)"]);
  expect(regions[0]?.flags).toContain("map_only");
});

it("keeps to the imagery for kinds that it holds, and to a place that is named", async () => {
  expect((await engine.agent.run({ message: "buildings", thread: "two" })).regions).toHaveLength(1);
  const view = [2.999, 41.54, 3.004, 41.552] as const;
  expect(
    (await engine.agent.run({ message: "schools in this view", thread: "three", viewport: [...view] })).regions,
  ).toHaveLength(0);
});
