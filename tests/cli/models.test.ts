import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.ts";
import { TINY_MODELS } from "../fixtures/models.ts";

let workspace = "";
let out = "";
let errors = "";
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "models-cli-"));
  [out, errors] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    errors += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(workspace, { recursive: true, force: true });
});
const run = (...args: string[]) => {
  [out, errors] = ["", ""];
  return main(["models", ...args]);
};
const tiny = (name: string) => join(TINY_MODELS, name, "manifest.yaml");

describe("models", () => {
  it("use chooses, list shows the choice, and default takes it back", async () => {
    expect(await run("use", tiny("tiny-clip"), "--workspace", workspace)).toBe(0);
    expect(out).toBe(`${workspace}: encoder is tiny-clip@1.\n`);
    expect(JSON.parse(readFileSync(join(workspace, "models.json"), "utf8"))).toEqual({
      encoder: "tiny-clip",
      paths: [tiny("tiny-clip")],
    });
    expect(await run("list", "--workspace", workspace, "--json")).toBe(0);
    const { models } = JSON.parse(out) as { models: { id: string }[] };
    expect(models.find(({ id }) => id === "tiny-clip")).toMatchObject({
      kind: "dual_encoder",
      version: "1",
      licence: "MIT",
      present: true,
      used: true,
      bytes: expect.any(Number),
    });
    expect(await run("list", "--workspace", workspace)).toBe(0);
    expect(out).toMatch(
      /^\* tiny-clip {2}dual_encoder, version 1, 0\.0 MB, MIT, present: Mean colours and colour words$/m,
    );
    expect(await run("use", "statistics", "--workspace", workspace)).toBe(0);
    expect(await run("use", "--none", "segmenter", "--workspace", workspace)).toBe(0);
    expect(JSON.parse(readFileSync(join(workspace, "models.json"), "utf8"))).toMatchObject({
      encoder: "statistics",
      segmenter: null,
    });
    expect(await run("use", "--default", "segmenter", "--workspace", workspace)).toBe(0);
    expect(JSON.parse(readFileSync(join(workspace, "models.json"), "utf8"))).not.toHaveProperty("segmenter");
  });

  it("check prints tensors, dimensions and time", async () => {
    expect(await run("check", tiny("tiny-clip"))).toBe(0);
    expect(out).toContain("  in   pixel_values  float32[?, 3, 8, 8]\n");
    expect(out).toContain("  out  text_embeds  float32[?, 4]\n");
    expect(out).toMatch(/a chip of 8 × 8 pixels: 4 numbers in [\d.]+ ms\n/);
    expect(out).toMatch(/The model is right\.\n$/);
  });

  it.each([
    [["check", join(TINY_MODELS, "broken/nan.yaml")], 1, /gives NaN values in its output "image_embeds"/],
    [["check", join(TINY_MODELS, "broken/opset.yaml")], 1, /is of opset 99/],
    [["check", "nothing-such"], 1, /There is no model "nothing-such"/],
    [["check", "nothing/manifest.yaml"], 1, /There is no model manifest .*nothing\/manifest\.yaml/],
    [["fetch", join(TINY_MODELS, "broken/missing.yaml")], 2, /names no url for its image file missing\.onnx/],
    [["use", "--none", "engine", "--workspace", "."], 2, /"engine" is no use of a model; choose one of: encoder, /],
    [["use", "--workspace", "."], 2, /Give one of: a model, --none SLOT, --default SLOT\./],
  ] as const)("%j ends with %i and one sentence", async (args, code, sentence) => {
    const status = await run(...args);
    expect(errors).toMatch(sentence);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(out).toBe("");
    expect(status).toBe(code);
  });

  it("fetch says of present files that they were there, with the hash that the manifest could state", async () => {
    expect(await run("fetch", tiny("tiny-segmenter"))).toBe(0);
    expect(out).toMatch(
      /^was there {2}.*model\.onnx \(\d+ bytes, no checksum in the manifest; add sha256: [0-9a-f]{64}\)\n$/,
    );
  });
});
