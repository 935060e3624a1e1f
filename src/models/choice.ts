import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import type { ModelKind } from "./manifest.ts";
import type { Model } from "./read-manifest.ts";
import { PACKAGE_MODELS } from "./registry.ts";

/** What a workspace uses models for. */
export const SLOTS = ["encoder", "textEncoder", "segmenter", "detector", "geoEncoder"] as const;
export type Slot = (typeof SLOTS)[number];

export const SLOT_OF_KIND: Readonly<Record<ModelKind, Slot>> = {
  dual_encoder: "encoder",
  text_encoder: "textEncoder",
  segmenter: "segmenter",
  detector: "detector",
  geo_encoder: "geoEncoder",
};

/** An id, null for none. Left out: what the package does by itself. */
const IdSchema = z.string().min(1).nullable().optional();
const ChoiceFileSchema = z.strictObject({
  encoder: IdSchema,
  textEncoder: IdSchema,
  segmenter: IdSchema,
  detector: IdSchema,
  geoEncoder: IdSchema,
  /** Further manifests and folders of manifests; relative ones begin at the workspace. */
  paths: z.array(z.string().min(1)).default([]),
});

/** The models of a workspace, as its models.json tells. */
export interface ModelChoice extends Readonly<Partial<Record<Slot, string | null>>> {
  /** The workspace. */
  readonly directory: string;
  readonly paths: readonly string[];
}

const FILE = "models.json";

/**
 * Reads a workspace's models.json; without one nothing is chosen.
 *
 * @throws {TerralogueError} `bad_workspace` naming the file and the field
 */
export async function readModelChoice(directory: string): Promise<ModelChoice> {
  const file = join(directory, FILE);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return { directory, paths: [] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TerralogueError("bad_workspace", `${file} is not JSON; mend it or remove it.`, { cause });
  }
  const read = ChoiceFileSchema.safeParse(json);
  if (read.success) return { directory, ...read.data };
  const [issue] = read.error.issues;
  throw new TerralogueError(
    "bad_workspace",
    `${file}: ${issue?.path.join(".") || "the file"} is not right (${issue?.message}); set it with "models use", or remove the file.`,
  );
}

/** Where a workspace's models are looked for: what it names, its own folder `models`, the package's. */
export function modelPlaces({ directory, paths }: ModelChoice): readonly string[] {
  return [
    ...paths.map((path) => (isAbsolute(path) ? path : resolve(directory, path))),
    join(directory, "models"),
    PACKAGE_MODELS,
  ];
}

/** Writes a choice, whole or not at all. */
export async function writeModelChoice({ directory, ...choice }: ModelChoice): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, FILE);
  const partial = `${file}.${process.pid}.part`;
  await writeFile(partial, `${JSON.stringify(ChoiceFileSchema.parse(choice), null, 2)}\n`);
  await rename(partial, file);
}

/** A choice with a model in its slot, or in another that it serves; a model that lies elsewhere has its manifest's path noted. */
export function withModel(
  choice: ModelChoice,
  model: Model,
  slot: Slot = SLOT_OF_KIND[model.manifest.kind],
): ModelChoice {
  const isKnown = modelPlaces(choice).some((place) => !relative(place, model.file).startsWith(".."));
  const inside = relative(resolve(choice.directory), model.file);
  const path = inside.startsWith("..") || isAbsolute(inside) ? model.file : inside;
  return {
    ...choice,
    [slot]: model.manifest.id,
    paths: isKnown ? choice.paths : [...choice.paths, path],
  };
}
