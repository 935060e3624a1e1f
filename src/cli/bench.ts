import type { Measurement } from "../evaluation/benchmark.ts";
import type { CliCommand } from "./command.ts";
import { measurementCommand } from "./measurement-command.ts";

const MEASUREMENTS: Record<string, () => Promise<Measurement>> = {
  reasoning: async () => (await import("../evaluation/bench-reasoning.ts")).reasoningBench,
  pipeline: async () => (await import("../evaluation/bench-pipeline.ts")).pipelineBench,
  models: async () => (await import("../evaluation/bench-models.ts")).modelsBench,
  retrieval: async () => (await import("../evaluation/bench-retrieval.ts")).retrievalBench,
  area: async () => (await import("../evaluation/bench-area.ts")).areaBench,
  page: async () => (await import("../evaluation/bench-page.ts")).pageBench,
  understanding: async () => (await import("../evaluation/bench-understanding.ts")).understandingBench,
};

export const benchCommand: CliCommand = measurementCommand("bench", "Measures speed, as JSON.", MEASUREMENTS);
