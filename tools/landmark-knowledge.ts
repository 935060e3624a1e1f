import { z } from "zod";
import { defineTool, type ToolDeps } from "./define-tool.ts";

export const landmarkKnowledgeTool = (deps: ToolDeps) =>
  defineTool({
    name: "landmark_knowledge",
    description:
      "Searches the landmark knowledge store by words. Returns passages with their ids, landmark, typed facts and source, to be cited.",
    schema: z.object({ words: z.string().min(1).max(1000), limit: z.number().int().min(1).max(20).default(5) }),
    call: ({ words, limit }) => ({
      passages: deps.workspace.knowledge.search(words, limit).map(({ passage, landmark, score }) => ({
        id: passage.id,
        text: passage.text,
        landmark: landmark.name,
        facts: landmark.facts,
        source: passage.source,
        score,
      })),
    }),
  });
