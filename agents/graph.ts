import { randomUUID } from "node:crypto";
import { END, START, StateGraph } from "@langchain/langgraph";
import type { LiveSource } from "../src/answer/live-passage.ts";
import type { Reply } from "../src/answer/reply.ts";
import type { Evidence } from "../src/answer/verify/evidence.ts";
import { TerralogueError } from "../src/errors.ts";
import { type DialogueState, EMPTY_DIALOGUE, type Turn } from "../src/query/turn.ts";
import type { Saliency } from "../src/retrieval/values.ts";
import type { StoredTurn } from "../src/store/ports.ts";
import type { Stages, TurnRecord, TurnRequest } from "../src/turn/stages.ts";
import type { Workspace } from "../src/workspace.ts";
import { answerNodes, spending, type WordingDeps } from "./answer-nodes.ts";
import { checkRequest } from "./check-request.ts";
import { openCheckpoints } from "./checkpoints.ts";
import type { Driver } from "./driver.ts";
import type { TurnEvent } from "./events.ts";
import { type GraphState, type RunContext, recordOf, State, withView } from "./graph-state.ts";
import { createTokenMeter } from "./tokens.ts";

const TURN_TOKENS = 12_000;
const THREAD_TOKENS = 200_000;

export interface Agent {
  /**
   * Runs one turn of a conversation and stores it. Turns of one thread wait for each other.
   *
   * @throws {TerralogueError} `bad_question` or `bad_arguments` for a request that checkRequest refuses; `cancelled`
   */
  run(
    request: TurnRequest,
    options?: {
      readonly signal?: AbortSignal;
      readonly onEvent?: (event: TurnEvent) => void;
      /** Told what the sentences of the reply were held against; for audits and tests. */
      readonly onEvidence?: (evidence: Evidence) => void;
    },
  ): Promise<Reply>;
  /** Resolves when no turn is running. */
  idle(): Promise<void>;
  close(): void;
}

export interface AgentDeps {
  readonly workspace: Workspace;
  readonly stages: Stages;
  readonly now: () => Date;
  readonly wording?: WordingDeps;
  readonly driver?: Driver;
  /** Asked where the knowledge of the workspace has no answer. */
  readonly live?: LiveSource;
}

/**
 * The conversation as a LangGraph graph over the stages:
 *
 *     understand → plan → coarse → refine → propose → prove → rank → answer → word | drive → verify → respond
 *                       ↘ reason | knowledge | answer ↗
 *
 * A search or refinement goes along the stages; a question about results is reasoned, one about the world looked up; without a language
 * model, what was written goes to verify as it is.
 */
export function createAgent({ workspace, stages, now, wording, driver, live }: AgentDeps): Agent {
  const checkpoints = openCheckpoints(workspace.directory);
  const lastOfThread = new Map<string, Promise<unknown>>();
  const running = new Set<Promise<unknown>>();
  const contexts = new Map<string, RunContext>();
  const contextOf = (config: { configurable?: Record<string, unknown> }) =>
    contexts.get(String(config.configurable?.run)) as RunContext;

  /** A thin node: tells when it starts and ends, times it, and stops when the person left. */
  const node =
    (
      stage: string,
      work: (state: GraphState, context: RunContext) => Promise<Partial<GraphState>> | Partial<GraphState>,
      detail: (update: Partial<GraphState>) => Record<string, number> = () => ({}),
    ) =>
    async (state: GraphState, config: { configurable?: Record<string, unknown> }): Promise<Partial<GraphState>> => {
      const context = contextOf(config);
      if (context.signal?.aborted) throw new TerralogueError("cancelled", "The turn was stopped.");
      context.onEvent({ type: "stage", stage, status: "started" });
      const started = performance.now();
      const update = await work(state, context);
      const ms = Math.round((performance.now() - started) * 10) / 10;
      context.onEvent({ type: "stage", stage, status: "done", ms, detail: detail(update) });
      return { ...update, timings: { ...state.timings, [stage]: ms } };
    };
  const planOf = (state: GraphState) => {
    if (state.plan?.kind !== "planned") throw new Error("A retrieval stage ran without a plan.");
    return state.plan.plan;
  };

  const nodes = answerNodes({
    stages,
    ...(wording && { wording }),
    ...(driver && { driver }),
    ...(live && { live }),
    recordIn: (state, { thread }) => recordOf(state, thread, previousOf(thread)),
    saidIn: (thread) =>
      workspace.threads
        .turns(thread)
        .flatMap(({ message, reply }) => ((reply as Reply).intent === "out_of_scope" ? [] : message)),
  });
  const { wordingOf } = nodes;

  const graph = new StateGraph(State)
    .addNode(
      "understand",
      node("understand", async (state, context) => ({
        turn:
          statedTurn(state.request) ??
          (await stages.understand(state.request.message, withView(state), spending(context))),
      })),
    )
    .addNode(
      "make_plan",
      node("plan", (state) => ({ plan: searches(state) ? stages.plan(state.turn as Turn, withView(state)) : null })),
    )
    .addNode(
      "coarse",
      node(
        "coarse",
        async (state, { signal }) => ({ tiles: await stages.coarse(planOf(state), signal) }),
        ({ tiles }) => ({ tiles: tiles?.length ?? 0 }),
      ),
    )
    .addNode(
      "refine",
      node(
        "refine",
        async (state, { signal }) => ({ saliency: await stages.refine(state.tiles, planOf(state), signal) }),
        ({ saliency }) => ({ cells: saliency?.cells.length ?? 0, chips: saliency?.chipsEncoded ?? 0 }),
      ),
    )
    .addNode(
      "propose",
      node(
        "propose",
        (state) => ({ candidates: stages.propose(state.tiles, state.saliency as Saliency, planOf(state)) }),
        ({ candidates }) => ({ candidates: candidates?.length ?? 0 }),
      ),
    )
    .addNode(
      "prove",
      node(
        "prove",
        (state) => stages.prove(state.candidates, planOf(state)),
        ({ proved }) => ({ proved: proved?.length ?? 0 }),
      ),
    )
    .addNode(
      "rank",
      node(
        "rank",
        (state) => ({ ranking: stages.rank(state.proved, state.saliency as Saliency, planOf(state)) }),
        ({ ranking }) => ({ regions: ranking?.ranked.length ?? 0 }),
      ),
    )
    .addNode("answer", node("answer", nodes.write))
    .addNode("reason", node("reason", nodes.write))
    .addNode("knowledge", node("knowledge", nodes.lookUp))
    .addNode("word", node("word", nodes.word))
    .addNode("drive", node("drive", nodes.drive))
    .addNode("verify", node("verify", nodes.verify))
    .addNode("respond", (state: GraphState, config: { configurable?: Record<string, unknown> }) => ({
      ...WORKED_OFF,
      ...nodes.respond(state, contextOf(config)),
    }))
    .addEdge(START, "understand")
    .addEdge("understand", "make_plan")
    .addConditionalEdges("make_plan", branchOf, ["coarse", "reason", "knowledge", "answer"])
    .addEdge("coarse", "refine")
    .addEdge("refine", "propose")
    .addEdge("propose", "prove")
    .addEdge("prove", "rank")
    .addEdge("rank", "answer")
    .addConditionalEdges("answer", wordingOf, ["word", "drive", "verify"])
    .addConditionalEdges("reason", wordingOf, ["word", "drive", "verify"])
    .addConditionalEdges("knowledge", wordingOf, ["word", "drive", "verify"])
    .addEdge("word", "verify")
    .addEdge("drive", "verify")
    .addEdge("verify", "respond")
    .addEdge("respond", END)
    .compile({ checkpointer: checkpoints.saver });

  const previousOf = (thread: string): Reply | null => {
    const replies = workspace.threads.turns(thread).map(({ reply }) => reply as Reply);
    return (
      replies.findLast(({ intent, regions }) => (intent === "search" || intent === "refine") && regions.length > 0) ??
      null
    );
  };

  /** The dialogue that stored turns lead to, for a thread that was never checkpointed: a branch of another. */
  const dialogueOf = (stored: readonly StoredTurn[]): DialogueState =>
    stored.reduce(
      (dialogue, { understood, reply }) =>
        understood ? stages.advance(dialogue, { turn: understood } as TurnRecord, reply as Reply) : dialogue,
      EMPTY_DIALOGUE,
    );

  const runTurn: Agent["run"] = async (request, options = {}) => {
    checkRequest(request);
    const thread = request.thread ?? randomUUID();
    const config = { configurable: { thread_id: thread } };
    const held = (await graph.getState(config)).values as Partial<GraphState>;
    const stored = workspace.threads.turns(thread);
    const turnNumber = (stored.at(-1)?.turn ?? 0) + 1;
    const previous = previousOf(thread);
    const dialogue = stored.length > 0 ? (held.dialogue ?? dialogueOf(stored)) : EMPTY_DIALOGUE;
    const tokens = stored.length > 0 ? (held.tokens ?? 0) : 0;
    const run = randomUUID();
    const onEvent = options.onEvent ?? (() => {});
    contexts.set(run, {
      ...(options.signal && { signal: options.signal }),
      ...(options.onEvidence && { onEvidence: options.onEvidence }),
      onEvent,
      thread,
      meter: createTokenMeter(
        wording?.tokensPerTurn ?? TURN_TOKENS,
        (wording?.tokensPerThread ?? THREAD_TOKENS) - tokens,
      ),
      told: 0,
    });
    try {
      const state = (await graph.invoke(
        {
          request,
          turnNumber,
          dialogue,
          turn: null,
          plan: null,
          tiles: [],
          saliency: null,
          candidates: [],
          proved: [],
          predicatesEvaluated: 0,
          ranking: null,
          timings: {},
          draft: null,
          worded: null,
          tokens,
          reply: null,
        },
        { configurable: { ...config.configurable, run }, durability: "exit" },
      )) as GraphState;
      const reply = state.reply as Reply;
      const next = stages.advance(dialogue, recordOf(state, thread, previous), reply);
      workspace.threads.append({
        thread,
        turn: turnNumber,
        message: request.message,
        at: now().toISOString(),
        understood: state.turn,
        plan: state.plan?.kind === "planned" ? state.plan.plan : null,
        reply,
      });
      await graph.updateState(config, { dialogue: next, reply: null }, "respond");
      checkpoints.keepNewest(thread);
      onEvent({ type: "done", reply });
      return reply;
    } finally {
      contexts.delete(run);
    }
  };

  /** Holds a turn among the running ones until it ends, well or not. */
  const tracked = (turn: Promise<Reply>): Promise<Reply> => {
    running.add(turn);
    const forget = () => running.delete(turn);
    turn.then(forget, forget);
    return turn;
  };

  return {
    run: (request, options) => {
      const { thread } = request;
      if (!thread) return tracked(runTurn(request, options));
      const before = lastOfThread.get(thread) ?? Promise.resolve();
      const turn = tracked(before.catch(() => {}).then(() => runTurn(request, options)));
      lastOfThread.set(thread, turn);
      const forget = () => {
        if (lastOfThread.get(thread) === turn) lastOfThread.delete(thread);
      };
      turn.then(forget, forget);
      return turn;
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
    close: () => checkpoints.close(),
  };
}

/** What the stages made of a turn is not checkpointed: no later turn reads it, and writing it takes longer than most stages. */
const WORKED_OFF: Partial<GraphState> = {
  tiles: [],
  saliency: null,
  candidates: [],
  proved: [],
  ranking: null,
  draft: null,
  worded: null,
};

/** The turn of a request that carries its query ready made, or null. */
function statedTurn({ query, message }: TurnRequest): Turn | null {
  if (!query) return null;
  return {
    intent: "search",
    language: /\p{Script=Han}/u.test(message) ? "zh" : "en",
    query: { ...query, spans: [] },
    patch: null,
    references: [],
    question: null,
    confidence: 1,
    unparsed: [],
    alternatives: [],
    action: "none",
  };
}

/** Where a turn goes once it is planned: along the search, to the reasoner over results, to the knowledge, or straight to its answer. */
function branchOf({ plan, turn }: GraphState): "coarse" | "reason" | "knowledge" | "answer" {
  if (plan?.kind === "planned") return "coarse";
  switch (turn?.intent) {
    case "explain":
    case "why_not":
    case "compare":
    case "count":
    case "describe":
      return "reason";
    case "ask":
      return "knowledge";
    default:
      return "answer";
  }
}

function searches({ turn }: GraphState): boolean {
  return turn?.intent === "search" || turn?.intent === "refine";
}
