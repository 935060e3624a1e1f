import { availableParallelism } from "node:os";
import { type IngestOptions, type IngestSummary, ingest } from "../ingest/ingest.ts";
import { rulesBeside } from "../models/open-models.ts";
import { createStatisticsEncoder } from "../models/statistics-encoder.ts";
import { openWorkspaceModels } from "../models/workspace-models.ts";
import { heldImageEncoder } from "../open-workspace.ts";
import type { CliCommand } from "./command.ts";
import { endWithParent, eventListeners, telling } from "./ingest-events.ts";
import { type ProgressBar, progressBar } from "./progress.ts";

/** The runtime's calls block the one that asks: reading waits for them, so that they may have the whole machine. */
export const INGEST_THREADS = Math.min(8, availableParallelism());

interface Options {
  readonly workspace: string;
  readonly image?: string[];
  readonly vectors?: string[];
  readonly detections?: string[];
  readonly embeddings?: string[];
  readonly knowledge?: string[];
  readonly detect: boolean;
  readonly reembed?: boolean;
  readonly publicUrls?: boolean;
  readonly json?: boolean;
  readonly events?: boolean;
}

export const ingestCommand: CliCommand = {
  name: "ingest",
  summary: "Builds or extends a workspace from imagery, map layers, detections, embeddings and knowledge. Resumable.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace to make or extend")
      .option("--image <file...>", "GeoTIFF or COG, path or URL, as FILE or FILE@YYYY-MM-DD")
      .option(
        "--vectors <file...>",
        "layers with OpenStreetMap tags: GeoJSON, GeoPackage, shapefile, or shapefiles in a .zip",
      )
      .option("--detections <file...>", "GeoJSON with concept (or class) and confidence")
      .option("--embeddings <file...>", "embedding raster, as FILE@YEAR")
      .option(
        "--knowledge <file...>",
        "landmarks as JSON Lines, CSV, GeoJSON, Wikidata or Wikipedia extracts, as FILE or FILE@mapping.yaml",
      )
      .option("--no-detect", "do not look for things in the imagery")
      .option("--reembed", "encode the tiles again, when another encoder made the workspace's vectors")
      .option("--public-urls", "follow URLs to addresses of the public internet alone")
      .option("--json", "print the summary as JSON")
      .option("--events", "print what happens as it happens, one JSON object a line, in place of the progress bar")
      .action(async (options: Options) => {
        if (options.events) {
          endWithParent();
          await telling((tell) => run(options, eventListeners(tell)));
          return;
        }
        const bar = barListeners();
        const summary = await run(options, bar);
        bar.end();
        if (options.json) {
          process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
          return;
        }
        const speed = summary.megapixelsPerSecond === null ? "" : ` (${summary.megapixelsPerSecond} Mpx/s)`;
        process.stdout.write(
          `Workspace ${summary.workspace} is ready after ${summary.seconds} s: ${summary.images} images, ${summary.megapixels} megapixels read${speed}, ${summary.entitiesAdded} entities and ${summary.landmarks} landmarks added.\nAsk it: npm run --silent ask -- --workspace ${summary.workspace} "…"\n`,
        );
      });
  },
};

type Listeners = Pick<IngestOptions, "onStep" | "onProgress" | "onNote">;

async function run(options: Options, listeners: Listeners): Promise<IngestSummary> {
  const models = await openWorkspaceModels(
    options.workspace,
    options.reembed ? null : heldImageEncoder(options.workspace),
    {
      slots: ["encoder", "textEncoder", ...(options.detect ? (["segmenter", "detector"] as const) : []), "geoEncoder"],
      threads: INGEST_THREADS,
    },
  );
  const rules = rulesBeside(models.segmenter);
  try {
    return await ingest({
      workspace: options.workspace,
      images: options.image ?? [],
      vectors: options.vectors ?? [],
      detections: options.detections ?? [],
      embeddings: options.embeddings ?? [],
      knowledge: options.knowledge ?? [],
      encoder: models.encoder ?? createStatisticsEncoder(),
      ...(models.textEncoder && { textEncoder: models.textEncoder }),
      reembed: options.reembed === true,
      ...(models.segmenter && { segmenter: models.segmenter }),
      ...(models.detector && { detector: models.detector }),
      ...(models.geoEncoder && { geoEncoder: models.geoEncoder }),
      rules,
      ...(options.publicUrls && { reach: "public" as const }),
      ...listeners,
    });
  } finally {
    await models.close();
  }
}

function barListeners(): Listeners & { end(): void } {
  let bar: ProgressBar | null = null;
  return {
    onStep: (title) => {
      bar?.end();
      bar = progressBar(title);
    },
    onProgress: (done, label) => bar?.update(done, label),
    onNote: (note) => process.stderr.write(`${note}\n`),
    end: () => bar?.end(),
  };
}
