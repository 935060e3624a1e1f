import { mkdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, relative } from "node:path";
import { TerralogueError } from "../errors.ts";
import { type DownloadOptions, download } from "./download.ts";
import { fileHash } from "./file-hash.ts";
import type { Hub, ModelFile } from "./manifest.ts";
import { filePath, filesOf, type Model } from "./read-manifest.ts";

/** What became of one file. */
export interface FetchedFile {
  readonly path: string;
  readonly outcome: "fetched" | "was there";
  readonly bytes: number;
  readonly sha256: string;
  /** Whether the manifest states the hash, so that it was compared. */
  readonly isVerified: boolean;
}

const SUFFIX: Readonly<Record<Hub["dtype"], string>> = {
  fp32: "",
  fp16: "_fp16",
  int8: "_int8",
  uint8: "_uint8",
  q8: "_quantized",
  q4: "_q4",
  q4f16: "_q4f16",
  bnb4: "_bnb4",
};

/** Where a file can be fetched: its own address, or its place in the manifest's repository; null for neither. */
export function addressOf(file: ModelFile, hub: Hub | undefined): string | null {
  if (file.url) return file.url;
  if (!file.hub || !hub) return null;
  const variant = file.hub.replace(/(\.onnx(?:_data)?)$/, `${SUFFIX[hub.dtype]}$1`);
  const path = variant.split("/").map(encodeURIComponent).join("/");
  return `${hub.host.replace(/\/$/, "")}/${hub.repo}/resolve/${encodeURIComponent(hub.revision)}/${path}`;
}

/**
 * Fetches the files of a model that are not there or not those of the manifest, each beside its manifest. A file takes its place
 * only when it is whole and its size and hash are right; what a cut left is gone on from the next time.
 *
 * @throws {TerralogueError} `bad_arguments` when the manifest names no addresses; `not_found`, `unavailable`, `model_fault` or
 *   `cancelled` in one sentence
 */
export async function fetchModel(
  model: Model,
  options: DownloadOptions & { readonly onFile?: (path: string) => void } = {},
): Promise<readonly FetchedFile[]> {
  const { hub } = model.manifest;
  const done: FetchedFile[] = [];
  for (const { role, file } of filesOf(model)) {
    const path = filePath(model, file);
    const url = addressOf(file, hub);
    const here = await whatIsThere(path, file);
    if (here) {
      done.push({ ...here, path, outcome: "was there" });
      continue;
    }
    if (url === null)
      throw new TerralogueError(
        "bad_arguments",
        `The manifest ${model.file} names no url for its ${role} file ${file.path}, which is not there; add url (or hub with repo), or put the file there by hand.`,
      );
    const beside = relative(dirname(model.file), path);
    if (beside.startsWith("..") || isAbsolute(beside))
      throw new TerralogueError(
        "bad_arguments",
        `The manifest ${model.file} would have ${path} written outside its own folder; give a path beside it.`,
      );
    await mkdir(dirname(path), { recursive: true });
    options.onFile?.(path);
    const sha256 = await download(url, path, { sha256: file.sha256, bytes: file.bytes }, options);
    done.push({
      path,
      outcome: "fetched",
      bytes: (await stat(path)).size,
      sha256,
      isVerified: file.sha256 !== undefined,
    });
  }
  return done;
}

/** A file that needs no fetching; one that is another than the manifest says is no such file. */
async function whatIsThere(path: string, file: ModelFile): Promise<Omit<FetchedFile, "path" | "outcome"> | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || (file.bytes !== undefined && found.size !== file.bytes)) return null;
  const sha256 = await fileHash(path);
  if (file.sha256 !== undefined && sha256 !== file.sha256) return null;
  return { bytes: found.size, sha256, isVerified: file.sha256 !== undefined };
}
