import { z } from "zod";
import type { Engine } from "../src/engine.ts";
import { defineTool } from "./define-tool.ts";
import { planOf } from "./plan-of.ts";

export const pyramidRefineTool = (engine: Engine) =>
  defineTool({
    name: "pyramid_refine",
    description:
      "Descends the image pyramid under the best coarse tiles for a question. Returns the most salient cells, boxes in working-CRS metres.",
    schema: z.object({ question: z.string().min(1).max(4000), limit: z.number().int().min(1).max(200).default(20) }),
    call: async ({ question, limit }) => {
      const plan = await planOf(engine, question);
      const saliency = await engine.stages.refine(await engine.stages.coarse(plan), plan);
      return { ...saliency, cells: saliency.cells.slice(0, limit) };
    },
  });
