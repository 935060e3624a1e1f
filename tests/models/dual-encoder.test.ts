import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type DualEncoder, openDualEncoder } from "../../src/models/dual-encoder.ts";
import { ofKind, readManifest } from "../../src/models/read-manifest.ts";
import { type Colour, paintedChip, TINY_MODELS } from "../fixtures/models.ts";

const opened: DualEncoder[] = [];
async function open(name: string, options = {}): Promise<DualEncoder> {
  const encoder = await openDualEncoder(ofKind(await readManifest(join(TINY_MODELS, name)), "dual_encoder"), options);
  opened.push(encoder);
  return encoder;
}
afterAll(async () => {
  for (const encoder of opened) await encoder.close();
});

const plain = (colour: Colour) => paintedChip(8, 8, () => colour);
const unit = (values: readonly number[]) => values.map((value) => value / Math.hypot(...values));
function expectRows(found: Float32Array, rows: readonly (readonly number[])[], digits = 5): void {
  expect(found).toHaveLength(rows.flat().length);
  for (const [i, value] of rows.flat().entries()) expect(found[i]).toBeCloseTo(value, digits);
}

describe.each(["tiny-clip", "tiny-joint"])("the pair %s", (name) => {
  it("gives the unit vector of every chip's mean colour, in order, over several batches", async () => {
    const encoder = await open(name, { batchSize: 2 });
    expect(encoder).toMatchObject({ id: `${name}@1`, dimensions: 4, chipSize: { width: 8, height: 8 } });
    const colours: Colour[] = [
      [255, 0, 0],
      [0, 128, 0],
      [30, 60, 90],
      [255, 255, 255],
      [10, 0, 20],
    ];
    expectRows(
      await encoder.encodeChips(colours.map(plain)),
      colours.map((colour) => [...unit(colour), 0]),
    );
  });

  it("gives texts vectors of the same space, whatever their case", async () => {
    const encoder = await open(name);
    const rows = [unit([1, 0, 0, 0.5]), unit([1, 1, 0, 0.5]), unit([0, 0, 2, 0.5])];
    expectRows(await encoder.encodeTexts(["Red", "red green", "水"]), rows);
    expectRows(await encoder.encodeText("Red"), [rows[0] as number[]]);
  });

  it("cuts long texts but keeps their end", async () => {
    const encoder = await open(name);
    expectRows(await encoder.encodeText("red ".repeat(40)), [unit([6, 0, 0, 0.5])]);
  });

  it("is stopped by a signal", async () => {
    const encoder = await open(name);
    await expect(encoder.encodeChips([plain([1, 2, 3])], AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

it("half precision and a fixed batch make the same vectors", async () => {
  const encoder = await open("tiny-half");
  const colours: Colour[] = [
    [255, 0, 0],
    [30, 60, 90],
    [90, 60, 30],
  ];
  expectRows(
    await encoder.encodeChips(colours.map(plain)),
    colours.map((colour) => [...unit(colour), 0]),
    3,
  );
});

it("tells how its cosines become probabilities", async () => {
  expect((await open("tiny-clip")).pairing).toEqual({ similarity: "softmax", logitScale: 20, logitBias: 0 });
  expect((await open("tiny-joint")).pairing).toEqual({ similarity: "sigmoid", logitScale: 100, logitBias: -10 });
});

describe("a bad model is refused with one sentence:", () => {
  it.each([
    [
      "opset",
      "is of opset 99, and the runtime knows ai.onnx only up to 26; export it with an older opset, for example 17.",
    ],
    ["truncated", "is no ONNX file or only a part of one; fetch it again or mend the manifest."],
    [
      "operator",
      "uses the operator Teleport, which the runtime does not know in that version; export it with opset 17 and standard operators.",
    ],
    ["large", "takes pictures of 16 × 16 pixels, but its preprocessing makes 8 × 8; correct resize and crop."],
    [
      "five",
      'gives vectors of 4 numbers in "text_embeds", the other tower or the manifest says 5; both towers must be of one pair.',
    ],
    ["tokenizer", 'fetch it with "models fetch broken-tokenizer" or put it there.'],
    ["missing", 'fetch it with "models fetch broken-missing" or put it there.'],
  ])("%s", async (name, sentence) => {
    const fault = await open(`broken/${name}.yaml`).then(
      () => null,
      (error: Error) => error,
    );
    expect(fault).toMatchObject({ code: "model_fault" });
    expect(fault?.message).toContain(sentence);
    expect(fault?.message).not.toContain("\n");
  });

  it("values that are no numbers", async () => {
    const encoder = await open("broken/nan.yaml");
    await expect(encoder.encodeChips([plain([1, 2, 3])])).rejects.toThrow(
      /nan\.onnx gives NaN values in its output "image_embeds"; its weights are damaged or overflow in half precision, use another export \(fp32\)\.$/,
    );
  });

  it("a chip without any direction", async () => {
    const encoder = await open("tiny-clip");
    await expect(encoder.encodeChips([plain([0, 0, 0])])).rejects.toThrow(/gives a vector of zeros/);
  });
});
