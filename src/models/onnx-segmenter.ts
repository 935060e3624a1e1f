import { conceptOfClass } from "../../knowledge/ontology/detectors.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Chip } from "../imagery/ports.ts";
import { inTurn } from "../in-turn.ts";
import type { ModelOptions } from "./dual-encoder.ts";
import type { SegmenterManifest } from "./manifest.ts";
import { type Feed, type Graph, openGraph, type Result, type TensorInfo } from "./onnx/graph.ts";
import { findTensor, isFloat, rank } from "./onnx/tensors.ts";
import { cutTile, type Span, tileSpans } from "./onnx/tiles.ts";
import type { Segmenter } from "./ports.ts";
import { tablesOf, toPlanes } from "./preprocess.ts";
import { type Model, presentFile } from "./read-manifest.ts";
import { resizeRgb } from "./resize.ts";
import { type LabelRaster, NO_LABEL } from "./segments/components.ts";
import { cropLabels } from "./segments/crop-labels.ts";
import { copyLabels, emptyRaster, type GrowingRaster, settleLabels } from "./segments/settle-labels.ts";
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
 * Opens a per-pixel classifier: input [1, 3, H, W], output [1, classes, H / stride, W / stride], or labels and their probabilities, both
 * [1, H / stride, W / stride]. Large chips are read in tiles with
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
        const near = core ? aroundCore(chip, core, manifest) : { chip, left: 0, top: 0 };
        const raster = await labels(near.chip, signal);
        if (!raster) return [];
        const [scaleX, scaleY] = [near.chip.width / raster.width, near.chip.height / raster.height];
        const inner: Rectangle | null = core
          ? [core[0] - near.left, core[1] - near.top, core[2] - near.left, core[3] - near.top]
          : null;
        const part = inner
          ? cropLabels(raster, [inner[0] / scaleX, inner[1] / scaleY, inner[2] / scaleX, inner[3] / scaleY])
          : { ...raster, left: 0, top: 0 };
        return vectorise(part, {
          classes,
          gsd: (near.chip.box[2] - near.chip.box[0]) / raster.width,
          scaleX,
          scaleY,
          originX: near.left + part.left * scaleX,
          originY: near.top + part.top * scaleY,
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

interface Tensors {
  readonly input: TensorInfo;
  /** Planes of classes, or labels. */
  readonly output: TensorInfo;
  /** Probability of each label, where the graph settles labels itself. */
  readonly probability: TensorInfo | null;
}

function tensorsOf(graph: Graph, manifest: SegmenterManifest): Tensors {
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
  const isSettled = manifest.output === "labels";
  const output = findTensor(graph, "outputs", {
    what: isSettled ? "map of labels" : "map of classes",
    field: "image.output",
    named: manifest.image.output,
    usual: isSettled ? ["labels", "label"] : ["logits", "probabilities", "output", "out"],
    fits: isSettled ? (info) => !isFloat(info) && rank(info) === 3 : (info) => isFloat(info) && rank(info) === 4,
  });
  if (!isSettled) {
    const channels = output.shape[1] ?? null;
    if (channels !== null) checkClasses(graph, manifest, channels);
    return { input, output, probability: null };
  }
  const probability = findTensor(graph, "outputs", {
    what: "probability of the labels",
    field: "image.probability",
    named: manifest.image.probability,
    usual: ["probabilities", "probability", "confidence"],
    fits: (info) => isFloat(info) && rank(info) === 3,
  });
  return { input, output, probability };
}

function checkClasses(graph: Graph, manifest: SegmenterManifest, channels: number): void {
  if (channels !== manifest.classes.length)
    throw new TerralogueError(
      "model_fault",
      `${graph.path} tells ${channels} classes, but its manifest lists ${manifest.classes.length}; list them all in the order of the output, background too.`,
    );
}

/** [left, top, right, bottom] in pixels. */
type Rectangle = readonly [number, number, number, number];

/** What of a chip has to be looked at for the labels in a core: the core and a margin. */
function aroundCore(chip: Chip, core: Rectangle, { margin, targetGsd }: SegmenterManifest) {
  const [minX, , maxX, maxY] = chip.box;
  const gsd = (maxX - minX) / chip.width;
  const reach = Math.ceil((margin * (targetGsd ?? gsd)) / gsd);
  const [left, top] = [Math.max(0, core[0] - reach), Math.max(0, core[1] - reach)];
  const [right, bottom] = [Math.min(chip.width, core[2] + reach), Math.min(chip.height, core[3] + reach)];
  const [width, height] = [right - left, bottom - top];
  if (width === chip.width && height === chip.height) return { chip, left, top };
  const rgb = new Uint8Array(width * height * 3);
  const valid = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = (top + y) * chip.width + left;
    rgb.set(chip.rgb.subarray(from * 3, (from + width) * 3), y * width * 3);
    valid.set(chip.valid.subarray(from, from + width), y * width);
  }
  const box = [minX + left * gsd, maxY - bottom * gsd, minX + right * gsd, maxY - top * gsd] as const;
  return { chip: { ...chip, width, height, rgb, valid, box }, left, top };
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

interface Run extends Tensors {
  readonly graph: Graph;
  readonly manifest: SegmenterManifest;
  readonly signal: AbortSignal | undefined;
}

async function labelRaster(picture: Picture, run: Run): Promise<LabelRaster> {
  const { manifest, input } = run;
  const { tileSize, margin, outputStride: stride } = manifest;
  const isFixed = (input.shape[2] ?? null) !== null;
  const sideOf = (length: number) =>
    isFixed || length >= tileSize ? tileSize : Math.min(tileSize, roundUp(length, 32));
  const [width, height] = [sideOf(picture.width), sideOf(picture.height)];
  const raster = emptyRaster(picture, stride);
  const tables = tablesOf(manifest.preprocess);
  const columns = tileSpans(picture.width, width, margin, stride);
  const tiles = tileSpans(picture.height, height, margin, stride)
    .flatMap((row) => columns.map((column) => ({ row, column })))
    .filter(({ row, column }) => hasData(picture, column, row));
  const label = async ({ row, column }: (typeof tiles)[number]) => {
    const rgb = cutTile(picture, column.start, row.start, width, height);
    const data = new Float32Array(width * height * 3);
    toPlanes(rgb, width * height, tables, manifest.preprocess.channels, data, 0);
    await labelTile(raster, { data, dims: [1, 3, height, width] }, column, row, run);
  };
  // Tiles write parts of the raster that do not overlap, so that their order does not matter.
  for await (const _ of inTurn(tiles, label)) void _;
  for (let i = 0; i < raster.labels.length; i += 1) if (raster.valid[i] === 0) raster.labels[i] = NO_LABEL;
  return raster;
}

async function labelTile(raster: GrowingRaster, feed: Feed, column: Span, row: Span, run: Run): Promise<void> {
  const { graph, manifest, input, output, probability } = run;
  const stride = manifest.outputStride;
  const wanted = probability ? [output.name, probability.name] : [output.name];
  const results = await graph.run({ [input.name]: feed }, wanted, run.signal);
  const made = results[output.name] as Result;
  const [, , height = 0, width = 0] = feed.dims;
  const [outHeight = 0, outWidth = 0] = made.dims.slice(-2);
  if (outHeight !== Math.ceil(height / stride) || outWidth !== Math.ceil(width / stride))
    throw new TerralogueError(
      "model_fault",
      `${graph.path} gives a map of ${outWidth} × ${outHeight} for a picture of ${width} × ${height} pixels; set outputStride to ${Math.round(width / outWidth)} in the manifest.`,
    );
  const tile = { outWidth, outHeight, stride, column, row };
  if (!probability) {
    checkClasses(graph, manifest, made.dims[1] as number);
    settleLabels(raster, made.data, tile, manifest.output === "logits");
    return;
  }
  const last = made.data.reduce((most, label) => Math.max(most, label), 0);
  if (last >= manifest.classes.length)
    throw new TerralogueError(
      "model_fault",
      `${graph.path} gives the label ${last}, but its manifest lists ${manifest.classes.length} classes from 0 on; list them all in the order of the labels.`,
    );
  copyLabels(raster, made.data, (results[probability.name] as Result).data, tile);
}

const roundUp = (value: number, unit: number) => Math.ceil(value / unit) * unit;

function hasData(picture: Picture, column: Span, row: Span): boolean {
  for (let y = row.coreFrom; y < row.coreTo; y += 1) {
    const from = y * picture.width;
    if (picture.valid.subarray(from + column.coreFrom, from + column.coreTo).includes(1)) return true;
  }
  return false;
}
