import { type DialogueState, EMPTY_DIALOGUE } from "../../query/turn.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import { boxPolygon } from "../../retrieval/planar.ts";
import { refine } from "../../retrieval/refine.ts";
import type { RankedCandidate } from "../../retrieval/values.ts";
import type { BoxM } from "../../store/ports.ts";
import type { Stages } from "../../turn/stages.ts";
import type { ShownRegion } from "./match.ts";
import type { BenchmarkQuery } from "./queries.ts";

/** What a method shows for a query, and what it cost as if nothing had been encoded before. */
export interface Found {
  readonly regions: readonly ShownRegion[];
  readonly outcome: string;
  readonly pixelsSeen: number;
  readonly chipsSeen: number;
  /** Milliseconds of the stages, with chips of earlier queries at hand. */
  readonly ms: number;
  /** Ranked candidates with proofs, of methods that have them. */
  readonly ranked?: readonly RankedCandidate[];
}

export type Ask = Pick<BenchmarkQuery, "text" | "viewport" | "area">;

export interface Method {
  readonly name: string;
  find(query: Ask): Promise<Found>;
}

const NOTHING: Omit<Found, "outcome" | "ms"> = { regions: [], pixelsSeen: 0, chipsSeen: 0 };

export function dialogueOf({ viewport, area }: Ask): DialogueState {
  return { ...EMPTY_DIALOGUE, viewport, area };
}

/** The whole system, as a turn runs it but for the words of the reply. */
export function everything(stages: Stages, name = "everything"): Method {
  return {
    name,
    find: async (query) => {
      const started = performance.now();
      const found = (found: Omit<Found, "ms">): Found => ({ ...found, ms: performance.now() - started });
      const turn = await stages.understand(query.text, dialogueOf(query));
      if (turn.intent !== "search") return found({ ...NOTHING, outcome: `misread as ${turn.intent}` });
      const planned = stages.plan(turn, dialogueOf(query));
      if (planned.kind === "refused") return found({ ...NOTHING, outcome: planned.outcome.kind });
      const { plan } = planned;
      const tiles = await stages.coarse(plan);
      const saliency = await stages.refine(tiles, plan);
      const { proved } = stages.prove(stages.propose(tiles, saliency, plan), plan);
      const ranking = stages.rank(proved, saliency, plan);
      return found({
        regions: shownOf(ranking.ranked),
        outcome: ranking.outcome.kind,
        pixelsSeen: saliency.pixelsSeen,
        chipsSeen: saliency.chipsSeen,
        ranked: ranking.ranked,
      });
    },
  };
}

/** Entities and logic alone: no tile is scored and no pixel looked at. */
export function reasonerOnly(stages: Stages): Method {
  const none = {
    cells: [],
    pixelsRead: 0,
    chipsEncoded: 0,
    pixelsSeen: 0,
    chipsSeen: 0,
    likeness: {},
    exhausted: false,
  };
  return everything({ ...stages, coarse: async () => [], refine: async () => none }, "reasoner only");
}

/** Cells of the descent larger than this are no region. */
const LARGEST_CELL_M = 256;

/** The pyramid alone, as LRS-VQA descends: tiles and cells by the encoder's saliency, the best cells shown; no priors, no entities, no logic. */
export function pyramidOnly(stages: Stages, context: RetrievalContext): Method {
  const nothing = { size: 0, within: () => [], distance: (_: BoxM, limit: number) => limit };
  const bareContext: RetrievalContext = { ...context, boxes: () => nothing };
  return {
    name: "pyramid without priors",
    find: async (query) => {
      const started = performance.now();
      const turn = await stages.understand(query.text, dialogueOf(query));
      const planned = turn.intent === "search" ? stages.plan(turn, dialogueOf(query)) : null;
      if (planned?.kind !== "planned")
        return { ...NOTHING, outcome: planned?.outcome.kind ?? "misread", ms: performance.now() - started };
      const { plan } = planned;
      const tiles = (await stages.coarse(plan))
        .map((hit) => ({ ...hit, score: hit.parts.image ?? 0 }))
        .sort((a, b) => b.score - a.score);
      const saliency = await refine(tiles, plan, bareContext);
      const cells = saliency.cells.filter(({ box }) => box[2] - box[0] <= LARGEST_CELL_M).slice(0, plan.budget.regions);
      return {
        regions: cells.map(({ box, score }) => ({ outline: boxPolygon(box), probability: score })),
        outcome: cells.length > 0 ? "ranked" : "no_match",
        pixelsSeen: saliency.pixelsSeen,
        chipsSeen: saliency.chipsSeen,
        ms: performance.now() - started,
      };
    },
  };
}

export function shownOf(ranked: readonly RankedCandidate[]): readonly ShownRegion[] {
  return ranked.map(({ candidate, probability }) => ({ outline: candidate.geometry, probability }));
}
