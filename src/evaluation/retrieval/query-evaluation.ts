import { openEngine } from "../../engine.ts";
import { readOptions, required } from "../arguments.ts";
import type { Measurement } from "../benchmark.ts";
import { askLines, lineResult, readQueryLines } from "./query-file.ts";
import { byProperty, figuresOf } from "./report.ts";

/** Anybody's questions with their right answers, asked of any workspace. */
export const queryEvaluation: Measurement = {
  name: "queries",
  summary:
    'questions of a file against their right answers: --workspace DIR --file FILE.jsonl; a line is {"text", "answers": [GeoJSON geometry…] or [] where abstaining is right, "k": 10}',
  run: async (args) => {
    const values = readOptions(args, { workspace: { type: "string" }, file: { type: "string" } });
    const lines = readQueryLines(required(values.file, "file"));
    const engine = await openEngine(required(values.workspace, "workspace"));
    try {
      const asked = await askLines(lines, engine);
      return {
        evaluation: "queries",
        ...figuresOf(asked),
        ...byProperty(asked, { byLanguage: ({ query }) => query.language }),
        queriesAsked: asked.map(lineResult),
      };
    } finally {
      engine.close();
    }
  },
};
