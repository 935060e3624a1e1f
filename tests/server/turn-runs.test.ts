import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTurnRuns } from "../../src/server/turn-runs.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Work that waits to be told what happens, and ends at `end` or at the signal. */
function scripted() {
  let emit = (_event: string, _data: unknown) => {};
  let end = () => {};
  const work = (tell: typeof emit, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      emit = (event, data) => tell(event, data);
      end = resolve;
      signal.addEventListener("abort", () => resolve());
    });
  return { work, emit: (event: string, data: unknown) => emit(event, data), end: () => end() };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

it("numbers what happens from nought and tells every follower", async () => {
  const script = scripted();
  const run = createTurnRuns().start("one", "q", script.work);
  let told = 0;
  run.follow(() => {
    told += 1;
  });
  script.emit("stage", 1);
  script.emit("done", 2);
  script.end();
  await settled();
  expect(run.events).toEqual([
    { id: 0, event: "stage", data: 1 },
    { id: 1, event: "done", data: 2 },
  ]);
  expect(run.isOver).toBe(true);
  expect(told).toBe(3);
});

it("stops a turn without an id as soon as its listener leaves", async () => {
  const run = createTurnRuns().start(null, "q", scripted().work);
  run.follow(() => {})();
  await settled();
  expect(run.isOver).toBe(true);
});

it("lets a turn with an id go on for the time of grace, and a listener that comes back in time keeps it", async () => {
  const runs = createTurnRuns({ graceMs: 1000 });
  const run = runs.start("two", "q", scripted().work);
  run.follow(() => {})();
  await vi.advanceTimersByTimeAsync(900);
  expect(runs.find("two")).toBe(run);
  const leave = run.follow(() => {});
  await vi.advanceTimersByTimeAsync(5000);
  expect(run.isOver).toBe(false);
  leave();
  await vi.advanceTimersByTimeAsync(1100);
  expect(run.isOver).toBe(true);
});

it("forgets a finished turn after a while", async () => {
  const runs = createTurnRuns({ keptMs: 1000 });
  const script = scripted();
  runs.start("three", "q", script.work);
  script.end();
  await vi.advanceTimersByTimeAsync(900);
  expect(runs.find("three")?.isOver).toBe(true);
  await vi.advanceTimersByTimeAsync(200);
  expect(runs.find("three")).toBeNull();
});

it("can be stopped by whoever knows it", async () => {
  const run = createTurnRuns().start("four", "q", scripted().work);
  run.stop();
  await settled();
  expect(run.isOver).toBe(true);
});
