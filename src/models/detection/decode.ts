import { TerralogueError } from "../../errors.ts";
import type { Result } from "../onnx/graph.ts";
import type { Box } from "./boxes.ts";

export interface DecodeOptions {
  readonly path: string;
  readonly isOriented: boolean;
  readonly classes: number;
  readonly confidence: number;
  /** What coordinates are multiplied by to be input pixels: 1, or the input's side where they are shares of it. */
  readonly unit: number;
}

/**
 * Boxes of a YOLO head: [1, 4 + classes (+ 1), N] or transposed. Rows are cx, cy, w, h, a score a class (0..1 already) and, of oriented ones,
 * the angle in radians last.
 *
 * @returns boxes of at least the confidence, in input pixels
 * @throws {TerralogueError} `model_fault` when the output's shape does not fit the classes
 */
export function decodeYolo({ data, dims }: Result, options: DecodeOptions): Box[] {
  const { path, isOriented, classes, confidence, unit } = options;
  const rows = 4 + classes + (isOriented ? 1 : 0);
  const [, first = 0, second = 0] = dims;
  if (dims.length !== 3 || dims[0] !== 1 || (first !== rows && second !== rows))
    throw new TerralogueError(
      "model_fault",
      `${path} gives [${dims.join(", ")}], but ${classes} ${isOriented ? "oriented" : "axis-aligned"} classes make [1, ${rows}, N]; correct classes or boxes in the manifest, or export without built-in suppression.`,
    );
  const isByRow = first === rows;
  const count = isByRow ? second : first;
  const at = (row: number, i: number) => data[isByRow ? row * count + i : i * rows + row] as number;
  const out: Box[] = [];
  for (let i = 0; i < count; i += 1) {
    let [label, score] = [-1, confidence];
    for (let k = 0; k < classes; k += 1) {
      const value = at(4 + k, i);
      if (value >= score && (label === -1 || value > score)) [label, score] = [k, value];
    }
    if (label === -1) continue;
    if (score > 1.0001)
      throw new TerralogueError(
        "model_fault",
        `${path} gives a class score of ${score.toFixed(2)}, not 0 to 1; export it with its sigmoid.`,
      );
    out.push({
      cx: at(0, i) * unit,
      cy: at(1, i) * unit,
      width: at(2, i) * unit,
      height: at(3, i) * unit,
      angle: isOriented ? at(rows - 1, i) : 0,
      score,
      label,
    });
  }
  return out;
}
