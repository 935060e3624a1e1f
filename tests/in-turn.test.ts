import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { inTurn } from "../src/in-turn.ts";

const waits = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

property.prop([fc.array(fc.nat(4), { maxLength: 12 }), fc.nat(3)], { numRuns: 40 })(
  "results come in the order of the items, however long each takes, and no more are begun than allowed",
  async (durations, ahead) => {
    let running = 0;
    let most = 0;
    const out: number[] = [];
    const made = inTurn(
      durations.map((ms, i) => ({ ms, i })),
      async ({ ms, i }) => {
        running += 1;
        most = Math.max(most, running);
        await waits(ms);
        running -= 1;
        return i;
      },
      ahead,
    );
    for await (const i of made) out.push(i);
    expect(out).toEqual(durations.map((_, i) => i));
    expect(most).toBeLessThanOrEqual(ahead + 1);
  },
);

test("the next item is begun before the result of the first is there", async () => {
  const begun: number[] = [];
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const made = inTurn([0, 1, 2, 3], async (i) => {
    begun.push(i);
    if (i === 0) await gate;
    return i;
  });
  const first = made.next();
  await waits(1);
  expect(begun).toEqual([0, 1]);
  letGo();
  expect((await first).value).toBe(0);
  await made.return(undefined);
});

test("a failure is thrown in its turn, after what was begun beside it has ended", async () => {
  const ended: number[] = [];
  const got: number[] = [];
  const run = async () => {
    for await (const i of inTurn([0, 1, 2, 3], async (n) => {
      if (n === 1) throw new Error("no");
      await waits(5);
      ended.push(n);
      return n;
    }))
      got.push(i);
  };
  await expect(run()).rejects.toThrow("no");
  expect(got).toEqual([0]);
  expect(ended).toEqual([0, 2]);
});
