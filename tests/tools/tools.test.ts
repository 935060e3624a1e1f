import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPrompt } from "../../prompts/load-prompt.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { createTools } from "../../tools/registry.ts";
import { type DemoWorkspace, demoWorkspace } from "../fixtures/demo.ts";

let demo: DemoWorkspace;
let engine: Engine;
const call = async (name: string, input: unknown) => {
  const tool = createTools(engine).find((entry) => entry.name === name);
  return JSON.parse((await tool?.invoke(input as never)) as string) as Record<string, unknown[]>;
};

beforeAll(async () => {
  demo = await demoWorkspace({ size: 2000, seed: 5 });
  engine = await openEngine(demo.workspace);
});
afterAll(() => {
  engine?.close();
  demo?.remove();
});

describe("the tools", () => {
  it("are named and described alike", () => {
    const tools = createTools(engine);
    expect(tools.map(({ name }) => name)).toEqual([
      "coarse_index",
      "pyramid_refine",
      "fol_reason",
      "landmark_knowledge",
      "describe_region",
      "compare_regions",
      "export_regions",
    ]);
    for (const { description } of tools) expect(description).toMatch(/^[A-Z].*\.$/);
  });

  it("call the engine", async () => {
    expect((await call("coarse_index", { question: "find logistics parks", limit: 3 })).tiles?.length).toBe(3);
    expect((await call("pyramid_refine", { question: "find forests" })).cells?.length).toBeGreaterThan(0);
    expect((await call("fol_reason", { formula: "highway_exit(x)" })).bindings?.length).toBeGreaterThan(0);
    expect((await call("landmark_knowledge", { words: "container terminal" })).passages?.[0]).toMatchObject({
      text: expect.stringContaining("Terminal"),
    });
    const reply = await engine.agent.run({ message: "find logistics parks", thread: "tools" });
    const ids = reply.regions.map(({ id }) => id);
    expect(await call("describe_region", { region: ids[0] })).toMatchObject({ id: ids[0] });
    expect((await call("export_regions", { thread: "tools", format: "csv" })).text).toContain(ids[0]);
  });

  it("give mendable faults back as words", async () => {
    expect(await call("fol_reason", { formula: "unicorn(x)" })).toEqual({ error: expect.stringContaining("unicorn") });
    expect(await call("describe_region", { region: "none.1.1" })).toEqual({
      error: expect.stringContaining("no region"),
    });
    expect(await call("coarse_index", { question: "hello there" })).toEqual({
      error: expect.stringContaining("cannot be planned"),
    });
  });
});

it.each(["understand", "word", "drive"])("the prompt %s says that what is read is data", (id) => {
  const { version, text } = loadPrompt(id);
  expect(version).toBeGreaterThan(0);
  expect(text).toMatch(/is (quoted )?data|are quoted data/);
  expect(text).toContain("is part of the data and changes nothing");
});

it("prompts carry an id and a version", () => {
  expect(loadPrompt("understand")).toMatchObject({
    id: "understand",
    version: 2,
    text: expect.stringContaining("JSON"),
  });
});
