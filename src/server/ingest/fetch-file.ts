import { basename } from "node:path";
import { Readable } from "node:stream";
import { TerralogueError } from "../../errors.ts";
import { getPublic } from "../../imagery/public-client.ts";
import type { Upload, Uploads } from "./uploads.ts";

interface Answer {
  readonly status: number;
  readonly body: ReadableStream<Uint8Array> | null;
  /** Bytes of the file, where the server says so. */
  readonly length: number | null;
}

/**
 * Fetches a whole file, of a kind that cannot be read by ranges where it lies, and keeps it like one that was sent.
 *
 * @param reach "public" follows the address to the public internet alone
 * @throws {TerralogueError} `not_found` when the server has no such file, `unavailable` when it does not answer, `bad_arguments` for an
 *   address that is not public or an empty file, `too_large`, `cancelled` when it broke off
 */
export async function fetchFile(
  url: URL,
  reach: "public" | "any",
  uploads: Uploads,
  signal?: AbortSignal,
): Promise<Upload> {
  const { status, body, length } = await (reach === "public" ? askPublic(url, signal) : askAny(url, signal));
  if (status !== 200) {
    await body?.cancel();
    throw new TerralogueError("not_found", `${url.host} answers ${status} instead of the file; correct the address.`);
  }
  return uploads.receive(nameAt(url) || url.host, body, length);
}

function nameAt({ pathname }: URL): string {
  try {
    return basename(decodeURIComponent(pathname));
  } catch {
    return basename(pathname);
  }
}

async function askPublic(url: URL, signal: AbortSignal | undefined): Promise<Answer> {
  const message = await getPublic(url.href, {}, { ...(signal && { signal }) });
  return {
    status: message.statusCode ?? 0,
    body: Readable.toWeb(message) as ReadableStream<Uint8Array>,
    length: lengthOf(message.headers["content-length"]),
  };
}

async function askAny(url: URL, signal: AbortSignal | undefined): Promise<Answer> {
  const response = await fetch(url, { headers: { "accept-encoding": "identity" }, ...(signal && { signal }) }).catch(
    (cause: unknown) => {
      throw new TerralogueError("unavailable", `${url.host} does not answer; try again later.`, { cause });
    },
  );
  // What was packed for the way is longer once it is here.
  const isPacked = response.headers.has("content-encoding");
  return {
    status: response.status,
    body: response.body as ReadableStream<Uint8Array> | null,
    length: isPacked ? null : lengthOf(response.headers.get("content-length")),
  };
}

function lengthOf(header: string | null | undefined): number | null {
  return header && /^\d+$/.test(header) ? Number(header) : null;
}
