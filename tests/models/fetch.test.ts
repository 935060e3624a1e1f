import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { download } from "../../src/models/download.ts";
import { addressOf, fetchModel } from "../../src/models/fetch-model.ts";
import { readManifest } from "../../src/models/read-manifest.ts";

const CONTENT = Buffer.from(Array.from({ length: 40_000 }, (_, i) => (i * 7919) % 251));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

type Answer = (request: IncomingMessage, response: ServerResponse, visit: number) => void;
let server: Server;
let base = "";
let answer: Answer = () => {};
let asked: { url: string; range: string | null }[] = [];
let folder = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", range: request.headers.range ?? null });
    answer(request, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fetch-"));
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server that knows ranges. */
const serve = (request: IncomingMessage, response: ServerResponse) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": CONTENT.length - from,
    ...(from > 0 && { "content-range": `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` }),
  });
  response.end(CONTENT.subarray(from));
};
/** Sends a part of the whole, then breaks the connection. */
const cutAfter = (response: ServerResponse, from: number, count: number) => {
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": CONTENT.length - from,
    ...(from > 0 && { "content-range": `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` }),
  });
  response.write(CONTENT.subarray(from, from + count), () => setTimeout(() => response.destroy(), 20));
};

const expected = { sha256: SHA256, bytes: CONTENT.length };
const get = (
  options: { sha256?: string | undefined; bytes?: number | undefined } = expected,
  url = `${base}/model.onnx`,
) =>
  download(
    url,
    join(folder, "model.onnx"),
    { sha256: options.sha256, bytes: options.bytes },
    { waitMs: 1, idleMs: 5000 },
  );
const isThere = () => existsSync(join(folder, "model.onnx"));
const part = () => join(folder, "model.onnx.part");

describe("a download", () => {
  it("takes the file's place whole, and tells how far it is", async () => {
    answer = serve;
    const seen: (readonly [number, number | null])[] = [];
    const sha256 = await download(`${base}/model.onnx`, join(folder, "model.onnx"), expected, {
      onProgress: (done, all) => seen.push([done, all]),
    });
    expect(sha256).toBe(SHA256);
    expect(readFileSync(join(folder, "model.onnx")).equals(CONTENT)).toBe(true);
    expect(existsSync(part())).toBe(false);
    expect(seen.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
  });

  it("goes on where the connection was cut", async () => {
    answer = (request, response, visit) => (visit === 1 ? cutAfter(response, 0, 15_000) : serve(request, response));
    await get();
    expect(asked.map(({ range }) => range)).toEqual([null, "bytes=15000-"]);
    expect(readFileSync(join(folder, "model.onnx")).equals(CONTENT)).toBe(true);
  });

  it("goes on in a later call, after the server was cut again and again", async () => {
    answer = (_, response, visit) => (visit === 1 ? cutAfter(response, 0, 15_000) : response.destroy());
    await expect(get()).rejects.toThrow(
      /was cut .*after 15000 of 40000 bytes, which are kept; run the same command again to go on\.$/,
    );
    expect(isThere()).toBe(false);
    expect(readFileSync(part())).toHaveLength(15_000);
    asked = [];
    answer = serve;
    await get();
    expect(asked.map(({ range }) => range)).toEqual(["bytes=15000-"]);
    expect(readFileSync(join(folder, "model.onnx")).equals(CONTENT)).toBe(true);
  });

  it("begins again where the server does not know ranges, or what was there is of another file", async () => {
    writeFileSync(part(), CONTENT.subarray(0, 9000));
    answer = (_, response) => response.end(CONTENT);
    await get();
    expect(readFileSync(join(folder, "model.onnx")).equals(CONTENT)).toBe(true);
    rmSync(join(folder, "model.onnx"));
    writeFileSync(part(), Buffer.alloc(90_000));
    answer = (request, response) => (request.headers.range ? response.writeHead(416).end() : serve(request, response));
    await get();
    expect(readFileSync(join(folder, "model.onnx")).equals(CONTENT)).toBe(true);
  });

  it("does not trust what an earlier call left when nothing could tell whether it fits", async () => {
    writeFileSync(part(), Buffer.alloc(100));
    answer = serve;
    expect(await get({})).toBe(SHA256);
    expect(asked[0]?.range).toBeNull();
  });

  it("tries again after a busy server", async () => {
    answer = (request, response, visit) => (visit < 3 ? response.writeHead(503).end() : serve(request, response));
    await get();
    expect(asked).toHaveLength(3);
  });

  it("follows redirects", async () => {
    answer = (request, response) =>
      request.url === "/model.onnx"
        ? response.writeHead(302, { location: "/cdn/model" }).end()
        : serve(request, response);
    await get();
    expect(asked.map(({ url }) => url)).toEqual(["/model.onnx", "/cdn/model"]);
  });

  it.each([
    [
      "another file",
      { ...expected, sha256: "0".repeat(64) },
      serve,
      "model_fault",
      /sent a file with sha256 [0-9a-f]{64} instead of 0{64}, and it was not kept/,
    ],
    [
      "a shorter file",
      { bytes: CONTENT.length + 5 },
      serve,
      "model_fault",
      /sent 40000 bytes instead of the 40005 that the manifest states, and was not kept/,
    ],
    [
      "a longer file",
      { bytes: 10 },
      serve,
      "model_fault",
      /sends more than the 10 bytes that the manifest allows, and was stopped/,
    ],
    [
      "404",
      expected,
      (_: unknown, response: ServerResponse) => response.writeHead(404).end(),
      "not_found",
      /answers 404; correct url, hub, repo or revision/,
    ],
    [
      "a gate",
      expected,
      (_: unknown, response: ServerResponse) => response.writeHead(401).end(),
      "unavailable",
      /answers 401: it wants a sign-in or a licence/,
    ],
    [
      "redirects without end",
      expected,
      (_: unknown, response: ServerResponse) => response.writeHead(302, { location: "/model.onnx" }).end(),
      "unavailable",
      /leads on more than 5 times without a file/,
    ],
    [
      "a redirect to a file",
      expected,
      (_: unknown, response: ServerResponse) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      "bad_arguments",
      /file:\/\/\/etc\/passwd is no http or https address/,
    ],
    [
      "a server that is always busy",
      expected,
      (_: unknown, response: ServerResponse) => response.writeHead(503).end(),
      "unavailable",
      /answers 503; run the same command again/,
    ],
  ] as const)("of %s is refused and leaves no file", async (_, known, how, code, sentence) => {
    answer = how as Answer;
    const fault = await get(known).then(
      () => null,
      (error: Error) => error,
    );
    expect(fault).toMatchObject({ code });
    expect(fault?.message).toMatch(sentence);
    expect(isThere()).toBe(false);
  });

  it("gives up a server that sends nothing", async () => {
    answer = (_, response) => response.writeHead(200, { "content-length": CONTENT.length }).write("x");
    const run = download(`${base}/model.onnx`, join(folder, "model.onnx"), expected, { waitMs: 1, idleMs: 60 });
    await expect(run).rejects.toThrow(/sent nothing any more/);
  });

  it("is stopped by a signal", async () => {
    const stop = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { "content-length": CONTENT.length }).write(CONTENT.subarray(0, 100));
      setTimeout(() => stop.abort(), 20);
    };
    const run = download(`${base}/model.onnx`, join(folder, "model.onnx"), expected, { signal: stop.signal });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(isThere()).toBe(false);
  });
});

describe("a model", () => {
  const manifest = (files: string, more = "") => {
    writeFileSync(
      join(folder, "manifest.yaml"),
      `kind: segmenter\nid: far\nversion: 1\ntitle: Far away\nlicence: MIT\nsource: nowhere\n${more}files: ${files}\ngsd: { max: 1 }\nclasses: [{ name: a }, { name: b }]\n`,
    );
    return readManifest(folder);
  };

  it("is fetched file by file, and not again", async () => {
    answer = serve;
    const model = await manifest(
      `{ model: { path: weights/m.onnx, url: "${base}/m", sha256: ${SHA256}, bytes: ${CONTENT.length} } }`,
    );
    expect(await fetchModel(model)).toMatchObject([{ outcome: "fetched", sha256: SHA256, isVerified: true }]);
    expect(await fetchModel(model)).toMatchObject([{ outcome: "was there" }]);
    expect(asked).toHaveLength(1);
    // One that was changed is fetched again.
    writeFileSync(join(folder, "weights/m.onnx"), Buffer.alloc(CONTENT.length));
    expect(await fetchModel(model)).toMatchObject([{ outcome: "fetched" }]);
  });

  it("is found in a repository of a hub by revision and variant", async () => {
    answer = serve;
    const model = await manifest(
      "{ model: { path: m.onnx, hub: onnx/vision_model.onnx } }",
      `hub: { host: "${base}", repo: someone/some-clip, revision: v1, dtype: q8 }\n`,
    );
    expect(await fetchModel(model)).toMatchObject([{ outcome: "fetched", sha256: SHA256, isVerified: false }]);
    expect(asked[0]?.url).toBe("/someone/some-clip/resolve/v1/onnx/vision_model_quantized.onnx");
    const hub = { host: "https://huggingface.co", repo: "a/b", revision: "main", dtype: "fp16" as const };
    expect(addressOf({ path: "t.json", hub: "tokenizer.json" }, hub)).toBe(
      "https://huggingface.co/a/b/resolve/main/tokenizer.json",
    );
    expect(addressOf({ path: "d", hub: "onnx/model.onnx_data" }, hub)).toBe(
      "https://huggingface.co/a/b/resolve/main/onnx/model_fp16.onnx_data",
    );
  });

  it("is not fetched without an address, nor out of its folder", async () => {
    await expect(fetchModel(await manifest("{ model: m.onnx }"))).rejects.toThrow(
      /names no url for its model file m\.onnx/,
    );
    await expect(fetchModel(await manifest(`{ model: { path: ../../m.onnx, url: "${base}/m" } }`))).rejects.toThrow(
      /outside its own folder; give a path beside it/,
    );
    await expect(manifest('{ model: { path: m.onnx, url: "ftp://x/y" } }')).rejects.toThrow(
      /the field files\.model\.url is not right \(must be an http or https address\)/,
    );
  });
});
