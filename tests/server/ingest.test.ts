import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { buildNode } from "../../scripts/build.mjs";
import { type DemoSummary, paintWorld } from "../../src/demo/write-demo.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import type { IngestEvent } from "../../src/ingest/ingest-event.ts";
import { createSpectralSegmenter } from "../../src/models/spectral-segmenter.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { ingestPermission } from "../../src/server/ingest/permission.ts";
import type { RunIngest } from "../../src/server/ingest/run-ingest.ts";
import { safeName } from "../../src/server/ingest/uploads.ts";
import { type RunningServer, startServer } from "../../src/server/start-server.ts";
import { serveRanges } from "../fixtures/ranged-files.ts";

interface Job {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly revision: number;
  readonly steps: readonly { readonly kind: string; readonly state: string; readonly elapsedMs: number }[];
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly summary: { readonly images: number } | null;
}

const folder = mkdtempSync(join(tmpdir(), "terralogue-serve-ingest-"));
const workspace = join(folder, "workspace");
let world: DemoSummary;
let server: RunningServer;
const image = (index: number) => world.images[index] as DemoSummary["images"][number];

const serve = async (options: { runIngest?: RunIngest; environment?: Record<string, string> } = {}) => {
  server = await startServer({ workspace, port: 0, ...options });
};
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const json = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T;
const sendFile = (name: string, body: string | Buffer<ArrayBuffer>) =>
  fetch(`${server.url}/api/ingest/uploads/${encodeURIComponent(name)}`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body,
  });
const begin = (...sources: object[]) => send("POST", "/api/ingest/jobs", { sources });
const ended = async (id: string): Promise<Job> => {
  for (;;) {
    const job = await json<Job>(send("GET", `/api/ingest/jobs/${id}`));
    if (job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const datesShown = async () =>
  (await json<{ mosaics: { date: string }[] }>(send("GET", "/api/workspace"))).mosaics.map(({ date }) => date);
const uploadsKept = () =>
  existsSync(join(workspace, "uploads"))
    ? readdirSync(join(workspace, "uploads"), { recursive: true, encoding: "utf8" })
    : [];

beforeAll(async () => {
  await buildNode();
  world = await paintWorld({ out: join(folder, "demo"), size: 2000, seed: 5 });
  await ingest({
    workspace,
    images: [`${image(0).path}@${image(0).date}`],
    vectors: [world.layers],
    encoder: createStatisticsEncoder(),
    segmenter: createSpectralSegmenter(),
  });
  writeFileSync(join(workspace, "models.json"), '{"encoder":"statistics","segmenter":"spectral-rules"}');
});
afterEach(async () => {
  await server?.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An ingest that tells a step and then goes on until it is stopped. */
const endless: RunIngest = (_, onEvent, signal) => {
  onEvent({ event: "step", title: "Checking the sources", step: { kind: "check" } });
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
};
/** An ingest of these events. */
const scripted =
  (...events: IngestEvent[]): RunIngest =>
  async (_, onEvent) => {
    for (const event of events) onEvent(event);
  };

describe("what may be ingested over HTTP", () => {
  it("is everything on a service bound to its own machine, nothing elsewhere, unless set", () => {
    expect(ingestPermission({}, true)).toMatchObject({ upload: true, path: true, url: "public" });
    expect(ingestPermission({}, false)).toMatchObject({ upload: false, path: false, url: "none" });
    expect(ingestPermission({ TERRALOGUE_INGEST: "upload" }, false)).toMatchObject({ upload: true, path: false });
    expect(ingestPermission({ TERRALOGUE_INGEST: "all", TERRALOGUE_INGEST_URLS: "any" }, false).url).toBe("any");
    expect(() => ingestPermission({ TERRALOGUE_INGEST: "yes" }, true)).toThrow("off or upload or all");
  });

  it("is refused to pages of other origins", async () => {
    await serve({ runIngest: endless });
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }] as Record<
      string,
      string
    >[]) {
      expect((await send("GET", "/api/ingest/jobs/x", undefined, headers)).status).toBe(403);
      expect((await send("POST", "/api/ingest/jobs", { sources: [] }, headers)).status).toBe(403);
    }
    expect((await send("GET", "/api/ingest", undefined, { origin: server.url })).status).toBe(200);
  });

  it("fetches a layer from its address before the ingest begins, and keeps nothing of it where anything is refused", async () => {
    const layer = join(folder, "roads and more.geojson");
    writeFileSync(layer, '{"type":"FeatureCollection","features":[]}');
    const files = await serveRanges([layer]);
    try {
      let read = "";
      await serve({
        environment: { TERRALOGUE_INGEST_URLS: "any" },
        runIngest: async (commandArguments, onEvent) => {
          read = readFileSync(commandArguments[commandArguments.indexOf("--vectors") + 1] as string, "utf8");
          onEvent({ event: "failed", code: "bad_vectors", message: "Empty." });
        },
      });
      const url = files.urlOf(layer).replaceAll(" ", "%20");
      const job = await json<Job & { sources: { name: string }[] }>(begin({ kind: "vectors", url }));
      expect(job.sources).toMatchObject([{ name: "roads and more.geojson" }]);
      await ended(job.id);
      expect(read).toContain("FeatureCollection");
      expect(uploadsKept().join()).toContain("roads and more.geojson");
      await send("DELETE", `/api/ingest/jobs/${job.id}`);
      expect(uploadsKept()).toEqual([]);
      const missing = await begin({ kind: "vectors", url }, { kind: "knowledge", url: `${url}x` });
      expect(missing.status).toBe(404);
      expect(await missing.text()).toContain("answers 404 instead of the file");
      expect(uploadsKept()).toEqual([]);
    } finally {
      await files.close();
    }
  });

  it("is refused whole where it is off, and an earlier one is not begun again where its kind of source is", async () => {
    await serve({ runIngest: scripted({ event: "failed", code: "bad_raster", message: "No." }) });
    const { id } = await json<Job>(begin({ kind: "image", path: image(0).path }));
    await ended(id);
    await server.close();
    await serve({ environment: { TERRALOGUE_INGEST: "off" } });
    expect((await sendFile("a.tif", "x")).status).toBe(400);
    expect((await send("POST", `/api/ingest/jobs/${id}/retry`, {})).status).toBe(400);
    expect((await json<{ may: object }>(send("GET", "/api/ingest"))).may).toMatchObject({ upload: false });
    await server.close();
    await serve({ environment: { TERRALOGUE_INGEST: "upload" } });
    expect((await send("POST", `/api/ingest/jobs/${id}/retry`, {})).status).toBe(400);
    await send("DELETE", `/api/ingest/jobs/${id}`);
  });

  it.each([
    ["no source", [], 400],
    ["two places at once", [{ kind: "image", path: "/a.tif", url: "http://8.8.8.8/a.tif" }], 400],
    ["a relative path", [{ kind: "image", path: "a.tif" }], 400],
    ["a URL for a path", [{ kind: "image", path: "http://127.0.0.1/a.tif" }], 400],
    ["a path that is not there", [{ kind: "image", path: "/nowhere/a.tif" }], 404],
    ["an upload that is not there", [{ kind: "image", upload: "../../etc" }], 404],
    ["a private address", [{ kind: "image", url: "http://169.254.169.254/a.tif" }], 400],
    ["a private address of a layer", [{ kind: "vectors", url: "http://169.254.169.254/a.geojson" }], 400],
    ["an address of a layer that is this machine's", [{ kind: "vectors", url: "http://localhost/a.geojson" }], 400],
    ["a date that is none", [{ kind: "image", url: "http://8.8.8.8/a.tif", date: "2024-02-31" }], 400],
    ["embeddings without a year", [{ kind: "embeddings", url: "http://8.8.8.8/a.tif" }], 400],
  ])("refuses %s", async (_, sources, status) => {
    await serve({ runIngest: endless });
    const response = await begin(...sources);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(((await response.json()) as { detail: string }).detail).toMatch(/[.]$/);
  });
});

describe("an upload", () => {
  it("gets a name that is a file and nothing else", () => {
    expect(safeName("../../etc/passwd")).toBe("passwd");
    expect(safeName("C:\\maps\\roads.shp")).toBe("roads.shp");
    expect(safeName("a\0b<c>@2024.tif")).toBe("a_b_c_2024.tif");
    expect(safeName("...")).toBe("file");
    expect(safeName("影像 2024.tif")).toBe("影像 2024.tif");
    expect(safeName(`${"x".repeat(500)}.geojson`)).toMatch(/^x{120}\.geojson$/);
  });

  it("is kept whole, and removed on demand", async () => {
    await serve({ runIngest: endless });
    const response = await sendFile("../roads.geojson", "{}");
    expect(response.status).toBe(201);
    const { id, ...rest } = (await response.json()) as { id: string };
    expect(rest).toEqual({ name: "roads.geojson", bytes: 2 });
    expect(uploadsKept()).toContain(join(id, "roads.geojson"));
    expect((await send("DELETE", `/api/ingest/uploads/${id}`)).status).toBe(204);
    expect(uploadsKept()).toEqual([]);
  });

  it("is refused when it is empty, too large, or of another type, and nothing of it stays", async () => {
    await serve({ runIngest: endless, environment: { TERRALOGUE_UPLOAD_MB: "0.001" } });
    expect((await sendFile("a.tif", "")).status).toBe(400);
    const large = await sendFile("a.tif", "x".repeat(2000));
    expect(large.status).toBe(413);
    expect((await send("PUT", "/api/ingest/uploads/a.tif", {})).status).toBe(415);
    expect(uploadsKept()).toEqual([]);
  });

  it("is not kept when its sender leaves in the middle", async () => {
    await serve({ runIngest: endless });
    const sending = httpRequest(`${server.url}/api/ingest/uploads/half.tif`, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream", "content-length": "1000000" },
    });
    sending.on("error", () => {});
    sending.write("x".repeat(1000));
    await expect.poll(uploadsKept).not.toEqual([]);
    sending.destroy();
    await expect.poll(uploadsKept).toEqual([]);
  });
});

describe("an ingest asked for over HTTP", () => {
  it("fails in a sentence without the service's folders, is tried again, and is taken off with its file", async () => {
    await serve();
    const { id: upload } = await json<{ id: string }>(sendFile("broken.tif", "this is no raster"));
    const { id } = await json<Job>(begin({ kind: "image", upload, date: "2024-01-01" }));
    const job = await ended(id);
    expect(job).toMatchObject({ state: "failed", attempt: 1, problem: { code: "bad_raster" } });
    expect(job.problem?.detail).toBe("broken.tif is not a TIFF file; convert it with gdal_translate -of COG.");
    expect((await send("DELETE", `/api/ingest/uploads/${upload}`)).status).toBe(409);
    expect((await json<Job>(send("POST", `/api/ingest/jobs/${id}/retry`, {}))).attempt).toBe(2);
    expect((await ended(id)).state).toBe("failed");
    expect((await send("DELETE", `/api/ingest/jobs/${id}`)).status).toBe(204);
    expect(uploadsKept()).toEqual([]);
    expect((await send("GET", `/api/ingest/jobs/${id}`)).status).toBe(404);
  }, 120_000);

  it("runs one at a time, is cancelled on demand, and tells its end", async () => {
    await serve({ runIngest: endless });
    const { id } = await json<Job>(begin({ kind: "image", path: image(0).path }));
    expect((await begin({ kind: "image", path: image(0).path })).status).toBe(409);
    expect((await send("DELETE", `/api/ingest/jobs/${id}`)).status).toBe(409);
    const events = await send("GET", `/api/ingest/jobs/${id}/events`);
    expect(await json<Job>(send("POST", `/api/ingest/jobs/${id}/cancel`, {}))).toMatchObject({
      state: "cancelled",
      steps: [{ kind: "check", state: "stopped" }],
    });
    const text = await events.text();
    const told = [...text.matchAll(/^data: ?(.+)$/gm)].map(([, data]) => JSON.parse(data as string) as Job);
    expect(told.at(-1)).toMatchObject({ id, state: "cancelled" });
    expect([...text.matchAll(/^id: ?(\d+)$/gm)].map(([, number]) => Number(number))).toEqual(
      told.map(({ revision }) => revision),
    );
    const last = { "last-event-id": String(told.at(-1)?.revision) };
    expect((await send("GET", `/api/ingest/jobs/${id}/events`, undefined, last)).status).toBe(204);
    await send("DELETE", `/api/ingest/jobs/${id}`);
  });

  it("is interrupted when the service stops, and goes on with a retry after it has started again", async () => {
    await serve({ runIngest: endless });
    const { id } = await json<Job>(begin({ kind: "image", path: image(0).path }));
    await server.close();
    await serve({ runIngest: scripted({ event: "failed", code: "bad_raster", message: "No." }) });
    expect(await json<Job>(send("GET", `/api/ingest/jobs/${id}`))).toMatchObject({ state: "interrupted", attempt: 1 });
    await send("POST", `/api/ingest/jobs/${id}/retry`, {});
    expect(await ended(id)).toMatchObject({ state: "failed", attempt: 2, problem: { detail: "No." } });
    await send("DELETE", `/api/ingest/jobs/${id}`);
  });

  it("tells of a command that broke off without saying why", async () => {
    await serve({ runIngest: () => Promise.reject(new Error("killed")) });
    const { id } = await json<Job>(begin({ kind: "image", path: image(0).path }));
    expect((await ended(id)).problem).toEqual({
      code: "fault",
      detail: "The ingest broke off; the service's log says why. What was done is kept.",
    });
    await send("DELETE", `/api/ingest/jobs/${id}`);
  });

  it("adds a date that is shown without a restart, while questions are answered from what was before", async () => {
    await serve();
    expect(await datesShown()).toEqual([image(0).date]);
    const sent = join(folder, "second.tif");
    copyFileSync(image(1).path, sent);
    const { id } = await json<Job>(
      begin({ kind: "image", path: sent, date: image(1).date }, { kind: "knowledge", path: world.knowledge }),
    );
    const answers: { outcome: string; text: string }[] = [];
    while ((await json<Job>(send("GET", `/api/ingest/jobs/${id}`))).state === "running") {
      answers.push(
        await json(send("POST", "/api/chat", { message: "find logistics parks" }, { accept: "application/json" })),
      );
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const job = await ended(id);
    expect(job).toMatchObject({ state: "done", problem: null, summary: { images: 2 } });
    expect(job.steps.map(({ kind }) => kind)).toEqual([
      "check",
      "knowledge",
      "passages",
      "tiles",
      "derive",
      "captions",
      "open",
    ]);
    expect(job.steps.every(({ state }) => state === "done")).toBe(true);
    expect(answers.length).toBeGreaterThan(0);
    // All but the last were answered before the end: they are of one and the same content.
    expect(new Set(answers.slice(0, -1).map(({ outcome, text }) => `${outcome} ${text}`)).size).toBeLessThanOrEqual(1);
    expect(await datesShown()).toEqual([image(0).date, image(1).date]);
    const overview = await json<{ isWhole: boolean; coverage: { date: string; areaM2: number }[]; landmarks: number }>(
      send("GET", "/api/workspace/overview"),
    );
    expect(overview.isWhole).toBe(true);
    expect(overview.landmarks).toBeGreaterThan(0);
    expect(overview.coverage.map(({ date }) => date)).toEqual([image(0).date, image(1).date]);
    for (const { areaM2 } of overview.coverage) expect(areaM2 / world.size ** 2).toBeCloseTo(1, 2);
    expect((await json<{ fingerprint: string }>(send("GET", "/api/workspace"))).fingerprint).toMatch(/^[0-9a-f]{64}$/);
  }, 300_000);
});
