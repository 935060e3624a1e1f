import type { Reply } from "../answer/reply.ts";
import type { Evidence } from "../answer/verify/evidence.ts";
import type { TokenMeter } from "../models/language-model.ts";
import type { AreaGeometry, Bbox, Query } from "../query/schema.ts";
import type { DialogueState, Turn } from "../query/turn.ts";
import type { Outcome } from "../retrieval/outcome.ts";
import type { Plan } from "../retrieval/plan.ts";
import type { Candidate, ProvedCandidate, Ranking, Saliency, TileHit } from "../retrieval/values.ts";

/** What a person sends. */
export interface TurnRequest {
  /** Continues this thread; a new id is made without it. */
  readonly thread?: string;
  readonly message: string;
  /** The query itself where it is known, as after an edit of its parts: the message is then its words, and is not parsed. */
  readonly query?: Query;
  /** The map view, W, S, E, N. */
  readonly viewport?: Bbox;
  /** A drawn or uploaded area of interest, WGS84. */
  readonly area?: AreaGeometry;
  /** Lets the language model call the tools and word the answer itself; only where one is set. */
  readonly drive?: boolean;
}

/** What the language model may take of a turn. */
export interface UnderstandOptions {
  readonly signal?: AbortSignal;
  readonly meter?: TokenMeter;
}

/** A plan, or why none can be made (place unknown, date not covered, concept not in any source). */
export type PlanOutcome =
  | { readonly kind: "planned"; readonly plan: Plan }
  | { readonly kind: "refused"; readonly outcome: Outcome };

/** Everything that happened in a turn, from which the reply is written. */
export interface TurnRecord {
  readonly request: TurnRequest;
  readonly thread: string;
  /** 1-based number of this turn in its thread. */
  readonly turnNumber: number;
  readonly dialogue: DialogueState;
  readonly turn: Turn;
  readonly plan: PlanOutcome | null;
  readonly tiles: readonly TileHit[];
  readonly saliency: Saliency | null;
  readonly candidates: readonly Candidate[];
  readonly ranking: Ranking | null;
  /** The last reply of the thread that had regions, for follow-up questions. */
  readonly previous: Reply | null;
  /** Milliseconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
  readonly predicatesEvaluated: number;
}

/** The stages of a turn: plain functions from value to value, over one open workspace. */
export interface Stages {
  understand(message: string, dialogue: DialogueState, options?: UnderstandOptions): Promise<Turn>;
  /** For search and refine turns. */
  plan(turn: Turn, dialogue: DialogueState): PlanOutcome;
  coarse(plan: Plan, signal?: AbortSignal): Promise<readonly TileHit[]>;
  refine(tiles: readonly TileHit[], plan: Plan, signal?: AbortSignal): Promise<Saliency>;
  propose(tiles: readonly TileHit[], saliency: Saliency, plan: Plan): readonly Candidate[];
  prove(
    candidates: readonly Candidate[],
    plan: Plan,
  ): { readonly proved: readonly ProvedCandidate[]; readonly predicatesEvaluated: number };
  rank(proved: readonly ProvedCandidate[], saliency: Saliency, plan: Plan): Ranking;
  /** Writes the reply: for searches from the ranking, for questions from the previous reply and the knowledge store. */
  answer(record: TurnRecord): Reply;
  /** What the sentences of a reply are held against before they leave. */
  evidence(reply: Reply, record: TurnRecord): Evidence;
  /** The dialogue after this turn. */
  advance(dialogue: DialogueState, record: TurnRecord, reply: Reply): DialogueState;
}
