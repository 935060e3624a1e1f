import { TerralogueError } from "../../errors.ts";
import { inTurn } from "../../in-turn.ts";
import type { Feed, Graph, Result, TensorInfo } from "./graph.ts";

/** Texts or pictures in one inference, where the graph leaves it open. */
export const DEFAULT_BATCH = 16;

/** Batches prepared while one runs. */
const BATCHES_AHEAD = 2;

/** How many items an inference takes: what the graph was exported with, else what is asked. */
export function batchSizeOf(input: TensorInfo, asked: number = DEFAULT_BATCH): { size: number; isFixed: boolean } {
  const fixed = input.shape[0] ?? null;
  return fixed === null ? { size: Math.max(1, asked), isFixed: false } : { size: fixed, isFixed: true };
}

/**
 * Rows of `dimensions` numbers for a list of items, batch by batch; the next ones are prepared while one runs. A batch of fixed size is filled up by repeating its last item, whose
 * surplus rows are dropped.
 *
 * @param feedsOf feeds of some items
 * @param rowsOf result to rows, row-major [items × dimensions]
 */
export async function inBatches<Item>(
  items: readonly Item[],
  deps: {
    readonly graph: Graph;
    readonly batch: { readonly size: number; readonly isFixed: boolean };
    readonly output: string;
    readonly dimensions: number;
    readonly feedsOf: (items: readonly Item[]) => Readonly<Record<string, Feed>>;
    readonly rowsOf: (result: Result, items: number, feeds: Readonly<Record<string, Feed>>) => Float32Array;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Float32Array> {
  const { graph, batch, output, dimensions } = deps;
  const out = new Float32Array(items.length * dimensions);
  const starts = Array.from({ length: Math.ceil(items.length / batch.size) }, (_, i) => i * batch.size);
  const runOne = async (start: number) => {
    const part = items.slice(start, start + batch.size);
    const filled = batch.isFixed ? [...part, ...Array(batch.size - part.length).fill(part.at(-1))] : part;
    const feeds = deps.feedsOf(filled);
    const made = await graph.run(feeds, [output], deps.signal);
    const rows = deps.rowsOf(made[output] as Result, filled.length, feeds);
    if (rows.length !== filled.length * dimensions)
      throw new TerralogueError(
        "model_fault",
        `${graph.path} gives ${rows.length / filled.length} numbers an item in its output "${output}", but ${dimensions} are expected; correct dimensions in the manifest or name another output.`,
      );
    return { start, rows: rows.subarray(0, part.length * dimensions) };
  };
  for await (const { start, rows } of inTurn(starts, runOne, BATCHES_AHEAD)) out.set(rows, start * dimensions);
  return out;
}

/**
 * Scales each row to unit length.
 *
 * @throws {TerralogueError} `model_fault` for a row of zeros, which has no direction
 */
export function normalised(rows: Float32Array, dimensions: number, path: string): Float32Array {
  for (let at = 0; at < rows.length; at += dimensions) {
    let square = 0;
    for (let k = 0; k < dimensions; k += 1) square += (rows[at + k] as number) ** 2;
    const length = Math.sqrt(square);
    if (length === 0)
      throw new TerralogueError(
        "model_fault",
        `${path} gives a vector of zeros, which cannot be compared; use another export.`,
      );
    for (let k = 0; k < dimensions; k += 1) rows[at + k] = (rows[at + k] as number) / length;
  }
  return rows;
}

/** Numbers an item of an output [items × numbers], or null where the graph leaves it open. */
export function widthOf(info: TensorInfo): number | null {
  return info.shape.at(-1) ?? null;
}
