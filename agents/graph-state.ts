import { Annotation } from "@langchain/langgraph";
import type { Reply } from "../src/answer/reply.ts";
import type { Evidence } from "../src/answer/verify/evidence.ts";
import type { Worded } from "../src/answer/word-reply.ts";
import type { DialogueState, Turn } from "../src/query/turn.ts";
import type { Candidate, ProvedCandidate, Ranking, Saliency, TileHit } from "../src/retrieval/values.ts";
import type { PlanOutcome, TurnRecord, TurnRequest } from "../src/turn/stages.ts";
import type { Driven } from "./driver.ts";
import type { TurnEvent } from "./events.ts";
import type { createTokenMeter } from "./tokens.ts";

/** One slot a value. Everything is plain JSON: it is checkpointed at the end of a turn, so that a thread outlives the process. */
export const State = Annotation.Root({
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
export type Wording = ({ readonly by: "model" } & Worded) | ({ readonly by: "driver" } & Driven);
export type GraphState = typeof State.State;

/** What a run of the graph has beside its state: it is not kept. */
export interface RunContext {
  readonly signal?: AbortSignal;
  readonly onEvent: (event: TurnEvent) => void;
  readonly onEvidence?: (evidence: Evidence) => void;
  readonly thread: string;
  readonly meter: ReturnType<typeof createTokenMeter>;
  /** Characters of the text that have been told already. */
  told: number;
}

/** The dialogue with the view and area that came with this message. */
export function withView({ dialogue, request }: GraphState): DialogueState {
  return { ...dialogue, viewport: request.viewport ?? null, area: request.area ?? null };
}

/** Everything that happened in a turn so far. */
export function recordOf(state: GraphState, thread: string, previous: Reply | null): TurnRecord {
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
