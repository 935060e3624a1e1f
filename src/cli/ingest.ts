import { ingest } from "../ingest/ingest.ts";
import { createHashedTextEncoder } from "../models/hashed-text-encoder.ts";
import { createSpectralSegmenter } from "../models/spectral-segmenter.ts";
import { createStatisticsEncoder } from "../models/statistics-encoder.ts";
import type { CliCommand } from "./command.ts";
import { type ProgressBar, progressBar } from "./progress.ts";

interface Options {
  readonly workspace: string;
  readonly image?: string[];
  readonly vectors?: string[];
  readonly detections?: string[];
  readonly embeddings?: string[];
  readonly knowledge?: string[];
  readonly segment: boolean;
  readonly json?: boolean;
}

export const ingestCommand: CliCommand = {
  name: "ingest",
  summary: "Builds or extends a workspace from imagery, map layers, detections, embeddings and knowledge. Resumable.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace to make or extend")
      .option("--image <file...>", "GeoTIFF or COG, path or URL, as FILE or FILE@YYYY-MM-DD")
      .option("--vectors <file...>", "GeoJSON layers with OpenStreetMap tags")
      .option("--detections <file...>", "GeoJSON with concept (or class) and confidence")
      .option("--embeddings <file...>", "embedding raster, as FILE@YEAR")
      .option(
        "--knowledge <file...>",
        "landmarks as JSON Lines, CSV, GeoJSON, Wikidata or Wikipedia extracts, as FILE or FILE@mapping.yaml",
      )
      .option("--no-segment", "do not look for large roofs, truck yards and solar panels in the imagery")
      .option("--json", "print the summary as JSON")
      .action(async (options: Options) => {
        let bar: ProgressBar | null = null;
        const summary = await ingest({
          workspace: options.workspace,
          images: options.image ?? [],
          vectors: options.vectors ?? [],
          detections: options.detections ?? [],
          embeddings: options.embeddings ?? [],
          knowledge: options.knowledge ?? [],
          encoder: createStatisticsEncoder(),
          textEncoder: createHashedTextEncoder(),
          ...(options.segment && { segmenter: createSpectralSegmenter() }),
          onStep: (title) => {
            bar?.end();
            bar = progressBar(title);
          },
          onProgress: (done, label) => bar?.update(done, label),
          onNote: (note) => process.stderr.write(`${note}\n`),
        });
        (bar as ProgressBar | null)?.end();
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
