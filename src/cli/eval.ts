import type { Measurement } from "../evaluation/benchmark.ts";
import type { CliCommand } from "./command.ts";
import { measurementCommand } from "./measurement-command.ts";

const MEASUREMENTS: Record<string, () => Promise<Measurement>> = {
  evidence: async () => (await import("../evaluation/evidence.ts")).evidenceEvaluation,
  injection: async () => (await import("../evaluation/injection.ts")).injectionEvaluation,
  robustness: async () => (await import("../evaluation/robustness/robustness.ts")).robustnessEvaluation,
  understanding: async () => (await import("../evaluation/understanding.ts")).understandingEvaluation,
};

export const evalCommand: CliCommand = measurementCommand("eval", "Measures quality, as JSON.", MEASUREMENTS);
