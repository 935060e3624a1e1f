import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { TerralogueError } from "../errors.ts";
import { fileHash } from "./file-hash.ts";

export interface DownloadOptions {
  /** Bytes there and in all; in all is null where the server does not tell. */
  readonly onProgress?: (done: number, all: number | null) => void;
  readonly signal?: AbortSignal;
  /** First wait before another try, doubled each time (default 500 ms). */
  readonly waitMs?: number;
  /** A connection that sends nothing for so long is given up (default 30 s). */
  readonly idleMs?: number;
}

const LARGEST_BYTES = 20e9;
const MOST_REDIRECTS = 5;
const TRIES = 4;

/** A fault after which another try may do. */
class PassingFault extends Error {}

/**
 * Fetches a file by way of `PATH.part`, which takes the path's place only when it is whole and right. After a cut it goes on with
 * what is there (Range), at once a few times and in a later call too.
 *
 * @param expected what is known of the file; a part of an earlier call is only used where a hash or size will tell whether it fits
 * @returns SHA-256 of the file
 * @throws {TerralogueError} in one sentence: `not_found`; `unavailable` (cut, server down, redirects without end); `model_fault` (not the file
 *   of the manifest); `bad_arguments` (no http or https); `cancelled`
 */
export async function download(
  url: string,
  path: string,
  expected: { readonly sha256: string | undefined; readonly bytes: number | undefined },
  options: DownloadOptions = {},
): Promise<string> {
  const part = `${path}.part`;
  if (expected.sha256 === undefined && expected.bytes === undefined) await rm(part, { force: true });
  await receiveWhole(url, part, expected.bytes, options);
  const { size } = await stat(part);
  const sha256 = await fileHash(part);
  if (expected.bytes !== undefined && size !== expected.bytes) {
    await rm(part, { force: true });
    throw new TerralogueError(
      "model_fault",
      `${url} sent ${size} bytes instead of the ${expected.bytes} that the manifest states, and was not kept; correct the manifest or the address.`,
    );
  }
  if (expected.sha256 !== undefined && sha256 !== expected.sha256) {
    await rm(part, { force: true });
    throw new TerralogueError(
      "model_fault",
      `${url} sent a file with sha256 ${sha256} instead of ${expected.sha256}, and it was not kept; correct the manifest, or do not trust the address.`,
    );
  }
  await rename(part, path);
  return sha256;
}

async function receiveWhole(
  url: string,
  part: string,
  bytes: number | undefined,
  options: DownloadOptions,
): Promise<void> {
  let last = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await sleep((options.waitMs ?? 500) * 2 ** (attempt - 1));
    if (options.signal?.aborted) throw new TerralogueError("cancelled", "Fetching was stopped; what has come is kept.");
    try {
      await receive(url, part, bytes, options);
      return;
    } catch (fault) {
      if (options.signal?.aborted)
        throw new TerralogueError("cancelled", "Fetching was stopped; what has come is kept.");
      if (!(fault instanceof PassingFault)) throw fault;
      last = fault.message;
    }
  }
  const have = await sizeOf(part);
  throw new TerralogueError(
    "unavailable",
    `${url} ${last}${have > 0 ? ` after ${have}${bytes ? ` of ${bytes}` : ""} bytes, which are kept` : ""}; run the same command again to go on.`,
  );
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** One connection: what it sends goes to the end of the part. */
async function receive(url: string, part: string, bytes: number | undefined, options: DownloadOptions): Promise<void> {
  const have = await sizeOf(part);
  if (bytes !== undefined && have === bytes) return;
  const idle = new AbortController();
  const stop = options.signal ? AbortSignal.any([idle.signal, options.signal]) : idle.signal;
  let timer = setTimeout(() => idle.abort(), options.idleMs ?? 30_000);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => idle.abort(), options.idleMs ?? 30_000);
  };
  try {
    const response = await request(url, have, stop);
    alive();
    if (response.status === 416) {
      // What is there is longer than the file: it is of another one.
      await response.body?.cancel();
      await rm(part, { force: true });
      throw new PassingFault("did not know how to go on with what was there");
    }
    checkStatus(response, url);
    // A server without ranges sends the whole again.
    const isContinued = response.status === 206 && startOf(response) === have;
    if (response.status === 206 && !isContinued) {
      await response.body?.cancel();
      await rm(part, { force: true });
      throw new PassingFault("sent another range than was asked");
    }
    const start = isContinued ? have : 0;
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const all = Number.isFinite(length) ? start + length : (bytes ?? null);
    await save(response, part, {
      start,
      all,
      most: bytes ?? LARGEST_BYTES,
      url,
      alive,
      onProgress: options.onProgress,
    });
  } catch (fault) {
    if (fault instanceof TerralogueError || fault instanceof PassingFault) throw fault;
    throw new PassingFault(idle.signal.aborted ? "sent nothing any more" : `was cut (${reasonOf(fault)})`);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(fault: unknown): string {
  const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
  const code = (cause as { code?: unknown }).code;
  return typeof code === "string" ? code : cause instanceof Error ? cause.message : String(cause);
}

/** Follows redirects by hand: few, to http and https only, and never from https to http. */
async function request(url: string, have: number, signal: AbortSignal): Promise<Response> {
  let address = webAddress(url, url);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await fetch(address, {
      redirect: "manual",
      signal,
      headers: { "accept-encoding": "identity", ...(have > 0 && { range: `bytes=${have}-` }) },
    });
    const to = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || !to) return response;
    await response.body?.cancel();
    const next = webAddress(to, address.href);
    if (address.protocol === "https:" && next.protocol === "http:")
      throw new TerralogueError(
        "unavailable",
        `${url} leads from https to ${next.origin}, which is not safe; give another address.`,
      );
    address = next;
  }
  throw new TerralogueError(
    "unavailable",
    `${url} leads on more than ${MOST_REDIRECTS} times without a file; give the file's own address.`,
  );
}

function webAddress(to: string, base: string): URL {
  const address = URL.canParse(to, base) ? new URL(to, base) : null;
  if (address?.protocol === "http:" || address?.protocol === "https:") return address;
  throw new TerralogueError("bad_arguments", `${to} is no http or https address; correct it in the manifest.`);
}

function checkStatus({ status, body }: Response, url: string): void {
  if (status === 200 || status === 206) return;
  void body?.cancel();
  if (status === 401 || status === 403)
    throw new TerralogueError(
      "unavailable",
      `${url} answers ${status}: it wants a sign-in or a licence to be accepted; download it in a browser and put it beside the manifest.`,
    );
  if (status === 429 || status >= 500) throw new PassingFault(`answers ${status}`);
  throw new TerralogueError(
    "not_found",
    `${url} answers ${status}; correct url, hub, repo or revision in the manifest.`,
  );
}

/** First byte of "bytes 100-199/200". */
function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? -1);
}

async function save(
  response: Response,
  part: string,
  to: {
    readonly start: number;
    readonly all: number | null;
    readonly most: number;
    readonly url: string;
    readonly alive: () => void;
    readonly onProgress: DownloadOptions["onProgress"];
  },
): Promise<void> {
  const file = createWriteStream(part, { flags: to.start > 0 ? "a" : "w" });
  let done = to.start;
  try {
    for await (const chunk of response.body ?? []) {
      to.alive();
      done += chunk.length;
      if (done > to.most) {
        throw new TerralogueError(
          "model_fault",
          `${to.url} sends more than the ${to.most} bytes that the manifest allows, and was stopped; correct the manifest or the address.`,
        );
      }
      if (!file.write(chunk)) await once(file, "drain");
      to.onProgress?.(done, to.all);
    }
  } catch (fault) {
    if (fault instanceof TerralogueError) {
      file.destroy();
      await rm(part, { force: true });
    }
    throw fault;
  } finally {
    if (!file.destroyed) {
      file.end();
      await finished(file);
    }
  }
  if (to.all !== null && done < to.all) throw new PassingFault("was cut");
}
