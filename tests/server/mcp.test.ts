import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../../src/engine.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { type DemoWorkspace, demoWorkspace } from "../fixtures/demo.ts";

let demo: DemoWorkspace;
let engine: Engine;

beforeAll(async () => {
  demo = await demoWorkspace();
  engine = await openEngine(demo.workspace);
}, 180_000);

afterAll(() => {
  engine.close();
  demo.remove();
});

interface Answer {
  readonly thread: string;
  readonly outcome: string;
  readonly regions: readonly { readonly id: string; readonly caption: string }[];
}

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport);
  return client;
}

async function call(client: Client, name: string, input: Record<string, unknown>) {
  const { content, isError } = await client.callTool({ name, arguments: input });
  const [part] = content as { text: string }[];
  return { isError, value: isError ? (part?.text ?? "") : (JSON.parse(part?.text ?? "null") as unknown) };
}

/** What any agent would do: list, ask, refine, look closer, err. */
async function converse(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name);
  expect(tools.filter(({ annotations }) => !annotations?.readOnlyHint).map(({ name }) => name)).toEqual([
    "ask_imagery",
  ]);
  expect(names).toEqual([
    "ask_imagery",
    "coarse_index",
    "pyramid_refine",
    "fol_reason",
    "landmark_knowledge",
    "describe_region",
    "compare_regions",
    "export_regions",
  ]);
  const { value } = await call(client, "ask_imagery", { question: "find new logistics parks near highway exits" });
  const first = value as Answer;
  expect(first.outcome).toBe("ranked");
  const second = (await call(client, "ask_imagery", { question: "only within 500 m", thread: first.thread }))
    .value as Answer;
  expect(second.thread).toBe(first.thread);
  expect(second.regions.length).toBeLessThan(first.regions.length);
  const region = first.regions[0]?.id;
  const described = (await call(client, "describe_region", { region })).value;
  expect(described).toMatchObject({ id: region, proof: { truth: expect.any(Number) } });
  const ids = first.regions.slice(0, 2).map(({ id }) => id);
  const compared = (await call(client, "compare_regions", { regions: ids })).value as {
    regions: { id: string; measured: unknown[] }[];
  };
  expect(compared.regions.map(({ id }) => id)).toEqual(ids);
  for (const { measured } of compared.regions) expect(measured.length).toBeGreaterThan(0);
  const exported = (await call(client, "export_regions", { thread: first.thread, format: "geojson" })).value as {
    text: string;
  };
  expect(JSON.parse(exported.text)).toMatchObject({ type: "FeatureCollection" });
  const unknown = await call(client, "describe_region", { region: "none.1.1" });
  expect(unknown.isError).toBe(true);
  expect(unknown.value).toContain("error");
  const malformed = await client.callTool({ name: "fol_reason", arguments: { formula: 7 } });
  expect(malformed.isError).toBe(true);
}

describe("the Model Context Protocol", () => {
  it("is spoken over HTTP", async () => {
    const app = createApp({ engine, metrics: createMetrics(), pageDirectory: null, log: () => {} });
    const client = await connect(
      new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
        fetch: async (url, init) => app.request(String(url), init as RequestInit),
      }) as Transport,
    );
    await converse(client);
    await client.close();
  });

  it("is spoken on stdin and stdout", async () => {
    const client = await connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(PACKAGE_ROOT, "scripts/run.mjs"), "mcp", "--workspace", demo.workspace],
        stderr: "ignore",
      }),
    );
    await converse(client);
    await client.close();
  }, 120_000);
});
