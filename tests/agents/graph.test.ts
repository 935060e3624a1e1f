import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkRequest } from "../../agents/check-request.ts";
import type { TurnEvent } from "../../agents/events.ts";
import { type Agent, createAgent } from "../../agents/graph.ts";
import { openThreadDatabase } from "../../src/store/sqlite/database.ts";
import { sqliteThreadStore } from "../../src/store/sqlite/threads.ts";
import type { Stages, TurnRequest } from "../../src/turn/stages.ts";
import type { Workspace } from "../../src/workspace.ts";
import { SEARCH, scriptedStages } from "../fixtures/stages.ts";

let directory: string;
let called: string[];
let opened: (() => void)[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "terralogue-agent-"));
  called = [];
  opened = [];
});
afterEach(() => {
  for (const close of opened) close();
  rmSync(directory, { recursive: true, force: true });
});

/** The agent over scripted stages and real stores in the test's folder. */
function open(changes: Partial<Stages> = {}): { agent: Agent; threads: Workspace["threads"]; close(): void } {
  const db = openThreadDatabase(directory);
  const threads = sqliteThreadStore(db);
  const agent = createAgent({
    workspace: { directory, threads } as Workspace,
    stages: scriptedStages(called, changes),
    now: () => new Date("2026-01-02T03:04:05Z"),
  });
  const close = () => {
    if (!db.open) return;
    agent.close();
    db.close();
  };
  opened.push(close);
  return { agent, threads, close };
}
const LINE = ["understand", "plan", "coarse", "refine", "propose", "prove", "rank", "answer"];

describe("a turn", () => {
  it("runs the stages in line, times each, tells of them, and is stored once", async () => {
    const { agent, threads } = open();
    const events: TurnEvent[] = [];
    const reply = await agent.run({ message: "find quarries" }, { onEvent: (event) => events.push(event) });
    expect(called).toEqual([...LINE, "advance"]);
    expect(Object.keys(reply.timings)).toEqual([...LINE, "verify"]);
    expect(reply.work.predicatesEvaluated).toBe(7);
    expect(events.flatMap((event) => (event.type === "stage" ? [`${event.stage} ${event.status}`] : []))).toEqual(
      [...LINE, "verify"].flatMap((stage) => [`${stage} started`, `${stage} done`]),
    );
    expect(events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("")).toBe(reply.text);
    expect(events.at(-1)).toEqual({ type: "done", reply });
    expect(reply.thread).toMatch(/^[A-Za-z0-9_-]{20,64}$/);
    expect(threads.turns(reply.thread)).toEqual([
      expect.objectContaining({ turn: 1, message: "find quarries", at: "2026-01-02T03:04:05.000Z", reply }),
    ]);
  });

  it("goes straight to the answer when the plan is refused, and plans nothing for a question", async () => {
    const refused = open({
      plan: () => ({
        kind: "refused",
        outcome: { kind: "not_covered", missing: "concept", detail: "none" },
      }),
    });
    await refused.agent.run({ message: "find glaciers" });
    expect(called).toEqual(["understand", "answer", "advance"]);
    refused.close();
    called.length = 0;
    const asked = open({ understand: async () => ({ ...SEARCH, intent: "help", query: null }) });
    await asked.agent.run({ message: "help" });
    expect(called).toEqual(["answer", "advance"]);
  });

  it.each([
    ["explain", "reason"],
    ["why_not", "reason"],
    ["compare", "reason"],
    ["count", "reason"],
    ["describe", "reason"],
    ["ask", "knowledge"],
    ["help", "answer"],
    ["out_of_scope", "answer"],
  ] as const)("that wants to %s goes by the branch “%s”, and is verified", async (intent, branch) => {
    const { agent } = open({ understand: async () => ({ ...SEARCH, intent, query: null }) });
    const reply = await agent.run({ message: "a question" });
    expect(Object.keys(reply.timings)).toEqual(["understand", "plan", branch, "verify"]);
  });

  it("of one thread waits for the one before; threads do not wait for each other", async () => {
    const finish = new Map<string, () => void>();
    const begun: string[] = [];
    const { agent } = open({
      understand: async (message) => {
        begun.push(message);
        await new Promise<void>((resolve) => finish.set(message, resolve));
        return SEARCH;
      },
    });
    const until = async (count: number) => {
      while (begun.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    const first = agent.run({ thread: "a", message: "one" });
    const second = agent.run({ thread: "a", message: "two" });
    const other = agent.run({ thread: "b", message: "elsewhere" });
    await until(2);
    expect([...begun].sort()).toEqual(["elsewhere", "one"]);
    let isIdle = false;
    const idle = agent.idle().then(() => {
      isIdle = true;
    });
    finish.get("elsewhere")?.();
    expect((await other).turn).toBe(1);
    finish.get("one")?.();
    expect((await first).turn).toBe(1);
    await until(3);
    expect(isIdle).toBe(false);
    finish.get("two")?.();
    const reply = await second;
    expect(reply).toMatchObject({ turn: 2, text: expect.stringContaining("after 1 others") });
    await idle;
  });

  it("that is stopped or fails leaves no trace, and the thread goes on", async () => {
    const leave = new AbortController();
    let isBroken = true;
    const wasStopped: (boolean | undefined)[] = [];
    const { agent, threads } = open({
      coarse: async (_, signal) => {
        leave.abort();
        wasStopped.push(signal?.aborted);
        return [];
      },
      rank: () => {
        if (isBroken) throw new Error("broken");
        return { outcome: { kind: "no_match", reason: "" }, ranked: [], nearMisses: [] };
      },
    });
    await expect(agent.run({ thread: "t", message: "find quarries" }, { signal: leave.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(wasStopped).toEqual([true]);
    expect(called).not.toContain("refine");
    await expect(agent.run({ thread: "t", message: "find quarries" })).rejects.toThrow("broken");
    expect(threads.turns("t")).toEqual([]);
    isBroken = false;
    expect(await agent.run({ thread: "t", message: "again" })).toMatchObject({
      turn: 1,
      text: expect.stringContaining("after 0 others"),
    });
  });
});

describe("a thread", () => {
  it("goes on after the process is started anew", async () => {
    const before = open();
    await before.agent.run({ thread: "t", message: "one" });
    await before.agent.run({ thread: "t", message: "two" });
    before.close();
    const { agent, threads } = open();
    expect(await agent.run({ thread: "t", message: "three" })).toMatchObject({
      turn: 3,
      text: expect.stringContaining("after 2 others"),
    });
    expect(threads.turns("t").map(({ message }) => message)).toEqual(["one", "two", "three"]);
  });

  it("keeps one checkpoint, however long it grows", async () => {
    const { agent, close } = open();
    for (let turn = 1; turn <= 5; turn++) await agent.run({ thread: "t", message: `turn ${turn}` });
    await agent.run({ thread: "other", message: "hello" });
    close();
    const db = new Database(join(directory, "checkpoints.sqlite"), { readonly: true });
    expect(
      db.prepare("SELECT thread_id AS thread, count(*) AS count FROM checkpoints GROUP BY thread_id").all(),
    ).toEqual([
      { thread: "other", count: 1 },
      { thread: "t", count: 1 },
    ]);
    db.close();
  });
});

describe("a request", () => {
  const ring = [
    [10, 45],
    [11, 45],
    [11, 46],
    [10, 45],
  ];
  it.each<[string, Partial<TurnRequest>, string]>([
    ["an empty message", { message: " \n" }, "bad_question"],
    ["a long message", { message: "x".repeat(4001) }, "bad_question"],
    ["a thread with a slash", { thread: "a/b" }, "bad_question"],
    ["a box from east to west", { viewport: [11, 45, 10, 46] }, "bad_arguments"],
    ["a box without height", { viewport: [10, 45, 11, 45] }, "bad_arguments"],
    ["a box off the globe", { viewport: [10, 45, 11, 91] }, "bad_arguments"],
    ["a box of no numbers", { viewport: [10, 45, Number.NaN, 46] }, "bad_arguments"],
    ["an area without rings", { area: { type: "Polygon", coordinates: [] } }, "bad_arguments"],
    ["an area with an empty ring", { area: { type: "Polygon", coordinates: [[]] } }, "bad_arguments"],
    ["an open ring", { area: { type: "Polygon", coordinates: [[...ring.slice(0, 3), [10, 45.5]]] } }, "bad_arguments"],
    ["a ring off the globe", { area: { type: "Polygon", coordinates: [[...ring, [200, 45]]] } }, "bad_arguments"],
    ["an area of no polygons", { area: { type: "MultiPolygon", coordinates: [] } }, "bad_arguments"],
  ])("with %s is refused in a sentence before anything runs", async (_, change, code) => {
    const { agent } = open();
    await expect(agent.run({ message: "find quarries", ...change })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^[A-Z].*\.$/s),
    });
    expect(called).toEqual([]);
  });

  it("with a proper view and area is taken", () => {
    expect(() =>
      checkRequest({
        message: "x".repeat(4000),
        thread: "A-z_9",
        viewport: [-180, -90, 180, 90],
        area: { type: "MultiPolygon", coordinates: [[ring]] },
      }),
    ).not.toThrow();
  });
});
