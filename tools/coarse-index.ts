import { z } from "zod";
import { defineTool, type ToolDeps } from "./define-tool.ts";
import { planOf } from "./plan-of.ts";

export const coarseIndexTool = (deps: ToolDeps) =>
  defineTool({
    name: "coarse_index",
    description: "Ranks the coarse tiles of the mosaic for a question in words. Returns tile ids with scores.",
    schema: z.object({ question: z.string().min(1).max(4000), limit: z.number().int().min(1).max(64).default(10) }),
    call: async ({ question, limit }) => {
      const tiles = await deps.stages.coarse(await planOf(deps, question));
      return {
        tiles: tiles.slice(0, limit).map(({ tile, score, parts }) => ({ id: tile.id, date: tile.date, score, parts })),
      };
    },
  });
