import { z } from "zod";
import type { Engine } from "../src/engine.ts";
import { defineTool } from "./define-tool.ts";
import { planOf } from "./plan-of.ts";

export const coarseIndexTool = (engine: Engine) =>
  defineTool({
    name: "coarse_index",
    description: "Ranks the coarse tiles of the mosaic for a question in words. Returns tile ids with scores.",
    schema: z.object({ question: z.string().min(1).max(4000), limit: z.number().int().min(1).max(64).default(10) }),
    call: async ({ question, limit }) => {
      const tiles = await engine.stages.coarse(await planOf(engine, question));
      return {
        tiles: tiles.slice(0, limit).map(({ tile, score, parts }) => ({ id: tile.id, date: tile.date, score, parts })),
      };
    },
  });
