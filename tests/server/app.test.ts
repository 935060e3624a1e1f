import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../../agents/graph.ts";
import { ReplySchema } from "../../src/answer/reply.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { startServer } from "../../src/server/start-server.ts";
import { type DemoWorkspace, demoWorkspace } from "../fixtures/demo.ts";

let demo: DemoWorkspace;
let engine: Engine;
let app: ReturnType<typeof createApp>;
const logged: string[] = [];
const post = (body: unknown, headers: Record<string, string> = {}) =>
  app.request("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const events = (text: string) =>
  text
    .split("\n\n")
    .filter(Boolean)
    .map((block) => {
      const field = (name: string) =>
        block
          .split("\n")
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim() ?? "";
      return {
        event: field("event"),
        id: Number(field("id")),
        data: JSON.parse(field("data")) as Record<string, unknown>,
      };
    });

/** The app with another agent behind its chat. */
const appWith = (run: Agent["run"], lines: string[]) =>
  createApp({
    engine: { ...engine, agent: { ...engine.agent, run } },
    metrics: createMetrics(),
    pageDirectory: null,
    log: (line) => lines.push(line),
  });
const ask = (of: ReturnType<typeof createApp>, headers: Record<string, string> = {}) =>
  Promise.resolve(
    of.request("/api/chat", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ message: "find forests" }),
    }),
  );
/** Status of a GET under a host name of the client's choice, which fetch does not allow. */
const statusUnder = (url: string, host: string) =>
  new Promise<number | undefined>((resolve, reject) =>
    httpRequest(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end(),
  );

beforeAll(async () => {
  demo = await demoWorkspace({ size: 2000, seed: 5 });
  engine = await openEngine(demo.workspace);
  app = createApp({ engine, metrics: createMetrics(), pageDirectory: null, log: (line) => logged.push(line) });
});
afterAll(() => {
  engine?.close();
  demo?.remove();
});

describe("POST /api/chat", () => {
  it("streams stages, regions, text and the whole reply, with ids in order", async () => {
    const response = await post({ message: "find logistics parks", thread: "stream" });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const all = events(await response.text());
    expect(all.map(({ id }) => id)).toEqual(all.map((_, i) => i));
    const done = all
      .filter(({ event, data }) => event === "stage" && data.status === "done")
      .map(({ data }) => data.stage);
    expect(done).toEqual(["understand", "plan", "coarse", "refine", "propose", "prove", "rank", "answer", "verify"]);
    const reply = ReplySchema.parse(all.at(-1)?.data.reply);
    expect(all.at(-1)?.event).toBe("done");
    expect(
      all
        .filter(({ event }) => event === "text")
        .map(({ data }) => data.delta)
        .join(""),
    ).toBe(reply.text);
    expect(all.find(({ event }) => event === "regions")?.data.regions).toEqual(
      JSON.parse(JSON.stringify(reply.regions)),
    );
  });

  it("answers with one JSON document when that is asked for", async () => {
    const response = await post({ message: "find glaciers" }, { accept: "application/json" });
    expect(ReplySchema.parse(await response.json())).toMatchObject({ outcome: "not_covered" });
  });

  it.each([
    ["bad JSON", "{nope", 400],
    ["a number for the message", { message: 5 }, 400],
    ["no message", {}, 400],
    ["an empty message", { message: "" }, 400],
    ["a long message", { message: "x".repeat(4001) }, 400],
    ["a bad thread", { message: "x", thread: "../x" }, 400],
    ["a bad viewport", { message: "x", viewport: [1, 2] }, 400],
    ["a message of blanks", { message: "   " }, 400],
    ["a viewport from east to west", { message: "x", viewport: [5, 1, 1, 5] }, 400],
    ["an area with an empty ring", { message: "x", area: { type: "Polygon", coordinates: [[]] } }, 400],
    ["a viewport of words", { message: "x", viewport: ["a", "b", "c", "d"] }, 400],
    ["a bad area", { message: "x", area: { type: "Circle" } }, 400],
    ["a body over 1 MB", { message: "x", area: "y".repeat(1_100_000) }, 413],
  ])("%s gets problem details", async (_, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      status,
      title: expect.any(String),
      detail: expect.stringMatching(/\S/),
      type: expect.stringContaining("urn:terralogue:"),
    });
  });

  it("is refused when the body is not said to be JSON", async () => {
    const response = await post({ message: "find forests" }, { "content-type": "text/plain" });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining("application/json") });
  });

  it("a fault inside a stream comes as an error event that tells nothing of the inside", async () => {
    const lines: string[] = [];
    const broken = appWith(() => Promise.reject(new Error("a secret")), lines);
    const all = events(await (await ask(broken)).text());
    expect(all).toMatchObject([{ event: "error", data: { status: 500 } }]);
    expect(JSON.stringify(all)).not.toContain("secret");
    expect(lines.join()).toContain("a secret");
  });

  it("answers 503 with Retry-After while four turns run, and takes turns again after them", async () => {
    const waiting: ((fault: Error) => void)[] = [];
    const busy = appWith(() => new Promise((_, reject) => waiting.push(reject)), []);
    const four = [1, 2, 3, 4].map(() => ask(busy, { accept: "application/json" }));
    while (waiting.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
    const fifth = await ask(busy);
    expect(fifth.status).toBe(503);
    expect(Number(fifth.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await fifth.json()).toMatchObject({ status: 503, type: "urn:terralogue:unavailable" });
    for (const reject of waiting) reject(new Error("done"));
    expect((await Promise.all(four)).map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    const next = ask(busy, { accept: "application/json" });
    while (waiting.length < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    waiting[4]?.(new Error("done"));
    expect((await next).status).toBe(500);
  });

  it.each(["text/event-stream", "application/json"])("stops the turn when the client of %s leaves", async (accept) => {
    let stopped = () => {};
    const isStopped = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const patient = appWith((_, options) => {
      begun();
      return new Promise((_, reject) =>
        options?.signal?.addEventListener("abort", () => {
          stopped();
          reject(new Error("stopped"));
        }),
      );
    }, []);
    const server = serve({ fetch: patient.fetch, hostname: "127.0.0.1", port: 0, overrideGlobalObjects: false });
    await new Promise<void>((resolve) => server.once("listening", resolve));
    const leave = new AbortController();
    const { port } = server.address() as { port: number };
    const reading = fetch(`http://127.0.0.1:${port}/api/chat`, {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify({ message: "find forests" }),
      signal: leave.signal,
    }).then((response) => response.text());
    await hasBegun;
    leave.abort();
    await expect(reading).rejects.toThrow(/abort/);
    await isStopped;
    (server as { closeAllConnections?: () => void }).closeAllConnections?.();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("reading back", () => {
  it("serves threads, regions, chips and exports", async () => {
    const reply = ReplySchema.parse(
      await (await post({ message: "find logistics parks", thread: "back" }, { accept: "application/json" })).json(),
    );
    const [region] = reply.regions;
    const thread = await (await app.request("/api/threads/back")).json();
    expect(thread).toMatchObject({ thread: "back", turns: [{ turn: 1, message: "find logistics parks" }] });
    expect(await (await app.request(`/api/regions/${region?.id}`)).json()).toEqual(JSON.parse(JSON.stringify(region)));
    const chip = await app.request(`/api/regions/${region?.id}/chip/${demo.world.images[0]?.date}.png`);
    expect(chip.headers.get("content-type")).toBe("image/png");
    expect(
      Buffer.from(await chip.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    const geojson = (await (await app.request("/api/export/back.geojson")).json()) as { features: unknown[] };
    expect(geojson.features.length).toBe(reply.regions.length);
    expect(await (await app.request("/api/export/back.csv")).text()).toContain(region?.id);
    expect(await (await app.request("/api/export/back.kml")).text()).toContain("<kml xmlns=");
  });

  it("tells what is known of a landmark in a region, with its sources", async () => {
    const reply = ReplySchema.parse(
      await (
        await post({ message: "find container terminals", thread: "known" }, { accept: "application/json" })
      ).json(),
    );
    const { landmarks } = (await (await app.request(`/api/regions/${reply.regions[0]?.id}/knowledge`)).json()) as {
      landmarks: { name: string; passages: { text: string; source: string }[] }[];
    };
    expect(landmarks.map(({ name }) => name).join(", ")).toMatch(/Port of |Terminal/);
    for (const { name, passages } of landmarks)
      expect(passages).toContainEqual(
        expect.objectContaining({ text: expect.stringContaining(name), source: "Terralogue demo world" }),
      );
    expect((await app.request("/api/regions/none.1.1/knowledge")).status).toBe(404);
  });

  it("describes the workspace and its entities", async () => {
    expect(await (await app.request("/api/workspace")).json()).toMatchObject({
      mosaics: [{ gsd: 1 }, { gsd: 1 }],
      examples: { en: [expect.stringContaining("find new logistics parks"), expect.any(String), expect.any(String)] },
    });
    const { features } = (await (await app.request("/api/entities?concept=highway_exit")).json()) as {
      features: { properties: { concept: string } }[];
    };
    expect(features.length).toBeGreaterThan(0);
    expect(features.every(({ properties }) => properties.concept === "highway_exit")).toBe(true);
  });

  it("serves map tiles with a TileJSON that names them", async () => {
    const date = demo.world.images[0]?.date;
    const { tiles, bounds } = (await (await app.request(`/api/mosaics/${date}/tilejson.json`)).json()) as {
      tiles: string[];
      bounds: [number, number, number, number];
    };
    const z = 14;
    const x = Math.floor((((bounds[0] + bounds[2]) / 2 + 180) / 360) * 2 ** z);
    const latitude = (((bounds[1] + bounds[3]) / 2) * Math.PI) / 180;
    const y = Math.floor(((1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2) * 2 ** z);
    const url = (tiles[0] as string).replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
    expect((await app.request(url)).headers.get("content-type")).toBe("image/webp");
    expect((await app.request(`/api/mosaics/${date}/14/0/0.png`)).status).toBe(204);
  });

  it.each([
    "/api/threads/none",
    "/api/regions/none.1.1",
    "/api/regions/x/chip/2020-01-01.png",
    "/api/mosaics/1999-01-01/tilejson.json",
    "/api/nothing",
    "/api/export/none.csv",
  ])("%s is not found, with a reason", async (path) => {
    const response = await app.request(path);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    "/api/entities?bbox=1,2,NaN,4",
    "/api/entities?bbox=5,5,1,1",
    "/api/entities?concept=unicorn",
    "/api/entities?limit=0",
    "/api/export/a.exe",
  ])("%s is refused", async (path) => {
    expect((await app.request(path)).status).toBe(400);
  });
});

describe("the service", () => {
  it("tells its health, its metrics and its interface, and sends its security headers", async () => {
    expect(await (await app.request("/healthz")).json()).toMatchObject({ status: "ok" });
    expect(await (await app.request("/metrics")).text()).toContain("terralogue_turns_total");
    const { paths } = (await (await app.request("/openapi.json")).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(["/api/chat", "/api/threads/{id}", "/api/regions/{id}", "/api/workspace"]),
    );
    const docs = await app.request("/docs");
    expect(await docs.text()).toContain("/api/chat");
    expect(docs.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(logged).toEqual([]);
  });

  it("describes its values in the OpenAPI document, with every reference resolved", async () => {
    const text = await (await app.request("/openapi.json")).text();
    const document = JSON.parse(text) as { components: { schemas: Record<string, { properties?: object }> } };
    expect(Object.keys(document.components.schemas.Reply?.properties ?? {}).sort()).toEqual(
      Object.keys(ReplySchema.shape).sort(),
    );
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target as string);
    expect(references).toContain("#/components/schemas/ProofNode");
    for (const target of references)
      expect(Object.keys(document.components.schemas)).toContain(/^#\/components\/schemas\/(\w+)$/.exec(target)?.[1]);
  });

  it("counts every refusal", async () => {
    const count = async () =>
      Number(
        /terralogue_faults_total\{status="404"\} (\d+)/.exec(await (await app.request("/metrics")).text())?.[1] ?? 0,
      );
    const before = await count();
    await app.request("/api/nothing");
    await app.request("/api/threads/none");
    expect(await count()).toBe(before + 2);
  });

  it("serves the built page and nothing beside it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "terralogue-page-"));
    const page = join(folder, "ui");
    mkdirSync(join(page, "assets"), { recursive: true });
    writeFileSync(join(page, "index.html"), "<!doctype html><title>page</title>");
    writeFileSync(join(page, "assets/app-1a2b.js"), "export {};");
    writeFileSync(join(folder, "secret.html"), "secret");
    const served = createApp({
      engine,
      metrics: createMetrics(),
      pageDirectory: page,
      log: (line) => logged.push(line),
    });
    const root = await served.request("/");
    expect(root.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(root.headers.get("content-security-policy")).toMatch(/script-src 'self';.*worker-src 'self' blob:/);
    const etag = root.headers.get("etag") as string;
    expect((await served.request("/", { headers: { "if-none-match": etag } })).status).toBe(304);
    const script = await served.request("/assets/app-1a2b.js");
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(script.headers.get("cache-control")).toContain("immutable");
    expect(await (await served.request("/thread/abc")).text()).toBe(await root.text());
    for (const path of ["/assets/gone.js", "/..%2fsecret.html", "/%2e%2e/secret.html", "/%E0%A4%A", "/api/nothing"])
      expect((await served.request(path)).status, path).toBe(404);
    expect(logged).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it("listens, answers only under a loopback name, and says when its port is taken", async () => {
    const server = await startServer({ workspace: demo.workspace, port: 0 });
    const health = `${server.url}/healthz`;
    expect((await fetch(health)).status).toBe(200);
    expect(await statusUnder(health, "localhost")).toBe(200);
    expect(await statusUnder(health, "evil.example")).toBe(400);
    await expect(startServer({ workspace: demo.workspace, port: Number(new URL(server.url).port) })).rejects.toThrow(
      /Port \d+ is in use/,
    );
    await server.close();
  });
});
