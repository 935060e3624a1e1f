import { TerralogueError } from "../src/errors.ts";
import { EMPTY_DIALOGUE } from "../src/query/turn.ts";
import type { Outcome } from "../src/retrieval/outcome.ts";
import type { Plan } from "../src/retrieval/plan.ts";
import type { ToolDeps } from "./define-tool.ts";

/**
 * The plan of a question in words, outside any conversation.
 *
 * @throws {TerralogueError} `bad_question` when the words are no search or the workspace cannot answer it
 */
export async function planOf(deps: ToolDeps, question: string): Promise<Plan> {
  const turn = await deps.stages.understand(question, EMPTY_DIALOGUE);
  const outcome = turn.query ? deps.stages.plan(turn, EMPTY_DIALOGUE) : null;
  if (outcome?.kind === "planned") return outcome.plan;
  const why = outcome?.kind === "refused" ? reasonOf(outcome.outcome) : "it asks for nothing that can be searched";
  throw new TerralogueError("bad_question", `The question "${question.slice(0, 120)}" cannot be planned: ${why}.`);
}

function reasonOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "not_covered":
      return `the workspace has no ${outcome.missing} for it (${outcome.detail})`;
    case "no_match":
      return outcome.reason;
    case "cannot_decide":
      return outcome.because;
    case "ranked":
      return "it was answered already";
  }
}
