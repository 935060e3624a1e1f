import { TerralogueError } from "../errors.ts";
import type { Chip } from "../imagery/ports.ts";
import { conceptScorer, readConceptCurves } from "./concept-curves.ts";
import type { DualEncoderManifest, Preprocess } from "./manifest.ts";
import { batchSizeOf, DEFAULT_BATCH, inBatches, normalised, widthOf } from "./onnx/batches.ts";
import { type Feed, type Graph, openGraph, type TensorInfo } from "./onnx/graph.ts";
import { findTensor, isFloat, rank, type TextInputs, textInputs } from "./onnx/tensors.ts";
import type { Encoder, Pairing } from "./ports.ts";
import { outputSize, readPreprocessor, toBatch } from "./preprocess.ts";
import { type Model, presentFile } from "./read-manifest.ts";
import { openTokenizer, type TextTokenizer, type TokenBatch } from "./tokenizer.ts";

export interface ModelOptions {
  /** Threads of one inference (default 1). */
  readonly threads?: number;
  /** Items of one inference where the graph leaves it open (default 16). */
  readonly batchSize?: number;
}

/** An encoder with both towers. */
export interface DualEncoder extends Encoder {
  readonly pairing: Pairing;
  encodeText(text: string, signal?: AbortSignal): Promise<Float32Array>;
  encodeTexts(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array>;
  close(): Promise<void>;
}

const IMAGE_OUTPUTS = ["image_embeds", "image_embedding", "image_features", "embedding", "pooler_output", "output"];
const TEXT_OUTPUTS = ["text_embeds", "text_embedding", "text_features", "embedding", "pooler_output", "output"];
const PIXEL_INPUTS = ["pixel_values", "image", "images", "input"];

/**
 * Opens a CLIP-style pair: separate graphs or one joint graph, any of the usual names, one vector space.
 *
 * @see Radford et al., Learning transferable visual models from natural language supervision, ICML 2021
 * @throws {TerralogueError} `model_fault` in one sentence naming the file and what to do
 */
export async function openDualEncoder(
  model: Model<DualEncoderManifest>,
  options: ModelOptions = {},
): Promise<DualEncoder> {
  const { manifest } = model;
  const { files } = manifest;
  const steps = await preprocessOf(model);
  const graphs: Graph[] = [];
  const open = async (role: "image" | "text" | "joint") => {
    const file = files[role];
    if (!file) throw new TerralogueError("model_fault", `${model.file} names no ${role} file; add it under files.`);
    const graph = await openGraph(await presentFile(model, role, file), options);
    graphs.push(graph);
    return graph;
  };
  const close = async () => {
    await Promise.all(graphs.map((graph) => graph.close()));
  };
  try {
    const joint = files.joint ? await open("joint") : null;
    const imageGraph = joint ?? (await open("image"));
    const textGraph = joint ?? (await open("text"));
    const towers = towersOf(imageGraph, textGraph, manifest);
    const { pixels, image, tokens, text } = towers;
    const tokenizer = await openTokenizer(
      await presentFile(model, "tokenizer", files.tokenizer),
      manifest.tokens,
      tokens.ids.shape[1] ?? null,
    );
    checkPixels(imageGraph, pixels, steps);
    const asked = options.batchSize ?? DEFAULT_BATCH;
    const imageBatch = batchSizeOf(pixels, asked);
    const textBatch = batchSizeOf(tokens.ids, asked);
    const blank = blankFeeds(pixels, tokens, tokenizer, steps);
    // A joint graph wants the other side filled too.
    const beside = joint ? blank : { pixels: () => ({}), tokens: () => ({}) };
    const dimensions =
      manifest.dimensions ??
      widthOf(image) ??
      widthOf(text) ??
      (await probe(
        imageGraph,
        { ...blank.pixels(imageBatch.isFixed ? imageBatch.size : 1), ...beside.tokens(1) },
        image.name,
      ));
    checkWidths(imageGraph, image, textGraph, text, dimensions);

    const encodeTexts = async (texts: readonly string[], signal?: AbortSignal) =>
      normalised(
        await inBatches(texts, {
          graph: textGraph,
          batch: textBatch,
          output: text.name,
          dimensions,
          feedsOf: (part) => ({
            ...tokenFeeds(tokens, tokenizer.encode(part), part.length),
            ...beside.pixels(part.length),
          }),
          rowsOf: ({ data }) => data,
          signal,
        }),
        dimensions,
        textGraph.path,
      );
    const concepts = files.concepts
      ? await conceptScorer(
          await readConceptCurves(await presentFile(model, "concepts", files.concepts)),
          encodeTexts,
          dimensions,
        )
      : null;
    return {
      id: model.ref,
      dimensions,
      pairing: {
        similarity: manifest.similarity,
        logitScale: manifest.logitScale,
        logitBias: manifest.logitBias,
      },
      chipSize: outputSize(steps),
      gsd: manifest.gsd ?? null,
      encodeChips: async (chips, signal) =>
        normalised(
          await inBatches<Chip>(chips, {
            graph: imageGraph,
            batch: imageBatch,
            output: image.name,
            dimensions,
            feedsOf: (part) => ({ [pixels.name]: toBatch(part, steps), ...beside.tokens(part.length) }),
            rowsOf: ({ data }) => data,
            signal,
          }),
          dimensions,
          imageGraph.path,
        ),
      encodeText: async (value, signal) => encodeTexts([value], signal),
      encodeTexts,
      scoreConcept: (concept, vectors) => concepts?.score(concept, vectors) ?? null,
      conceptDirection: (concept) => concepts?.direction(concept) ?? null,
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

export async function preprocessOf(model: Model<DualEncoderManifest>): Promise<Preprocess> {
  const { files, preprocess } = model.manifest;
  if (preprocess) return preprocess;
  if (files.preprocessor) return readPreprocessor(await presentFile(model, "preprocessor", files.preprocessor));
  throw new TerralogueError(
    "model_fault",
    `${model.file} does not say how chips are prepared; add preprocess (resize, mean, std) or files.preprocessor.`,
  );
}

interface Towers {
  readonly pixels: TensorInfo;
  readonly image: TensorInfo;
  readonly tokens: TextInputs;
  readonly text: TensorInfo;
}

function towersOf(imageGraph: Graph, textGraph: Graph, manifest: DualEncoderManifest): Towers {
  const isVector = (info: TensorInfo) => isFloat(info) && rank(info) === 2;
  const isJoint = imageGraph === textGraph;
  const ofSide = (side: "image" | "text", usual: readonly string[]) =>
    findTensor(side === "image" ? imageGraph : textGraph, "outputs", {
      what: `${side} vector`,
      field: `${side}.output`,
      named: manifest[side].output,
      usual,
      // Of a joint graph only a name tells which vector is which.
      fits: (info) => isVector(info) && (!isJoint || info.name.includes(side) || info.name === manifest[side].output),
    });
  return {
    pixels: findTensor(imageGraph, "inputs", {
      what: "image input",
      field: "image.input",
      named: manifest.image.input,
      usual: PIXEL_INPUTS,
      fits: (info) => isFloat(info) && rank(info) === 4,
    }),
    image: ofSide("image", IMAGE_OUTPUTS),
    tokens: textInputs(textGraph, manifest.text),
    text: ofSide("text", TEXT_OUTPUTS),
  };
}

export function tokenFeeds(inputs: TextInputs, batch: TokenBatch, texts: number): Record<string, Feed> {
  const dims = [texts, batch.length];
  return {
    [inputs.ids.name]: { data: batch.ids, dims },
    ...(inputs.mask && { [inputs.mask.name]: { data: batch.mask, dims } }),
    ...(inputs.types && { [inputs.types.name]: { data: new Array<number>(batch.ids.length).fill(0), dims } }),
  };
}

function checkPixels(graph: Graph, pixels: TensorInfo, steps: Preprocess): void {
  const size = outputSize(steps);
  const [, channels, height, width] = pixels.shape;
  if (channels !== null && channels !== undefined && channels !== 3)
    throw new TerralogueError(
      "model_fault",
      `${graph.path} takes ${channels} channels as "${pixels.name}", but a pair of towers reads red, green and blue; use kind geo_encoder for other bands, or an export with [N, 3, H, W].`,
    );
  if (size && ((height && height !== size.height) || (width && width !== size.width)))
    throw new TerralogueError(
      "model_fault",
      `${graph.path} takes pictures of ${width} × ${height} pixels, but its preprocessing makes ${size.width} × ${size.height}; correct resize and crop.`,
    );
}

function checkWidths(
  imageGraph: Graph,
  image: TensorInfo,
  textGraph: Graph,
  text: TensorInfo,
  dimensions: number,
): void {
  for (const [graph, info] of [
    [imageGraph, image],
    [textGraph, text],
  ] as const) {
    const width = widthOf(info);
    if (width !== null && width !== dimensions)
      throw new TerralogueError(
        "model_fault",
        `${graph.path} gives vectors of ${width} numbers in "${info.name}", the other tower or the manifest says ${dimensions}; both towers must be of one pair.`,
      );
  }
}

/** Black pictures and empty texts, as many as asked or as the graph is fixed to. */
function blankFeeds(
  pixels: TensorInfo,
  tokens: TextInputs,
  tokenizer: TextTokenizer,
  steps: Preprocess,
): { pixels: (n: number) => Record<string, Feed>; tokens: (n: number) => Record<string, Feed> } {
  const { width, height } = outputSize(steps) ?? { width: pixels.shape[3] ?? 224, height: pixels.shape[2] ?? 224 };
  return {
    pixels: (n) => {
      const pictures = pixels.shape[0] ?? n;
      return {
        [pixels.name]: { data: new Float32Array(pictures * 3 * width * height), dims: [pictures, 3, height, width] },
      };
    },
    tokens: (n) => {
      const texts = tokens.ids.shape[0] ?? n;
      return tokenFeeds(tokens, tokenizer.encode(new Array<string>(texts).fill("")), texts);
    },
  };
}

/** Numbers that a graph really gives an item, where its metadata leaves it open. */
async function probe(graph: Graph, feeds: Record<string, Feed>, output: string): Promise<number> {
  const made = await graph.run(feeds, [output]);
  return made[output]?.dims.at(-1) as number;
}
