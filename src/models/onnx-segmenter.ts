import { conceptOfClass } from "../../knowledge/ontology/detectors.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Chip } from "../imagery/ports.ts";
import type { ModelOptions } from "./dual-encoder.ts";
import type { SegmenterManifest } from "./manifest.ts";
import { type Graph, openGraph, type TensorInfo } from "./onnx/graph.ts";
import { findTensor, isFloat, rank } from "./onnx/tensors.ts";
import { cutTile, type Span, tileSpans } from "./onnx/tiles.ts";
import type { Segmenter } from "./ports.ts";
import { tablesOf, toPlanes } from "./preprocess.ts";
import { type Model, presentFile } from "./read-manifest.ts";
import { resizeRgb } from "./resize.ts";
import { type LabelRaster, NO_LABEL } from "./segments/components.ts";
import { vectorise } from "./segments/vectorise.ts";

/** Imagery this near to the target GSD is not resampled. */
const SAME_GSD = 0.02;

/** A segmenter behind a graph, with the labels that its polygons are made from. */
export interface OnnxSegmenter extends Segmenter {
  /** Names of the classes, by label. */
  readonly classNames: readonly string[];
  readonly targetGsd: number | null;
  /**
   * Label and probability of every pixel at the target GSD (divided by the output stride), before anything is left out.
   *
   * @returns null where the chip's GSD is not within the model's range
   */
  labels(chip: Chip, signal?: AbortSignal): Promise<LabelRaster | null>;
  close(): Promise<void>;
}

/**
 * Opens a per-pixel classifier: input [1, 3, H, W], output [1, classes, H / stride, W / stride]. Large chips are read in tiles with
 * margins, so that labels do not depend on where tiles end.
 *
 * @throws {TerralogueError} `model_fault` in one sentence naming the file and what to do
 */
export async function openSegmenter(
  model: Model<SegmenterManifest>,
  options: ModelOptions = {},
): Promise<OnnxSegmenter> {
  const { manifest } = model;
  const classes = manifest.classes.map((kind) => ({
    ...kind,
    concept: kind.concept === undefined ? conceptOfClass(kind.name) : (kind.concept as ConceptId | null),
  }));
  if (manifest.tileSize - 2 * manifest.margin < manifest.outputStride)
    throw new TerralogueError(
      "model_fault",
      `${model.file}: margin ${manifest.margin} leaves nothing of tiles of ${manifest.tileSize} pixels; enlarge tileSize or reduce margin.`,
    );
  const graph = await openGraph(await presentFile(model, "model", manifest.files.model), options);
  try {
    const tensors = tensorsOf(graph, manifest);
    const labels = async (chip: Chip, signal?: AbortSignal) => {
      const gsd = (chip.box[2] - chip.box[0]) / chip.width;
      if (gsd < manifest.gsd.min * (1 - SAME_GSD) || gsd > manifest.gsd.max * (1 + SAME_GSD)) return null;
      return labelRaster(atGsd(chip, gsd, manifest.targetGsd ?? gsd), { graph, manifest, ...tensors, signal });
    };
    return {
      id: model.ref,
      concepts: [...new Set(classes.flatMap(({ concept }) => concept ?? []))],
      gsd: manifest.gsd,
      targetGsd: manifest.targetGsd ?? null,
      classNames: classes.map(({ name }) => name),
      cutsAtCore: true,
      labels,
      segment: async (chip, { signal, core } = {}) => {
        const raster = await labels(chip, signal);
        if (!raster) return [];
        const [scaleX, scaleY] = [chip.width / raster.width, chip.height / raster.height];
        const part = core ? cropped(raster, core, scaleX, scaleY) : { ...raster, left: 0, top: 0 };
        return vectorise(part, {
          classes,
          gsd: (chip.box[2] - chip.box[0]) / raster.width,
          scaleX,
          scaleY,
          originX: part.left * scaleX,
          originY: part.top * scaleY,
          simplify: manifest.simplify,
          goesOn: core !== undefined,
        });
      },
      close: () => graph.close(),
    };
  } catch (fault) {
    await graph.close();
    throw fault;
  }
}

function tensorsOf(
  graph: Graph,
  manifest: SegmenterManifest,
): { input: TensorInfo; output: TensorInfo; probability: TensorInfo | null } {
  const input = findTensor(graph, "inputs", {
    what: "image input",
    field: "image.input",
    named: manifest.image.input,
    usual: ["pixel_values", "image", "images", "input"],
    fits: (info) => isFloat(info) && rank(info) === 4,
  });
  for (const side of [input.shape[2], input.shape[3]]) {
    if (side && side !== manifest.tileSize)
      throw new TerralogueError(
        "model_fault",
        `${graph.path} takes pictures of ${input.shape[3]} × ${input.shape[2]} pixels only; set tileSize to ${side} in the manifest.`,
      );
  }
  if (manifest.output === "labels") {
    const settled = (field: "label" | "probability", usual: string) =>
      findTensor(graph, "outputs", {
        what: `map of ${usual}`,
        field: `labels.${field}`,
        named: manifest.labels?.[field],
        usual: [usual],
        fits: (info) => rank(info) === 3 && info.name === (manifest.labels?.[field] ?? usual),
      });
    return { input, output: settled("label", "labels"), probability: settled("probability", "probabilities") };
  }
  const output = findTensor(graph, "outputs", {
    what: "map of classes",
    field: "image.output",
    named: manifest.image.output,
    usual: ["logits", "probabilities", "output", "out"],
    fits: (info) => isFloat(info) && rank(info) === 4,
  });
  const channels = output.shape[1] ?? null;
  if (channels !== null) checkClasses(graph, manifest, channels);
  return { input, output, probability: null };
}

function checkClasses(graph: Graph, manifest: SegmenterManifest, channels: number): void {
  if (channels !== manifest.classes.length)
    throw new TerralogueError(
      "model_fault",
      `${graph.path} tells ${channels} classes, but its manifest lists ${manifest.classes.length}; list them all in the order of the output, background too.`,
    );
}

/** The part of a label raster whose pixels' middles lie in a box of chip pixels. */
function cropped(
  { width, height, labels, confidences, rgb }: LabelRaster,
  core: readonly [number, number, number, number],
  scaleX: number,
  scaleY: number,
): LabelRaster & { readonly left: number; readonly top: number } {
  const [left, right] = [Math.round(core[0] / scaleX), Math.min(width, Math.round(core[2] / scaleX))];
  const [top, bottom] = [Math.round(core[1] / scaleY), Math.min(height, Math.round(core[3] / scaleY))];
  const [w, h] = [right - left, bottom - top];
  const out = { labels: new Uint8Array(w * h), confidences: new Float32Array(w * h), rgb: new Uint8Array(w * h * 3) };
  for (let y = 0; y < h; y += 1) {
    const from = (top + y) * width + left;
    out.labels.set(labels.subarray(from, from + w), y * w);
    out.confidences.set(confidences.subarray(from, from + w), y * w);
    out.rgb.set(rgb.subarray(from * 3, (from + w) * 3), y * w * 3);
  }
  return { width: w, height: h, ...out, left, top };
}

type Picture = Pick<Chip, "width" | "height" | "rgb" | "valid">;

function atGsd(chip: Chip, gsd: number, target: number): Picture {
  if (Math.abs(gsd / target - 1) <= SAME_GSD) return chip;
  const width = Math.max(1, Math.round((chip.width * gsd) / target));
  const height = Math.max(1, Math.round((chip.height * gsd) / target));
  const valid = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * chip.height) / height) * chip.width;
    for (let x = 0; x < width; x += 1)
      valid[y * width + x] = chip.valid[row + Math.floor(((x + 0.5) * chip.width) / width)] as number;
  }
  return { width, height, valid, rgb: resizeRgb(chip.rgb, chip.width, chip.height, width, height, "bilinear") };
}

interface Run {
  readonly graph: Graph;
  readonly manifest: SegmenterManifest;
  readonly input: TensorInfo;
  readonly output: TensorInfo;
  /** Of graphs that settle labels themselves; `output` then gives the labels. */
  readonly probability: TensorInfo | null;
  readonly signal: AbortSignal | undefined;
}

async function labelRaster(picture: Picture, run: Run): Promise<LabelRaster> {
  const { graph, manifest, input, output, probability } = run;
  const { tileSize, margin, outputStride: stride } = manifest;
  const isFixed = (input.shape[2] ?? null) !== null;
  const sideOf = (length: number) =>
    isFixed || length >= tileSize ? tileSize : Math.min(tileSize, roundUp(length, 32));
  const [tileWidth, tileHeight] = [sideOf(picture.width), sideOf(picture.height)];
  const width = Math.ceil(picture.width / stride);
  const height = Math.ceil(picture.height / stride);
  const raster = emptyRaster(width, height, stride, picture);
  const tables = tablesOf(manifest.preprocess);
  const columns = tileSpans(picture.width, tileWidth, margin, stride);
  for (const row of tileSpans(picture.height, tileHeight, margin, stride)) {
    for (const column of columns) {
      if (!hasData(picture, column, row)) continue;
      const rgb = cutTile(picture, column.start, row.start, tileWidth, tileHeight);
      const data = new Float32Array(tileWidth * tileHeight * 3);
      toPlanes(rgb, tileWidth * tileHeight, tables, manifest.preprocess.channels, data, 0);
      const feeds = { [input.name]: { data, dims: [1, 3, tileHeight, tileWidth] } };
      const made = await graph.run(feeds, probability ? [output.name, probability.name] : [output.name], run.signal);
      const map = made[output.name];
      if (!map) continue;
      if (!probability) checkClasses(graph, manifest, map.dims[1] as number);
      const [outHeight, outWidth] = map.dims.slice(-2) as [number, number];
      if (outHeight !== Math.ceil(tileHeight / stride) || outWidth !== Math.ceil(tileWidth / stride))
        throw new TerralogueError(
          "model_fault",
          `${graph.path} gives a map of ${outWidth} × ${outHeight} for a picture of ${tileWidth} × ${tileHeight} pixels; set outputStride to ${Math.round(tileWidth / outWidth)} in the manifest.`,
        );
      const tile = { outWidth, outHeight, stride, column, row };
      if (probability) copySettled(raster, map.data, made[probability.name]?.data as Float32Array, tile);
      else settle(raster, map.data, { ...tile, isLogits: manifest.output === "logits" });
    }
  }
  for (let i = 0; i < raster.labels.length; i += 1) if (raster.valid[i] === 0) raster.labels[i] = NO_LABEL;
  return raster;
}

const roundUp = (value: number, unit: number) => Math.ceil(value / unit) * unit;

/** Labels of nothing, with the picture's colours and validity at the middle of each output pixel. */
function emptyRaster(width: number, height: number, stride: number, picture: Picture) {
  const valid = new Uint8Array(width * height);
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(picture.height - 1, y * stride + (stride >> 1)) * picture.width;
    for (let x = 0; x < width; x += 1) {
      const from = row + Math.min(picture.width - 1, x * stride + (stride >> 1));
      valid[y * width + x] = picture.valid[from] as number;
      rgb.set(picture.rgb.subarray(from * 3, from * 3 + 3), (y * width + x) * 3);
    }
  }
  return {
    width,
    height,
    labels: new Uint8Array(width * height).fill(NO_LABEL),
    confidences: new Float32Array(width * height),
    rgb,
    valid,
  };
}

function hasData(picture: Picture, column: Span, row: Span): boolean {
  for (let y = row.coreFrom; y < row.coreTo; y += 1) {
    const from = y * picture.width;
    if (picture.valid.subarray(from + column.coreFrom, from + column.coreTo).includes(1)) return true;
  }
  return false;
}

/** Labels and probabilities that the graph has settled, for each output pixel of a tile's core. */
function copySettled(
  raster: {
    readonly width: number;
    readonly height: number;
    readonly labels: Uint8Array;
    readonly confidences: Float32Array;
  },
  labels: Float32Array,
  probabilities: Float32Array,
  {
    outWidth,
    stride,
    column,
    row,
  }: { readonly outWidth: number; readonly stride: number; readonly column: Span; readonly row: Span },
): void {
  const [left, top] = [column.start / stride, row.start / stride];
  const from = column.coreFrom / stride;
  const to = Math.min(raster.width, column.coreTo / stride);
  for (let y = row.coreFrom / stride; y < Math.min(raster.height, row.coreTo / stride); y += 1) {
    const at = (y - top) * outWidth - left;
    for (let x = from; x < to; x += 1) {
      raster.labels[y * raster.width + x] = labels[at + x] as number;
      raster.confidences[y * raster.width + x] = Math.max(0, Math.min(1, probabilities[at + x] as number));
    }
  }
}

/** Likeliest class and its probability for each output pixel of a tile's core. */
function settle(
  raster: {
    readonly width: number;
    readonly height: number;
    readonly labels: Uint8Array;
    readonly confidences: Float32Array;
  },
  data: Float32Array,
  tile: {
    readonly outWidth: number;
    readonly outHeight: number;
    readonly stride: number;
    readonly column: Span;
    readonly row: Span;
    readonly isLogits: boolean;
  },
): void {
  const { outWidth, outHeight, stride, column, row, isLogits } = tile;
  const plane = outWidth * outHeight;
  const [left, top] = [column.start / stride, row.start / stride];
  for (let y = row.coreFrom / stride; y < Math.min(raster.height, row.coreTo / stride); y += 1) {
    for (let x = column.coreFrom / stride; x < Math.min(raster.width, column.coreTo / stride); x += 1) {
      const at = (y - top) * outWidth + (x - left);
      let [best, most] = [0, data[at] as number];
      for (let k = at + plane, label = 1; k < data.length; k += plane, label += 1) {
        const value = data[k] as number;
        if (value > most) [best, most] = [label, value];
      }
      let confidence = most;
      if (isLogits) {
        let sum = 0;
        for (let k = at; k < data.length; k += plane) {
          const below = (data[k] as number) - most;
          // Less than a ten-millionth of the sum is not worth an exponential.
          if (below > -16) sum += Math.exp(below);
        }
        confidence = 1 / sum;
      }
      raster.labels[y * raster.width + x] = best;
      raster.confidences[y * raster.width + x] = Math.max(0, Math.min(1, confidence));
    }
  }
}
