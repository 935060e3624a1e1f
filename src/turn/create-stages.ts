import { answer } from "../answer/answer.ts";
import { RegionSchema, type Reply } from "../answer/reply.ts";
import { gatherEvidence } from "../answer/verify/workspace-evidence.ts";
import type { LanguageModel } from "../models/language-model.ts";
import type { AreaGeometry, Query } from "../query/schema.ts";
import type { DialogueState, Turn, UnderstandContext } from "../query/turn.ts";
import { understand } from "../query/understand.ts";
import { understandWithModel } from "../query/understand-with-model.ts";
import { coarse } from "../retrieval/coarse.ts";
import type { RetrievalContext } from "../retrieval/context.ts";
import { makePlan } from "../retrieval/make-plan.ts";
import { propose } from "../retrieval/propose.ts";
import { prove } from "../retrieval/prove.ts";
import { rank } from "../retrieval/rank.ts";
import { refine } from "../retrieval/refine.ts";
import type { Workspace } from "../workspace.ts";
import { advance } from "./advance.ts";
import type { Stages, TurnRecord } from "./stages.ts";

export interface StageOptions {
  /** Fills what the grammar leaves over, with the prompt that tells it how. */
  readonly languageModel?: LanguageModel;
  readonly prompt?: string;
  /** Today as an ISO date, for relative dates in a workspace without imagery dates. */
  readonly today: () => string;
}

/** The stages of a turn over one open workspace. */
export function createStages(context: RetrievalContext, options: StageOptions): Stages {
  const { workspace, gazetteer: places } = context;
  const understandContext = (): UnderstandContext => ({
    gazetteer: places,
    newestDate: context.dates.at(-1) ?? options.today(),
    dates: context.dates,
  });
  const plan = (turn: Turn, dialogue: DialogueState) =>
    makePlan(turn, dialogue, context, (regionId) => regionOutline(workspace, regionId));
  const planQuery = (record: TurnRecord) => (query: Query) =>
    plan({ ...record.turn, query, action: "none" }, record.dialogue);
  return {
    understand: async (message, dialogue, { signal, meter } = {}) => {
      const turn = options.languageModel
        ? await understandWithModel(message, dialogue, understandContext(), options.languageModel, {
            system: options.prompt ?? "",
            ...(signal && { signal }),
            ...(meter && { meter }),
          })
        : understand(message, dialogue, understandContext());
      if (turn.question?.knowledge) await context.describeText(message);
      return turn;
    },
    plan,
    coarse: (made, signal) => coarse(made, context, signal),
    refine: (tiles, made, signal) => refine(tiles, made, context, signal),
    propose: (tiles, saliency, made) => propose(tiles, saliency, made, context),
    prove: (candidates, made) => prove(candidates, made, context),
    rank: (proved, saliency, made) => rank(proved, saliency, made, context),
    answer: (record) => answer(record, context, planQuery(record)),
    evidence: (reply, record) => gatherEvidence(reply, record, context, planQuery(record)),
    advance,
  };
}

/** Outline of a region of an earlier reply, by its id `thread.turn.rank`, from the stored thread. */
function regionOutline(workspace: Workspace, regionId: string): AreaGeometry | null {
  const thread = regionId.split(".").slice(0, -2).join(".");
  for (const turn of workspace.threads.turns(thread)) {
    const found = (turn.reply as Reply).regions.find(({ id }) => id === regionId);
    if (found) return RegionSchema.shape.geometry.parse(found.geometry);
  }
  return null;
}
