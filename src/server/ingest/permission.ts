import { TerralogueError } from "../../errors.ts";

/** What people may give to ingest over HTTP. */
export interface IngestPermission {
  /** Files that they send. */
  readonly upload: boolean;
  /** Files that lie on the machine of the service. */
  readonly path: boolean;
  /** Web addresses: of the public internet alone, any, or none. */
  readonly url: "public" | "any" | "none";
  /** A larger upload is refused. */
  readonly largestUploadBytes: number;
}

const DEFAULT_UPLOAD_MB = 4096;

/**
 * By itself a service lets its own machine ingest, and nobody else: whoever reaches it could fill the disk and read files with it.
 *
 * @param environment TERRALOGUE_INGEST is `off`, `upload` or `all`; TERRALOGUE_INGEST_URLS `public` or `any`; TERRALOGUE_UPLOAD_MB a number
 * @throws {TerralogueError} `bad_arguments` for a setting that cannot be read
 */
export function ingestPermission(
  environment: Readonly<Record<string, string | undefined>>,
  isLoopback: boolean,
): IngestPermission {
  const may = oneOf("TERRALOGUE_INGEST", environment.TERRALOGUE_INGEST, ["off", "upload", "all"] as const);
  const urls = oneOf("TERRALOGUE_INGEST_URLS", environment.TERRALOGUE_INGEST_URLS, ["public", "any"] as const);
  const megabytes = Number(environment.TERRALOGUE_UPLOAD_MB || DEFAULT_UPLOAD_MB);
  if (!Number.isFinite(megabytes) || megabytes <= 0)
    throw new TerralogueError(
      "bad_arguments",
      `TERRALOGUE_UPLOAD_MB is "${environment.TERRALOGUE_UPLOAD_MB}"; set it to a number of megabytes.`,
    );
  const scope = may ?? (isLoopback ? "all" : "off");
  return {
    upload: scope !== "off",
    path: scope === "all",
    url: scope === "all" ? (urls ?? "public") : "none",
    largestUploadBytes: Math.round(megabytes * 1024 * 1024),
  };
}

function oneOf<T extends string>(name: string, text: string | undefined, values: readonly T[]): T | null {
  if (text === undefined || text === "") return null;
  const found = values.find((value) => value === text);
  if (found) return found;
  throw new TerralogueError("bad_arguments", `${name} is "${text}"; set it to ${values.join(" or ")}.`);
}
