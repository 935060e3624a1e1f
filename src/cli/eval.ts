import type { Measurement } from "../evaluation/benchmark.ts";
import type { CliCommand } from "./command.ts";
import { measurementCommand } from "./measurement-command.ts";

const MEASUREMENTS: Record<string, () => Promise<Measurement>> = {
  evidence: async () => (await import("../evaluation/evidence.ts")).evidenceEvaluation,
  knowledge: async () => (await import("../evaluation/knowledge/knowledge.ts")).knowledgeEvaluation,
  robustness: async () => (await import("../evaluation/robustness/robustness.ts")).robustnessEvaluation,
  understanding: async () => (await import("../evaluation/understanding.ts")).understandingEvaluation,
};

export const evalCommand: CliCommand = measurementCommand("eval", "Measures quality, as JSON.", MEASUREMENTS);
