import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composedQuestions, measureComposed } from "../../src/evaluation/composed.ts";
import { measureRegions, worldOf } from "../../src/evaluation/region-embedding.ts";
import { textTowerOf } from "../../src/models/open-encoder.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { colourEncoder } from "../fixtures/colour-encoder.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-composed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two classes of a colour each, half of whose pictures also hold blue, as their captions say. */
const images = ["Reds", "Greens"].flatMap((name, c) =>
  Array.from({ length: 20 }, (_, i) => ({
    name: `${name}_${i}.png`,
    path: join(folder, name, `${name}_${i}.png`),
    captions: [i % 2 === 0 ? "a blue thing" : "a thing"],
    colour: { r: c === 0 ? 200 : 10 + i, g: c === 0 ? 10 + i : 200, b: i % 2 === 0 ? 150 : 5 },
  })),
);
beforeAll(async () => {
  for (const name of ["Reds", "Greens"]) mkdirSync(join(folder, name), { recursive: true });
  for (const { path, colour } of images)
    await sharp({ create: { width: 16, height: 16, channels: 3, background: colour } }).toFile(path);
});

it("asks for images of the class that have the word, from images that lack it", () => {
  const questions = composedQuestions(images);
  expect(new Set(questions.map(({ word }) => word))).toEqual(new Set(["blue"]));
  expect(questions).toHaveLength(8);
  for (const { image, right } of questions) {
    expect(images[image]?.captions).toEqual(["a thing"]);
    expect(right.size).toBe(10);
    for (const one of right) {
      expect(images[one]?.captions).toEqual(["a blue thing"]);
      expect(images[one]?.path.split("/").at(-2)).toBe(images[image]?.path.split("/").at(-2));
    }
  }
});

it("both together find what neither image nor text finds alone", async () => {
  const { mAP, questions, chance, byWeight, textWeight } = await measureComposed(colourEncoder(), images);
  expect(questions).toBe(8);
  expect(chance).toBeCloseTo((100 * 10) / 39, 1);
  const half = byWeight?.find((one) => one.textWeight === 0.5)?.mAP as number;
  expect(half).toBe(100);
  expect(half).toBeGreaterThan(mAP.image as number);
  expect(half).toBeGreaterThan(mAP.text as number);
  expect(mAP.composed).toBe(byWeight?.find((one) => one.textWeight === textWeight)?.mAP);
});

it("measures the image alone where the model encodes no text, and says so", async () => {
  const { mAP, skipped } = await measureComposed(createStatisticsEncoder(), images);
  expect(skipped).toMatch(/statistics@1 encodes no text/);
  expect(mAP).toMatchObject({ text: null, average: null, composed: null, image: expect.any(Number) });
  await expect(measureComposed(colourEncoder(), images.slice(0, 3))).rejects.toThrow(
    /captions of 3 images ask no question/,
  );
});

it("box and place tell apart regions of a painted world whose words are alike", async () => {
  // Every caption is the same grey to this encoder: only where a region is can tell.
  const worlds = [worldOf("harbour", 3100)];
  const { precisionAt1, captions, alike } = await measureRegions(worlds, textTowerOf(colourEncoder()));
  expect(captions).toBeGreaterThan(5);
  expect(alike).toBeGreaterThanOrEqual(3);
  expect(precisionAt1.all).toBeGreaterThan(precisionAt1.textAlone as number);
});
