import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root.ts";
import { type DialogueState, EMPTY_DIALOGUE } from "../query/turn.ts";
import { understand } from "../query/understand.ts";
import type { Measurement } from "./benchmark.ts";
import { OWN_PLACES, OWN_SET } from "./understanding.ts";
import { replayed } from "./understanding-scores.ts";
import { readUtterances } from "./utterances.ts";

const ROUNDS = 20;

/**
 * Parses per second and their latency over the project's own utterances, each in its conversation, which is read
 * beforehand and not timed. The first round, in which tables are built and code is compiled, is left out.
 */
export const understandingBench: Measurement = {
  name: "understanding",
  summary: "parses per second, median and 99th percentile latency",
  run: async () => {
    const context = { gazetteer: OWN_PLACES, newestDate: "2025-06-02", dates: ["2023-05-14", "2025-06-02"] };
    const file = join(PACKAGE_ROOT, OWN_SET);
    const started = performance.now();
    understand("find quarries near a river", EMPTY_DIALOGUE, context);
    const firstMs = performance.now() - started;
    const turns = readUtterances(readFileSync(file, "utf8"), file).map(({ text, context: earlier }) => {
      const dialogue = earlier.reduce<DialogueState>(
        (state, message) => replayed(state, understand(message, state, context)),
        EMPTY_DIALOGUE,
      );
      return { text, dialogue };
    });
    const times: number[] = [];
    const ownTimes = turns.map((): number[] => []);
    for (let pass = 0; pass <= ROUNDS; pass += 1) {
      for (const [index, { text, dialogue }] of turns.entries()) {
        const before = performance.now();
        understand(text, dialogue, context);
        const took = performance.now() - before;
        if (pass === 0) continue;
        times.push(took);
        ownTimes[index]?.push(took);
      }
    }
    times.sort((a, b) => a - b);
    const total = times.reduce((sum, time) => sum + time, 0);
    const quantile = (sorted: readonly number[], q: number) =>
      round(sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN);
    const ascending = (a: number, b: number) => a - b;
    const medians = ownTimes.map((own) => own.sort(ascending)[Math.floor(own.length / 2)] ?? 0).sort(ascending);
    return {
      benchmark: "understanding",
      machine: { cores: availableParallelism(), loadAverage: loadavg()[0], node: process.version },
      utterances: turns.length,
      parses: times.length,
      parsesPerSecond: Math.round((1000 * times.length) / total),
      firstMs: round(firstMs),
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      maxMs: quantile(times, 1),
      // Without what other processes of a busy machine take: the slowest utterances by their own median.
      p99OfMediansMs: quantile(medians, 0.99),
    };
  },
};

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
