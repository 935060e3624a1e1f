import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";
import { BaseClient, BaseResponse } from "geotiff";
import { TerralogueError } from "../errors.ts";
import { publicLookup, publicUrl } from "./public-address.ts";

const MOST_REDIRECTS = 5;
/** A server that sends nothing for so long is given up. */
const SILENT_MS = 30_000;
/** No block of a raster that is read takes more. */
const LARGEST_RANGE_BYTES = 512 * 1024 * 1024;

/**
 * Asks a public address, following few redirects, each looked at like the first one; never from https to http.
 *
 * @param lookup resolves names; the default gives public addresses alone
 * @throws {TerralogueError} `bad_arguments` for an address that is not public, `unavailable` for a server that does not answer
 */
export async function getPublic(
  address: string,
  headers: Readonly<Record<string, string>>,
  { signal, lookup = publicLookup }: { readonly signal?: AbortSignal; readonly lookup?: typeof publicLookup } = {},
): Promise<IncomingMessage> {
  let url = publicUrl(address);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await getOnce(url, headers, lookup, signal);
    const to = response.headers.location;
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || to === undefined) return response;
    response.destroy();
    const next = publicUrl(to, url);
    if (url.protocol === "https:" && next.protocol === "http:")
      throw new TerralogueError(
        "bad_arguments",
        `${url.host} leads from https to http, which is not followed; give the file's own address.`,
      );
    url = next;
  }
  throw new TerralogueError(
    "unavailable",
    `${url.host} leads on more than ${MOST_REDIRECTS} times without a file; give the file's own address.`,
  );
}

function getOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  lookup: typeof publicLookup,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === "https:" ? getHttps : getHttp;
    const request = get(
      url,
      { headers: { "accept-encoding": "identity", ...headers }, lookup, ...(signal && { signal }) },
      resolve,
    );
    request.setTimeout(SILENT_MS, () =>
      request.destroy(new TerralogueError("unavailable", `${url.host} does not answer; try again later.`)),
    );
    request.on("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause instanceof TerralogueError || signal?.aborted
          ? cause
          : new TerralogueError("unavailable", `${url.host} cannot be reached (${cause.code ?? cause.message}).`, {
              cause,
            }),
      ),
    );
  });
}

class PublicResponse extends BaseResponse {
  readonly #message: IncomingMessage;

  constructor(message: IncomingMessage) {
    super();
    this.#message = message;
  }

  override get status(): number {
    return this.#message.statusCode ?? 0;
  }

  override getHeader(name: string): string | undefined {
    const value = this.#message.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  override async getData(): Promise<ArrayBuffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of this.#message as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_RANGE_BYTES) {
        this.#message.destroy();
        throw new TerralogueError("too_large", "The server sends more than was asked of it; give another address.");
      }
      chunks.push(chunk);
    }
    const all = Buffer.concat(chunks);
    return all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength) as ArrayBuffer;
  }
}

/** Reads ranges of a file at a public address, for the TIFF library. */
export class PublicClient extends BaseClient {
  override async request({ headers, signal }: RequestInit = {}): Promise<BaseResponse> {
    const message = await getPublic(this.url, headers as Record<string, string>, signal ? { signal } : {});
    // A whole file instead of a range is of no use, and may be without end.
    if (message.statusCode !== 206) message.destroy();
    return new PublicResponse(message);
  }
}
