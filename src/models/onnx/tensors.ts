import { TerralogueError } from "../../errors.ts";
import { type Graph, namesOf, type TensorInfo } from "./graph.ts";

/** What is looked for among a graph's inputs or outputs. */
export interface Wanted {
  /** For messages: "image input". */
  readonly what: string;
  /** Field of the manifest that settles it: "image.input". */
  readonly field: string;
  /** The manifest's choice, if any. */
  readonly named: string | undefined;
  /** Usual names, best first. */
  readonly usual: readonly string[];
  /** Whether a tensor could be it at all. */
  readonly fits: (info: TensorInfo) => boolean;
}

/**
 * Finds an input or output: the one that the manifest names, else by its usual name, else the only one that fits.
 *
 * @throws {TerralogueError} `model_fault` that lists what the graph has and names the manifest's field
 */
export function findTensor(graph: Graph, side: "inputs" | "outputs", wanted: Wanted): TensorInfo {
  const found = findOptionalTensor(graph, side, wanted);
  if (found) return found;
  const fitting = graph[side].filter(wanted.fits);
  throw new TerralogueError(
    "model_fault",
    fitting.length > 1
      ? `${graph.path} has ${fitting.length} ${side} that could be the ${wanted.what} (${fitting.map(({ name }) => name).join(", ")}); name one as ${wanted.field} in the manifest.`
      : `${graph.path} has nothing that could be the ${wanted.what} (${namesOf(side, graph[side])}); name it as ${wanted.field} in the manifest or export the model again.`,
  );
}

/** As `findTensor`, but null where nothing fits or several do. */
export function findOptionalTensor(graph: Graph, side: "inputs" | "outputs", wanted: Wanted): TensorInfo | null {
  const { named, usual, fits } = wanted;
  if (named !== undefined) {
    const info = graph[side].find(({ name }) => name === named);
    if (info) return info;
    throw new TerralogueError(
      "model_fault",
      `${graph.path} has no ${side.slice(0, -1)} "${named}", which the manifest names as ${wanted.field}; ${namesOf(side, graph[side])}.`,
    );
  }
  const fitting = graph[side].filter(fits);
  for (const name of usual) {
    const info = fitting.find((candidate) => candidate.name === name);
    if (info) return info;
  }
  return fitting.length === 1 ? (fitting[0] as TensorInfo) : null;
}

export const isFloat = ({ type }: TensorInfo): boolean => type === "float32" || type === "float16";
export const isInteger = ({ type }: TensorInfo): boolean => type === "int64" || type === "int32";
export const rank = ({ shape }: TensorInfo): number => shape.length;

const MASK_NAMES = ["attention_mask", "mask"];
const TYPE_NAMES = ["token_type_ids", "segment_ids"];

/** Inputs of a text graph: ids always, mask and types where the graph has them. */
export interface TextInputs {
  readonly ids: TensorInfo;
  readonly mask: TensorInfo | null;
  readonly types: TensorInfo | null;
}

export function textInputs(
  graph: Graph,
  names: { readonly ids?: string | undefined; readonly mask?: string | undefined; readonly types?: string | undefined },
): TextInputs {
  const isTokens = (info: TensorInfo) => isInteger(info) && rank(info) === 2;
  const other = [...MASK_NAMES, ...TYPE_NAMES, names.mask, names.types];
  const ids = findTensor(graph, "inputs", {
    what: "token input",
    field: "text.ids",
    named: names.ids,
    usual: ["input_ids", "ids", "tokens", "text", "input"],
    fits: (info) => isTokens(info) && !other.includes(info.name),
  });
  const optional = (field: "mask" | "types", usual: readonly string[]) =>
    names[field] !== undefined
      ? findOptionalTensor(graph, "inputs", {
          what: field,
          field: `text.${field}`,
          named: names[field],
          usual,
          fits: isTokens,
        })
      : (graph.inputs.find(({ name }) => usual.includes(name)) ?? null);
  return { ids, mask: optional("mask", MASK_NAMES), types: optional("types", TYPE_NAMES) };
}
