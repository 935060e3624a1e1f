import type { Exchange } from "./use-conversation.ts";

/** The exchange whose results are on the map: that of the selected result, else the newest search. */
export function shownExchange(exchanges: readonly Exchange[], selected: string | null): Exchange | null {
  const chosen = exchanges.findLast(({ regions }) => regions.some(({ id }) => id === selected));
  if (chosen) return chosen;
  return (
    exchanges.findLast(({ reply, regions }) =>
      reply ? reply.intent === "search" || reply.intent === "refine" : regions.length > 0,
    ) ?? null
  );
}
