import { expect, it } from "vitest";
import type { Engine } from "../../src/engine.ts";
import { createCurrentEngine } from "../../src/server/current-engine.ts";

/** An engine that is known by the fingerprint of its workspace, with a turn that can be made to run. */
function engineOf(fingerprint: string) {
  let endTurn: () => void = () => {};
  const engine = {
    workspace: { fingerprint, holdStill: () => () => {} },
    agent: { idle: () => turn },
    close: () => {
      held.isClosed = true;
    },
  } as unknown as Engine;
  let turn = Promise.resolve();
  const held = {
    engine,
    isClosed: false,
    beginTurn: () => {
      turn = new Promise<void>((resolve) => {
        endTurn = resolve;
      });
    },
    endTurn: () => endTurn(),
  };
  return held;
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

it("answers from the new engine at once, and closes the old one when its turns and requests have ended", async () => {
  const [old, next] = [engineOf("old"), engineOf("new")];
  const current = createCurrentEngine(old.engine, async () => next.engine);
  old.beginTurn();
  const letGo = current.use();
  await current.renew();
  expect(current.engine.workspace.fingerprint).toBe("new");
  await settle();
  expect(old.isClosed).toBe(false);
  letGo();
  letGo();
  await settle();
  expect(old.isClosed).toBe(false);
  old.endTurn();
  await settle();
  expect([old.isClosed, next.isClosed]).toEqual([true, false]);
  await current.close();
  expect(next.isClosed).toBe(true);
});

it("keeps the old engine where the new one does not open", async () => {
  const old = engineOf("old");
  const current = createCurrentEngine(old.engine, () => Promise.reject(new Error("no")));
  await expect(current.renew()).rejects.toThrow("no");
  expect(current.engine.workspace.fingerprint).toBe("old");
  expect(old.isClosed).toBe(false);
});
