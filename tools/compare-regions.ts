import { z } from "zod";
import { findRegion } from "../src/answer/find-region.ts";
import { proofFacts } from "../src/answer/proof-facts.ts";
import { defineTool, type ToolDeps } from "./define-tool.ts";
import { RegionIdSchema } from "./region-id.ts";

export const compareRegionsTool = ({ workspace }: ToolDeps) =>
  defineTool({
    name: "compare_regions",
    description: "Sizes, probabilities, captions and what was measured of two to ten regions side by side.",
    schema: z.object({ regions: z.array(RegionIdSchema).min(2).max(10) }),
    call: ({ regions }) => ({
      regions: regions.map((id) => {
        const { caption, areaM2, probability, flags, proof } = findRegion(workspace, id).region;
        const measured = proofFacts(proof).map((fact) => ({ predicate: fact.predicate, ...fact.measured }));
        return { id, caption, areaM2, probability, flags, measured };
      }),
    }),
  });
