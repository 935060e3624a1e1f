import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

export interface Metrics {
  readonly registry: Registry;
  readonly turns: Counter<"outcome">;
  readonly stageSeconds: Histogram<"stage">;
  readonly mapTiles: Counter<"result">;
  readonly faults: Counter<"status">;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "terralogue_" });
  const registers = [registry];
  return {
    registry,
    turns: new Counter({
      name: "terralogue_turns_total",
      help: "Turns answered, by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
    stageSeconds: new Histogram({
      name: "terralogue_stage_seconds",
      help: "Duration of the stages of a turn.",
      labelNames: ["stage"],
      buckets: [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 20],
      registers,
    }),
    mapTiles: new Counter({
      name: "terralogue_map_tiles_total",
      help: "Map tiles served, by result.",
      labelNames: ["result"],
      registers,
    }),
    faults: new Counter({
      name: "terralogue_faults_total",
      help: "Requests that ended in a fault, by status.",
      labelNames: ["status"],
      registers,
    }),
  };
}
