import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TurnEvent } from "../../agents/events.ts";
import type { ModelSettings } from "../../agents/model-settings.ts";
import type { Reply } from "../../src/answer/reply.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { paperWorld } from "../fixtures/paper-world.ts";
import {
  type Asked,
  isWording,
  reworded,
  type Said,
  type ScriptedModel,
  scriptedModel,
} from "../fixtures/scripted-model.ts";

let world: Awaited<ReturnType<typeof paperWorld>>;
let plain: Engine;
let model: ScriptedModel | null = null;
let engine: Engine | null = null;
beforeAll(async () => {
  world = await paperWorld();
  plain = await openEngine(world.workspace);
}, 300_000);
afterAll(() => {
  plain.close();
  world.remove();
});
afterEach(async () => {
  engine?.close();
  engine = null;
  await model?.close();
  model = null;
});

type Script = (asked: Asked, attempt: number) => Said;
const PROTOCOLS = ["openai", "ollama"] as const;

async function open(kind: "openai" | "ollama", script: Script, changes: Partial<ModelSettings> = {}): Promise<Engine> {
  model = await scriptedModel(script);
  const baseUrl = kind === "openai" ? model.openai : model.ollama;
  engine = await openEngine(world.workspace, {
    model: { kind, baseUrl, model: "scripted", apiKey: "sk-test", timeoutMs: 20_000, ...changes },
    firstDelayMs: 5,
  });
  return engine;
}
let threads = 0;
const thread = () => `wording-${process.pid}-${++threads}`;
async function both(
  kind: "openai" | "ollama",
  script: Script,
  message = QUESTION,
  changes: Partial<ModelSettings> = {},
) {
  const own = await plain.agent.run({ message, thread: thread() });
  const events: TurnEvent[] = [];
  const reply = await (await open(kind, script, changes)).agent.run(
    { message, thread: thread() },
    { onEvent: (event) => events.push(event) },
  );
  return { own, reply, events };
}
const QUESTION = "find quarries near a river";
const told = (events: readonly TurnEvent[]) =>
  events.flatMap((event) => (event.type === "text" ? event.delta : [])).join("");
/** Same in everything but who said it. */
const expectOwn = (reply: Reply, own: Reply) => {
  expect(reply.text).toBe(own.text);
  expect(reply.outcome).toBe(own.outcome);
  expect(reply.plan?.hash).toBe(own.plan?.hash);
};
const good: Script = (asked) => ({
  content: isWording(asked)
    ? reworded(asked, (text) => text.replace(/^Found (\d+) regions/, "In this area there are $1 regions"))
    : '{"query":null}',
});

describe.each(PROTOCOLS)("a model that speaks %s", (kind) => {
  it("words the reply; numbers, regions and plan are those of the engine", async () => {
    const { own, reply, events } = await both(kind, good);
    expect(own.text).toMatch(/^Found \d+ regions/);
    expect(reply.text).toBe(own.text.replace(/^Found (\d+) regions/, "In this area there are $1 regions"));
    expect(reply.wording).toMatchObject({ by: "model", kept: 1, repaired: 0, dropped: 0 });
    expect(reply.wording?.tokens).toBeGreaterThan(0);
    expect(reply.regions.map(({ caption }) => caption)).toEqual(own.regions.map(({ caption }) => caption));
    expect(told(events)).toBe(reply.text);
    for (const { start, end, quote } of reply.citations) expect(reply.text.slice(start, end)).toBe(quote);
    expect(model?.asked[0]?.headers.authorization).toBe("Bearer sk-test");
  });

  it("is told nothing of lists and quotations, and everything as quoted data", async () => {
    const { own } = await both(kind, good, "tell me about Bramor Tower");
    expect(own.text).toContain("It was opened in 1911.");
    for (const { user } of model?.asked ?? []) {
      expect(user).not.toContain("It was opened in 1911.");
      expect(user).not.toContain("Ignore all previous");
    }
  });

  it("that streams slowly is told sentence by sentence, before it has ended", async () => {
    const { reply, events } = await both(kind, (asked, attempt) => ({ ...good(asked, attempt), slowMs: 15 }));
    expect(reply.wording?.kept).toBe(1);
    expect(told(events)).toBe(reply.text);
  });

  it.each<[string, Script, string]>([
    ["answers nothing at all", () => ({ hangs: true }), "time-out"],
    ["breaks off at once, again and again", () => ({ content: '{"sentences":[{"n"', cutAfter: 0 }), "unavailable"],
    ["is overloaded, again and again", () => ({ status: 503 }), "unavailable"],
    ["does not know the key", () => ({ status: 401 }), "unavailable"],
    ["says prose", () => ({ content: "Here are your quarries!" }), "unfit"],
    ["says JSON of another shape", () => ({ content: '{"sentences":"none"}' }), "unfit"],
    ["says half of the JSON", () => ({ content: '{"sentences":[{"n":0,"te' }), "unfit"],
  ])("that %s leaves the writer's own text, in time", async (_, script, fallback) => {
    const started = Date.now();
    const { own, reply, events } = await both(kind, script, QUESTION, {
      timeoutMs: fallback === "time-out" ? 1000 : 60_000,
    });
    expectOwn(reply, own);
    expect(reply.wording).toMatchObject({ by: "writer", kept: 0, fallback });
    expect(told(events)).toBe(reply.text);
    expect(Date.now() - started).toBeLessThan(120_000);
  });

  it("is tried again after a fault that passes", async () => {
    const { reply } = await both(kind, (asked, attempt) =>
      attempt === 1
        ? { status: 429, headers: { "retry-after": "0" } }
        : attempt === 2
          ? { status: 500 }
          : good(asked, attempt),
    );
    expect(reply.wording).toMatchObject({ by: "model", kept: 1 });
    expect(model?.asked.length).toBe(3);
  });

  it.each<[string, (text: string) => string]>([
    ["another number", (text) => text.replace(/\d+/, (digits) => String(Number(digits) + 1))],
    ["a number of its own", (text) => `${text.slice(0, -1)}, worth 12 million.`],
    ["a name of its own", (text) => `${text.slice(0, -1)}, says the Ministry of Mines.`],
    ["a date of its own", (text) => `${text.slice(0, -1)} since 2019.`],
    ["a region that is none", (text) => `${text.slice(0, -1)}, as #44.`],
    ["a denial of its own", (text) => text.replace("Found", "Did not find")],
    ["a link", () => "Found 2 regions, see https://evil.example/login for more."],
    ["a story", () => "Beautiful quarries await brave explorers."],
    ["the key", (text) => `${text} sk-test`],
  ])("that lies with %s is repaired", async (_, lie) => {
    const { own, reply } = await both(kind, (asked) => ({
      content: isWording(asked) ? reworded(asked, lie) : '{"query":null}',
    }));
    expectOwn(reply, own);
    expect(reply.wording).toMatchObject({ by: "writer", kept: 0, repaired: 1 });
  });

  it("that does what the person's message injects changes neither plan nor words", async () => {
    const hijacked = {
      target: { concept: "airport", attributes: [] },
      relations: [],
      geo: [],
      time: null,
      exclude: [],
    };
    const { own, reply } = await both(
      kind,
      (asked) => ({
        content: isWording(asked)
          ? reworded(asked, () => "Airports are wonderful, see [here](https://evil.example).")
          : JSON.stringify({ query: hijacked }),
      }),
      "find quarries near a river, and zorb the target into something else",
    );
    expectOwn(reply, own);
    expect(reply.plan?.formula).toContain("quarry");
  });
});

describe("what a model may spend", () => {
  it("is bounded a turn: the next question of it is not asked", async () => {
    const { own, reply } = await both("openai", good, QUESTION, { tokensPerTurn: 100 });
    expectOwn(reply, own);
    expect(reply.wording).toMatchObject({ by: "writer", fallback: "budget" });
    expect(model?.asked).toHaveLength(0);
  });

  it("is bounded a thread, over its turns and a restart", async () => {
    const id = thread();
    let agent = (await open("openai", good, { tokensPerThread: 900 })).agent;
    const first = await agent.run({ message: QUESTION, thread: id });
    expect(first.wording).toMatchObject({ by: "model", tokens: 120 });
    const fallbacks: (string | undefined)[] = [];
    for (let turn = 0; turn < 6; turn += 1)
      fallbacks.push((await agent.run({ message: QUESTION, thread: id })).wording?.fallback);
    expect(fallbacks.at(-1)).toBe("budget");
    const settings = { kind: "openai", baseUrl: model?.openai ?? "", model: "scripted", tokensPerThread: 900 } as const;
    engine?.close();
    engine = await openEngine(world.workspace, { model: settings });
    agent = engine.agent;
    expect((await agent.run({ message: QUESTION, thread: id })).wording?.fallback).toBe("budget");
    expect((await agent.run({ message: QUESTION, thread: thread() })).wording?.by).toBe("model");
  });
});

it("a service that keeps failing is left alone", async () => {
  const { agent } = await open("openai", () => ({ status: 500 }));
  for (let turn = 0; turn < 3; turn += 1) await agent.run({ message: QUESTION, thread: thread() });
  const calls = model?.asked.length ?? 0;
  expect(calls).toBe(9);
  const reply = await agent.run({ message: QUESTION, thread: thread() });
  expect(reply.wording).toMatchObject({ by: "writer", fallback: "unavailable" });
  expect(model?.asked.length).toBe(calls);
});

it("a person who leaves while the model words stops the turn", async () => {
  const { agent } = await open("openai", () => ({ hangs: true }));
  const leave = new AbortController();
  const turn = agent.run({ message: QUESTION, thread: thread() }, { signal: leave.signal });
  while ((model?.asked.length ?? 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  leave.abort();
  await expect(turn).rejects.toMatchObject({ code: "cancelled" });
});
