import { z } from "zod";
import { findRegion } from "../src/answer/find-region.ts";
import { defineTool, type ToolDeps } from "./define-tool.ts";
import { RegionIdSchema } from "./region-id.ts";

export const describeRegionTool = ({ workspace }: ToolDeps) =>
  defineTool({
    name: "describe_region",
    description: "Caption, size, probability, proof and evidence of a region of an earlier reply.",
    schema: z.object({ region: RegionIdSchema }),
    call: ({ region }) => findRegion(workspace, region).region,
  });
