import { existsSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import { z } from "zod";
import { TerralogueError } from "../../errors.ts";
import { publicUrl } from "../../imagery/public-address.ts";
import { isUrl } from "../../imagery/raster.ts";
import { isDay } from "../../ingest/map-features.ts";
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

/** Kinds that can be read at a URL, by ranges. */
const RANGED: readonly string[] = ["image", "embeddings"];

/**
 * Where each source lies, refused where it may not be given.
 *
 * @throws {TerralogueError} `bad_arguments` or `not_found` in one sentence
 */
export function settleSources(
  requests: readonly SourceRequest[],
  may: IngestPermission,
  uploads: Uploads,
): readonly Source[] {
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
    if (!RANGED.includes(kind))
      throw new TerralogueError(
        "bad_arguments",
        "Only rasters are read at a web address; download the file and drop it.",
      );
    const place = settleUrl(url as string, may.url);
    return { kind, from: "url", upload: null, place: place.href, name: basename(place.pathname) || place.host, date };
  });
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
