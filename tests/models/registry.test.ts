import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkModel } from "../../src/models/check.ts";
import { modelPlaces, readModelChoice, withModel, writeModelChoice } from "../../src/models/choice.ts";
import { openModels } from "../../src/models/open-models.ts";
import { readManifest } from "../../src/models/read-manifest.ts";
import { findModel, listModels } from "../../src/models/registry.ts";
import { paintedChip, TINY_MODELS } from "../fixtures/models.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "models-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tiny = (name: string) => join(TINY_MODELS, name);

describe("a manifest", () => {
  const read = (text: string) => {
    writeFileSync(join(folder, "manifest.yaml"), text);
    return readManifest(folder);
  };
  const good = readFileSync(tiny("tiny-clip/manifest.yaml"), "utf8");

  it.each([
    ["no YAML", "kind: [", /manifest\.yaml is not YAML at line 1 /],
    ["nothing in it", "", /the field kind is/],
    ["an unknown kind", good.replace("dual_encoder", "dual"), /the field kind is/],
    [
      "a misspelt field",
      good.replace("logitScale", "logitScales"),
      /"logitScales" is no field of this kind of model; remove or rename it/,
    ],
    [
      "a misspelt field within",
      good.replace("max: 8", "maximum: 8"),
      /in tokens, "maximum" is no field|the field tokens\.max is missing/,
    ],
    ["no licence", good.replace(/licence.*\n/, ""), /the field licence is missing or has the wrong type/],
    [
      "one tower only",
      good.replace(/ {2}text: text.onnx\n/, ""),
      /the field files is not right \(must name either both image and text, or joint alone\)/,
    ],
    [
      "a wrong hash",
      good.replace("image: image.onnx", "image: { path: image.onnx, sha256: abc }"),
      /the field files\.image\.sha256 is not right \(must be 64 hexadecimal digits\)/,
    ],
    [
      "an id with spaces",
      good.replace("id: tiny-clip", "id: Tiny Clip"),
      /the field id is not right \(must be lower-case letters/,
    ],
  ])("with %s is refused with the file, the field and what to do", async (_, text, sentence) => {
    const fault = await read(text).then(
      () => null,
      (error: Error) => error,
    );
    expect(fault).toMatchObject({ code: "model_fault" });
    expect(fault?.message).toContain(join(folder, "manifest.yaml"));
    expect(fault?.message).toMatch(sentence);
    expect(fault?.message).not.toContain("\n");
  });
});

describe("the registry", () => {
  it("lists manifests of folders and files, and those that cannot be read with what is wrong", async () => {
    writeFileSync(join(folder, "bad.yaml"), "kind: nothing\n");
    const entries = await listModels([folder, tiny("tiny-text"), TINY_MODELS, join(folder, "nowhere")]);
    const ids = entries.flatMap(({ model }) => model?.manifest.id ?? []);
    expect(ids).toEqual(expect.arrayContaining(["tiny-text", "tiny-clip", "tiny-oriented", "tiny-geo"]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(entries.find(({ fault }) => fault !== null)?.fault).toContain("bad.yaml");
  });

  it("takes the earlier of two manifests with one id", async () => {
    cpSync(tiny("tiny-clip"), join(folder, "mine"), { recursive: true });
    const file = join(folder, "mine/manifest.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("version: 1", "version: 2"));
    expect((await findModel("tiny-clip", [folder, TINY_MODELS])).ref).toBe("tiny-clip@2");
    expect((await findModel("tiny-clip", [TINY_MODELS, folder])).ref).toBe("tiny-clip@1");
  });

  it("says what is known when an id is not", async () => {
    await expect(findModel("remote-clip", [TINY_MODELS])).rejects.toThrow(
      /no model "remote-clip" \(known: .*tiny-clip.*\); give a known id/,
    );
  });
});

describe("a check", () => {
  it.each([
    "tiny-clip",
    "tiny-joint",
    "tiny-half",
    "tiny-text",
    "tiny-boxes",
    "tiny-oriented",
    "tiny-segmenter",
    "tiny-geo",
  ])("of %s names its inputs and outputs and runs it", async (name) => {
    const report = await checkModel(await readManifest(tiny(name)));
    expect(report.id).toBe(`${name}@1`);
    expect(report.graphs.every(({ inputs, outputs }) => inputs.length > 0 && outputs.length > 0)).toBe(true);
    expect(report.samples.length).toBeGreaterThan(0);
    for (const { result, milliseconds } of report.samples) {
      expect(result).toMatch(/^\d+ (numbers|classes)/);
      expect(milliseconds).toBeGreaterThanOrEqual(0);
    }
    expect(report.remarks.join()).toContain("has no sha256");
  });

  it("tells a changed file from the manifest's", async () => {
    cpSync(tiny("tiny-clip"), folder, { recursive: true });
    const file = join(folder, "manifest.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("image: image.onnx", `image: { path: image.onnx, sha256: ${"a".repeat(64)} }`));
    await expect(checkModel(await readManifest(folder))).rejects.toThrow(
      /is another than its manifest's sha256 says; fetch it again/,
    );
    writeFileSync(file, text.replace("image: image.onnx", "image: { path: image.onnx, bytes: 3 }"));
    await expect(checkModel(await readManifest(folder))).rejects.toThrow(
      /has \d+ bytes instead of the 3 that its manifest states; it was cut or replaced/,
    );
  });
});

describe("a workspace's choice", () => {
  it("is nothing at first, and is kept", async () => {
    expect(await readModelChoice(folder)).toEqual({ directory: folder, paths: [] });
    const model = await readManifest(tiny("tiny-clip"));
    await writeModelChoice(withModel(await readModelChoice(folder), model));
    const choice = await readModelChoice(folder);
    expect(choice).toMatchObject({ encoder: "tiny-clip", paths: [model.file] });
    await writeModelChoice(withModel(choice, model));
    expect((await readModelChoice(folder)).paths).toHaveLength(1);
  });

  it("notes no path of a model in the workspace's own folder", async () => {
    mkdirSync(join(folder, "models"));
    cpSync(tiny("tiny-text"), join(folder, "models/tiny-text"), { recursive: true });
    const choice = withModel(
      await readModelChoice(folder),
      await findModel("tiny-text", modelPlaces(await readModelChoice(folder))),
    );
    expect(choice).toEqual({ directory: folder, paths: [], textEncoder: "tiny-text" });
  });

  it.each([
    ["{", /models\.json is not JSON/],
    ['{ "encoders": "x" }', /models\.json: .* is not right/],
    ['{ "encoder": 3 }', /models\.json: encoder is not right/],
  ])("that reads %s is refused with one sentence", async (text, sentence) => {
    writeFileSync(join(folder, "models.json"), text);
    await expect(readModelChoice(folder)).rejects.toThrow(sentence);
  });

  it("opens the ports that are chosen, and only those", async () => {
    const models = await openModels({
      directory: folder,
      paths: [TINY_MODELS],
      encoder: "tiny-clip",
      textEncoder: "tiny-text",
      segmenter: "spectral-rules",
      detector: "tiny-oriented",
      geoEncoder: null,
    });
    expect([
      models.encoder?.id,
      models.textEncoder?.id,
      models.segmenter?.id,
      models.detector?.id,
      models.geoEncoder,
    ]).toEqual(["tiny-clip@1", "tiny-text@1", "spectral-rules@3", "tiny-oriented@1", null]);
    expect(await models.encoder?.encodeChips([paintedChip(8, 8, () => [0, 255, 0])])).toEqual(
      Float32Array.of(0, 1, 0, 0),
    );
    await models.close();
  });

  it("takes the text tower of a pair, or none of the files, for texts", async () => {
    const pair = await openModels(
      { directory: folder, paths: [TINY_MODELS], textEncoder: "tiny-clip" },
      { slots: ["textEncoder"] },
    );
    const vectors = await pair.textEncoder?.encodeQueries(["water", "water"]);
    expect(pair.textEncoder?.id).toBe("tiny-clip@1");
    expect(vectors).toHaveLength(2 * (pair.textEncoder?.dimensions ?? 0));
    await pair.close();
    const own = await openModels({ directory: folder, paths: [] }, { slots: ["textEncoder"] });
    expect(own.textEncoder?.id).toBe("hashed-text@1");
    await own.close();
    const none = await openModels({ directory: folder, paths: [], textEncoder: null }, { slots: ["textEncoder"] });
    expect(none.textEncoder).toBeNull();
  });

  it("of a model of another kind, or of none that is there, is refused", async () => {
    const choice = { directory: folder, paths: [TINY_MODELS] };
    await expect(openModels({ ...choice, encoder: "tiny-text" })).rejects.toThrow(
      /tiny-text is a text_encoder, but a dual_encoder is wanted/,
    );
    await expect(openModels({ ...choice, encoder: "gone" })).rejects.toThrow(/no model "gone"/);
  });
});
