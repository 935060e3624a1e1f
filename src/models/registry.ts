import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { TerralogueError } from "../errors.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { type Model, readManifest } from "./read-manifest.ts";

/** Models that come with the package. */
export const PACKAGE_MODELS = join(PACKAGE_ROOT, "models");

/** A manifest that was found: read, or with what is wrong with it. */
export type RegistryEntry =
  | { readonly file: string; readonly model: Model; readonly fault: null }
  | { readonly file: string; readonly model: null; readonly fault: string };

/**
 * Manifests in some places, earlier places first; of two with one id the earlier counts. A place is a manifest, or a folder with
 * `*.yaml` or `NAME/manifest.yaml`. Places that are not there hold none.
 */
export async function listModels(places: readonly string[]): Promise<readonly RegistryEntry[]> {
  const files: string[] = [];
  for (const place of places) {
    for (const file of await manifestsIn(resolve(place))) if (!files.includes(file)) files.push(file);
  }
  const entries: RegistryEntry[] = [];
  const ids = new Set<string>();
  for (const file of files) {
    try {
      const model = await readManifest(file);
      if (ids.has(model.manifest.id)) continue;
      ids.add(model.manifest.id);
      entries.push({ file, model, fault: null });
    } catch (fault) {
      if (!(fault instanceof TerralogueError)) throw fault;
      entries.push({ file, model: null, fault: fault.message });
    }
  }
  return entries;
}

async function manifestsIn(place: string): Promise<readonly string[]> {
  const entry = await stat(place).catch(() => null);
  if (!entry) return [];
  if (entry.isFile()) return [place];
  const own = join(place, "manifest.yaml");
  if (await isFile(own)) return [own];
  const found: string[] = [];
  for (const { name } of (await readdir(place, { withFileTypes: true })).sort((a, b) => a.name.localeCompare(b.name))) {
    const path = join(place, name);
    if (/\.ya?ml$/i.test(name) && (await isFile(path))) found.push(path);
    else if (await isFile(join(path, "manifest.yaml"))) found.push(join(path, "manifest.yaml"));
  }
  return found;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

/**
 * The model of an id among some places, or of a path.
 *
 * @throws {TerralogueError} `not_found` that lists the known ids; `model_fault` when the manifest is wrong
 */
export async function findModel(idOrPath: string, places: readonly string[]): Promise<Model> {
  if (/[/\\]|\.ya?ml$/i.test(idOrPath)) return readManifest(idOrPath);
  const entries = await listModels(places);
  const found = entries.find(({ model }) => model?.manifest.id === idOrPath);
  if (found?.model) return found.model;
  const known = entries.flatMap(({ model }) => model?.manifest.id ?? []);
  const broken = entries.find(({ fault }) => fault !== null);
  throw new TerralogueError(
    "not_found",
    `There is no model "${idOrPath}" (${known.length > 0 ? `known: ${known.join(", ")}` : "no manifests are there"}${broken ? `; one cannot be read: ${broken.fault}` : ""}); give a known id or the path of a manifest.`,
  );
}
