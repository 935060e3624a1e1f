import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "../../models/manifest.ts";
import type { Feed, Graph, TensorInfo } from "../../models/onnx/graph.ts";
import { outputSize } from "../../models/preprocess.ts";
import type { FiledInput } from "./python-peer.ts";

/** Sizes that a graph leaves open, from what the manifest says. */
export interface OpenSizes {
  /** Height and width of pictures. */
  readonly side: number;
  /** Tokens a text. */
  readonly tokens: number;
}

export function openSizes(manifest: Manifest): OpenSizes {
  switch (manifest.kind) {
    case "dual_encoder":
      return {
        side: (manifest.preprocess && outputSize(manifest.preprocess)?.height) ?? 224,
        tokens: manifest.tokens.max,
      };
    case "text_encoder":
      return { side: 224, tokens: Math.min(32, manifest.tokens.max) };
    case "segmenter":
      return { side: manifest.tileSize, tokens: 1 };
    case "detector":
    case "geo_encoder":
      return { side: manifest.inputSize, tokens: 1 };
  }
}

/** Made inputs of a graph for a batch, or null where the graph is fixed to another batch size. */
export function madeFeeds(graph: Graph, batch: number, sizes: OpenSizes): Readonly<Record<string, Feed>> | null {
  const [first] = graph.inputs;
  if (!first || (first.shape[0] !== null && first.shape[0] !== batch)) return null;
  return Object.fromEntries(
    graph.inputs.map((info) => {
      const dims = info.shape.map((size, axis) => size ?? openSize(info, axis, batch, sizes));
      const count = dims.reduce((a, b) => a * b, 1);
      return [info.name, { data: valuesOf(info, count), dims }];
    }),
  );
}

function openSize({ shape }: TensorInfo, axis: number, batch: number, { side, tokens }: OpenSizes): number {
  if (axis === 0) return batch;
  if (shape.length === 2) return tokens;
  return axis >= shape.length - 2 ? side : shape.length === 4 ? 3 : 1;
}

/** The same numbers every time: small floats of both signs, low token ids, full masks. */
function valuesOf({ name, type }: TensorInfo, count: number): Float32Array | number[] {
  if (type.startsWith("float"))
    return Float32Array.from({ length: count }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) * 2);
  if (/mask/i.test(name)) return new Array<number>(count).fill(1);
  return Array.from({ length: count }, (_, i) => (/type|segment/i.test(name) ? 0 : (i * 31) % 8));
}

const NUMPY: Readonly<Record<string, string>> = { float32: "float32", int64: "int64", int32: "int32" };

/** Writes feeds to files of an empty folder for the other side; null where a type has no counterpart. */
export async function fileFeeds(
  graph: Graph,
  feeds: Readonly<Record<string, Feed>>,
  folder: string,
): Promise<readonly FiledInput[] | null> {
  const out: FiledInput[] = [];
  for (const [i, info] of graph.inputs.entries()) {
    const feed = feeds[info.name];
    const type = NUMPY[info.type];
    if (!feed || !type) return null;
    const file = join(folder, `${i}.bin`);
    const bytes =
      type === "int64"
        ? BigInt64Array.from(feed.data as readonly number[], (value) => BigInt(value))
        : type === "int32"
          ? Int32Array.from(feed.data)
          : Float32Array.from(feed.data);
    await writeFile(file, Buffer.from(bytes.buffer));
    out.push({ name: info.name, type, dims: feed.dims, file });
  }
  return out;
}
