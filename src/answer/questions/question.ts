import type { Query } from "../../query/schema.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import type { PlanOutcome, TurnRecord } from "../../turn/stages.ts";
import type { CitedText } from "../cited-text.ts";
import type { NearMiss, Region, Reply } from "../reply.ts";

/** What the writers of question turns are given. */
export interface QuestionInput {
  readonly record: TurnRecord;
  readonly context: RetrievalContext;
  /** Regions that the message points at ("#2", "it"), in the order named. */
  readonly regions: readonly Region[];
  /** Plans a query as a search turn would, inside the dialogue's view. */
  plan(query: Query): PlanOutcome;
}

export interface QuestionAnswer {
  readonly outcome: Reply["outcome"];
  readonly text: CitedText;
  /** Regions to show with the answer. */
  readonly regions?: readonly Region[];
  readonly nearMisses?: readonly NearMiss[];
}
