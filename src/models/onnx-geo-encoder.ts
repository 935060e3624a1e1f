import { TerralogueError } from "../errors.ts";
import type { BandWindow } from "../imagery/ports.ts";
import type { ModelOptions } from "./dual-encoder.ts";
import type { GeoEncoderManifest } from "./manifest.ts";
import { batchSizeOf, inBatches, normalised, widthOf } from "./onnx/batches.ts";
import { describeTensor, type Feed, type Graph, openGraph, type Result, type TensorInfo } from "./onnx/graph.ts";
import { findTensor, isFloat, rank } from "./onnx/tensors.ts";
import type { BandEncoder } from "./ports.ts";
import { type Model, presentFile } from "./read-manifest.ts";

/**
 * Opens an encoder of multispectral windows (Prithvi, Clay and the like): input [N, bands, H, W], or [N, bands, 1, H, W] for those
 * that also take several dates; output one vector, or tokens that are averaged. Pixels without data get the bands' means.
 *
 * @throws {TerralogueError} `model_fault` in one sentence naming the file and what to do
 */
export async function openGeoEncoder(
  model: Model<GeoEncoderManifest>,
  options: ModelOptions = {},
): Promise<BandEncoder & { close(): Promise<void> }> {
  const { manifest } = model;
  const { inputSize, patchSize, bands } = manifest;
  if (inputSize % patchSize !== 0)
    throw new TerralogueError(
      "model_fault",
      `${model.file}: inputSize ${inputSize} is no whole number of patches of ${patchSize} pixels; change one of them.`,
    );
  const graph = await openGraph(await presentFile(model, "model", manifest.files.model), options);
  try {
    const input = findTensor(graph, "inputs", {
      what: "input of bands",
      field: "image.input",
      named: manifest.image.input,
      usual: ["pixel_values", "pixels", "image", "x", "input"],
      fits: (info) => isFloat(info) && (rank(info) === 4 || rank(info) === 5),
    });
    const output = findTensor(graph, "outputs", {
      what: manifest.output === "tokens" ? "output of tokens" : "vector",
      field: "image.output",
      named: manifest.image.output,
      usual: ["embedding", "image_embeds", "last_hidden_state", "features", "output"],
      fits: (info) => isFloat(info) && rank(info) === (manifest.output === "tokens" ? 3 : 2),
    });
    const channels = input.shape[1] ?? null;
    if (channels !== null && channels !== bands.length)
      throw new TerralogueError(
        "model_fault",
        `${graph.path} takes ${channels} bands (${describeTensor(input)}), but its manifest lists ${bands.length}; list them all in the order of the input.`,
      );
    const constants = constantFeeds(graph, input, manifest);
    const batch = batchSizeOf(input, options.batchSize);
    const feedsOf = (windows: readonly BandWindow[]) => ({
      ...constants,
      [input.name]: bandFeed(windows, manifest, rank(input) === 5),
    });
    const rowsOf = (result: Result, windows: number) =>
      manifest.output === "vector" ? result.data : meanOfTokens(result, windows, manifest.skipTokens);
    const dimensions =
      manifest.dimensions ??
      widthOf(output) ??
      (await graph.run(feedsOf(new Array(batch.isFixed ? batch.size : 1).fill(emptyWindow(manifest))), [output.name]))[
        output.name
      ]?.dims.at(-1) ??
      0;
    return {
      id: model.ref,
      dimensions,
      bands: bands.map(({ name }) => name),
      inputSize,
      gsd: manifest.gsd ?? null,
      encodeWindows: async (windows, signal) =>
        normalised(
          await inBatches(windows, { graph, batch, output: output.name, dimensions, feedsOf, rowsOf, signal }),
          dimensions,
          graph.path,
        ),
      close: () => graph.close(),
    };
  } catch (fault) {
    await graph.close();
    throw fault;
  }
}

/** A window in which nothing is valid. */
export function emptyWindow({ bands, inputSize }: GeoEncoderManifest): BandWindow {
  const pixels = inputSize * inputSize;
  return {
    width: inputSize,
    height: inputSize,
    bands: Object.fromEntries(bands.map(({ name }) => [name, new Float32Array(pixels)])),
    valid: new Uint8Array(pixels),
  };
}

function constantFeeds(graph: Graph, input: TensorInfo, manifest: GeoEncoderManifest): Readonly<Record<string, Feed>> {
  const others = graph.inputs.filter(({ name }) => name !== input.name);
  const missing = others.filter(({ name }) => !(name in manifest.constants));
  if (missing.length > 0)
    throw new TerralogueError(
      "model_fault",
      `${graph.path} also takes ${missing.map((info) => `"${info.name}" ${describeTensor(info)}`).join(", ")}; give ${missing.length === 1 ? "its values" : "their values"} under constants in the manifest.`,
    );
  return Object.fromEntries(
    Object.entries(manifest.constants).map(([name, given]) => {
      const info = others.find((other) => other.name === name);
      const values = typeof given === "number" ? [given] : given;
      if (!info)
        throw new TerralogueError(
          "model_fault",
          `${graph.path} has no input "${name}", for which the manifest gives constants; it takes ${others.map((other) => other.name).join(", ") || "only the bands"}.`,
        );
      return [name, { data: values, dims: dimsOf(info, values.length, graph.path) }];
    }),
  );
}

/** Open dimensions of a constant are 1, but the last, which takes what is left. */
function dimsOf(info: TensorInfo, count: number, path: string): readonly number[] {
  const known = info.shape.map((size) => size ?? 1);
  const product = known.reduce((a, b) => a * b, 1);
  const open = info.shape.lastIndexOf(null);
  const dims = open >= 0 ? known.map((size, axis) => (axis === open ? count / product : size)) : known;
  if (dims.reduce((a, b) => a * b, 1) !== count || !dims.every(Number.isInteger))
    throw new TerralogueError(
      "model_fault",
      `${path} takes ${describeTensor(info)} as "${info.name}", but the manifest's constants give ${count} numbers; correct their count.`,
    );
  return dims;
}

function bandFeed(windows: readonly BandWindow[], manifest: GeoEncoderManifest, hasTime: boolean): Feed {
  const { bands, inputSize: side, scale, offset } = manifest;
  const plane = side * side;
  const data = new Float32Array(windows.length * bands.length * plane);
  for (const [i, window] of windows.entries()) {
    if (window.width !== side || window.height !== side)
      throw new TerralogueError(
        "model_fault",
        `The model ${manifest.id} reads windows of ${side} × ${side} pixels, this one has ${window.width} × ${window.height}; read it at that size.`,
      );
    for (const [k, { name, mean, std }] of bands.entries()) {
      const samples = window.bands[name];
      if (!samples)
        throw new TerralogueError(
          "model_fault",
          `The model ${manifest.id} needs the band ${name}, and the imagery has ${Object.keys(window.bands).join(", ") || "none by name"}; name the raster's bands or choose another model.`,
        );
      const to = (i * bands.length + k) * plane;
      // Without data the normalised value is that of the band's mean: nought.
      for (let p = 0; p < plane; p += 1)
        if (window.valid[p] === 1) data[to + p] = ((samples[p] as number) * scale + offset - mean) / std;
    }
  }
  return {
    data,
    dims: hasTime ? [windows.length, bands.length, 1, side, side] : [windows.length, bands.length, side, side],
  };
}

/** [windows × tokens × d] to [windows × d]. */
function meanOfTokens({ data, dims }: Result, windows: number, skip: number): Float32Array {
  const [, tokens = 0, width = 0] = dims;
  const out = new Float32Array(windows * width);
  const count = Math.max(1, tokens - skip);
  for (let i = 0; i < windows; i += 1) {
    for (let t = skip; t < tokens; t += 1) {
      const at = (i * tokens + t) * width;
      for (let k = 0; k < width; k += 1)
        out[i * width + k] = (out[i * width + k] as number) + (data[at + k] as number) / count;
    }
  }
  return out;
}
