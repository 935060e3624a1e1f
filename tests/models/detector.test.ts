import { join } from "node:path";
import { fc, test } from "@fast-check/vitest";
import { afterAll, describe, expect, it } from "vitest";
import { type Box, cornersOf, probIou, sharedArea, suppress, uprightIou } from "../../src/models/detection/boxes.ts";
import { decodeYolo } from "../../src/models/detection/decode.ts";
import { type Find, mergeTiles } from "../../src/models/detection/merge.ts";
import { letterbox, openDetector } from "../../src/models/onnx-detector.ts";
import { ofKind, readManifest } from "../../src/models/read-manifest.ts";
import { type Colour, paintedChip, TINY_MODELS } from "../fixtures/models.ts";

type Opened = Awaited<ReturnType<typeof openDetector>>;
const opened: Opened[] = [];
async function open(name: string, change: Record<string, unknown> = {}): Promise<Opened> {
  const model = ofKind(await readManifest(join(TINY_MODELS, name)), "detector");
  const detector = await openDetector({ ...model, manifest: { ...model.manifest, ...change } });
  opened.push(detector);
  return detector;
}
afterAll(async () => {
  for (const detector of opened) await detector.close();
});

const box = (change: Partial<Box>): Box => ({
  cx: 0,
  cy: 0,
  width: 10,
  height: 4,
  angle: 0,
  score: 0.9,
  label: 0,
  ...change,
});

/** Cells of 8 px painted by column and row. */
const cells = (width: number, height: number, painted: Readonly<Record<string, Colour>>) =>
  paintedChip(width, height, (x, y) => painted[`${x >> 3},${y >> 3}`] ?? [0, 0, 0]);

describe("the oriented detector", () => {
  it("gives turned rectangles with class, score and direction", async () => {
    const detector = await open("tiny-oriented");
    expect(detector).toMatchObject({ id: "tiny-oriented@1", concepts: ["ship", "plane"] });
    const found = await detector.detect(cells(64, 64, { "2,3": [204, 0, 0], "5,1": [0, 255, 255], "7,7": [51, 0, 0] }));
    expect(found).toEqual([
      {
        concept: "plane",
        className: "plane",
        confidence: 1,
        // Blue full: turned by a quarter, so that the 12 px lie upright.
        polygon: {
          type: "Polygon",
          coordinates: [
            [
              [46, 6],
              [42, 6],
              [42, 18],
              [46, 18],
              [46, 6],
            ],
          ],
        },
        orientationDeg: 0,
      },
      {
        concept: "ship",
        className: "ship",
        confidence: 0.8,
        polygon: {
          type: "Polygon",
          coordinates: [
            [
              [14, 26],
              [14, 30],
              [26, 30],
              [26, 26],
              [14, 26],
            ],
          ],
        },
        orientationDeg: 90,
      },
    ]);
  });

  it("finds a thing in the tiles' overlap, or at a border, once, where it is", async () => {
    // Cells that a tile's grid halves stay under this confidence.
    const detector = await open("tiny-oriented", { confidence: 0.5 });
    const painted = Object.fromEntries(
      [0, 5, 7, 11, 13, 14].flatMap((x) => [1, 6, 9, 12].map((y) => [`${x},${y}`, [230, 0, 0] as Colour])),
    );
    const found = await detector.detect(cells(120, 104, painted));
    const middles = found.map(({ polygon }) => {
      const ring = polygon.coordinates[0] as number[][];
      return `${((ring[0]?.[0] ?? 0) + (ring[2]?.[0] ?? 0)) / 2},${((ring[0]?.[1] ?? 0) + (ring[2]?.[1] ?? 0)) / 2}`;
    });
    expect([...middles].sort()).toEqual(
      Object.keys(painted)
        .map((key) =>
          key
            .split(",")
            .map((at) => Number(at) * 8 + 4)
            .join(","),
        )
        .sort(),
    );
  });

  it("finds nothing outside its range of GSD, nor without data", async () => {
    const detector = await open("tiny-oriented");
    const chip = cells(64, 64, { "2,3": [204, 0, 0] });
    expect(await detector.detect({ ...chip, box: [0, 0, 640, 640] })).toEqual([]);
    expect(await detector.detect({ ...chip, valid: new Uint8Array(chip.valid.length) })).toEqual([]);
  });
});

describe("the axis-aligned detector", () => {
  it("leaves out classes without a concept, and lies rightly in chips smaller than its input", async () => {
    const detector = await open("tiny-boxes");
    expect(detector.concepts).toEqual(["ship"]);
    const found = await detector.detect(cells(48, 32, { "1,2": [255, 0, 0], "4,1": [0, 255, 0] }));
    expect(found.map(({ polygon, confidence }) => [polygon.coordinates[0]?.[0], confidence])).toEqual([[[6, 18], 1]]);
  });

  it("keeps one scale for tiles of another size than its input", async () => {
    const detector = await open("tiny-boxes", { tileSize: 32, overlap: 8 });
    // Cells of 8 input pixels are 4 chip pixels; the box of 12 × 4 is 6 × 2.
    const [ship, ...rest] = await detector.detect(
      paintedChip(32, 32, (x, y) => (x >> 2 === 3 && y >> 2 === 2 ? [255, 0, 0] : [0, 0, 0])),
    );
    expect(rest).toEqual([]);
    expect(ship?.polygon.coordinates[0]?.slice(0, 3)).toEqual([
      [11, 9],
      [11, 11],
      [17, 11],
    ]);
  });

  it.each([
    [
      "classes",
      { classes: [{ name: "ship", concept: "ship" }] },
      /gives \[1, 6, 64\], but 1 axis-aligned classes make \[1, 5, N\]; correct classes or boxes/,
    ],
    ["boxes", { boxes: "oriented" }, /but 2 oriented classes make \[1, 7, N\]/],
    ["input size", { inputSize: 128 }, /takes pictures of 64 × 64 pixels only; set inputSize to 64/],
    ["overlap", { overlap: 64 }, /overlap 64 is not less than the tiles' 64 pixels/],
  ])("is refused with wrong %s", async (_, change, sentence) => {
    await expect(open("tiny-boxes", change).then((detector) => detector.detect(cells(64, 64, {})))).rejects.toThrow(
      sentence,
    );
  });
});

describe("likeness of boxes", () => {
  it("ProbIoU is one for the same box, nought far away, and as computed by hand between", () => {
    expect(probIou(box({}), box({}))).toBeCloseTo(1, 2);
    expect(probIou(box({}), box({ cx: 500 }))).toBeCloseTo(0, 4);
    // Unturned, apart by x only: D = (a1 + a2)(b1 + b2), t1 = Δx² / (4 (a1 + a2)), t2 = 0, t3 = 0 for like boxes.
    const a = 2 * (10 ** 2 / 12);
    expect(probIou(box({}), box({ cx: 3 }))).toBeCloseTo(1 - Math.sqrt(1 - Math.exp(-9 / (4 * a))), 4);
    // Turned by a quarter the variances change places: t3 = ½ ln((a + b)² / (4ab)).
    const [long, short] = [100 / 12, 16 / 12];
    const shape = Math.log((long + short) ** 2 / (4 * long * short)) / 2;
    expect(probIou(box({}), box({ angle: Math.PI / 2 }))).toBeCloseTo(1 - Math.sqrt(1 - Math.exp(-shape)), 4);
  });

  const boxes = fc.record({
    cx: fc.double({ min: -20, max: 20, noNaN: true }),
    cy: fc.double({ min: -20, max: 20, noNaN: true }),
    width: fc.double({ min: 1, max: 30, noNaN: true }),
    height: fc.double({ min: 1, max: 30, noNaN: true }),
    angle: fc.double({ min: -3, max: 3, noNaN: true }),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    label: fc.integer({ min: 0, max: 1 }),
  });

  test.prop([boxes, boxes, fc.double({ min: -3, max: 3, noNaN: true })])(
    "does not depend on order, place or direction",
    (p, q, turn) => {
      const moved = (b: Box): Box => ({
        ...b,
        cx: b.cx * Math.cos(turn) - b.cy * Math.sin(turn) + 7,
        cy: b.cx * Math.sin(turn) + b.cy * Math.cos(turn) - 5,
        angle: b.angle + turn,
      });
      expect(probIou(p, q)).toBeCloseTo(probIou(q, p), 6);
      expect(probIou(moved(p), moved(q))).toBeCloseTo(probIou(p, q), 4);
      expect(sharedArea(p, q)).toBeCloseTo(sharedArea(q, p), 5);
      expect(sharedArea(moved(p), moved(q))).toBeCloseTo(sharedArea(p, q), 5);
    },
  );

  test.prop([boxes, boxes])("of upright boxes by clipping is that of their sides", (p, q) => {
    const [a, b] = [
      { ...p, angle: 0 },
      { ...q, angle: 0 },
    ];
    const both = sharedArea(a, b);
    expect(both / (a.width * a.height + b.width * b.height - both)).toBeCloseTo(uprightIou(a, b), 6);
  });

  test.prop([fc.array(boxes, { maxLength: 20 })])(
    "after suppression no two of a class overlap, and every dropped one had a surer one",
    (list) => {
      const kept = suppress(list, probIou, 0.45, 300);
      for (const [i, a] of kept.entries())
        for (const b of kept.slice(i + 1)) if (a.label === b.label) expect(probIou(a, b)).toBeLessThan(0.45);
      for (const one of list)
        if (!kept.includes(one))
          expect(
            kept.some((other) => other.label === one.label && other.score >= one.score && probIou(other, one) >= 0.45),
          ).toBe(true);
    },
  );
});

describe("tiles are merged:", () => {
  const find = (change: Partial<Find>): Find => ({ ...box({}), tile: 0, isCut: false, ...change });

  it("the part that a border left gives way to the whole, however sure it is", () => {
    const whole = find({ cx: 100, width: 40, height: 10, score: 0.5 });
    const part = find({ cx: 88, width: 16, height: 10, tile: 1, isCut: true, score: 0.95 });
    expect(mergeTiles([part, whole], uprightIou, 0.45)).toEqual([whole]);
  });

  it("parts of a thing that no tile saw whole are joined, over three tiles too", () => {
    const parts = [30, 60, 90].map((cx, tile) =>
      find({ cx, width: 50, height: 8, tile, isCut: true, score: 0.6 + tile / 10 }),
    );
    expect(mergeTiles(parts, uprightIou, 0.45)).toMatchObject([{ cx: 60, width: 110, height: 8, score: 0.8 }]);
  });

  it("turned parts are joined along their direction", () => {
    const angle = 0.5;
    const along = (d: number) => ({ cx: d * Math.cos(angle), cy: d * Math.sin(angle), angle });
    const [joined, ...rest] = mergeTiles(
      [
        find({ ...along(0), width: 40, height: 6, isCut: true }),
        find({ ...along(30), width: 40, height: 6, tile: 1, isCut: true }),
      ],
      probIou,
      0.45,
    );
    expect(rest).toEqual([]);
    expect(joined?.width).toBeCloseTo(70, 6);
    expect(joined?.height).toBeCloseTo(6, 6);
  });

  it("neighbours stay two", () => {
    const two = [find({ cx: 0, isCut: true }), find({ cx: 11, tile: 1, isCut: true })];
    expect(mergeTiles(two, uprightIou, 0.45)).toHaveLength(2);
    expect(mergeTiles([find({}), find({ label: 1, tile: 1 })], uprightIou, 0.45)).toHaveLength(2);
  });
});

it("a head is read in both layouts", () => {
  const rows = [
    [10, 20],
    [11, 21],
    [4, 5],
    [2, 3],
    [0.9, 0.1],
    [0.2, 0.6],
  ];
  const read = { path: "x", isOriented: false, classes: 2, confidence: 0.25, unit: 1 };
  const expected = [
    { cx: 10, cy: 11, width: 4, height: 2, angle: 0, label: 0 },
    { cx: 20, cy: 21, width: 5, height: 3, angle: 0, label: 1 },
  ];
  const byRow = decodeYolo({ data: Float32Array.from(rows.flat()), dims: [1, 6, 2] }, read);
  expect(byRow).toMatchObject(expected);
  const turned = rows[0]?.map((_, i) => rows.map((row) => row[i] as number)) ?? [];
  expect(decodeYolo({ data: Float32Array.from(turned.flat()), dims: [1, 2, 6] }, read)).toMatchObject(expected);
  expect(() => decodeYolo({ data: Float32Array.from(rows.flat()).fill(3, 8, 9), dims: [1, 6, 2] }, read)).toThrow(
    /class score of 3\.00, not 0 to 1; export it with its sigmoid/,
  );
});

it("a small tile is set in the middle of grey", () => {
  const { rgb, padX, padY } = letterbox(
    paintedChip(4, 2, () => [9, 9, 9]),
    { left: 0, top: 0, right: 4, bottom: 2 },
    8,
    1,
  );
  expect([padX, padY]).toEqual([2, 3]);
  expect([rgb[0], rgb[(3 * 8 + 2) * 3], rgb[(4 * 8 + 5) * 3], rgb[(5 * 8 + 2) * 3]]).toEqual([114, 9, 9, 114]);
});

it("corners run against the clock as seen", () => {
  expect(cornersOf(box({}))).toEqual([
    [-5, -2],
    [-5, 2],
    [5, 2],
    [5, -2],
  ]);
});
