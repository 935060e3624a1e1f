import type { DynamicStructuredTool } from "@langchain/core/tools";
import { coarseIndexTool } from "./coarse-index.ts";
import { compareRegionsTool } from "./compare-regions.ts";
import type { ToolDeps } from "./define-tool.ts";
import { describeRegionTool } from "./describe-region.ts";
import { exportRegionsTool } from "./export-regions.ts";
import { folReasonTool } from "./fol-reason.ts";
import { landmarkKnowledgeTool } from "./landmark-knowledge.ts";
import { pyramidRefineTool } from "./pyramid-refine.ts";

/** Every tool over one engine; all of them only read, in the order in which a search uses them. */
export function createTools(deps: ToolDeps): readonly DynamicStructuredTool[] {
  return [
    coarseIndexTool,
    pyramidRefineTool,
    folReasonTool,
    landmarkKnowledgeTool,
    describeRegionTool,
    compareRegionsTool,
    exportRegionsTool,
  ].map((make) => make(deps));
}
