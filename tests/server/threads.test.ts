import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Reply, ReplySchema } from "../../src/answer/reply.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { readGeoPackage } from "../../src/ingest/read-geopackage.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { type DemoWorkspace, demoWorkspace } from "../fixtures/demo.ts";

let demo: DemoWorkspace;
let engine: Engine;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  demo = await demoWorkspace({ size: 2000, seed: 5 });
  engine = await openEngine(demo.workspace);
  app = createApp({ engine, metrics: createMetrics(), pageDirectory: null, log: () => {} });
});
afterAll(() => {
  engine?.close();
  demo?.remove();
});

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  Promise.resolve(
    app.request(path, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
const ask = async (message: string, thread: string): Promise<Reply> =>
  ReplySchema.parse(
    await (await send("POST", "/api/chat", { message, thread }, { accept: "application/json" })).json(),
  );
const listed = async (search = "") =>
  (
    (await (await send("GET", `/api/threads?search=${encodeURIComponent(search)}`)).json()) as {
      threads: { thread: string; title: string | null }[];
    }
  ).threads;

describe("threads", () => {
  it("are found by words of their messages and titles in any case, named and removed", async () => {
    await ask("find Logistics parks", "parks");
    await ask("查找储罐", "tanks");
    expect((await listed("LOGISTICS find")).map(({ thread }) => thread)).toEqual(["parks"]);
    expect((await listed("储罐")).map(({ thread }) => thread)).toEqual(["tanks"]);
    expect(await listed("logistics 储罐")).toEqual([]);
    expect((await send("PATCH", "/api/threads/tanks", { title: "  Ölhafen " })).status).toBe(204);
    expect(await listed("ölhafen")).toMatchObject([{ thread: "tanks", title: "Ölhafen" }]);
    expect((await send("PATCH", "/api/threads/tanks", { title: null })).status).toBe(204);
    expect(await listed("ölhafen")).toEqual([]);
    expect((await send("DELETE", "/api/threads/tanks")).status).toBe(204);
    expect((await send("GET", "/api/threads/tanks")).status).toBe(404);
    expect((await listed()).map(({ thread }) => thread)).not.toContain("tanks");
  });

  it("refuse what is not there and what is no title", async () => {
    expect((await send("PATCH", "/api/threads/nobody", { title: "x" })).status).toBe(404);
    expect((await send("DELETE", "/api/threads/nobody")).status).toBe(404);
    expect((await send("PATCH", "/api/threads/parks", { title: " " })).status).toBe(400);
    expect((await send("PATCH", "/api/threads/parks", { title: "x".repeat(121) })).status).toBe(400);
  });

  it("keep one feedback a turn", async () => {
    await ask("find logistics parks", "judged");
    const path = "/api/threads/judged/turns/1/feedback";
    expect((await send("PUT", path, { verdict: "bad", comment: "misses one" })).status).toBe(204);
    expect((await send("PUT", path, { verdict: "good" })).status).toBe(204);
    const { feedback } = (await (await send("GET", "/api/threads/judged")).json()) as { feedback: unknown[] };
    expect(feedback).toMatchObject([{ turn: 1, verdict: "good", comment: "" }]);
    expect((await send("PUT", "/api/threads/judged/turns/2/feedback", { verdict: "good" })).status).toBe(404);
    expect((await send("PUT", path, { verdict: "fine" })).status).toBe(400);
  });
});

describe("a branch", () => {
  it("goes on from the turn before, as the thread itself would have, and leaves the thread alone", async () => {
    await ask("find logistics parks", "trunk");
    await ask("without #1", "trunk");
    const straight = await ask("the largest", "trunk");
    const response = await send("POST", "/api/threads/trunk/branch", { before: 3 });
    expect(response.status).toBe(201);
    const { thread } = (await response.json()) as { thread: string };
    const branched = await ask("the largest", thread);
    expect(branched.turn).toBe(3);
    const places = (reply: Reply) => reply.regions.map(({ geometry, caption }) => ({ geometry, caption }));
    expect(places(branched)).toEqual(places(straight));
    const { turns } = (await (await send("GET", `/api/threads/${thread}`)).json()) as {
      turns: { message: string; reply: unknown }[];
    };
    expect(turns.map(({ message }) => message)).toEqual(["find logistics parks", "without #1", "the largest"]);
    const first = ReplySchema.parse(turns[0]?.reply);
    expect(first.thread).toBe(thread);
    expect(first.regions.map(({ id }) => id)).toEqual(first.regions.map(({ rank }) => `${thread}.1.${rank}`));
    expect((await send("GET", `/api/regions/${thread}.1.1`)).status).toBe(200);
    expect(engine.workspace.threads.turns("trunk")).toHaveLength(3);
    await send("DELETE", "/api/threads/trunk");
    expect((await ask("undo", thread)).outcome).toBe("ranked");
  });

  it("is refused for turns that are not there", async () => {
    await ask("find logistics parks", "short");
    expect((await send("POST", "/api/threads/nobody/branch", { before: 2 })).status).toBe(404);
    expect((await send("POST", "/api/threads/short/branch", { before: 5 })).status).toBe(404);
    expect((await send("POST", "/api/threads/short/branch", { before: 1 })).status).toBe(400);
  });
});

describe("a run with an id", () => {
  const blocks = (text: string) => text.split("\n\n").filter(Boolean);

  it("is told again after the event that the client saw last, and runs once", async () => {
    const body = { message: "find logistics parks", thread: "resumed", run: "run-00000001" };
    const whole = blocks(await (await send("POST", "/api/chat", body)).text());
    const rest = blocks(await (await send("POST", "/api/chat", body, { "last-event-id": "3" })).text());
    expect(rest).toEqual(whole.slice(4));
    expect(engine.workspace.threads.turns("resumed")).toHaveLength(1);
  });

  it("belongs to its question", async () => {
    const body = { message: "find storage tanks", thread: "resumed", run: "run-00000001" };
    expect((await send("POST", "/api/chat", body)).status).toBe(400);
    expect((await send("POST", "/api/chat", { ...body, run: "no id!" })).status).toBe(400);
  });

  it("is stopped by its id, and nothing of it is kept", async () => {
    const slow = createApp({
      engine: {
        ...engine,
        agent: {
          ...engine.agent,
          run: (_, options) =>
            new Promise((_resolve, reject) =>
              options?.signal?.addEventListener("abort", () => reject(new Error("stopped"))),
            ),
        },
      },
      metrics: createMetrics(),
      pageDirectory: null,
      log: () => {},
    });
    const reading = slow.request("/api/chat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: "find forests", run: "run-00000002" }),
    });
    const response = await reading;
    expect((await slow.request("/api/chat/run-00000002", { method: "DELETE" })).status).toBe(204);
    expect(await response.text()).toContain("event: error");
    expect((await slow.request("/api/chat/nobody", { method: "DELETE" })).status).toBe(204);
  });
});

describe("a query that is stated", () => {
  it("is searched as it stands, whatever the message says, and becomes the standing query", async () => {
    const first = await ask("find logistics parks", "stated");
    const { query } = first.understood;
    const response = await send(
      "POST",
      "/api/chat",
      { message: "find glaciers", thread: "stated", query: { ...query, limit: 1 } },
      { accept: "application/json" },
    );
    const stated = ReplySchema.parse(await response.json());
    expect(stated.regions.map(({ geometry }) => geometry)).toEqual([first.regions[0]?.geometry]);
    expect(stated.understood.query).toEqual({ ...query, limit: 1, spans: [] });
    expect((await ask("without #1", "stated")).understood.query?.limit).toBe(1);
  });

  it("is refused when it is no query", async () => {
    expect((await send("POST", "/api/chat", { message: "x", query: { target: "parks" } })).status).toBe(400);
  });
});

describe("where a search looked", () => {
  it("is found again from its plan: squares in the workspace with scores from 0 to 1", async () => {
    const reply = await ask("find logistics parks", "salient");
    const response = await send("GET", "/api/threads/salient/turns/1/saliency");
    expect(response.headers.get("content-type")).toContain("application/geo+json");
    const { features } = (await response.json()) as {
      features: { geometry: GeoJSON.Polygon; properties: { score: number } }[];
    };
    expect(features.length).toBe(reply.work.tilesScored);
    for (const { geometry, properties } of features) {
      expect(geometry.coordinates[0]).toHaveLength(5);
      expect(properties.score).toBeGreaterThanOrEqual(0);
      expect(properties.score).toBeLessThanOrEqual(1);
    }
  });

  it("is not there for turns that searched nothing", async () => {
    await ask("what can you do?", "helped");
    expect((await send("GET", "/api/threads/helped/turns/1/saliency")).status).toBe(404);
    expect((await send("GET", "/api/threads/nobody/turns/1/saliency")).status).toBe(404);
  });
});

describe("an export", () => {
  it("as GeoPackage holds every region with its outline and words", async () => {
    const reply = await ask("find logistics parks", "exported");
    const response = await send("GET", "/api/export/exported.gpkg");
    expect(response.headers.get("content-type")).toBe("application/geopackage+sqlite3");
    const folder = mkdtempSync(join(tmpdir(), "terralogue-gpkg-"));
    const file = join(folder, "regions.gpkg");
    const bytes = new Uint8Array(await response.arrayBuffer());
    writeFileSync(file, bytes);
    // SQLite's header holds the application id at byte 68.
    expect(Buffer.from(bytes).toString("latin1", 68, 72)).toBe("GPKG");
    const features = [...readGeoPackage(file)];
    rmSync(folder, { recursive: true });
    expect(features.map(({ table, crs }) => `${table} ${crs}`)).toEqual(reply.regions.map(() => "regions EPSG:4326"));
    features.forEach(({ geometry, properties }, index) => {
      const region = reply.regions[index];
      const polygons =
        region?.geometry.type === "Polygon" ? [region.geometry.coordinates] : region?.geometry.coordinates;
      // Rings may run the other way round in the file.
      const positions = (coordinates: unknown) =>
        (coordinates as number[][][][]).map((rings) => rings.map((ring) => [...ring].map(String).sort()));
      expect(geometry?.type).toBe("MultiPolygon");
      expect(positions((geometry as GeoJSON.MultiPolygon).coordinates)).toEqual(positions(polygons));
      expect(properties).toMatchObject({
        rank: region?.rank,
        region: region?.id,
        caption: region?.caption,
        probability: region?.probability,
        plan: reply.plan?.hash,
      });
    });
  });

  it("is refused for formats and threads that are not there", async () => {
    expect((await send("GET", "/api/export/exported.doc")).status).toBe(400);
    expect((await send("GET", "/api/export/nobody.gpkg")).status).toBe(404);
  });
});

describe("the policies of the service", () => {
  it("allow no inline style or script, and the list of operations no more than its one style", async () => {
    const policy = async (path: string) => (await send("GET", path)).headers.get("content-security-policy") ?? "";
    expect(await policy("/api/workspace")).toContain("style-src 'self';");
    for (const path of ["/api/workspace", "/docs"]) expect(await policy(path)).not.toContain("unsafe");
    expect(await policy("/docs")).toMatch(/style-src 'sha256-[A-Za-z0-9+/=]{44}'/);
  });
});
