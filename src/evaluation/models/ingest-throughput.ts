import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { paintWorld } from "../../demo/write-demo.ts";
import { ingest } from "../../ingest/ingest.ts";
import { openDualEncoder } from "../../models/dual-encoder.ts";
import type { DualEncoderManifest } from "../../models/manifest.ts";
import { DEFAULT_BATCH } from "../../models/onnx/batches.ts";
import { openGraph } from "../../models/onnx/graph.ts";
import { filePath, type Model } from "../../models/read-manifest.ts";
import { madeFeeds, openSizes } from "./graph-inputs.ts";

export interface IngestThroughput {
  /** Chips that one ingest embeds. */
  readonly chips: number;
  /** Of the graph alone, on made inputs, one thread, the batch that ingest uses; chips a second. */
  readonly bare: number;
  /** Of ingest from opening the imagery to the last stored vector: reading, decoding, resizing and writing included. */
  readonly ingest: number;
  /** Ingest's over the bare one's, median of the rounds. */
  readonly fraction: number;
  readonly rounds: readonly number[];
}

/**
 * What ingest leaves of an encoder's throughput. Each round is an ingest (two dates of a painted world) and then the bare graph over
 * as many chips, so that other work on the machine weighs on both alike.
 *
 * @param size side of the painted world in metres
 * @param folder for the world and the workspaces; emptied of them afterwards
 */
export async function ingestThroughput(
  model: Model<DualEncoderManifest>,
  { rounds, size, folder }: { rounds: number; size: number; folder: string },
): Promise<IngestThroughput | { readonly skipped: string }> {
  const file = model.manifest.files.image;
  if (!file) return { skipped: "its towers are one graph" };
  const world = await paintWorld({ out: join(folder, "world"), size });
  const encoder = await openDualEncoder(model);
  const graph = await openGraph(filePath(model, file));
  try {
    const feeds = madeFeeds(graph, DEFAULT_BATCH, openSizes(model.manifest));
    if (!feeds) return { skipped: `its graph is fixed to another batch than ${DEFAULT_BATCH}` };
    const outputs = graph.outputs.map(({ name }) => name);
    const bareSeconds = async (chips: number) => {
      const started = performance.now();
      for (let done = 0; done < chips; done += DEFAULT_BATCH) await graph.run(feeds, outputs);
      return (((performance.now() - started) / 1000) * chips) / (Math.ceil(chips / DEFAULT_BATCH) * DEFAULT_BATCH);
    };
    await bareSeconds(DEFAULT_BATCH);
    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      const workspace = mkdtempSync(join(folder, "workspace-"));
      const { chips, seconds } = await embeddingSeconds(
        workspace,
        world.images.map(({ path }) => path),
        encoder,
      );
      rmSync(workspace, { recursive: true });
      measured.push({ chips, seconds, bare: await bareSeconds(chips) });
    }
    const fractions = measured.map(({ seconds, bare }) => bare / seconds);
    const chips = measured[0]?.chips ?? 0;
    return {
      chips,
      bare: rounded(chips / middle(measured.map(({ bare }) => bare)), 1),
      ingest: rounded(chips / middle(measured.map(({ seconds }) => seconds)), 1),
      fraction: rounded(middle(fractions), 3),
      rounds: fractions.map((value) => rounded(value, 3)),
    };
  } finally {
    await graph.close();
    await encoder.close();
  }
}

async function embeddingSeconds(
  workspace: string,
  images: readonly string[],
  encoder: Awaited<ReturnType<typeof openDualEncoder>>,
) {
  let chips = 0;
  let begun = 0;
  let ended = 0;
  await ingest({
    workspace,
    images,
    encoder: {
      ...encoder,
      encodeChips: (batch, signal) => {
        chips += batch.length;
        return encoder.encodeChips(batch, signal);
      },
    },
    onStep: (title) => {
      if (title === "Indexing the imagery") begun = performance.now();
      else if (begun > 0 && ended === 0) ended = performance.now();
    },
  });
  return { chips, seconds: (ended - begun) / 1000 };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
