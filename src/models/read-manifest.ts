import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { TerralogueError } from "../errors.ts";
import { type Manifest, ManifestSchema, type ModelFile, type ModelKind } from "./manifest.ts";

/** A manifest with where it lies. */
export interface Model<M extends Manifest = Manifest> {
  readonly manifest: M;
  /** Absolute path of the manifest. */
  readonly file: string;
  /** `id@version`, stored beside everything that it makes. */
  readonly ref: string;
}

/**
 * Reads a manifest: a YAML file, or a folder with `manifest.yaml`.
 *
 * @throws {TerralogueError} `not_found`, or `model_fault` naming the file, the field and what to do
 */
export async function readManifest(path: string): Promise<Model> {
  const where = resolve(path);
  const entry = await stat(where).catch(() => null);
  const file = entry?.isDirectory() ? join(where, "manifest.yaml") : where;
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null)
    throw new TerralogueError("not_found", `There is no model manifest ${file}; give a manifest.yaml or its folder.`);
  const document = parseDocument(text, { prettyErrors: false });
  const [fault] = document.errors;
  if (fault) {
    const line = text.slice(0, fault.pos[0]).split("\n").length;
    throw new TerralogueError("model_fault", `${file} is not YAML at line ${line} (${fault.message}); mend it there.`);
  }
  const read = ManifestSchema.safeParse(document.toJS() ?? {});
  if (!read.success) throw new TerralogueError("model_fault", `${file}: ${firstFault(read.error)}`);
  return { manifest: read.data, file, ref: `${read.data.id}@${read.data.version}` };
}

/** The first fault of a manifest as a clause that names the field and what to do. */
function firstFault(error: z.ZodError): string {
  let issue = error.issues[0] as z.core.$ZodIssue;
  let path = [...issue.path];
  // Of a union (a path alone, or an object) the branch that got furthest tells more than "invalid input".
  while (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = [...issue.errors].sort((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0]?.[0];
    if (!branch) break;
    issue = branch;
    path = [...path, ...branch.path];
  }
  const field = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  const name = field.replace(/^\./, "") || "the manifest";
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => `"${key}"`).join(", ");
    return `${name === "the manifest" ? "" : `in ${name}, `}${keys} ${issue.keys.length === 1 ? "is no field" : "are no fields"} of this kind of model; remove or rename it (docs/models.md lists the fields).`;
  }
  if (issue.code === "invalid_type" && issue.input === undefined)
    return `the field ${name} is missing or has the wrong type (${issue.message}); add it as docs/models.md shows.`;
  return `the field ${name} is not right (${issue.message}); change it as docs/models.md shows.`;
}

/** Absolute path of a model's file. */
export function filePath(model: Model, file: ModelFile): string {
  return isAbsolute(file.path) ? file.path : join(dirname(model.file), file.path);
}

/** Every file that a manifest names, with its role. */
export function filesOf({ manifest }: Model): readonly { readonly role: string; readonly file: ModelFile }[] {
  return [
    ...Object.entries(manifest.files as Readonly<Record<string, ModelFile | undefined>>).flatMap(([role, file]) =>
      file ? [{ role, file }] : [],
    ),
    ...manifest.extraFiles.map((file) => ({ role: "extra", file })),
  ];
}

/**
 * Path of a model's file after checking that it is there and of the stated size.
 *
 * @throws {TerralogueError} `model_fault` naming model, file and what to do
 */
export async function presentFile(model: Model, role: string, file: ModelFile): Promise<string> {
  const path = filePath(model, file);
  const found = await stat(path).catch(() => null);
  const { id } = model.manifest;
  if (!found?.isFile())
    throw new TerralogueError(
      "model_fault",
      `The model ${id} lacks its ${role} file ${path}; fetch it with "models fetch ${id}" or put it there.`,
    );
  if (file.bytes !== undefined && found.size !== file.bytes)
    throw new TerralogueError(
      "model_fault",
      `The ${role} file ${path} of the model ${id} has ${found.size} bytes instead of the ${file.bytes} that its manifest states; it was cut or replaced, fetch it again.`,
    );
  return path;
}

/** Whether all files of a model are there and of their stated sizes, and how many bytes they have together. */
export async function presence(model: Model): Promise<{ readonly isComplete: boolean; readonly bytes: number }> {
  let bytes = 0;
  let isComplete = true;
  for (const { file } of filesOf(model)) {
    const found = await stat(filePath(model, file)).catch(() => null);
    if (!found?.isFile() || (file.bytes !== undefined && file.bytes !== found.size)) isComplete = false;
    bytes += found?.size ?? file.bytes ?? 0;
  }
  return { isComplete, bytes };
}

/** The model as one of a kind. */
export function ofKind<K extends ModelKind>(model: Model, kind: K): Model<Extract<Manifest, { readonly kind: K }>> {
  if (model.manifest.kind !== kind)
    throw new TerralogueError(
      "model_fault",
      `The model ${model.manifest.id} is a ${model.manifest.kind}, but a ${kind} is wanted here; choose another model.`,
    );
  return model as Model<Extract<Manifest, { readonly kind: K }>>;
}
