import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ingest } from "../../src/ingest/ingest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import type { Place } from "../../src/query/turn.ts";
import { gazetteer } from "../../src/store/gazetteer.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-gazetteer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Source = [properties: Record<string, string>, geometry: GeoJSON.Geometry];
const point = (lon: number, lat: number): GeoJSON.Point => ({ type: "Point", coordinates: [lon, lat] });
const line = (...coordinates: number[][]): GeoJSON.LineString => ({ type: "LineString", coordinates });
const square = (lon: number, lat: number, side = 0.002): GeoJSON.Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [lon, lat],
      [lon + side, lat],
      [lon + side, lat + side],
      [lon, lat + side],
      [lon, lat],
    ],
  ],
});

let runs = 0;
async function placesOf(features: readonly Source[], knowledge: readonly object[] = []): Promise<readonly Place[]> {
  runs += 1;
  const layer = join(folder, `${runs}.geojson`);
  const landmarks = join(folder, `${runs}.jsonl`);
  writeFileSync(
    layer,
    JSON.stringify({
      type: "FeatureCollection",
      features: features.map(([properties, geometry]) => ({ type: "Feature", properties, geometry })),
    }),
  );
  writeFileSync(landmarks, knowledge.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  await ingest({
    workspace: join(folder, `workspace-${runs}`),
    vectors: [layer],
    ...(knowledge.length > 0 && { knowledge: [landmarks] }),
    encoder: createStatisticsEncoder(),
  });
  const workspace = await openWorkspace(join(folder, `workspace-${runs}`));
  const { places } = gazetteer(workspace);
  workspace.close();
  return places;
}

it("keeps two places of one name apart that lie apart", async () => {
  const places = await placesOf([
    [{ place: "village", name: "Newton" }, point(2.3, 41.6)],
    [{ place: "village", name: "Newton" }, point(2.4, 41.7)],
  ]);
  expect(places.map(({ names }) => names[0])).toEqual(["Newton", "Newton"]);
  expect(new Set(places.map(({ geometry }) => JSON.stringify(geometry))).size).toBe(2);
  expect(new Set(places.map(({ id }) => id)).size).toBe(2);
});

it("keeps two things of one name apart that are of different kinds, though they touch", async () => {
  const places = await placesOf([
    [{ leisure: "stadium", name: "Riverside" }, square(2.3, 41.6)],
    [{ highway: "motorway_junction", name: "Riverside" }, point(2.3005, 41.6005)],
  ]);
  expect(places.map(({ concept }) => concept).sort()).toEqual(["highway_exit", "stadium"]);
});

it("takes a landmark and its mapped outline for one place, with the names of one and the geometry of the other", async () => {
  const places = await placesOf(
    [[{ leisure: "stadium", name: "Harrow Stadium" }, square(2.3, 41.6)]],
    [{ id: "h", name: "Harrow Stadium", aliases: ["The Bowl"], concept: "stadium", lon: 2.301, lat: 41.601 }],
  );
  expect(places).toHaveLength(1);
  expect(places[0]).toMatchObject({ id: "h", names: ["Harrow Stadium", "The Bowl"], geometry: { type: "Polygon" } });
});

it("takes the ways of a road that lie end to end for one road, in any order, and a road elsewhere for another", async () => {
  const road = { highway: "primary", name: "Mill Lane" };
  const places = await placesOf([
    [road, line([2.3, 41.6], [2.31, 41.6])],
    [road, line([2.32, 41.6], [2.33, 41.6])],
    [road, line([2.31, 41.6], [2.32, 41.6])],
    [road, line([2.5, 41.8], [2.51, 41.8])],
  ]);
  expect(places.map(({ geometry }) => (geometry.type === "MultiLineString" ? geometry.coordinates.length : 1))).toEqual(
    expect.arrayContaining([1, 3]),
  );
  expect(places).toHaveLength(2);
});
