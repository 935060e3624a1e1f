import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { area, feature, featureCollection, intersect } from "@turf/turf";
import { afterAll, describe, expect, it } from "vitest";
import { isConceptId } from "../../knowledge/ontology/ids.ts";
import { LANDFORMS } from "../../src/demo/scene.ts";
import { paintWorld } from "../../src/demo/write-demo.ts";
import { boundsOf } from "../../src/geo/bounds.ts";
import { workingCrs } from "../../src/geo/crs.ts";
import { checkWgs84Geometry } from "../../src/geo/validate.ts";
import { createMosaicReader, imageBox } from "../../src/imagery/mosaic.ts";
import { openRaster } from "../../src/imagery/raster.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-worlds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const emptyArea: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const sha = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

describe.each(LANDFORMS)("a %s world", (landform) => {
  it("is the same for the same seed and another for another", async () => {
    const [a, b, c] = await Promise.all(
      [1, 1, 2].map((seed, i) => paintWorld({ out: join(folder, `${landform}-${i}`), landform, seed, size: 1000 })),
    );
    for (const part of ["layers", "knowledge", "truth"] as const) {
      expect(sha(a?.[part] as string)).toBe(sha(b?.[part] as string));
      expect(sha(a?.[part] as string)).not.toBe(sha(c?.[part] as string));
    }
    for (const i of [0, 1]) expect(sha(a?.images[i]?.path as string)).toBe(sha(b?.images[i]?.path as string));
  });

  it("paints what its truth says: new roofs differ between the dates, standing ones much less", async () => {
    const world = await paintWorld({ out: join(folder, `${landform}-truth`), landform, seed: 11, size: 3000 });
    const rasters = await Promise.all(
      world.images.map(async ({ path, date }) => {
        const raster = await openRaster(path);
        await raster.close();
        return {
          id: path,
          description: raster.description,
          date,
          box: imageBox(raster.description, raster.description.crs),
        };
      }),
    );
    const reader = createMosaicReader(rasters, (rasters[0] as (typeof rasters)[number]).description.crs);
    const crs = workingCrs((rasters[0] as (typeof rasters)[number]).description.crs);
    const features = (
      JSON.parse(readFileSync(world.truth, "utf8")) as {
        features: {
          properties: { concept: string; firstSeen: string | null; lastSeen: string | null };
          geometry: GeoJSON.Geometry;
        }[];
      }
    ).features;
    const changes: Record<"new" | "standing", number[]> = { new: [], standing: [] };
    for (const { properties, geometry } of features) {
      expect(isConceptId(properties.concept)).toBe(true);
      checkWgs84Geometry(geometry, "truth");
      if (properties.concept !== "warehouse" || properties.lastSeen) continue;
      const [minX, minY, maxX, maxY] = boundsOf(crs.geometryFromWgs84(geometry));
      const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
      const [before, after] = await Promise.all(
        world.images.map(({ date }) =>
          reader.readChip([cx - 10, cy - 10, cx + 10, cy + 10], date, { width: 20, height: 20 }),
        ),
      );
      const difference =
        Array.from(before?.rgb ?? []).reduce((sum, value, i) => sum + Math.abs(value - (after?.rgb[i] as number)), 0) /
        1200;
      changes[properties.firstSeen ? "new" : "standing"].push(difference);
    }
    await reader.close();
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
    expect(changes.new.length).toBeGreaterThan(2);
    expect(changes.standing.length).toBeGreaterThan(2);
    expect(median(changes.new)).toBeGreaterThan(2 * median(changes.standing));
  });
});

it("refuses sizes out of range and leaves nothing behind", async () => {
  await expect(paintWorld({ out: join(folder, "tiny"), size: 10 })).rejects.toThrow(/size 10 is not/);
  await expect(openRaster(join(folder, "tiny", "imagery"))).rejects.toThrow(/There is no file/);
});

it.each(["harbour", "valley"] as const)("maps no farmland under the water of a %s world", async (landform) => {
  const world = await paintWorld({ out: join(folder, `${landform}-fields`), landform, seed: 41, size: 2000 });
  const polygonsOf = (path: string) =>
    (
      JSON.parse(readFileSync(path, "utf8")) as {
        features: { properties: Record<string, string>; geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon }[];
      }
    ).features.filter(({ geometry }) => geometry.type.endsWith("Polygon"));
  const isWater = ({ properties }: { properties: Record<string, string> }) =>
    properties.concept === "sea" || properties.concept === "river" || properties.natural === "water";
  for (const path of [world.truth, world.layers]) {
    const features = polygonsOf(path);
    const fields = features.filter(
      ({ properties }) => properties.concept === "farmland" || properties.landuse === "farmland",
    );
    const waters = features.filter(isWater);
    expect(waters.length).toBeGreaterThan(0);
    expect(fields.length).toBeGreaterThan(10);
    for (const field of fields) {
      const drowned = waters.reduce(
        (sum, water) =>
          sum + area(intersect(featureCollection([feature(field.geometry), feature(water.geometry)])) ?? emptyArea),
        0,
      );
      // The map's outlines are up to two metres off.
      expect(drowned).toBeLessThan(path === world.truth ? 1 : 2500);
      expect(drowned).toBeLessThan(0.35 * area(field.geometry));
    }
  }
});

describe("a folder that is there already", () => {
  const inside = (path: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [join(parentPath, name), sha(join(parentPath, name))]),
    );

  it("is refused, untouched, when it holds anything that no demo has written", async () => {
    const foreign = join(folder, "thesis");
    mkdirSync(join(foreign, "imagery"), { recursive: true });
    writeFileSync(join(foreign, "imagery", "scan.tif"), "mine");
    writeFileSync(join(foreign, "README.txt"), "My own notes.");
    const before = inside(foreign);
    await expect(paintWorld({ out: foreign, size: 1000 })).rejects.toThrow(
      /holds imagery\/scan\.tif, which no demo has written; choose a new or an empty folder\.$/,
    );
    expect(inside(foreign)).toEqual(before);
    const file = join(folder, "file.txt");
    writeFileSync(file, "mine");
    await expect(paintWorld({ out: file, size: 1000 })).rejects.toThrow(/is a file/);
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("is replaced when it is empty or holds a demo world alone", async () => {
    const out = join(folder, "again");
    mkdirSync(out);
    await paintWorld({ out, size: 1000, seed: 1 });
    const first = inside(out);
    const second = await paintWorld({ out, size: 1000, seed: 2, landform: "basin" });
    expect(inside(out)).not.toEqual(first);
    expect(readdirSync(join(out, "imagery")).every((name) => name.startsWith("basin_"))).toBe(true);
    writeFileSync(join(out, "imagery", "notes.txt"), "mine");
    await expect(paintWorld({ out, size: 1000 })).rejects.toThrow(/imagery\/notes\.txt/);
    expect(readFileSync(second.layers, "utf8")).toContain("FeatureCollection");
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });
});
