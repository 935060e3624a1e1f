import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
    expect(done).toEqual(["understand", "plan", "coarse", "refine", "propose", "prove", "rank", "answer"]);
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

  it("a fault inside a stream comes as an error event", async () => {
    const all = events(await (await post({ message: "   " })).text());
    expect(all).toMatchObject([{ event: "error", data: { status: 400 } }]);
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
    expect(docs.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(logged).toEqual([]);
  });

  it("listens, answers only under a loopback name, and says when its port is taken", async () => {
    const server = await startServer({ workspace: demo.workspace, port: 0 });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await expect(startServer({ workspace: demo.workspace, port: Number(new URL(server.url).port) })).rejects.toThrow(
      /Port \d+ is in use/,
    );
    await server.close();
  });
});
