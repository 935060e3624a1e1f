import { describe, expect, it } from "vitest";
import { duration, ground, pace, resolution } from "../../ui/src/ingest/formats.ts";
import { frameOf, project, tilesIn } from "../../ui/src/ingest/map-frame.ts";
import { dateInName, kindOfFile, kindOfName, missingOf } from "../../ui/src/ingest/source-drafts.ts";

const file = (name: string, text = "x") => new File([text], name);

describe("a source that is dropped", () => {
  it.each([
    ["scene_2024-05-12.TIF", "x", "image"],
    ["roads.gpkg", "x", "vectors"],
    ["roads.zip", "x", "vectors"],
    ["roads.shp", "x", "part_of_shapefile"],
    ["roads.dbf", "x", "part_of_shapefile"],
    ["osm.geojson", '{"type": "FeatureCollection", "features": []}', "vectors"],
    ["ships.json", '{"type":"Feature","properties":{"confidence" : 0.9}}', "detections"],
    ["ships.jsonl", '{"type":"Feature","properties":{"confidence":0.9}}\n', "detections"],
    ["landmarks.jsonl", '{"name":"Old Mill","text":"A mill."}\n', "knowledge"],
    ["bridges.csv", "name,lon,lat", "knowledge"],
    ["notes.txt", "x", "unknown_ending"],
    ["no ending", "x", "unknown_ending"],
  ])("%s is told by its ending and what it begins with", async (name, text, kind) => {
    expect(await kindOfFile(file(name, text))).toBe(kind);
  });

  it("may be a shapefile where its parts lie beside it, and a raster at an address without an ending", () => {
    expect(kindOfName("/data/roads.shp")).toBe("vectors");
    expect(kindOfName("https://example.org/cog?id=5")).toBe("image");
    expect(kindOfName("https://example.org/a.tif?key=x.csv")).toBe("image");
    expect(kindOfName("/data/roads.prj")).toBe("part_of_shapefile");
  });

  it("is dated by its name, where that holds a day of the calendar", () => {
    expect(dateInName("scene_2024-05-12.tif")).toBe("2024-05-12");
    expect(dateInName("S2_20240229T103.tif")).toBe("2024-02-29");
    expect(dateInName("scene_2023-02-29.tif")).toBe("");
    expect(dateInName("tile_120240512.tif")).toBe("");
  });

  it("needs a year when it holds embeddings", () => {
    const draft = { key: "k", kind: "embeddings", name: "aef.tif", from: { path: "/aef.tif" } } as const;
    expect(missingOf({ ...draft, date: "" })).toBe("year");
    expect(missingOf({ ...draft, date: "2024" })).toBeNull();
  });
});

describe("figures of an ingest", () => {
  it("are in the unit that suits them, in both languages", () => {
    expect([8.4, 125, 700, 4800].map((seconds) => duration(seconds, "en"))).toEqual([
      "8 s",
      "2 min 5 s",
      "12 min",
      "1 h 20 min",
    ]);
    expect(duration(125, "zh")).toBe("2 分 5 秒");
    expect([ground(62_000, "en"), ground(4_000_049, "en")]).toEqual(["6.2 ha", "4 km²"]);
    expect([resolution([0.5, 0.5]), resolution([0.5, 10])]).toEqual(["0.50 m", "0.50–10 m"]);
    expect(pace({ perSecond: 12_345_678, unit: "px" }, "en")).toBe("12.3 Mpx/s");
  });
});

describe("the small map", () => {
  it("shows the whole box, with few tiles, wherever it lies", () => {
    for (const box of [
      [2.2, 41.6, 2.3, 41.7],
      [-179.9, -80, 179.9, 80],
      [120.0001, 30.0001, 120.0002, 30.0002],
    ] as const) {
      const frame = frameOf(box, 1.6, 3);
      expect(frame.width / frame.height).toBeCloseTo(1.6, 6);
      const [x0, y0] = project(box[0], box[3], frame.zoom);
      const [x1, y1] = project(box[2], box[1], frame.zoom);
      expect(x0).toBeGreaterThanOrEqual(frame.x);
      expect(y0).toBeGreaterThanOrEqual(frame.y);
      expect(x1).toBeLessThanOrEqual(frame.x + frame.width);
      expect(y1).toBeLessThanOrEqual(frame.y + frame.height);
      expect(tilesIn(frame).length).toBeLessThanOrEqual(16);
    }
  });
});
