import type { Measurement } from "../evaluation/benchmark.ts";
import type { CliCommand } from "./command.ts";
import { measurementCommand } from "./measurement-command.ts";

const MEASUREMENTS: Record<string, () => Promise<Measurement>> = {
  composed: async () => (await import("../evaluation/composed.ts")).composedEvaluation,
  encoder: async () => (await import("../evaluation/encoder.ts")).encoderEvaluation,
  scenes: async () => (await import("../evaluation/scenes.ts")).scenesEvaluation,
  text2text: async () => (await import("../evaluation/text-to-text.ts")).textToTextEvaluation,
  evidence: async () => (await import("../evaluation/evidence.ts")).evidenceEvaluation,
  "region-embedding": async () => (await import("../evaluation/region-embedding.ts")).regionEmbeddingEvaluation,
  segmenter: async () => (await import("../evaluation/segmenter.ts")).segmenterEvaluation,
  fusion: async () => (await import("../evaluation/retrieval/fusion.ts")).fusionLearning,
  injection: async () => (await import("../evaluation/injection.ts")).injectionEvaluation,
  knowledge: async () => (await import("../evaluation/knowledge/knowledge.ts")).knowledgeEvaluation,
  queries: async () => (await import("../evaluation/retrieval/query-evaluation.ts")).queryEvaluation,
  real: async () => (await import("../evaluation/retrieval/real.ts")).realEvaluation,
  retrieval: async () => (await import("../evaluation/retrieval/retrieval.ts")).retrievalEvaluation,
  robustness: async () => (await import("../evaluation/robustness/robustness.ts")).robustnessEvaluation,
  understanding: async () => (await import("../evaluation/understanding.ts")).understandingEvaluation,
};

export const evalCommand: CliCommand = measurementCommand("eval", "Measures quality, as JSON.", MEASUREMENTS);
