import { conceptOfClass } from "../../knowledge/ontology/detectors.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Chip } from "../imagery/ports.ts";
import { type Box, cornersOf, orientationOf, probIou, suppress, uprightIou } from "./detection/boxes.ts";
import { decodeYolo } from "./detection/decode.ts";
import { type Find, mergeTiles } from "./detection/merge.ts";
import type { ModelOptions } from "./dual-encoder.ts";
import type { DetectorManifest } from "./manifest.ts";
import { type Graph, openGraph, type TensorInfo } from "./onnx/graph.ts";
import { findTensor, isFloat, rank } from "./onnx/tensors.ts";
import type { Detection, Detector } from "./ports.ts";
import { tablesOf, toPlanes } from "./preprocess.ts";
import { type Model, presentFile } from "./read-manifest.ts";
import { resizeRgb } from "./resize.ts";

/** Grey that pictures smaller than the input are set on, as in YOLO's training. */
const FILL = 114;
const SAME_GSD = 0.02;

/**
 * Opens a YOLO detector of upright or turned boxes. Every tile is letterboxed at one scale (input side / tile side), so that things keep
 * their size on the ground whatever the chip's.
 *
 * @see ultralytics' exports: output [1, 4 + classes (+ 1), N]
 * @throws {TerralogueError} `model_fault` in one sentence naming the file and what to do
 */
export async function openDetector(
  model: Model<DetectorManifest>,
  options: ModelOptions = {},
): Promise<Detector & { close(): Promise<void> }> {
  const { manifest } = model;
  const classes = manifest.classes.map(({ name, concept }) => ({
    name,
    concept: concept === undefined ? conceptOfClass(name) : (concept as ConceptId | null),
  }));
  const tile = manifest.tileSize ?? manifest.inputSize;
  if (manifest.overlap >= tile)
    throw new TerralogueError(
      "model_fault",
      `${model.file}: overlap ${manifest.overlap} is not less than the tiles' ${tile} pixels; reduce it.`,
    );
  const graph = await openGraph(await presentFile(model, "model", manifest.files.model), options);
  try {
    const input = findTensor(graph, "inputs", {
      what: "image input",
      field: "image.input",
      named: manifest.image.input,
      usual: ["images", "image", "pixel_values", "input"],
      fits: (info) => isFloat(info) && rank(info) === 4,
    });
    const output = findTensor(graph, "outputs", {
      what: "output of boxes",
      field: "image.output",
      named: manifest.image.output,
      usual: ["output0", "output", "boxes"],
      fits: (info) => isFloat(info) && rank(info) === 3,
    });
    for (const side of [input.shape[2], input.shape[3]]) {
      if (side && side !== manifest.inputSize)
        throw new TerralogueError(
          "model_fault",
          `${graph.path} takes pictures of ${input.shape[3]} × ${input.shape[2]} pixels only; set inputSize to ${side} in the manifest.`,
        );
    }
    const overlap = manifest.boxes === "oriented" ? probIou : uprightIou;
    return {
      id: model.ref,
      concepts: [...new Set(classes.flatMap(({ concept }) => concept ?? []))],
      gsd: manifest.gsd ?? null,
      detect: async (chip, signal) => {
        const gsd = (chip.box[2] - chip.box[0]) / chip.width;
        const range = manifest.gsd;
        if (range && (gsd < range.min * (1 - SAME_GSD) || gsd > range.max * (1 + SAME_GSD))) return [];
        const tiles = tilesOf(chip, tile, manifest.overlap);
        const finds: Find[] = [];
        for (const [index, at] of tiles.entries()) {
          if (!hasData(chip, at)) continue;
          const boxes = await detectTile(chip, at, {
            graph,
            input,
            output,
            manifest,
            scale: manifest.inputSize / tile,
            signal,
          });
          const kept = suppress(boxes, overlap, manifest.iou, manifest.maxDetections);
          finds.push(...kept.map((box) => ({ ...box, tile: index, isCut: isCut(box, at, chip, tile) })));
        }
        return mergeTiles(finds, overlap, manifest.iou).flatMap((box): Detection[] => {
          const kind = classes[box.label];
          return kind?.concept && isOnData(chip, box) ? [detectionOf(box, kind.name, kind.concept)] : [];
        });
      },
      close: () => graph.close(),
    };
  } catch (fault) {
    await graph.close();
    throw fault;
  }
}

/** Pixels of the chip, half-open. */
interface Tile {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function tilesOf({ width, height }: Chip, side: number, overlap: number): readonly Tile[] {
  return startsOf(height, side, overlap).flatMap((top) =>
    startsOf(width, side, overlap).map((left) => ({
      left,
      top,
      right: Math.min(width, left + side),
      bottom: Math.min(height, top + side),
    })),
  );
}

/** Evenly spread starts of tiles that share at least `overlap` pixels and end with the axis. */
function startsOf(length: number, side: number, overlap: number): readonly number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - overlap) / (side - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}

function hasData({ width, valid }: Chip, { left, top, right, bottom }: Tile): boolean {
  for (let y = top; y < bottom; y += 1)
    if (valid.subarray(y * width + left, y * width + right).includes(1)) return true;
  return false;
}

function isOnData({ width, height, valid }: Chip, { cx, cy }: Box): boolean {
  const x = Math.max(0, Math.min(width - 1, Math.floor(cx)));
  const y = Math.max(0, Math.min(height - 1, Math.floor(cy)));
  return valid[y * width + x] === 1;
}

interface TileRun {
  readonly graph: Graph;
  readonly input: TensorInfo;
  readonly output: TensorInfo;
  readonly manifest: DetectorManifest;
  /** Input pixels per chip pixel. */
  readonly scale: number;
  readonly signal: AbortSignal | undefined;
}

async function detectTile(chip: Chip, at: Tile, run: TileRun): Promise<Box[]> {
  const { graph, input, output, manifest, scale } = run;
  const side = manifest.inputSize;
  const { rgb, padX, padY } = letterbox(chip, at, side, scale);
  const data = new Float32Array(side * side * 3);
  toPlanes(rgb, side * side, tablesOf(manifest.preprocess), manifest.preprocess.channels, data, 0);
  const made = await graph.run({ [input.name]: { data, dims: [1, 3, side, side] } }, [output.name], run.signal);
  const boxes = decodeYolo(made[output.name] ?? { data: new Float32Array(), dims: [] }, {
    path: graph.path,
    isOriented: manifest.boxes === "oriented",
    classes: manifest.classes.length,
    confidence: manifest.confidence,
    unit: manifest.normalised ? side : 1,
  });
  return boxes.map((box) => ({
    ...box,
    cx: (box.cx - padX) / scale + at.left,
    cy: (box.cy - padY) / scale + at.top,
    width: box.width / scale,
    height: box.height / scale,
  }));
}

/** A tile in the middle of a grey square, at one scale. */
export function letterbox(
  chip: Pick<Chip, "width" | "height" | "rgb">,
  { left, top, right, bottom }: Tile,
  side: number,
  scale: number,
): { readonly rgb: Uint8Array; readonly padX: number; readonly padY: number } {
  const [width, height] = [right - left, bottom - top];
  const part = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * chip.width + left) * 3;
    part.set(chip.rgb.subarray(from, from + width * 3), y * width * 3);
  }
  const toWidth = Math.min(side, Math.max(1, Math.round(width * scale)));
  const toHeight = Math.min(side, Math.max(1, Math.round(height * scale)));
  if (toWidth === side && toHeight === side)
    return { rgb: resizeRgb(part, width, height, side, side, "bilinear"), padX: 0, padY: 0 };
  const scaled = resizeRgb(part, width, height, toWidth, toHeight, "bilinear");
  const padX = Math.floor((side - toWidth) / 2);
  const padY = Math.floor((side - toHeight) / 2);
  const rgb = new Uint8Array(side * side * 3).fill(FILL);
  for (let y = 0; y < toHeight; y += 1)
    rgb.set(scaled.subarray(y * toWidth * 3, (y + 1) * toWidth * 3), ((y + padY) * side + padX) * 3);
  return { rgb, padX, padY };
}

/** Whether a box reaches a border of its tile that is not the chip's. */
function isCut(box: Box, at: Tile, { width, height }: Chip, side: number): boolean {
  const reach = Math.max(2, side / 128);
  const corners = cornersOf(box);
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return (
    (at.left > 0 && Math.min(...xs) <= at.left + reach) ||
    (at.top > 0 && Math.min(...ys) <= at.top + reach) ||
    (at.right < width && Math.max(...xs) >= at.right - reach) ||
    (at.bottom < height && Math.max(...ys) >= at.bottom - reach)
  );
}

function detectionOf(box: Box, className: string, concept: ConceptId): Detection {
  const ring = cornersOf(box).map(([x, y]) => [rounded(x), rounded(y)]);
  return {
    concept,
    className,
    confidence: rounded(box.score),
    polygon: { type: "Polygon", coordinates: [[...ring, ring[0] as number[]]] },
    orientationDeg: orientationOf(box),
  };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
