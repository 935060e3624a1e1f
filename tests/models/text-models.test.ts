import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Tokens } from "../../src/models/manifest.ts";
import { openTextEncoder } from "../../src/models/onnx-text-encoder.ts";
import { ofKind, readManifest } from "../../src/models/read-manifest.ts";
import { openTokenizer } from "../../src/models/tokenizer.ts";
import { TINY_MODELS } from "../fixtures/models.ts";

const folder = mkdtempSync(join(tmpdir(), "tokenizers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tokens = (change: Partial<Tokens> = {}): Tokens => ({ max: 8, pad: "longest", lowercase: false, ...change });
const file = (name: string) => join(TINY_MODELS, name);

describe("a tokenizer", () => {
  it("of word pieces frames, fills and masks", async () => {
    const tokenizer = await openTokenizer(file("tiny-clip/tokenizer.json"), tokens(), null);
    // [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, red 4, green 5, blue 6, grey 7, roof 8, ##s 9, 水 10
    expect(tokenizer.encode(["Red roofs", "水"])).toEqual({
      length: 5,
      ids: [2, 4, 8, 9, 3, 2, 10, 3, 0, 0],
      mask: [1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
    });
    expect(tokenizer.encode(["purple", ""])).toMatchObject({ ids: [2, 1, 3, 2, 3, 0] });
  });

  it("of byte pairs merges as CLIP's does, and is filled with what the manifest says", async () => {
    const { vocab } = JSON.parse(readFileSync(file("tokenizers/bpe.json"), "utf8")).model as {
      vocab: Record<string, number>;
    };
    const ids = (...names: string[]) => names.map((name) => vocab[name]);
    const [start, end] = ["<|startoftext|>", "<|endoftext|>"];
    const clip = await openTokenizer(file("tokenizers/bpe.json"), tokens({ pad: "max", padId: 0 }), null);
    expect(clip.encode(["Road  SHIP"]).ids).toEqual([...ids(start, "road</w>", "ship</w>", end), 0, 0, 0, 0]);
    expect(clip.encode(["ships"]).ids).toEqual([...ids(start, "ship", "s</w>", end), 0, 0, 0, 0]);
    const padded = await openTokenizer(file("tokenizers/bpe.json"), tokens({ pad: "max" }), null);
    expect(padded.encode(["road"]).ids.slice(2)).toEqual(ids(end, end, end, end, end, end));
  });

  it("of likeliest pieces splits words, ends texts and is filled as its file says", async () => {
    const tokenizer = await openTokenizer(file("tokenizers/unigram.json"), tokens(), null);
    // <pad> 0, </s> 1, <unk> 2, ▁ 3, ▁road 4, ▁ship 5, s 6, ▁r 7, o 8, a 9, d 10
    expect(tokenizer.encode(["Road ships", "road"])).toEqual({
      length: 4,
      ids: [4, 5, 6, 1, 4, 1, 0, 0],
      mask: [1, 1, 1, 1, 1, 1, 0, 0],
    });
  });

  it("cuts before the end token, also to the length that a graph is fixed to", async () => {
    const long = "red ".repeat(30);
    const cut = await openTokenizer(file("tiny-clip/tokenizer.json"), tokens(), null);
    expect(cut.encode([long]).ids).toEqual([2, 4, 4, 4, 4, 4, 4, 3]);
    const fixed = await openTokenizer(file("tiny-clip/tokenizer.json"), tokens({ max: 77 }), 5);
    expect(fixed.encode([long, "red"])).toMatchObject({ length: 5, ids: [2, 4, 4, 4, 3, 2, 4, 3, 0, 0] });
  });

  it.each([
    ["nothing.json", null, /There is no tokenizer .*nothing\.json; fetch the model again/],
    ["words.json", "<html>", /is no tokenizer\.json that can be read/],
    ["empty.json", "{}", /is no tokenizer\.json that can be read/],
  ])("%s is refused with one sentence", async (name, content, sentence) => {
    if (content !== null) writeFileSync(join(folder, name), content);
    await expect(openTokenizer(join(folder, name), tokens(), null)).rejects.toThrow(sentence);
  });
});

describe("a text encoder", () => {
  const open = async (change: Record<string, unknown> = {}) => {
    const model = ofKind(await readManifest(file("tiny-text")), "text_encoder");
    return openTextEncoder({ ...model, manifest: { ...model.manifest, ...change } });
  };
  const unit = (values: readonly number[]) => values.map((value) => value / Math.hypot(...values));
  const expectRows = (found: Float32Array, rows: readonly (readonly number[])[]) => {
    expect(found).toHaveLength(rows.flat().length);
    for (const [i, value] of rows.flat().entries()) expect(found[i]).toBeCloseTo(value, 5);
  };

  it("means the words without the filling, and prefixes queries only", async () => {
    const encoder = await open();
    expect(encoder).toMatchObject({ id: "tiny-text@1", dimensions: 3 });
    // [CLS] adds 3 to the third direction, [SEP] nothing; the filling's vector is 90 in each.
    expectRows(await encoder.encodePassages(["red", "red red green"]), [unit([1, 0, 1]), unit([2, 1, 1])]);
    expectRows(await encoder.encodeQueries(["red"]), [unit([1, 0, 2])]);
    await encoder.close();
  });

  it("takes the first token, and leaves the length, where its manifest says so", async () => {
    const encoder = await open({ pooling: "cls", normalize: false });
    expectRows(await encoder.encodePassages(["green", "red"]), [
      [0, 0, 3],
      [0, 0, 3],
    ]);
    await encoder.close();
    const plain = await open({ normalize: false });
    expectRows(await plain.encodePassages(["green"]), [[0, 1, 1]]);
    await plain.close();
  });

  it("is refused with wrong dimensions or output", async () => {
    await expect(open({ dimensions: 384 })).rejects.toThrow(
      /vectors of 3 numbers, but its manifest says 384; correct dimensions\.$/,
    );
    await expect(open({ text: { output: "pooled" } })).rejects.toThrow(
      /has no output "pooled", which the manifest names as text\.output; its outputs are last_hidden_state float32\[\?, \?, 3\]\.$/,
    );
  });
});
