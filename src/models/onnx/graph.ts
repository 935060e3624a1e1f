import { stat } from "node:fs/promises";
import { TerralogueError } from "../../errors.ts";
import { fromHalf, toHalf } from "./float16.ts";
import { openSession, type RawTensor, type Session, type TensorMetadata } from "./session.ts";

/** An input or output of a graph. A dimension is null where the graph takes any size. */
export interface TensorInfo {
  readonly name: string;
  /** ONNX element type: float32, float16, int64 … */
  readonly type: string;
  readonly shape: readonly (number | null)[];
}

/** What goes in: converted to the element type that the graph wants. Row-major. */
export interface Feed {
  readonly data: Float32Array | readonly number[];
  readonly dims: readonly number[];
}

/** What comes out, as 32-bit floats. Row-major; every value is finite. */
export interface Result {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface GraphOptions {
  /** Threads within an operator (default 1: the caller's other work runs beside it). */
  readonly threads?: number;
}

/** A loaded ONNX graph. */
export interface Graph {
  readonly path: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * One inference, in the graph's own thread. `signal` is looked at before it; an inference once begun runs to its end.
   *
   * @throws {TerralogueError} `model_fault` when shapes do not fit, or an output holds NaN or infinite values; `cancelled`
   */
  run(
    feeds: Readonly<Record<string, Feed>>,
    outputs: readonly string[],
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, Result>>>;
  close(): Promise<void>;
}

/**
 * Loads an ONNX file with its external data, for the CPU.
 *
 * @throws {TerralogueError} `model_fault` in one sentence: missing, empty, truncated or foreign file; opset or IR version too new;
 *   operators that are unknown; weights that lie beside it but are not there
 */
export async function openGraph(path: string, options: GraphOptions = {}): Promise<Graph> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile())
    throw new TerralogueError("model_fault", `There is no ONNX file ${path}; fetch the model or mend its manifest.`);
  if (found.size === 0) throw new TerralogueError("model_fault", `${path} is empty (0 bytes); fetch the model again.`);
  let session: Session;
  try {
    session = await openSession(path, options.threads ?? 1);
  } catch (cause) {
    throw new TerralogueError("model_fault", `${path} ${loadFault(cause)}`, { cause });
  }
  const inputs = session.inputs.map(infoOf);
  const outputs = session.outputs.map(infoOf);
  return {
    path,
    inputs,
    outputs,
    run: async (feeds, wanted, signal) => {
      if (signal?.aborted) throw new TerralogueError("cancelled", "The model was stopped.");
      const tensors = Object.entries(feeds).map(([name, feed]) => {
        const info = inputs.find((input) => input.name === name);
        if (!info)
          throw new TerralogueError("model_fault", `${path} has no input "${name}"; ${namesOf("inputs", inputs)}.`);
        checkFit(path, info, feed.dims);
        return tensorOf(info, feed, path);
      });
      let made: readonly RawTensor[];
      try {
        made = await session.run(tensors, wanted);
      } catch (cause) {
        throw new TerralogueError("model_fault", `${path} ${runFault(cause)}`, { cause });
      }
      return Object.fromEntries(made.map((tensor) => [tensor.name, resultOf(path, tensor)]));
    },
    close: () => session.close(),
  };
}

function infoOf(meta: TensorMetadata): TensorInfo {
  if (!meta.isTensor) return { name: meta.name, type: "no tensor", shape: [] };
  return {
    name: meta.name,
    type: meta.type,
    shape: meta.shape.map((size) => (typeof size === "number" && size > 0 ? size : null)),
  };
}

export function namesOf(what: string, infos: readonly TensorInfo[]): string {
  return `its ${what} are ${infos.map((info) => `${info.name} ${describeTensor(info)}`).join(", ")}`;
}

/** "float32[?, 3, 224, 224]". */
export function describeTensor({ type, shape }: TensorInfo): string {
  return `${type}[${shape.map((size) => size ?? "?").join(", ")}]`;
}

function checkFit(path: string, info: TensorInfo, dims: readonly number[]): void {
  const fits =
    info.shape.length === dims.length && info.shape.every((size, axis) => size === null || size === dims[axis]);
  if (!fits)
    throw new TerralogueError(
      "model_fault",
      `${path} takes ${describeTensor(info)} as "${info.name}", but its manifest leads to [${dims.join(", ")}]; set sizes, bands or token length in the manifest to what the graph was exported with.`,
    );
}

function tensorOf({ name, type }: TensorInfo, { data, dims }: Feed, path: string): RawTensor {
  const floats = () => (data instanceof Float32Array ? data : Float32Array.from(data));
  switch (type) {
    case "float32":
      return { name, type, data: floats(), dims };
    case "float16":
      return { name, type, data: toHalf(floats()), dims };
    case "float64":
      return { name, type, data: Float64Array.from(data), dims };
    case "int64":
      return { name, type, data: BigInt64Array.from(data as readonly number[], (value) => BigInt(value)), dims };
    case "int32":
      return { name, type, data: Int32Array.from(data), dims };
    case "bool":
      return { name, type, data: Uint8Array.from(data), dims };
    default:
      throw new TerralogueError(
        "model_fault",
        `${path} takes ${type} as "${name}", which is not supported; export it with float32, float16, int32 or int64 inputs.`,
      );
  }
}

function resultOf(path: string, tensor: RawTensor): Result {
  const data = floatsOf(path, tensor);
  for (let i = 0; i < data.length; i += 1) {
    if (!Number.isFinite(data[i]))
      throw new TerralogueError(
        "model_fault",
        `${path} gives ${Number.isNaN(data[i]) ? "NaN" : "infinite"} values in its output "${tensor.name}"; its weights are damaged or overflow in half precision, use another export (fp32).`,
      );
  }
  return { data, dims: tensor.dims };
}

function floatsOf(path: string, { name, type, data }: RawTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === "float16") return data instanceof Uint16Array ? fromHalf(data) : Float32Array.from(data as never);
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  if (data instanceof Float64Array || data instanceof Int32Array || data instanceof Uint8Array)
    return Float32Array.from(data);
  throw new TerralogueError(
    "model_fault",
    `${path} gives ${type} as its output "${name}"; export it with float outputs.`,
  );
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().split("\n")[0] ?? "";
}

/** What the runtime says of a file that it cannot load, as the rest of a sentence. */
function loadFault(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const opset = /Opset (\d+) is under development.*domain (\S+) is till opset (\d+)/s.exec(text);
  if (opset)
    return `is of opset ${opset[1]}, and the runtime knows ${opset[2]} only up to ${opset[3]}; export it with an older opset, for example 17.`;
  const version = /Unsupported model IR version: (\d+), max supported IR version: (\d+)/.exec(text);
  if (version)
    return `is of ONNX format version ${version[1]}, and the runtime reads up to ${version[2]}; export it with an older onnx package.`;
  if (/Protobuf parsing failed|does not have a graph/.test(text))
    return "is no ONNX file or only a part of one; fetch it again or mend the manifest.";
  const operator = /No Op registered for (\S+)|implementation for (\S+) node/.exec(text);
  if (operator)
    return `uses the operator ${operator[1] ?? operator[2]}, which the runtime does not know in that version; export it with opset 17 and standard operators.`;
  const external = /(?:filesystem error|cannot get file size|External data path|open file)[^"[]*["[]?([^\]",]*)/i.exec(
    text,
  );
  if (external)
    return `keeps weights in a file beside it that cannot be read (${firstLine(cause).slice(0, 160)}); list it under extraFiles and fetch the model again.`;
  return `cannot be loaded (${firstLine(cause).slice(0, 200)}); export it again.`;
}

function runFault(cause: unknown): string {
  return `cannot be run on an input of the manifest's sizes (${firstLine(cause).slice(0, 240)}); set sizes, bands or token length in the manifest to what the graph was exported with.`;
}
