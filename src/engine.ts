import { createCircuitBreaker } from "../agents/circuit-breaker.ts";
import { type Agent, createAgent } from "../agents/graph.ts";
import { createLanguageModel } from "../agents/language-model.ts";
import { type ModelSettings, modelSettings } from "../agents/model-settings.ts";
import { createDriver } from "../agents/react.ts";
import { createWikipedia, type WikipediaOptions, wikipediaOptions } from "../agents/wikipedia.ts";
import { loadPrompt } from "../prompts/load-prompt.ts";
import { createTools } from "../tools/registry.ts";
import type { Reply } from "./answer/reply.ts";
import type { Slot } from "./models/choice.ts";
import type { OpenModels } from "./models/open-models.ts";
import type { Encoder, TextEncoder } from "./models/ports.ts";
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
  /** The workspace's without one; null for none. */
  readonly textEncoder?: TextEncoder | null;
  /** A language model; none without it. */
  readonly model?: ModelSettings;
  /** Wikipedia where the knowledge of the workspace has no answer; off without it. */
  readonly wikipedia?: WikipediaOptions;
  readonly now?: () => Date;
  /** Milliseconds before a failed call to the model is tried again. */
  readonly firstDelayMs?: number;
}

/**
 * What the environment says of language model and live sources; read at the edge only.
 *
 * @throws {TerralogueError} `bad_arguments` for a setting that cannot be read
 */
export function engineOptions(environment: Readonly<Record<string, string | undefined>>): EngineOptions {
  const model = modelSettings(environment);
  const wikipedia = wikipediaOptions(environment);
  return { ...(model && { model }), ...(wikipedia && { wikipedia }) };
}

/** Everything that answers: one open workspace, its stages and the agent over them. */
export interface Engine {
  readonly workspace: Workspace;
  readonly context: RetrievalContext;
  readonly stages: Stages;
  readonly agent: Agent;
  /** Whether a language model is set, so that it may drive. */
  readonly hasModel: boolean;
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
  const models = await modelsOf(workspace, [
    ...(options.encoder ? [] : (["encoder"] as const)),
    ...(options.textEncoder === undefined ? (["textEncoder"] as const) : []),
  ]);
  const encoder = options.encoder ?? models.encoder ?? createStatisticsEncoder();
  const context = contextOf(workspace, encoder, options.textEncoder ?? models.textEncoder);
  const { model: settings, firstDelayMs } = options;
  const breaker = createCircuitBreaker();
  const delay = firstDelayMs === undefined ? {} : { firstDelayMs };
  const languageModel = settings ? createLanguageModel(settings, { breaker, ...delay }) : null;
  const stages = createStages(context, {
    today: () => now().toISOString().slice(0, 10),
    ...(languageModel && { languageModel, prompt: loadPrompt("understand").text }),
  });
  const tools = createTools({ workspace, context, stages });
  const regionsOf = (thread: string) =>
    workspace.threads.turns(thread).flatMap(({ reply }) => (reply as Reply).regions.map(({ id }) => id));
  const agent = createAgent({
    workspace,
    stages,
    now,
    ...(settings &&
      languageModel && {
        wording: {
          model: languageModel,
          system: loadPrompt("word").text,
          timeoutMs: settings.timeoutMs,
          tokensPerTurn: settings.tokensPerTurn,
          tokensPerThread: settings.tokensPerThread,
        },
        driver: createDriver({ settings, tools, system: loadPrompt("drive").text, breaker, regionsOf, ...delay }),
      }),
    ...(options.wikipedia && { live: createWikipedia(options.wikipedia) }),
  });
  return {
    workspace,
    context,
    stages,
    agent,
    hasModel: settings !== undefined,
    close: () => {
      agent.close();
      workspace.close();
      void models.close();
    },
  };
}

async function modelsOf(workspace: Workspace, slots: readonly Slot[]): Promise<OpenModels> {
  try {
    return await openWorkspaceModels(workspace.directory, workspace.imageEncoder, { slots, threads: 2 });
  } catch (fault) {
    workspace.close();
    throw fault;
  }
}

function contextOf(workspace: Workspace, encoder: Encoder, textEncoder: TextEncoder | null): RetrievalContext {
  try {
    return createRetrievalContext(workspace, encoder, gazetteer(workspace), textEncoder);
  } catch (fault) {
    workspace.close();
    throw fault;
  }
}
