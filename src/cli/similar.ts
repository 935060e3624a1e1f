import {
  DEFAULT_SIMILAR,
  findSimilar,
  MOST_SIMILAR,
  type SimilarReply,
  SimilarRequestSchema,
} from "../answer/similar.ts";
import { TerralogueError } from "../errors.ts";
import { openWorkspace } from "../open-workspace.ts";
import { parseBbox } from "./ask.ts";
import type { CliCommand } from "./command.ts";

interface Options {
  readonly workspace: string;
  readonly bbox?: string;
  readonly region?: string;
  readonly space: string;
  readonly date?: string;
  readonly limit: string;
  readonly json?: boolean;
}

export const similarCommand: CliCommand = {
  name: "similar",
  summary: "More like this: the tiles of a workspace that look most like a region.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace to search")
      .option("--bbox <w,s,e,n>", "the region as a box, degrees")
      .option("--region <id>", "the region as the id of one of an earlier reply")
      .option("--space <name>", "image (vectors of the imagery) or geo (embedding rasters)", "image")
      .option("--date <yyyy-mm-dd>", "date of the imagery, or in the year of the embeddings; the newest without it")
      .option("--limit <n>", `how many tiles, at most ${MOST_SIMILAR}`, String(DEFAULT_SIMILAR))
      .option("--json", "print them as JSON")
      .action(async (options: Options) => {
        const request = SimilarRequestSchema.safeParse({
          ...(options.bbox !== undefined && { bbox: parseBbox(options.bbox) }),
          ...(options.region !== undefined && { region: options.region }),
          ...(options.date !== undefined && { date: options.date }),
          space: options.space,
          limit: Number(options.limit),
        });
        if (!request.success) {
          const [issue] = request.error.issues;
          const name = String(issue?.path[0]);
          throw new TerralogueError(
            "bad_arguments",
            `--${name} is not right (${options[name as keyof Options]}): ${issue?.message}.`,
          );
        }
        const workspace = await openWorkspace(options.workspace);
        try {
          const reply = findSimilar(request.data, workspace);
          process.stdout.write(options.json ? `${JSON.stringify(reply, null, 2)}\n` : `${inWords(reply)}\n`);
        } finally {
          workspace.close();
        }
      });
  },
};

function inWords({ tiles, encoders, date, scaleM, covered, note }: SimilarReply): string {
  return [
    `${tiles.length} tiles of ${scaleM} m like it on ${date ?? "undated imagery"}, by ${encoders.join(", ")}; ${Math.round(covered * 100)} % of the region has vectors.`,
    ...tiles.map(
      ({ rank, tile, similarity, bbox }) =>
        `${rank}. ${similarity.toFixed(3)}  ${tile}  ${bbox.map((degree) => degree.toFixed(5)).join(",")}`,
    ),
    ...(note ? [note] : []),
  ].join("\n");
}
