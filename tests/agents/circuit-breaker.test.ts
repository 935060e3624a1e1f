import { describe, expect, it } from "vitest";
import { createCircuitBreaker } from "../../agents/circuit-breaker.ts";
import { withRetries } from "../../agents/retry.ts";
import { createTokenMeter, estimatedTokens } from "../../agents/tokens.ts";

describe("a circuit breaker", () => {
  it("opens after failures in a row, lets one trial through after the pause, and closes when it succeeds", () => {
    let at = 0;
    const breaker = createCircuitBreaker({ failures: 2, pauseMs: 100, now: () => at });
    expect(breaker.enter()).toBe(true);
    breaker.failed();
    expect(breaker.enter()).toBe(true);
    breaker.succeeded();
    breaker.failed();
    expect(breaker.state).toBe("closed");
    breaker.failed();
    expect([breaker.state, breaker.enter()]).toEqual(["open", false]);
    at = 99;
    expect(breaker.enter()).toBe(false);
    at = 100;
    expect(breaker.state).toBe("half_open");
    expect([breaker.enter(), breaker.enter()]).toEqual([true, false]);
    breaker.failed();
    expect(breaker.enter()).toBe(false);
    at = 200;
    expect(breaker.enter()).toBe(true);
    breaker.left();
    expect(breaker.enter()).toBe(true);
    breaker.succeeded();
    expect([breaker.state, breaker.enter(), breaker.enter()]).toEqual(["closed", true, true]);
  });
});

describe("retries", () => {
  const fault = (status: number) => Object.assign(new Error("fault"), { status });
  it.each([429, 500, 503])("do again what failed with %i", async (status) => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      if (calls < 3) throw fault(status);
      return "done";
    };
    expect(await withRetries(work, { firstDelayMs: 1 })).toBe("done");
    expect(calls).toBe(3);
  });
  it.each([400, 401, 404, 422])("do not do again what failed with %i", async (status) => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      throw fault(status);
    };
    await expect(withRetries(work, { firstDelayMs: 1 })).rejects.toThrow("fault");
    expect(calls).toBe(1);
  });
  it("do again what a broken connection cut, and stop when nobody waits", async () => {
    const leave = new AbortController();
    let calls = 0;
    const work = async () => {
      calls += 1;
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
    };
    const doing = withRetries(work, { firstDelayMs: 60_000, signal: leave.signal });
    setTimeout(() => leave.abort(new Error("left")), 20);
    await expect(doing).rejects.toThrow("left");
    expect(calls).toBe(1);
  });
});

describe("tokens", () => {
  it("are estimated from letters and Han characters", () => {
    expect(estimatedTokens("abcdefgh")).toBe(2);
    expect(estimatedTokens("采石场")).toBe(3);
  });
  it("of a turn are bounded by its budget and its thread's", () => {
    const meter = createTokenMeter(100, 60);
    expect(meter.left).toBe(60);
    meter.add(45.5);
    expect([meter.left, meter.spent]).toEqual([14, 46]);
    meter.add(500);
    expect(meter.left).toBe(0);
    expect(createTokenMeter(100, -5).left).toBe(0);
  });
});
