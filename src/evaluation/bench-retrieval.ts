import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../demo/random.ts";
import { openEngine } from "../engine.ts";
import { VectorScan } from "../store/vector-scan.ts";
import { readOptions, wholeNumber } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { denseWindows } from "./retrieval/embedding-baselines.ts";
import { prepareWorld, worldsFolder } from "./retrieval/worlds.ts";

/** First questions, each in a conversation of its own, with a refinement that follows. */
const QUESTIONS: readonly (readonly [first: string, refinement: string])[] = [
  ["find new logistics parks near highway exits", "only within 500 m"],
  ["the largest solar farms", "only near a road"],
  ["residential areas within 300 m of a factory", "only within 200 m"],
  ["查找高速出口附近的物流园", "只要500米以内的"],
  ["buildings near the coast", "only within 300 m"],
  ["storage tanks", "only near a railway"],
  ["factories", "only near a road"],
  ["ships within 500 m of a pier", "only within 200 m"],
  ["stadiums", "only near a railway"],
  ["warehouses more than 1 km from a highway exit", "only white ones"],
];
const SCAN_TILES = 1_000_000;
const SCAN_DIMENSIONS = 256;
const SCAN_RUNS = 7;
/** The default demo. */
const DEMO = { landform: "harbour", seed: 7, size: 4000 } as const;

/**
 * Time to the first answer with chips that were never encoded, to its refinement, and of the exact scan that ranks tiles; each beside the naive way in the same
 * run: encoding every window before the first answer, asking the refined question anew without any cache, and a loop over the vectors.
 */
export const retrievalBench: Measurement = {
  name: "retrieval",
  summary:
    "first answer with cold chips, refinement, and the scan of 1,000,000 tiles: [--workspace DIR, else the default demo] [--tiles N] [--worlds-folder DIR]",
  run: async (args) => {
    const values = readOptions(args, {
      workspace: { type: "string" },
      tiles: { type: "string" },
      "worlds-folder": { type: "string" },
    });
    const given = values.workspace ?? (await prepareWorld(DEMO, worldsFolder(values["worlds-folder"]))).workspace;
    const folder = mkdtempSync(join(tmpdir(), "terralogue-bench-"));
    try {
      const load = loadavg()[0];
      return {
        benchmark: "retrieval",
        machine: { cores: availableParallelism(), loadAverage: round(load ?? 0), node: process.version },
        ...(await conversations(given, folder)),
        scan: scan(wholeNumber(values.tiles, "tiles") ?? SCAN_TILES),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A copy of a workspace without its cache of chips. */
function coldCopy(given: string, folder: string, name: string): string {
  const copy = join(folder, name);
  cpSync(given, copy, { recursive: true, filter: (path) => !/chips\.sqlite/.test(path) });
  return copy;
}

async function conversations(given: string, folder: string) {
  const first: number[] = [];
  const firstCpu: number[] = [];
  const refinedCpu: number[] = [];
  const refined: number[] = [];
  const anew: number[] = [];
  const chips: number[] = [];
  for (const [index, [question, refinement]] of QUESTIONS.entries()) {
    const engine = await openEngine(coldCopy(given, folder, `${index}`));
    try {
      // Opening reads the table of entities once for a service that stays; a question about something else does the same here.
      await engine.agent.run({ message: "beaches" });
      const answer = await timed(() => engine.agent.run({ message: question }));
      first.push(answer.ms);
      firstCpu.push(answer.cpuMs);
      chips.push(answer.value.work.chipsEncoded);
      const follow = await timed(() => engine.agent.run({ message: refinement, thread: answer.value.thread }));
      refined.push(follow.ms);
      refinedCpu.push(follow.cpuMs);
    } finally {
      engine.close();
    }
    const other = await openEngine(coldCopy(given, folder, `${index}-anew`));
    try {
      await other.agent.run({ message: "beaches" });
      anew.push((await timed(() => other.agent.run({ message: `${question}, ${refinement}` }))).ms);
    } finally {
      other.close();
    }
  }
  const naive = await openEngine(coldCopy(given, folder, "dense"));
  try {
    const dense = await timed(() => denseWindows(naive.context));
    const one = await dense.value.find({ text: QUESTIONS[0]?.[0] as string, viewport: null, area: null });
    return {
      questions: QUESTIONS.length,
      firstAnswer: {
        p50Ms: quantile(first, 0.5),
        p95Ms: quantile(first, 0.95),
        p50CpuMs: quantile(firstCpu, 0.5),
        p95CpuMs: quantile(firstCpu, 0.95),
        chipsP50: quantile(chips, 0.5),
        naive: { way: "every window of 128 m encoded first", windows: one.chipsSeen, ms: round(dense.ms + one.ms) },
      },
      refinement: {
        p50Ms: quantile(refined, 0.5),
        p95Ms: quantile(refined, 0.95),
        p50CpuMs: quantile(refinedCpu, 0.5),
        naive: { way: "the refined question asked anew, nothing cached", p50Ms: quantile(anew, 0.5) },
      },
    };
  } finally {
    naive.close();
  }
}

/** The nearest ten of random unit vectors, as the coarse stage scans its tiles. The naive way is a loop; both must find the same. */
function scan(tiles: number) {
  const random = new Random(1);
  const vectors = new Float32Array(tiles * SCAN_DIMENSIONS);
  for (let i = 0; i < vectors.length; i += 1) vectors[i] = random.next() - 0.5;
  const query = Float32Array.from({ length: SCAN_DIMENSIONS }, () => random.next() - 0.5);
  const prepared = new VectorScan(vectors, SCAN_DIMENSIONS);
  prepared.prepare();
  const times: number[] = [];
  let best = -1;
  for (let run = 0; run < SCAN_RUNS; run += 1) {
    const started = performance.now();
    best = prepared.nearest(query, 10)[0]?.row ?? -1;
    times.push(performance.now() - started);
  }
  const started = performance.now();
  const naive = loopBest(vectors, query);
  const naiveMs = performance.now() - started;
  return {
    tiles,
    dimensions: SCAN_DIMENSIONS,
    p50Ms: quantile(times, 0.5),
    bestMs: quantile(times, 0),
    naive: { way: "a loop in JavaScript", ms: round(naiveMs), findsTheSame: best === naive },
  };
}

function loopBest(dataset: Float32Array, query: Float32Array): number {
  let [best, bestScore] = [-1, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < dataset.length / query.length; row += 1) {
    let [dot, length] = [0, 0];
    for (let k = 0; k < query.length; k += 1) {
      const value = dataset[row * query.length + k] as number;
      dot += value * (query[k] as number);
      length += value * value;
    }
    const score = dot / Math.sqrt(length);
    if (score > bestScore) [best, bestScore] = [row, score];
  }
  return best;
}

/** Time that passed, and time that the process had the processor for: the two part where others use the machine. */
async function timed<T>(
  run: () => Promise<T>,
): Promise<{ readonly value: T; readonly ms: number; readonly cpuMs: number }> {
  const started = performance.now();
  const before = process.cpuUsage();
  const value = await run();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: performance.now() - started, cpuMs: (user + system) / 1000 };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
