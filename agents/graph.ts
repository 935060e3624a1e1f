import { randomUUID } from "node:crypto";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { type LiveSource, withLivePassage } from "../src/answer/live-passage.ts";
import { type Reply, ReplySchema } from "../src/answer/reply.ts";
import type { Evidence } from "../src/answer/verify/evidence.ts";
import { draftPieces, settlePiece } from "../src/answer/verify/settle.ts";
import { verifyDriven, verifyWorded } from "../src/answer/verify/verify-reply.ts";
import { type Worded, wordReply } from "../src/answer/word-reply.ts";
import { TerralogueError } from "../src/errors.ts";
import type { LanguageModel } from "../src/models/language-model.ts";
import { type DialogueState, EMPTY_DIALOGUE, type Turn } from "../src/query/turn.ts";
import type { Candidate, ProvedCandidate, Ranking, Saliency, TileHit } from "../src/retrieval/values.ts";
import type { StoredTurn } from "../src/store/ports.ts";
import type { PlanOutcome, Stages, TurnRecord, TurnRequest } from "../src/turn/stages.ts";
import type { Workspace } from "../src/workspace.ts";
import { checkRequest } from "./check-request.ts";
import { openCheckpoints } from "./checkpoints.ts";
import type { Driven, Driver } from "./driver.ts";
import type { TurnEvent } from "./events.ts";
import { createTokenMeter } from "./tokens.ts";

/** A text delta holds about this many characters. */
const DELTA_CHARACTERS = 24;
const TURN_TOKENS = 12_000;
const THREAD_TOKENS = 200_000;

/** One slot a value. Everything is plain JSON: it is checkpointed at the end of a turn, so that a thread outlives the process. */
const State = Annotation.Root({
  request: Annotation<TurnRequest>,
  turnNumber: Annotation<number>,
  dialogue: Annotation<DialogueState>,
  turn: Annotation<Turn | null>,
  plan: Annotation<PlanOutcome | null>,
  tiles: Annotation<readonly TileHit[]>,
  saliency: Annotation<Saliency | null>,
  candidates: Annotation<readonly Candidate[]>,
  proved: Annotation<readonly ProvedCandidate[]>,
  predicatesEvaluated: Annotation<number>,
  ranking: Annotation<Ranking | null>,
  timings: Annotation<Record<string, number>>,
  /** The reply as it was written without a model. */
  draft: Annotation<Reply | null>,
  worded: Annotation<Wording | null>,
  /** Tokens that the thread has spent on a model. */
  tokens: Annotation<number>,
  reply: Annotation<Reply | null>,
});

/** What a language model said in place of the draft's sentences; nothing of it is checked yet. */
type Wording = ({ readonly by: "model" } & Worded) | ({ readonly by: "driver" } & Driven);
type GraphState = typeof State.State;

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

/** A language model that words replies, with what it may spend. */
export interface WordingDeps {
  readonly model: LanguageModel;
  /** The versioned prompt. */
  readonly system: string;
  readonly timeoutMs?: number;
  /** Tokens of one turn (default 12,000) and of one thread (default 200,000), for understanding, wording and driving together. */
  readonly tokensPerTurn?: number;
  readonly tokensPerThread?: number;
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

interface RunContext {
  readonly signal?: AbortSignal;
  readonly onEvent: (event: TurnEvent) => void;
  readonly onEvidence?: (evidence: Evidence) => void;
  readonly thread: string;
  readonly meter: ReturnType<typeof createTokenMeter>;
  /** Characters of the text that have been told already. */
  told: number;
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

  const recordIn = (state: GraphState, { thread }: RunContext) => recordOf(state, thread, previousOf(thread));

  const write = (state: GraphState, context: RunContext) => ({ draft: stages.answer(recordIn(state, context)) });

  /** From the knowledge of the workspace, else from a live source, which is asked for the subject in the person's words. */
  const lookUp = async (state: GraphState, context: RunContext) => {
    const { draft } = write(state, context);
    const subject = state.turn?.question?.subject;
    if (!live || !subject || draft.outcome !== "not_covered") return { draft };
    const passage = await live.lookUp(subject, draft.language, context.signal);
    return { draft: passage ? withLivePassage(draft, passage) : draft };
  };

  const wordingOf = (state: GraphState) => {
    if (state.request.drive && driver) return "drive";
    return wording ? "word" : "verify";
  };

  /** Asks the model, and tells each sentence as soon as it and all before it are settled. */
  const word = async (state: GraphState, context: RunContext) => {
    if (!wording) return { worded: null };
    const draft = state.draft as Reply;
    const evidence = stages.evidence(draft, recordIn(state, context));
    const pieces = draftPieces(draft);
    const come = new Map<number, string>();
    let next = 0;
    const tellSettled = () => {
      for (let piece = pieces[next]; piece && (!piece.isOpen || come.has(piece.n)); piece = pieces[next]) {
        tell(context, draft, settlePiece(piece, draft.text, come.get(piece.n), evidence).text);
        next += 1;
      }
    };
    const worded = await wordReply(draft, state.request.message, wording.model, {
      system: wording.system,
      ...(wording.timeoutMs && { timeoutMs: wording.timeoutMs }),
      ...spending(context),
      onSentence: ({ n, text }) => {
        come.set(n, text);
        tellSettled();
      },
    });
    return { worded: { by: "model" as const, ...worded } };
  };

  const drive = async (state: GraphState, context: RunContext) => {
    const messages = [...workspace.threads.turns(context.thread).map(({ message }) => message), state.request.message];
    const request = { messages, draft: state.draft as Reply, meter: context.meter };
    const driven = await (driver as Driver).drive({ ...request, ...(context.signal && { signal: context.signal }) });
    return { worded: { by: "driver" as const, ...driven } };
  };

  /** Only what the evidence backs goes on; the rest is the writer's own. */
  const verify = (state: GraphState, context: RunContext) => {
    const draft = state.draft as Reply;
    const { worded } = state;
    const evidence = worded || context.onEvidence ? stages.evidence(draft, recordIn(state, context)) : null;
    if (evidence) context.onEvidence?.(evidence);
    if (!worded || !evidence) return { reply: draft };
    const tokens = context.meter.spent;
    return {
      reply:
        worded.by === "model"
          ? verifyWorded(draft, worded, evidence, tokens)
          : verifyDriven(draft, worded, evidence, tokens),
    };
  };

  const respond = (state: GraphState, config: { configurable?: Record<string, unknown> }) => {
    const context = contextOf(config);
    const reply = ReplySchema.parse({ ...(state.reply as Reply), timings: { ...state.timings } });
    if (context.told === 0) tell(context, reply, reply.text);
    else tell(context, reply, reply.text.slice(context.told));
    return { reply, tokens: (state.tokens ?? 0) + context.meter.spent };
  };

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
    .addNode("answer", node("answer", write))
    .addNode("reason", node("reason", write))
    .addNode("knowledge", node("knowledge", lookUp))
    .addNode("word", node("word", word))
    .addNode("drive", node("drive", drive))
    .addNode("verify", node("verify", verify))
    .addNode("respond", respond)
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
      await graph.updateState(
        config,
        {
          dialogue: next,
          tiles: [],
          saliency: null,
          candidates: [],
          proved: [],
          ranking: null,
          draft: null,
          worded: null,
          reply: null,
        },
        "respond",
      );
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

/** The dialogue with the view and area that came with this message. */
function withView({ dialogue, request }: GraphState): DialogueState {
  return { ...dialogue, viewport: request.viewport ?? null, area: request.area ?? null };
}

/** Tells more of the text, after the regions where it is the first of it. */
function tell(context: RunContext, { regions }: Reply, text: string): void {
  if (context.told === 0 && regions.length > 0) context.onEvent({ type: "regions", regions });
  for (const delta of deltasOf(text)) context.onEvent({ type: "text", delta });
  context.told += text.length;
}

function spending({ signal, meter }: RunContext) {
  return { meter, ...(signal && { signal }) };
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

function recordOf(state: GraphState, thread: string, previous: Reply | null): TurnRecord {
  return {
    request: state.request,
    thread,
    turnNumber: state.turnNumber,
    dialogue: withView(state),
    turn: state.turn as Turn,
    plan: state.plan,
    tiles: state.tiles,
    saliency: state.saliency,
    candidates: state.candidates,
    ranking: state.ranking,
    previous,
    timings: state.timings,
    predicatesEvaluated: state.predicatesEvaluated,
  };
}

function* deltasOf(text: string): Generator<string> {
  let rest = text;
  while (rest.length > DELTA_CHARACTERS) {
    const space = rest.indexOf(" ", DELTA_CHARACTERS);
    const cut = space > 0 && space < DELTA_CHARACTERS + 16 ? space + 1 : DELTA_CHARACTERS;
    yield rest.slice(0, cut);
    rest = rest.slice(cut);
  }
  if (rest !== "") yield rest;
}
