import type { DynamicStructuredTool } from "@langchain/core/tools";
import type { Engine } from "../src/engine.ts";
import { compareRegionsTool, describeRegionTool, exportRegionsTool } from "./ask-about-regions.ts";
import { coarseIndexTool } from "./coarse-index.ts";
import { folReasonTool } from "./fol-reason.ts";
import { landmarkKnowledgeTool } from "./landmark-knowledge.ts";
import { pyramidRefineTool } from "./pyramid-refine.ts";

/** Every tool over one engine, in the order in which a search uses them. */
export function createTools(engine: Engine): readonly DynamicStructuredTool[] {
  return [
    coarseIndexTool,
    pyramidRefineTool,
    folReasonTool,
    landmarkKnowledgeTool,
    describeRegionTool,
    compareRegionsTool,
    exportRegionsTool,
  ].map((make) => make(engine));
}
