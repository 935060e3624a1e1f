import type { Chip } from "../../imagery/ports.ts";
import type { Span } from "../onnx/tiles.ts";
import { NO_LABEL } from "./components.ts";

type Picture = Pick<Chip, "width" | "height" | "rgb" | "valid">;

/** A raster of labels while tiles are settled into it. */
export interface GrowingRaster {
  readonly width: number;
  readonly height: number;
  readonly labels: Uint8Array;
  readonly confidences: Float32Array;
  readonly rgb: Uint8Array;
  readonly valid: Uint8Array;
}

/** Labels of nothing, with the picture's colours and validity at the middle of each output pixel. */
export function emptyRaster(picture: Picture, stride: number): GrowingRaster {
  const width = Math.ceil(picture.width / stride);
  const height = Math.ceil(picture.height / stride);
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

/** Where a tile's output lies in the raster. */
export interface SettledTile {
  readonly outWidth: number;
  readonly outHeight: number;
  /** Input pixels per output pixel. */
  readonly stride: number;
  readonly column: Span;
  readonly row: Span;
}

/** Calls for every output pixel of a tile's core: its place in the raster and in the tile. */
function eachPixel(raster: GrowingRaster, tile: SettledTile, settle: (to: number, from: number) => void): void {
  const { outWidth, stride, column, row } = tile;
  const [left, top] = [column.start / stride, row.start / stride];
  const right = Math.min(raster.width, column.coreTo / stride);
  for (let y = row.coreFrom / stride; y < Math.min(raster.height, row.coreTo / stride); y += 1)
    for (let x = column.coreFrom / stride; x < right; x += 1)
      settle(y * raster.width + x, (y - top) * outWidth + (x - left));
}

/** Likeliest class and its probability, from one plane of logits or probabilities a class. */
export function settleLabels(raster: GrowingRaster, data: Float32Array, tile: SettledTile, isLogits: boolean): void {
  const plane = tile.outWidth * tile.outHeight;
  eachPixel(raster, tile, (to, from) => {
    let [best, most] = [0, data[from] as number];
    for (let k = from + plane, label = 1; k < data.length; k += plane, label += 1) {
      const value = data[k] as number;
      if (value > most) [best, most] = [label, value];
    }
    let confidence = most;
    if (isLogits) {
      let sum = 0;
      for (let k = from; k < data.length; k += plane) {
        const below = (data[k] as number) - most;
        // Less than a ten-millionth of the sum is not worth an exponential.
        if (below > -16) sum += Math.exp(below);
      }
      confidence = 1 / sum;
    }
    raster.labels[to] = best;
    raster.confidences[to] = Math.max(0, Math.min(1, confidence));
  });
}

/** Labels and probabilities as the graph itself settled them. */
export function copyLabels(
  raster: GrowingRaster,
  labels: Float32Array,
  probabilities: Float32Array,
  tile: SettledTile,
): void {
  eachPixel(raster, tile, (to, from) => {
    raster.labels[to] = labels[from] as number;
    raster.confidences[to] = Math.max(0, Math.min(1, probabilities[from] as number));
  });
}
