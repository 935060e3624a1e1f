import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TerralogueError } from "../errors.ts";
import { type Graph, openGraph } from "../models/onnx/graph.ts";
import { filePath, filesOf, type Model, ofKind, presence } from "../models/read-manifest.ts";
import { findModel, listModels, PACKAGE_MODELS } from "../models/registry.ts";
import type { Measurement } from "./benchmark.ts";
import { fileFeeds, madeFeeds, openSizes } from "./models/graph-inputs.ts";
import { ingestThroughput } from "./models/ingest-throughput.ts";
import { type PythonPeer, startPythonPeer } from "./models/python-peer.ts";

const THREADS = [1, 2];
const BATCHES = [1, 8, 32];
/** Batches with more numbers in one input are left out: what lies between input and output is many times as large. */
const LARGEST_INPUT = 16e6;
/** A round of one setting takes about so long. */
const ROUND_SECONDS = 0.4;

/**
 * Items a second of every graph of the present models, for threads and batch sizes, and of the same graph on the same inputs in
 * Python's onnxruntime where there is one. Both sides take turns, so that other work on the machine hits them alike; medians. And what
 * ingest, which reads, decodes and stores beside the model, leaves of an encoder's throughput.
 */
export const modelsBench: Measurement = {
  name: "models",
  summary:
    "items a second of each model against Python's onnxruntime (--model ID|FILE, --rounds N, --batches 1,8,32, --threads 1,2; TERRALOGUE_PYTHON names a Python), and what ingest leaves of an encoder's (--world METRES, 0 for none)",
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        model: { type: "string", multiple: true },
        rounds: { type: "string", default: "5" },
        batches: { type: "string", default: BATCHES.join(",") },
        threads: { type: "string", default: THREADS.join(",") },
        world: { type: "string", default: "4000" },
      },
    });
    const rounds = wholeNumbers("--rounds", values.rounds)[0] as number;
    const batches = wholeNumbers("--batches", values.batches);
    const threads = wholeNumbers("--threads", values.threads);
    const size = values.world === "0" ? 0 : (wholeNumbers("--world", values.world, 100_000)[0] as number);
    const models = await modelsOf(values.model);
    const peer = await startPythonPeer(process.env.TERRALOGUE_PYTHON ?? "python3");
    const folder = mkdtempSync(join(tmpdir(), "bench-models-"));
    try {
      const graphs = [];
      for (const model of models) {
        for (const { role, file } of filesOf(model)) {
          if (!/\.onnx$/i.test(file.path)) continue;
          process.stderr.write(`measuring ${model.manifest.id} (${role})\n`);
          const setting = {
            path: filePath(model, file),
            sizes: openSizes(model.manifest),
            rounds,
            batches,
            threads,
            folder,
          };
          graphs.push({
            model: model.ref,
            role,
            settings: await measureGraph(setting, "skipped" in peer ? null : peer),
          });
        }
      }
      const ingests = [];
      for (const model of size > 0 ? models : []) {
        if (model.manifest.kind !== "dual_encoder") continue;
        process.stderr.write(`ingesting with ${model.manifest.id}\n`);
        const measured = await ingestThroughput(ofKind(model, "dual_encoder"), { rounds, size, folder });
        ingests.push({ model: model.ref, ...measured });
      }
      return {
        machine: {
          cores: availableParallelism(),
          load: Math.round((loadavg()[0] as number) * 10) / 10,
          node: process.version,
        },
        python: "skipped" in peer ? peer : { onnxruntime: peer.version },
        rounds,
        graphs,
        ...(size > 0 && { ingest: { worldMetres: size, encoders: ingests } }),
      };
    } finally {
      if (!("skipped" in peer)) peer.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function wholeNumbers(option: string, text: string, most = 1024): readonly number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.every((value) => Number.isInteger(value) && value >= 1 && value <= most)) return numbers;
  throw new TerralogueError("bad_arguments", `${option} is ${text}; give whole numbers from 1 to ${most}.`);
}

async function modelsOf(names: readonly string[] | undefined): Promise<readonly Model[]> {
  if (names) return Promise.all(names.map((name) => findModel(name, [PACKAGE_MODELS])));
  const present: Model[] = [];
  for (const { model } of await listModels([PACKAGE_MODELS]))
    if (model && (await presence(model)).isComplete) present.push(model);
  if (present.length > 0) return present;
  throw new TerralogueError("not_found", "No models are there; fetch one, or name a manifest with --model FILE.");
}

interface Setting {
  readonly path: string;
  readonly sizes: ReturnType<typeof openSizes>;
  readonly rounds: number;
  readonly batches: readonly number[];
  readonly threads: readonly number[];
  readonly folder: string;
}

type Figures = { readonly threads: number; readonly batch: number; readonly skipped: string } | Measured;

interface Measured {
  readonly threads: number;
  readonly batch: number;
  readonly itemsPerSecond: number;
  /** What Python's onnxruntime does, and ours over it. */
  readonly python?: number | { readonly fault: string };
  readonly ratio?: number;
}

async function measureGraph(setting: Setting, peer: PythonPeer | null): Promise<readonly Figures[]> {
  const out: Figures[] = [];
  for (const threads of setting.threads) {
    const graph = await openGraph(setting.path, { threads });
    try {
      for (const batch of setting.batches) {
        const figures = await measureBatch(graph, threads, batch, setting, peer);
        if (figures) out.push(figures);
      }
    } finally {
      await graph.close();
    }
  }
  return out;
}

async function measureBatch(
  graph: Graph,
  threads: number,
  batch: number,
  { path, sizes, rounds, folder }: Setting,
  peer: PythonPeer | null,
): Promise<Figures | null> {
  const feeds = madeFeeds(graph, batch, sizes);
  if (!feeds) return null;
  if (Object.values(feeds).some(({ data }) => data.length > LARGEST_INPUT))
    return { threads, batch, skipped: `more than ${LARGEST_INPUT / 1e6} million numbers of input` };
  const outputs = graph.outputs.map(({ name }) => name);
  const once = async () => {
    const started = performance.now();
    await graph.run(feeds, outputs);
    return (performance.now() - started) / 1000;
  };
  const inputs = peer ? await fileFeeds(graph, feeds, mkdtempSync(join(folder, "inputs-"))) : null;
  await once();
  const repeats = Math.max(1, Math.min(50, Math.round(ROUND_SECONDS / (await once()))));
  const ours: number[] = [];
  const theirs: number[] = [];
  let fault: string | null = null;
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < repeats; i += 1) ours.push(await once());
    if (!peer || !inputs || fault) continue;
    // The peer's first run of a setting warms it up.
    if (round === 0) await peer.run({ graph: path, threads, repeats: 1, inputs });
    const made = await peer.run({ graph: path, threads, repeats, inputs });
    if ("fault" in made) fault = made.fault;
    else theirs.push(...made);
  }
  const itemsPerSecond = batch / median(ours);
  const python = theirs.length > 0 ? batch / median(theirs) : null;
  return {
    threads,
    batch,
    itemsPerSecond: oneDecimal(itemsPerSecond),
    ...(fault !== null && { python: { fault } }),
    ...(python !== null && { python: oneDecimal(python), ratio: Math.round((itemsPerSecond / python) * 1000) / 1000 }),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

const oneDecimal = (value: number) => Math.round(value * 10) / 10;
