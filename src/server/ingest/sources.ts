import { existsSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import { z } from "zod";
import { TerralogueError } from "../../errors.ts";
import { publicUrl } from "../../imagery/public-address.ts";
import { isUrl } from "../../imagery/raster.ts";
import { isDay } from "../../ingest/map-features.ts";
import { fetchFile } from "./fetch-file.ts";
import type { IngestPermission } from "./permission.ts";
import type { Uploads } from "./uploads.ts";

export const SOURCE_KINDS = ["image", "vectors", "detections", "embeddings", "knowledge"] as const;

export const SourceRequestSchema = z.object({
  kind: z.enum(SOURCE_KINDS),
  /** Exactly one of upload, path and url. */
  upload: z.string().max(64).optional(),
  path: z.string().min(1).max(4096).optional(),
  url: z.string().min(1).max(4096).optional(),
  date: z
    .string()
    .max(10)
    .optional()
    .describe("YYYY-MM-DD of an image, YYYY of an embedding raster; an image without one is dated by its file name"),
});
export type SourceRequest = z.infer<typeof SourceRequestSchema>;

/** A source whose place is settled. */
export const SourceSchema = z.object({
  kind: z.enum(SOURCE_KINDS),
  from: z.enum(["upload", "path", "url"]),
  /** Id of the upload it came by. */
  upload: z.string().nullable(),
  /** Absolute path or URL. */
  place: z.string(),
  name: z.string(),
  date: z.string().nullable(),
});
export type Source = z.infer<typeof SourceSchema>;

/** Kinds that are read by ranges where they lie; files of the others are fetched. */
const RANGED: readonly string[] = ["image", "embeddings"];

/**
 * Where each source lies, refused where it may not be given. Files at web addresses that cannot be read there are fetched; when any source
 * is refused, those that came are let go of.
 *
 * @throws {TerralogueError} in one sentence: `bad_arguments` or `not_found`; what `fetchFile` throws
 */
export async function settleSources(
  requests: readonly SourceRequest[],
  may: IngestPermission,
  uploads: Uploads,
  signal?: AbortSignal,
): Promise<readonly Source[]> {
  const settled = settlePlaces(requests, may, uploads);
  const fetched: string[] = [];
  try {
    const sources: Source[] = [];
    for (const source of settled) {
      if (source.from !== "url" || RANGED.includes(source.kind)) {
        sources.push(source);
        continue;
      }
      const { id, name } = await fetchFile(
        new URL(source.place),
        may.url === "any" ? "any" : "public",
        uploads,
        signal,
      );
      fetched.push(id);
      sources.push({ ...source, from: "upload", upload: id, place: uploads.find(id) as string, name });
    }
    return sources;
  } catch (fault) {
    for (const id of fetched) uploads.remove(id);
    throw fault;
  }
}

function settlePlaces(requests: readonly SourceRequest[], may: IngestPermission, uploads: Uploads): readonly Source[] {
  return requests.map((request): Source => {
    const { kind, upload, path, url } = request;
    const date = settleDate(request);
    if ([upload, path, url].filter((given) => given !== undefined).length !== 1)
      throw new TerralogueError("bad_arguments", "A source comes by exactly one of upload, path and url.");
    if (upload !== undefined) {
      const place = may.upload ? uploads.find(upload) : null;
      if (!place) throw new TerralogueError("not_found", "An uploaded file is no longer there; send it again.");
      return { kind, from: "upload", upload, place, name: basename(place), date };
    }
    if (path !== undefined) {
      if (!may.path) throw notAllowed("paths");
      if (isUrl(path) || !isAbsolute(path) || path.includes("\0"))
        throw new TerralogueError(
          "bad_arguments",
          `"${path.slice(0, 200)}" is no absolute path on the machine of the service; write it from the root.`,
        );
      if (!existsSync(path)) throw new TerralogueError("not_found", `There is no file ${path}; check the path.`);
      return { kind, from: "path", upload: null, place: path, name: basename(path), date };
    }
    if (may.url === "none") throw notAllowed("web addresses");
    const place = settleUrl(url as string, may.url);
    return { kind, from: "url", upload: null, place: place.href, name: basename(place.pathname) || place.host, date };
  });
}

/**
 * Whether sources that were settled earlier may still be given: settings may have changed since.
 *
 * @throws {TerralogueError} `bad_arguments`
 */
export function checkAllowed(sources: readonly Source[], may: IngestPermission): void {
  for (const { from, place } of sources) {
    if (from === "path" && !may.path) throw notAllowed("paths");
    if (from === "url" && may.url === "none") throw notAllowed("web addresses");
    if (from === "url" && may.url === "public") publicUrl(place);
  }
}

function settleUrl(text: string, reach: "public" | "any"): URL {
  if (reach === "public") return publicUrl(text);
  if (isUrl(text) && URL.canParse(text)) return new URL(text);
  throw new TerralogueError("bad_arguments", `${text.slice(0, 200)} is no http or https address; correct it.`);
}

function settleDate({ kind, date }: SourceRequest): string | null {
  if (kind === "embeddings") {
    if (date !== undefined && /^\d{4}$/.test(date)) return date;
    throw new TerralogueError("bad_arguments", "An embedding raster needs the year that it shows, as YYYY.");
  }
  if (date === undefined || date === "" || kind !== "image") return null;
  if (isDay(date)) return date;
  throw new TerralogueError("bad_arguments", `"${date}" is no date; write YYYY-MM-DD, for example 2024-05-31.`);
}

function notAllowed(what: string): TerralogueError {
  return new TerralogueError(
    "bad_arguments",
    `This service takes no ${what} from the page: it is not bound to its own machine alone; set TERRALOGUE_INGEST=all where that is wanted.`,
  );
}

const FLAGS: Readonly<Record<Source["kind"], string>> = {
  image: "--image",
  vectors: "--vectors",
  detections: "--detections",
  embeddings: "--embeddings",
  knowledge: "--knowledge",
};

/** The arguments of the `ingest` command for these sources. */
export function ingestArguments(
  workspace: string,
  sources: readonly Source[],
  may: IngestPermission,
): readonly string[] {
  return [
    "ingest",
    "--events",
    ...(may.url === "any" ? [] : ["--public-urls"]),
    "--workspace",
    workspace,
    ...sources.flatMap(({ kind, place, date }) => [FLAGS[kind], date === null ? place : `${place}@${date}`]),
  ];
}
