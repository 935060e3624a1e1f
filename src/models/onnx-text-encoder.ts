import { TerralogueError } from "../errors.ts";
import { type ModelOptions, tokenFeeds } from "./dual-encoder.ts";
import type { TextEncoderManifest } from "./manifest.ts";
import { batchSizeOf, inBatches, normalised, widthOf } from "./onnx/batches.ts";
import { openGraph, type Result } from "./onnx/graph.ts";
import { findTensor, isFloat, rank, textInputs } from "./onnx/tensors.ts";
import type { TextEncoder } from "./ports.ts";
import { type Model, presentFile } from "./read-manifest.ts";
import { openTokenizer } from "./tokenizer.ts";

const OUTPUTS = [
  "sentence_embedding",
  "sentence_embeddings",
  "text_embeds",
  "last_hidden_state",
  "token_embeddings",
  "output",
];

/**
 * Opens an encoder of sentences (MiniLM, bge, e5, gte): one vector a text where the graph gives it, else the tokens' vectors pooled.
 *
 * @see Reimers and Gurevych, Sentence-BERT, EMNLP 2019
 * @throws {TerralogueError} `model_fault` in one sentence naming the file and what to do
 */
export async function openTextEncoder(
  model: Model<TextEncoderManifest>,
  options: ModelOptions = {},
): Promise<TextEncoder & { close(): Promise<void> }> {
  const { manifest } = model;
  const graph = await openGraph(await presentFile(model, "model", manifest.files.model), options);
  try {
    const inputs = textInputs(graph, manifest.text);
    const output = findTensor(graph, "outputs", {
      what: "text vector",
      field: "text.output",
      named: manifest.text.output,
      usual: OUTPUTS,
      fits: (info) => isFloat(info) && (rank(info) === 2 || rank(info) === 3),
    });
    const tokenizer = await openTokenizer(
      await presentFile(model, "tokenizer", manifest.files.tokenizer),
      manifest.tokens,
      inputs.ids.shape[1] ?? null,
    );
    const width = widthOf(output);
    if (width !== null && manifest.dimensions !== undefined && width !== manifest.dimensions)
      throw new TerralogueError(
        "model_fault",
        `${graph.path} gives vectors of ${width} numbers, but its manifest says ${manifest.dimensions}; correct dimensions.`,
      );
    const batch = batchSizeOf(inputs.ids, options.batchSize);
    const feedsOf = (texts: readonly string[]) => tokenFeeds(inputs, tokenizer.encode(texts), texts.length);
    const rowsOf = (result: Result, texts: number, mask: ArrayLike<number>) =>
      result.dims.length === 2 ? result.data : pooled(result, texts, mask, manifest.pooling);
    const dimensions = manifest.dimensions ?? width ?? (await measured());
    async function measured(): Promise<number> {
      const made = await graph.run(feedsOf(new Array<string>(batch.isFixed ? batch.size : 1).fill("a")), [output.name]);
      return made[output.name]?.dims.at(-1) as number;
    }
    const encode = async (texts: readonly string[], prefix: string, signal?: AbortSignal) => {
      const rows = await inBatches(
        texts.map((text) => prefix + text),
        {
          graph,
          batch,
          output: output.name,
          dimensions,
          feedsOf,
          rowsOf: (result, items, feeds) => rowsOf(result, items, maskOf(feeds[inputs.mask?.name ?? ""]?.data, result)),
          signal,
        },
      );
      return manifest.normalize ? normalised(rows, dimensions, graph.path) : rows;
    };
    return {
      id: model.ref,
      dimensions,
      encodeQueries: (texts, signal) => encode(texts, manifest.queryPrefix, signal),
      encodePassages: (texts, signal) => encode(texts, manifest.passagePrefix, signal),
      close: () => graph.close(),
    };
  } catch (fault) {
    await graph.close();
    throw fault;
  }
}

/** A graph without a mask input takes every token for a word. */
function maskOf(mask: ArrayLike<number> | undefined, { dims }: Result): ArrayLike<number> {
  return mask ?? new Uint8Array((dims[0] as number) * (dims[1] as number)).fill(1);
}

/** [texts × tokens × d] to [texts × d]: the mean over the masked tokens, or the first token's. */
function pooled({ data, dims }: Result, texts: number, mask: ArrayLike<number>, pooling: "mean" | "cls"): Float32Array {
  const [, tokens = 0, width = 0] = dims;
  const out = new Float32Array(texts * width);
  for (let i = 0; i < texts; i += 1) {
    if (pooling === "cls") {
      out.set(data.subarray(i * tokens * width, (i * tokens + 1) * width), i * width);
      continue;
    }
    let count = 0;
    for (let t = 0; t < tokens; t += 1) {
      if (mask[i * tokens + t] === 0) continue;
      count += 1;
      const at = (i * tokens + t) * width;
      for (let k = 0; k < width; k += 1) out[i * width + k] = (out[i * width + k] as number) + (data[at + k] as number);
    }
    for (let k = 0; k < width; k += 1) out[i * width + k] = (out[i * width + k] as number) / Math.max(1, count);
  }
  return out;
}
