import type { RetrievalContext } from "./context.ts";
import type { Plan } from "./plan.ts";
import { propose } from "./propose.ts";
import { prove } from "./prove.ts";
import { rank } from "./rank.ts";
import type { ProvedCandidate, Ranking, Saliency } from "./values.ts";

const UNSEEN: Saliency = {
  cells: [],
  pixelsRead: 0,
  chipsEncoded: 0,
  pixelsSeen: 0,
  chipsSeen: 0,
  likeness: {},
  exhausted: false,
};

/** Proposes, proves and ranks over the entities alone, without reading a pixel: for questions about a search. */
export function searchEntities(
  plan: Plan,
  context: RetrievalContext,
): { readonly proved: readonly ProvedCandidate[]; readonly ranking: Ranking } {
  const { proved } = prove(propose([], UNSEEN, plan, context), plan, context);
  return { proved, ranking: rank(proved, UNSEEN, plan, context) };
}
