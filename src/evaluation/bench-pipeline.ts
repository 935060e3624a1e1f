import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fromFile } from "geotiff";
import { paintWorld } from "../demo/write-demo.ts";
import { openEngine } from "../engine.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import type { Measurement } from "./benchmark.ts";

const QUESTIONS = [
  "find new logistics parks near highway exits",
  "the largest solar farms",
  "residential areas within 300 m of a factory",
  "查找高速出口附近的物流园",
  "buildings near the coast",
];
const ROUNDS = 5;

interface IngestResult {
  readonly megapixelsPerSecond: number;
  readonly peakMemoryMb: number;
  readonly seconds: number;
}

/**
 * Ingest throughput with peak memory, in a process of its own, and the latency of a turn by stage, on the harbour demo. The naive peer
 * of reading is geotiff's own readRasters over the same two images, strip by strip, in the same run.
 */
export const pipelineBench: Measurement = {
  name: "pipeline",
  summary: "ingest throughput (Mpx/s, peak memory) and turn latency per stage on the demo",
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "terralogue-bench-"));
    try {
      const started = performance.now();
      const world = await paintWorld({ out: join(folder, "demo") });
      const paintSeconds = (performance.now() - started) / 1000;
      const workspace = join(folder, "workspace");
      const args = [
        "ingest",
        "--workspace",
        workspace,
        "--image",
        ...world.images.map(({ path }) => path),
        "--vectors",
        world.layers,
        "--knowledge",
        world.knowledge,
        "--json",
      ];
      const child = spawnSync(process.execPath, [join(PACKAGE_ROOT, "dist/node/run.js"), ...args], {
        encoding: "utf8",
        maxBuffer: 1e8,
      });
      if (child.status !== 0) throw new Error(child.stderr);
      const ingest = JSON.parse(child.stdout) as IngestResult;
      const reading = await readAll(world.images.map(({ path }) => path));
      return {
        benchmark: "pipeline",
        machine: { cores: availableParallelism(), loadAverage: loadavg()[0], node: process.version },
        demo: { metres: world.size, paintSeconds: round(paintSeconds) },
        ingest: {
          seconds: ingest.seconds,
          megapixelsPerSecond: ingest.megapixelsPerSecond,
          peakMemoryMb: ingest.peakMemoryMb,
        },
        readOnly: {
          peer: "geotiff readRasters, 256-row windows, no statistics, embeddings or segmentation",
          megapixelsPerSecond: round(reading),
          ingestSpeedOverPeer: round(ingest.megapixelsPerSecond / reading),
        },
        turns: await turnLatency(workspace),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function readAll(paths: readonly string[]): Promise<number> {
  const started = performance.now();
  let pixels = 0;
  for (const path of paths) {
    const tiff = await fromFile(path);
    const image = await tiff.getImage(0);
    for (let y = 0; y < image.getHeight(); y += 256) {
      const bottom = Math.min(image.getHeight(), y + 256);
      await image.readRasters({ window: [0, y, image.getWidth(), bottom], interleave: true });
      pixels += image.getWidth() * (bottom - y);
    }
    await tiff.close();
  }
  return pixels / 1e6 / ((performance.now() - started) / 1000);
}

/** Milliseconds by stage over several questions; the first round, which builds indexes, is told apart. */
async function turnLatency(workspace: string) {
  const opened = performance.now();
  const engine = await openEngine(workspace);
  const openMs = performance.now() - opened;
  try {
    const stages = new Map<string, number[]>();
    const totals: number[] = [];
    let firstMs = 0;
    for (let turnRound = 0; turnRound < ROUNDS; turnRound += 1) {
      for (const [index, message] of QUESTIONS.entries()) {
        const started = performance.now();
        const reply = await engine.agent.run({ message });
        const ms = performance.now() - started;
        if (turnRound === 0 && index === 0) firstMs = ms;
        if (turnRound === 0) continue;
        totals.push(ms);
        for (const [stage, value] of Object.entries(reply.timings))
          stages.set(stage, [...(stages.get(stage) ?? []), value]);
      }
    }
    return {
      questions: QUESTIONS,
      openMs: round(openMs),
      firstMs: round(firstMs),
      p50Ms: quantile(totals, 0.5),
      p95Ms: quantile(totals, 0.95),
      stagesP50Ms: Object.fromEntries([...stages].map(([stage, values]) => [stage, quantile(values, 0.5)])),
    };
  } finally {
    engine.close();
  }
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
