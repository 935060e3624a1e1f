import { readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { TerralogueError } from "../errors.ts";

/** How the README of every demo world begins: the mark by which a folder is known as one. */
export const README_START = "A fictional";
const README = /^A fictional (harbour|valley|basin) district, \d+ × \d+ m /;
/** All that a demo world holds; `/` between folders. */
const OWN_FILE =
  /^(README\.txt|layers\.geojson|knowledge\.jsonl|truth\/entities\.geojson|truth\/world\.json|imagery\/(harbour|valley|basin)_\d{4}-\d{2}-\d{2}\.tif)$/;

/**
 * The absolute path of a folder that a demo world may be written to: one that is not there yet, is empty, or holds a
 * demo world and nothing else.
 *
 * @throws {TerralogueError} `bad_arguments` when the path is a file, or a folder with anything that a demo does not write
 */
export async function replaceableFolder(path: string): Promise<string> {
  const target = await realpath(path).catch(() => resolve(path));
  const found = await stat(target).catch(() => null);
  if (!found) return target;
  if (!found.isDirectory())
    throw new TerralogueError("bad_arguments", `${path} is a file; give a folder for the demo.`);
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(target, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (files.length === 0 && folders.length === 0) return target;
  const readme = await readFile(join(target, "README.txt"), "utf8").catch(() => "");
  const foreign = README.test(readme)
    ? files.find((file) => !OWN_FILE.test(file))
    : (files.find((file) => file !== "README.txt") ?? files[0] ?? folders[0]);
  if (foreign !== undefined) {
    throw new TerralogueError(
      "bad_arguments",
      `The folder ${path} holds ${foreign}, which no demo has written; choose a new or an empty folder.`,
    );
  }
  return target;
}

/** Puts a finished folder in the place of another (or of none); at any moment one of the two is whole on disk. */
export async function swapIn(draft: string, target: string): Promise<void> {
  const old = join(dirname(target), `.${basename(target)}.replaced-${process.pid}`);
  const isReplaced = await rename(target, old).then(
    () => true,
    (fault: NodeJS.ErrnoException) => {
      if (fault.code === "ENOENT") return false;
      throw fault;
    },
  );
  try {
    await rename(draft, target);
  } catch (fault) {
    if (isReplaced) await rename(old, target);
    throw fault;
  }
  await rm(old, { recursive: true, force: true });
}
