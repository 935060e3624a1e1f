import { type Agent, createAgent } from "../agents/graph.ts";
import { loadPrompt } from "../prompts/load-prompt.ts";
import type { LanguageModel } from "./models/language-model.ts";
import type { OpenModels } from "./models/open-models.ts";
import type { Encoder } from "./models/ports.ts";
import { createStatisticsEncoder } from "./models/statistics-encoder.ts";
import { openWorkspaceModels } from "./models/workspace-models.ts";
import { openWorkspace } from "./open-workspace.ts";
import { createRetrievalContext, type RetrievalContext } from "./retrieval/context.ts";
import { gazetteer } from "./store/gazetteer.ts";
import { createStages } from "./turn/create-stages.ts";
import type { Stages } from "./turn/stages.ts";
import type { Workspace } from "./workspace.ts";

export interface EngineOptions {
  /** The workspace's without one. */
  readonly encoder?: Encoder;
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
 * @throws {TerralogueError} `bad_workspace` when the folder holds no finished workspace, or one whose tiles another encoder encoded
 */
export async function openEngine(directory: string, options: EngineOptions = {}): Promise<Engine> {
  const now = options.now ?? (() => new Date());
  const workspace = await openWorkspace(directory);
  const models = options.encoder ? null : await modelsOf(workspace);
  const encoder = options.encoder ?? models?.encoder ?? createStatisticsEncoder();
  const context = contextOf(workspace, encoder);
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
      void models?.close();
    },
  };
}

async function modelsOf(workspace: Workspace): Promise<OpenModels> {
  try {
    return await openWorkspaceModels(workspace.directory, workspace.imageEncoder, { slots: ["encoder"], threads: 2 });
  } catch (fault) {
    workspace.close();
    throw fault;
  }
}

function contextOf(workspace: Workspace, encoder: Encoder): RetrievalContext {
  try {
    return createRetrievalContext(workspace, encoder, gazetteer(workspace));
  } catch (fault) {
    workspace.close();
    throw fault;
  }
}
