import { feature, featureCollection, intersect } from "@turf/turf";
import { describe, expect, it } from "vitest";
import { workingCodeFor } from "../../src/geo/crs.ts";
import { createMosaicReader, imageBox } from "../../src/imagery/mosaic.ts";
import type { Chip } from "../../src/imagery/ports.ts";
import { openRaster } from "../../src/imagery/raster.ts";
import type { Segment } from "../../src/models/ports.ts";
import { createSpectralSegmenter } from "../../src/models/spectral-segmenter.ts";
import { areaM2 } from "../../src/retrieval/planar.ts";
import { dataFile } from "../fixtures/data.ts";

type Colour = readonly [number, number, number];
/** Left, top, right, bottom in pixels. */
type Rectangle = readonly [number, number, number, number];

const SIDE = 260;
const GSD = 2;
const GRASS: Colour = [118, 137, 90];
const PAVED: Colour = [143, 144, 141];
const ASPHALT: Colour = [118, 119, 122];
const SHADOW: Colour = [62, 66, 62];

/** A chip of 520 m at 2 m per pixel: rectangles over a ground, later ones on top, with a little noise that is always the same. */
function chipOf(
  ground: Colour,
  shapes: readonly (readonly [Rectangle, Colour | ((x: number, y: number) => Colour)])[],
): Chip {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y += 1)
    for (let x = 0; x < SIDE; x += 1) {
      const top = shapes.findLast(([[left, upper, right, lower]]) => x >= left && x < right && y >= upper && y < lower);
      const colour = top ? (typeof top[1] === "function" ? top[1](x, y) : top[1]) : ground;
      const noise = ((x * 7919 + y * 104_729 + ((x * y) % 31) * 17) % 9) - 4;
      for (let band = 0; band < 3; band += 1) rgb[(y * SIDE + x) * 3 + band] = (colour[band] as number) + noise;
    }
  return {
    width: SIDE,
    height: SIDE,
    rgb,
    valid: new Uint8Array(SIDE * SIDE).fill(1),
    box: [0, 0, SIDE * GSD, SIDE * GSD],
    date: null,
  };
}

const segmenter = createSpectralSegmenter();
const find = async (chip: Chip, concept: Segment["concept"]) =>
  (await segmenter.segment(chip)).filter((segment) => segment.concept === concept);

function iou(segment: Segment | undefined, [left, top, right, bottom]: Rectangle): number {
  if (!segment) return 0;
  const truth: GeoJSON.Polygon = {
    type: "Polygon",
    coordinates: [
      [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
        [left, top],
      ],
    ],
  };
  const both = intersect(featureCollection([feature(truth), feature(segment.polygon)]));
  const shared = both ? areaM2(both.geometry) : 0;
  return shared / (areaM2(truth) + areaM2(segment.polygon) - shared);
}

const ROOF: Rectangle = [100, 100, 150, 130];
/** What a roof of eleven metres throws to the north-west. */
const shadowOf = ([left, top, right, bottom]: Rectangle): Rectangle => [left - 4, top - 4, right - 4, bottom - 4];

describe("large roofs", () => {
  it.each([
    ["white", [226, 228, 226], GRASS],
    ["blue", [88, 122, 168], PAVED],
    ["red", [168, 92, 70], GRASS],
    ["green", [112, 136, 112], [163, 154, 138]],
    ["grey", [160, 163, 167], GRASS],
    ["grey", [156, 159, 162], PAVED],
  ] as const)("%s with a shadow are found with their outline and colour", async (name, colour, ground) => {
    const roofs = await find(
      chipOf(ground, [
        [shadowOf(ROOF), SHADOW],
        [ROOF, colour],
      ]),
      "large_roof",
    );
    expect(roofs).toHaveLength(1);
    expect(roofs[0]?.attributes).toContain(name);
    expect(iou(roofs[0], ROOF)).toBeGreaterThan(0.85);
  });

  it("are no rectangles without a shadow, nor fields beside a dark field", async () => {
    const green: Colour = [112, 136, 112];
    expect(await find(chipOf(GRASS, [[ROOF, green]]), "large_roof")).toEqual([]);
    const dark: Rectangle = [40, 60, 150, 100];
    expect(
      await find(
        chipOf(
          [163, 154, 138],
          [
            [dark, SHADOW],
            [ROOF, green],
          ],
        ),
        "large_roof",
      ),
    ).toEqual([]);
  });

  it("of every thing smaller than 1,200 m² and of chips too coarse to tell are not claimed", async () => {
    const small: Rectangle = [100, 100, 112, 112];
    const shapes = [
      [shadowOf(small), SHADOW],
      [small, [226, 228, 226]],
    ] as const;
    expect(await find(chipOf(GRASS, shapes), "large_roof")).toEqual([]);
    const large = chipOf(GRASS, [
      [shadowOf(ROOF), SHADOW],
      [ROOF, [226, 228, 226]],
    ]);
    expect(await segmenter.segment({ ...large, box: [0, 0, SIDE * 10, SIDE * 10] })).toEqual([]);
  });
});

describe("truck yards", () => {
  const yard: Rectangle = [60, 100, 180, 130];
  /** Trailers side by side along both long sides, every sixth bay empty. */
  const withTrucks = (x: number, y: number): Colour => {
    const fromEdge = Math.min(y - yard[1], yard[3] - 1 - y);
    const bay = Math.floor((x - yard[0]) / 3);
    if (fromEdge < 2 || fromEdge > 8 || bay % 6 === 5 || (x - yard[0]) % 3 === 2) return ASPHALT;
    return bay % 2 === 0 ? [232, 232, 228] : [201, 80, 60];
  };

  it("reach from the outer end of one row of trucks to that of the other", async () => {
    const yards = await find(chipOf(GRASS, [[yard, withTrucks]]), "truck_yard");
    expect(yards).toHaveLength(1);
    expect(iou(yards[0], yard)).toBeGreaterThan(0.8);
  });

  it("are one yard when something stands across the lane", async () => {
    const yards = await find(
      chipOf(GRASS, [
        [yard, withTrucks],
        [
          [116, 108, 119, 122],
          [226, 196, 78],
        ],
      ]),
      "truck_yard",
    );
    expect(yards).toHaveLength(1);
    expect(iou(yards[0], yard)).toBeGreaterThan(0.75);
  });

  it("are no empty asphalt and no roads", async () => {
    expect(await find(chipOf(GRASS, [[yard, ASPHALT]]), "truck_yard")).toEqual([]);
    expect(await find(chipOf(GRASS, [[[0, 100, SIDE, 105], ASPHALT]]), "truck_yard")).toEqual([]);
  });
});

describe("solar panels", () => {
  const field: Rectangle = [80, 80, 150, 140];
  const panel: Colour = [46, 61, 92];
  const between: Colour = [96, 112, 84];

  it.each([
    ["east to west", (_: number, y: number) => (y % 4 < 2 ? panel : between)],
    ["north to south", (x: number) => (x % 4 < 2 ? panel : between)],
  ] as const)("in rows from %s are found", async (_, colour) => {
    const fields = await find(chipOf(GRASS, [[field, colour]]), "solar_panel");
    expect(fields).toHaveLength(1);
    expect(iou(fields[0], field)).toBeGreaterThan(0.8);
  });

  it("are no plantation: as dark and as blue on the whole, and as uneven, but in no rows", async () => {
    const crowns = (x: number, y: number): Colour =>
      Math.sin(x * 12.9898 + y * 78.233) * 43_758.5453 - Math.floor(Math.sin(x * 12.9898 + y * 78.233) * 43_758.5453) <
      0.5
        ? panel
        : between;
    expect(await find(chipOf(GRASS, [[field, crowns]]), "solar_panel")).toEqual([]);
  });
});

const plantations = dataFile("geo", "imagery", "swellendam_za", "3420B_2010_328_RGB_LATLNG.tif");
it.skipIf(!plantations)("finds no solar panels in aerial imagery of farms and plantations", async () => {
  const path = plantations as string;
  const { description, close } = await openRaster(path);
  await close();
  const [west, south, east, north] = description.bboxWgs84;
  const code = workingCodeFor(description.crs, (west + east) / 2, (south + north) / 2);
  const box = imageBox(description, code);
  const reader = createMosaicReader([{ id: path, description, date: null, box }], code);
  const found: Segment[] = [];
  for (let y = box[1]; y < box[3]; y += 1024)
    for (let x = box[0]; x < box[2]; x += 1024) {
      const side = Math.round(1024 / Math.max(2, description.gsd));
      found.push(
        ...(await find(
          await reader.readChip([x, y, x + 1024, y + 1024], null, { width: side, height: side }),
          "solar_panel",
        )),
      );
    }
  await reader.close();
  expect(found).toEqual([]);
});
