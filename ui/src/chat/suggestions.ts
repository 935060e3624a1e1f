import type { Reply } from "../api.ts";
import { narrowWords } from "../phrases.ts";
import { type Language, words } from "../words.ts";

interface HeldRelation {
  readonly predicate: string;
}

function relationsOf(reply: Reply): readonly HeldRelation[] {
  const query = reply.plan?.query as { readonly relations?: readonly HeldRelation[] } | undefined;
  return query?.relations ?? [];
}

/** Whether "within N m" can only mean one thing: the query has one relation, and a distance bounds it. */
export function hasOneDistance(reply: Reply): boolean {
  const relations = relationsOf(reply);
  return relations.length === 1 && relations[0]?.predicate === "near";
}

/**
 * A round distance that keeps some results and drops others: between two measured ones, nearest to the middle of them.
 * Null where no round number parts them.
 */
export function narrowingDistance(distancesM: readonly number[]): number | null {
  const sorted = [...distancesM].sort((a, b) => a - b);
  const [nearest, farthest] = [sorted[0], sorted.at(-1)];
  if (nearest === undefined || farthest === undefined) return null;
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? nearest;
  const candidates = [50, 100, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000].filter(
    (metres) => metres >= nearest && metres < farthest,
  );
  return candidates.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0] ?? null;
}

/** Refinements that make sense after this result, each a message that the service understands. */
export function suggestions(reply: Reply, distancesM: readonly number[], language: Language): readonly string[] {
  const text = words(language);
  const metres = hasOneDistance(reply) ? narrowingDistance(distancesM) : null;
  return [
    ...(metres === null ? [] : [narrowWords(metres, language)]),
    ...(reply.regions.length > 1 ? [text.largest] : []),
    ...(reply.regions.length > 0 ? [text.whyFirst] : []),
  ];
}
