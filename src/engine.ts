import { type Agent, createAgent } from "../agents/graph.ts";
import { loadPrompt } from "../prompts/load-prompt.ts";
import { createHashedTextEncoder } from "./models/hashed-text-encoder.ts";
import type { LanguageModel } from "./models/language-model.ts";
import { createStatisticsEncoder } from "./models/statistics-encoder.ts";
import { openWorkspace } from "./open-workspace.ts";
import { createRetrievalContext, type RetrievalContext } from "./retrieval/context.ts";
import { gazetteer } from "./store/gazetteer.ts";
import { createStages } from "./turn/create-stages.ts";
import type { Stages } from "./turn/stages.ts";
import type { Workspace } from "./workspace.ts";

export interface EngineOptions {
  readonly languageModel?: LanguageModel;
  readonly now?: () => Date;
}

/** Everything that answers: one open workspace, its stages and the agent over them. */
export interface Engine {
  readonly workspace: Workspace;
  readonly context: RetrievalContext;
  readonly stages: Stages;
  readonly agent: Agent;
  close(): void;
}

/**
 * The composition root that commands, server and tests share.
 *
 * @throws {TerralogueError} `bad_workspace` when the folder holds no finished workspace
 */
export async function openEngine(directory: string, options: EngineOptions = {}): Promise<Engine> {
  const now = options.now ?? (() => new Date());
  const workspace = await openWorkspace(directory);
  const context = createRetrievalContext(
    workspace,
    createStatisticsEncoder(),
    gazetteer(workspace),
    createHashedTextEncoder(),
  );
  const stages = createStages(context, {
    today: () => now().toISOString().slice(0, 10),
    ...(options.languageModel && { languageModel: options.languageModel, prompt: loadPrompt("understand").text }),
  });
  const agent = createAgent({ workspace, stages, now });
  return {
    workspace,
    context,
    stages,
    agent,
    close: () => {
      agent.close();
      workspace.close();
    },
  };
}
