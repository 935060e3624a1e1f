import { isDeepStrictEqual } from "node:util";
import type { Draft } from "./draft.ts";
import type { Query, Span } from "./schema.ts";

/**
 * The words behind each piece of a changed query: those of the follow-up for what it says, those of the earlier message, whose
 * offsets they keep, for what stands as it was.
 */
export function spansAfterChange(draft: Draft, standing: Query, query: Query): Span[] {
  const spans: Span[] = [];
  const take = (from: readonly Span[], slot: string, as = slot) => {
    const found = from.filter((span) => span.slot === slot);
    spans.push(...found.map((span) => ({ ...span, slot: as })));
    return found.length > 0;
  };
  const said = { relations: [...draft.relations, ...(draft.target?.relations ?? [])], geo: draft.geo };
  for (const list of ["relations", "geo"] as const)
    for (const [index, piece] of query[list].entries()) {
      const own = said[list].findIndex((one) => isDeepStrictEqual(one, piece));
      const old = standing[list].findIndex((one) => isDeepStrictEqual(one, piece));
      const slot = `${list}.${index}`;
      if (own >= 0 && take(draft.spans, `${list}.${own}`, slot)) continue;
      if (old >= 0) take(standing.spans, `${list}.${old}`, slot);
      else take(draft.spans, "distance", slot);
    }
  for (const slot of ["target.concept", "target.attributes", "target.areaM2", "target.count", "time", "sort", "limit"])
    if (!take(draft.spans, slot)) take(standing.spans, slot);
  return spans;
}
