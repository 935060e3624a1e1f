import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCaptionedImages } from "../../src/evaluation/captioned-images.ts";
import { findImages } from "../../src/evaluation/encode-images.ts";
import { encoderEvaluation, measure } from "../../src/evaluation/encoder.ts";
import { indexImages, readPicture } from "../../src/evaluation/image-files.ts";
import { measureScenes } from "../../src/evaluation/scenes.ts";
import { measureTextToText, textToTextEvaluation } from "../../src/evaluation/text-to-text.ts";
import { textTowerOf } from "../../src/models/open-encoder.ts";
import { colourEncoder } from "../fixtures/colour-encoder.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-encoder-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const text = (name: string, lines: readonly string[]) => {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
};
const images = join(folder, "images");
const colours = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255], yellow: [255, 255, 0] } as const;

beforeAll(async () => {
  mkdirSync(join(images, "deep", "er"), { recursive: true });
  for (const [i, [name, [r, g, b]]] of Object.entries(colours).entries())
    await sharp({ create: { width: 20, height: 10, channels: 3, background: { r, g, b } } }).toFile(
      join(images, i < 2 ? "" : "deep/er", `${name.toUpperCase()}_1.png`),
    );
});

const names = ["red_1.png", "green_1.png", "blue_1.tif", "yellow_1.png"];
const five = (...captions: readonly string[]) =>
  Array.from({ length: 5 }, (_, i) => captions[i % captions.length] as string);

describe("a captioned set", () => {
  it("has one name a caption or one an image of five, found out by the counts", () => {
    const captions = text("captions.txt", [...five("a"), ...five("b"), ...five("c", "d")]);
    const perImage = readCaptionedImages(captions, text("three.txt", ["1.jpg", "2.jpg", "3.jpg"]));
    expect(perImage.map(({ name }) => name)).toEqual(["1.jpg", "2.jpg", "3.jpg"]);
    expect(perImage[2]?.captions).toEqual(["c", "d", "c", "d", "c"]);
    const repeated = ["1.jpg", "2.jpg", "3.jpg"].flatMap((name) => five(name));
    expect(readCaptionedImages(captions, text("fifteen.txt", repeated))).toEqual(perImage);
    writeFileSync(join(folder, "windows.txt"), `\uFEFF${repeated.join("\r\n")}\r\n\r\n`);
    expect(readCaptionedImages(captions, join(folder, "windows.txt"))).toEqual(perImage);
  });

  it("is refused when the counts fit neither, a name is blank or a file is not there", () => {
    const captions = text("captions.txt", five("a", "b", "c"));
    expect(() => readCaptionedImages(captions, text("two.txt", ["1.jpg", "2.jpg"]))).toThrow(
      /has 5 captions and .*two\.txt 2 file names; give one name a caption, or one an image of 5/,
    );
    expect(() => readCaptionedImages(captions, text("blank.txt", ["1.jpg", "", "1.jpg", "1.jpg", "1.jpg"]))).toThrow(
      /Line 2 of .*blank\.txt is blank/,
    );
    expect(() => readCaptionedImages(captions, join(folder, "gone.txt"))).toThrow(/no file .*gone\.txt/);
  });

  it("finds its images in sub-folders, in any case, under another ending", () => {
    const files = indexImages(images);
    expect(files.count).toBe(4);
    expect(names.map((name) => files.find(name)?.slice(images.length + 1))).toEqual([
      "RED_1.png",
      "GREEN_1.png",
      "deep/er/BLUE_1.png",
      "deep/er/YELLOW_1.png",
    ]);
    expect(files.find("red.png")).toBeNull();
    const all = ["red_1.png", "pink.png", "cyan.png"].map((name) => ({ name, captions: ["x"] }));
    expect(() => findImages(all, images, false)).toThrow(
      /lacks 2 of 3 images, the first is pink\.png; .*--skip-missing/,
    );
    expect(findImages(all, images, true)).toMatchObject({
      images: [{ name: "red_1.png" }],
      missing: ["pink.png", "cyan.png"],
    });
    expect(() => findImages(all.slice(1), images, true)).toThrow(/check --images/);
    expect(() => indexImages(join(folder, "nowhere"))).toThrow(/no folder/);
    const twice = join(folder, "twice");
    for (const part of ["a", "b"]) {
      mkdirSync(join(twice, part), { recursive: true });
      writeFileSync(join(twice, part, "same.jpg"), "");
    }
    expect(() => indexImages(twice).find("same.jpg")).toThrow(/could be .*a\/same\.jpg or .*b\/same\.jpg/);
  });

  it("is read as 8-bit RGB, whatever the picture's own form", async () => {
    const path = join(folder, "grey16.png");
    await sharp({ create: { width: 3, height: 2, channels: 4, background: { r: 200, g: 200, b: 200, alpha: 1 } } })
      .toColourspace("grey16")
      .png()
      .toFile(path);
    const chip = await readPicture(path);
    expect(chip).toMatchObject({ width: 3, height: 2 });
    expect([...chip.rgb]).toEqual(Array(18).fill(chip.rgb[0]));
    expect(chip.rgb[0]).toBeGreaterThan(190);
    writeFileSync(join(folder, "bad.png"), "no picture");
    await expect(readPicture(join(folder, "bad.png"))).rejects.toThrow(/bad\.png cannot be decoded/);
  });
});

describe("eval encoder", () => {
  it("counts hits in both directions as worked by hand", async () => {
    const found = findImages(
      [
        { name: "red_1.png", captions: ["red", "blue"] },
        { name: "green_1.png", captions: ["green", "green"] },
        { name: "blue_1.png", captions: ["yellow", "red"] },
        { name: "yellow_1.png", captions: ["yellow", "nothing"] },
      ],
      images,
      false,
    );
    const result = await measure(colourEncoder(), found);
    // red→red 1; blue→red: blue is best, then red, green, yellow tie at 0: 2; green 1, green 1; yellow→blue: yellow, red, green, then blue: 4;
    // red→blue: red, yellow, then green and blue tie: 4; yellow 1; grey→yellow: yellow is nearest to grey: 1.
    expect(result.textToImage).toEqual({ r1: 62.5, r5: 100, r10: 100, mean: 87.5, medianRank: 1 });
    // Captions, in order: red blue green green yellow red yellow grey. Red: own first. Green: own. Blue image: "blue" 1, grey 0.577, then its own "yellow",
    // "red" tie at 0 with red (given first) and both greens: red, green, green stand before: 6th. Yellow image: "yellow" of blue's is as good and stands first: 2.
    expect(result.imageToText).toEqual({ r1: 50, r5: 75, r10: 100, mean: 75, medianRank: 1.5 });
    expect(result).toMatchObject({ images: 4, captions: 8, missing: 0, meanRecall: 81.25, model: "colours@1" });
  });

  it("writes a sheet of what was found, which decodes as a picture with green and red borders", async () => {
    const found = findImages(
      names.map((name) => ({ name, captions: [`${name.split("_")[0]} <b>&"`] })),
      images,
      false,
    );
    const sheet = join(folder, "sheet.jpg");
    await measure(colourEncoder(), found, sheet);
    const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ format: "raw", channels: 3 });
    const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    const [r = 0, g = 0] = at(10, 8 + 30 + 60);
    expect(g).toBeGreaterThan(r);
    const [r2 = 0, g2 = 0] = at(10 + 168, 8 + 30 + 60);
    expect(r2).toBeGreaterThan(g2);
    await expect(measure(colourEncoder(), found, join(folder, "no", "sheet.jpg"))).rejects.toThrow(/cannot be written/);
  });

  it("refuses bad use with a sentence", async () => {
    await expect(encoderEvaluation.run(["--model", "statistics"])).rejects.toThrow(
      /statistics@1 encodes no text.*--model ID/,
    );
    await expect(encoderEvaluation.run(["--model", "unicorn"])).rejects.toThrow(/no model "unicorn"/);
    await expect(encoderEvaluation.run(["--frob"])).rejects.toThrow(/the options are --images/);
    const broken = { ...colourEncoder(), encodeChips: async () => Float32Array.of(1, Number.NaN, 0) };
    const found = findImages([{ name: "red_1.png", captions: ["red"] }], images, false);
    await expect(measure(broken, found)).rejects.toThrow(/no finite vector for .*RED_1\.png/);
  });
});

describe("eval text2text", () => {
  const set = [
    { name: "a", captions: ["red roofs", "red roofs", "tank"] },
    { name: "b", captions: ["red roofs", "green pond", "green pond with trees"] },
    { name: "c", captions: ["green water", "a blue pond"] },
    { name: "d", captions: ["lonely"] },
  ];
  const options = { queriesPerImage: 1, aggregate: "best", fusion: "sum" } as const;

  it("ranks images by their other captions, as worked by hand", async () => {
    const result = await measureTextToText(set, textTowerOf(colourEncoder()), options);
    expect(result).toMatchObject({ images: 3, queries: 3, passages: 5, leftOut: 1, verbatim: 1, model: "colours@1" });
    // Words: "red roofs" finds a; asked for b it finds a, then b and c tie at 0: 2. "green water" for c finds b alone; a and c tie: 3.
    expect(result.bm25).toMatchObject({ r1: 33.33, medianRank: 2 });
    // Colours: the same order; for c, green finds b (1), then a's "tank" (grey, 0.577), then c (blue, 0).
    expect(result.dense).toMatchObject({ r1: 33.33, r5: 100, medianRank: 2 });
    expect(result.hybrid).toMatchObject({ r1: 33.33, r5: 100 });
    expect(Object.keys(result.ways)).toHaveLength(8);
  });

  it("never favours the truth among captions that are alike", async () => {
    const alike = Array.from({ length: 12 }, (_, i) => ({ name: String(i), captions: ["many trees", "many trees"] }));
    for (const encoder of [null, textTowerOf(colourEncoder())]) {
      const { bm25, dense } = await measureTextToText(alike, encoder, options);
      // One of twelve stands first, five among the first five.
      for (const recalls of [bm25, dense])
        if (recalls) expect(recalls).toMatchObject({ r1: 8.33, r5: 41.67, r10: 83.33 });
    }
  });

  it("measures words alone without a text tower, and takes its files", async () => {
    const captions = text("t2t.txt", [...five("red roofs", "roofs"), ...five("a pond", "pond here")]);
    const filenames = text("t2t-names.txt", ["1.jpg", "2.jpg"]);
    const result = (await textToTextEvaluation.run([
      "--model",
      "statistics",
      "--captions",
      captions,
      "--filenames",
      filenames,
    ])) as Awaited<ReturnType<typeof measureTextToText>>;
    expect(result).toMatchObject({
      model: null,
      dense: null,
      hybrid: null,
      note: expect.stringContaining("BM25 alone"),
    });
    expect(result.bm25).toMatchObject({ r1: 100 });
    await expect(
      textToTextEvaluation.run(["--captions", captions, "--filenames", filenames, "--fusion", "magic"]),
    ).rejects.toThrow(/--fusion is one of ranks, sum, not "magic"/);
  });
});

const real = dataFile("captions", "rsitmd", "test_caps.txt");
it.skipIf(!real)("finds real images by their captions' words alone", async () => {
  const set = readCaptionedImages(real as string, dataFile("captions", "rsitmd", "test_filename.txt") as string);
  expect(set).toHaveLength(452);
  const { bm25 } = await measureTextToText(set, null, { queriesPerImage: 1, aggregate: "best", fusion: "sum" });
  expect(bm25?.mean).toBeGreaterThan(85);
});

describe("scenes by name", () => {
  const scenes = join(folder, "scenes");
  const picture = async (scene: string, name: string, [r, g, b]: readonly number[]) => {
    mkdirSync(join(scenes, scene), { recursive: true });
    const path = join(scenes, scene, name);
    await sharp({ create: { width: 8, height: 8, channels: 3, background: { r, g, b } } as never }).toFile(path);
    return path;
  };

  it("are looked for in both languages; the figures are those of the ranking", async () => {
    // An encoder that sees the red of a picture, and takes every text for a beach but one.
    const paths = [
      await picture("Beach", "a.png", [250, 0, 0]),
      await picture("Forest", "b.png", [200, 0, 0]),
      await picture("Beach", "c.png", [150, 0, 0]),
      await picture("Forest", "d.png", [100, 0, 0]),
    ];
    const encoder = {
      ...colourEncoder(),
      dimensions: 2,
      encodeChips: async (chips: readonly { rgb: Uint8Array }[]) =>
        Float32Array.from(
          chips.flatMap(({ rgb }) => [(rgb[0] as number) / 255, Math.sqrt(1 - ((rgb[0] as number) / 255) ** 2)]),
        ),
      encodeText: async () => Float32Array.of(1, 0),
      encodeTexts: async (texts: readonly string[]) =>
        Float32Array.from(texts.flatMap((one) => (one === "森林" ? [0, 1] : [1, 0]))),
    };
    const result = await measureScenes(encoder, paths);
    // Beach: right at 1 and 3; forest in English at 2 and 4, in Chinese, the other way round, at 1 and 3.
    expect(result).toMatchObject({
      images: 4,
      scenes: 2,
      averagePrecision: { Beach: { en: 0.833, zh: 0.833 }, Forest: { en: 0.5, zh: 0.833 } },
      en: { precisionAt10: 0.2, meanAveragePrecision: 0.667 },
      zh: { precisionAt10: 0.2, meanAveragePrecision: 0.833 },
    });
  });

  it("are refused for a folder that is none", async () => {
    const path = await picture("Kitchen", "e.png", [1, 2, 3]);
    await expect(measureScenes(colourEncoder(), [path])).rejects.toThrow(/"Kitchen", which is no scene/);
  });
});
