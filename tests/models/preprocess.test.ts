import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Preprocess, PreprocessSchema } from "../../src/models/manifest.ts";
import { outputSize, readPreprocessor, toBatch } from "../../src/models/preprocess.ts";
import { resizeRgb } from "../../src/models/resize.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { paintedChip } from "../fixtures/models.ts";

const folder = mkdtempSync(join(tmpdir(), "preprocess-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface ResizeCase {
  readonly filter: Preprocess["resample"];
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly rgb: readonly number[];
  readonly resized: readonly number[];
}
/** Made by training/make_resize_cases.py with Pillow. */
const CASES = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, "tests/fixtures/resize-cases.json"), "utf8"),
) as readonly ResizeCase[];

it.each(CASES)("$filter from $from to $to makes Pillow's bytes", ({ filter, from, to, rgb, resized }) => {
  expect([...resizeRgb(Uint8Array.from(rgb), ...from, ...to, filter)]).toEqual(resized);
});

it("halving with a box is the mean of four", () => {
  const rgb = Uint8Array.from([10, 0, 0, 20, 0, 0, 30, 0, 0, 40, 0, 0]);
  expect([...resizeRgb(rgb, 2, 2, 1, 1, "box")]).toEqual([25, 0, 0]);
});

const steps = (change: Partial<Preprocess>): Preprocess =>
  PreprocessSchema.parse({ resize: null, rescale: 1, ...change });

describe("a batch", () => {
  it("has planes of red, green and blue, scaled, less the mean, over the deviation", () => {
    const chip = paintedChip(2, 1, (x) => (x === 0 ? [255, 0, 51] : [0, 102, 255]));
    const { data, dims } = toBatch([chip], steps({ rescale: 1 / 255, mean: [0.5, 0.2, 0], std: [0.5, 0.2, 2] }));
    expect(dims).toEqual([1, 3, 1, 2]);
    for (const [i, value] of [1, -1, -1, 1, 0.1, 0.5].entries()) expect(data[i]).toBeCloseTo(value, 6);
  });

  it("swaps red and blue where the model wants it", () => {
    const chip = paintedChip(1, 1, () => [1, 2, 3]);
    expect([...toBatch([chip], steps({ channels: "bgr" })).data]).toEqual([3, 2, 1]);
  });

  it("takes the middle after the short side was brought to size", () => {
    const chip = paintedChip(8, 4, (x) => [x * 10, 0, 0]);
    const { data, dims } = toBatch([chip], steps({ resize: { shortest_edge: 4 }, crop: { width: 4, height: 4 } }));
    expect(dims).toEqual([1, 3, 4, 4]);
    expect([...data.subarray(0, 4)]).toEqual([20, 30, 40, 50]);
  });

  it("sets pictures smaller than the crop on black", () => {
    const { data } = toBatch([paintedChip(4, 4, () => [9, 9, 9])], steps({ crop: { width: 6, height: 6 } }));
    expect([...data.subarray(0, 12)]).toEqual([0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 0]);
  });

  it("of chips of different shapes is refused without a crop", () => {
    const chips = [paintedChip(4, 4, () => [0, 0, 0]), paintedChip(8, 4, () => [0, 0, 0])];
    expect(() => toBatch(chips, steps({ resize: { shortest_edge: 4 } }))).toThrow(
      /4 × 4 and 8 × 4 pixels; set preprocess\.crop/,
    );
  });
});

describe("preprocessor_config.json", () => {
  const read = (content: unknown) => {
    const file = join(folder, "preprocessor_config.json");
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return readPreprocessor(file);
  };

  it("of CLIP: short side, middle, means and deviations", async () => {
    const clip = await read({
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      do_convert_rgb: true,
      image_mean: [0.48145466, 0.4578275, 0.40821073],
      image_std: [0.26862954, 0.26130258, 0.27577711],
      resample: 3,
      size: { shortest_edge: 224 },
    });
    expect(clip).toEqual({
      resize: { shortest_edge: 224 },
      resample: "bicubic",
      crop: { width: 224, height: 224 },
      rescale: 1 / 255,
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
      channels: "rgb",
    });
    expect(outputSize(clip)).toEqual({ width: 224, height: 224 });
  });

  it("of SigLIP: exact size, half and half", async () => {
    const siglip = await read({
      size: { height: 256, width: 256 },
      resample: 2,
      image_mean: 0.5,
      image_std: [0.5, 0.5, 0.5],
    });
    expect(siglip).toMatchObject({
      resize: { width: 256, height: 256 },
      resample: "bilinear",
      crop: null,
      mean: [0.5, 0.5, 0.5],
    });
  });

  it("in the old form: a bare number is the short side where a crop follows", async () => {
    expect(await read({ size: 224, crop_size: 224, do_center_crop: true })).toMatchObject({
      resize: { shortest_edge: 224 },
    });
    expect(await read({ size: 224 })).toMatchObject({ resize: { width: 224, height: 224 }, crop: null });
    expect(await read({ do_resize: false, do_rescale: false, do_normalize: false })).toMatchObject({
      resize: null,
      rescale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
  });

  it.each([
    ["{", /is not JSON; fetch it again\.$/],
    [{ image_mean: "grey" }, /the field image_mean is not right/],
    [{ resample: 9 }, /resample 9 is not supported; give 0 nearest/],
    [{ image_std: [0, 1, 1] }, /leads to a wrong std/],
  ])("%j is refused with one sentence", async (content, sentence) => {
    await expect(read(content)).rejects.toThrow(sentence);
  });
});
