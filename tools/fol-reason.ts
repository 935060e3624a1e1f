import { z } from "zod";
import { search } from "../src/logic/search.ts";
import { parseFormula } from "../src/logic/text.ts";
import { defineTool, type ToolDeps } from "./define-tool.ts";

export const folReasonTool = (deps: ToolDeps) =>
  defineTool({
    name: "fol_reason",
    description:
      "Finds the entities that satisfy a first-order formula with free variable x, for example: quarry(x) ∧ ∃y (river(y) ∧ near(x, y, 500)). Returns entity ids with truth and witnesses.",
    schema: z.object({ formula: z.string().min(1).max(4000), limit: z.number().int().min(1).max(100).default(10) }),
    call: ({ formula, limit }) => {
      const { bindings } = search(deps.context.table(), parseFormula(formula), { limit });
      return {
        bindings: bindings.map(({ entity, truth, proof }) => ({
          id: entity.id,
          concept: entity.concept,
          name: entity.name,
          truth,
          witnesses: proof.witnesses,
        })),
      };
    },
  });
