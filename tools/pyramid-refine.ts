import { z } from "zod";
import { defineTool, type ToolDeps } from "./define-tool.ts";
import { planOf } from "./plan-of.ts";

export const pyramidRefineTool = (deps: ToolDeps) =>
  defineTool({
    name: "pyramid_refine",
    description:
      "Descends the image pyramid under the best coarse tiles for a question. Returns the most salient cells, boxes in working-CRS metres.",
    schema: z.object({ question: z.string().min(1).max(4000), limit: z.number().int().min(1).max(200).default(20) }),
    call: async ({ question, limit }) => {
      const plan = await planOf(deps, question);
      const saliency = await deps.stages.refine(await deps.stages.coarse(plan), plan);
      return { ...saliency, cells: saliency.cells.slice(0, limit) };
    },
  });
