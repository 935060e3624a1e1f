import { type DynamicStructuredTool, tool } from "@langchain/core/tools";
import type { z } from "zod";
import { TerralogueError } from "../src/errors.ts";
import type { RetrievalContext } from "../src/retrieval/context.ts";
import type { Stages } from "../src/turn/stages.ts";
import type { Workspace } from "../src/workspace.ts";

/** What tools call: an engine, without its agent. */
export interface ToolDeps {
  readonly workspace: Workspace;
  readonly context: RetrievalContext;
  readonly stages: Stages;
}

export interface ToolTrace {
  readonly tool: string;
  readonly ms: number;
  readonly isError: boolean;
}

/**
 * A LangChain tool: a described schema and one engine call. The result is JSON text; a fault that a person can mend
 * comes back as {"error": sentence}, so that a model can go on; anything else is thrown.
 */
export function defineTool<S extends z.ZodObject>(options: {
  readonly name: string;
  readonly description: string;
  readonly schema: S;
  readonly call: (input: z.infer<S>) => Promise<unknown> | unknown;
  readonly onTrace?: (trace: ToolTrace) => void;
}): DynamicStructuredTool {
  const { name, description, schema, call, onTrace = () => {} } = options;
  return tool(
    async (input: unknown) => {
      const started = performance.now();
      try {
        const result = await call(schema.parse(input));
        onTrace({ tool: name, ms: performance.now() - started, isError: false });
        return JSON.stringify(result);
      } catch (fault) {
        onTrace({ tool: name, ms: performance.now() - started, isError: true });
        if (fault instanceof TerralogueError) return JSON.stringify({ error: fault.message });
        throw fault;
      }
    },
    { name, description, schema },
  ) as unknown as DynamicStructuredTool;
}
