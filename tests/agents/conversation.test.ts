import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../../src/engine.ts";
import { paperWorld } from "../fixtures/paper-world.ts";

let world: Awaited<ReturnType<typeof paperWorld>>;
let engine: Engine;
beforeAll(async () => {
  world = await paperWorld();
  engine = await openEngine(world.workspace);
}, 300_000);
afterAll(() => {
  engine.close();
  world.remove();
});
const ask = (message: string, thread: string) => engine.agent.run({ message, thread });

describe("a refinement", () => {
  it("says how many results remain, and why the others left, with what was measured", async () => {
    const before = await ask("find quarries within 1000 m of a river", "diff");
    expect(before.regions).toHaveLength(3);
    const after = await ask("only within 300 m", "diff");
    expect(after.difference).toMatchObject({
      of: 3,
      remain: 1,
      added: 0,
      left: [{ count: 2, reason: "fails", threshold: 300 }],
    });
    const [left] = after.difference?.left ?? [];
    // 3 and 6 steps of 0.0012 degrees of latitude to the north of the river.
    expect(left?.nearest).toBeCloseTo(400, -1);
    expect(left?.farthest).toBeCloseTo(800, -1);
    expect(after.text).toMatch(
      /1 of the 3 earlier results remains; 2 left because they are over 300 m from the nearest river \((\d+) m to (\d+) m\)\./,
    );
    const [, nearest, farthest] = /\((\d+) m to (\d+) m\)/.exec(after.text) ?? [];
    expect([Number(nearest), Number(farthest)]).toEqual([
      Math.round(left?.nearest ?? 0),
      Math.round(left?.farthest ?? 0),
    ]);
  });

  it("says the same in Chinese", async () => {
    await ask("查找距河流 1000 米以内的采石场", "diff-zh");
    const after = await ask("只要 300 米以内的", "diff-zh");
    expect(after.text).toContain("之前的 3 个结果中保留了 1 个");
    expect(after.text).toMatch(/2 个因距最近的河流超过 300 米.+而去掉/);
  });

  it("that excludes a result says so, and the step back brings it again", async () => {
    const before = await ask("find quarries within 1000 m of a river", "excluded");
    const without = await ask("exclude #1", "excluded");
    expect(without.difference?.left).toEqual([{ count: 1, ranks: [1], reason: "excluded" }]);
    expect(without.text).toContain("1 left because you excluded it");
    const back = await ask("undo", "excluded");
    expect(back.regions.map(({ geometry }) => geometry)).toEqual(before.regions.map(({ geometry }) => geometry));
    expect(back.difference).toMatchObject({ of: 2, remain: 2, added: 1 });
    expect(back.text).toContain("Back to the query before: all 2 earlier results remain; 1 was not among them.");
  });

  it("after which nothing is left says why nothing is", async () => {
    await ask("find quarries within 1000 m of a river", "none");
    const after = await ask("only within 10 m", "none");
    expect(after).toMatchObject({
      outcome: "no_match",
      difference: { of: 3, remain: 0, left: [{ count: 3, threshold: 10 }] },
    });
  });
});

it("a thread goes on where it was after a restart: query, history, results and undo", async () => {
  const first = await ask("find quarries within 1000 m of a river", "restart");
  await ask("only within 300 m", "restart");
  engine.close();
  engine = await openEngine(world.workspace);
  const back = await ask("undo", "restart");
  expect(back.turn).toBe(3);
  expect(back.plan?.hash).toBe(first.plan?.hash);
  engine.close();
  engine = await openEngine(world.workspace);
  expect((await ask("why is #2 second?", "restart")).regions.map(({ id }) => id)).toEqual([back.regions[1]?.id]);
});
