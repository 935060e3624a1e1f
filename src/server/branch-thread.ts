import type { StoredTurn } from "../store/ports.ts";

/**
 * The turns of a thread before one of them, as turns of another thread. Ids of regions (`thread.turn.rank`) become those
 * of the new thread, so that the branch stands alone; plans stay as they were hashed.
 *
 * @param before 1-based number of the first turn that is left out
 */
export function branchTurns(turns: readonly StoredTurn[], before: number, branch: string): readonly StoredTurn[] {
  return turns
    .filter(({ turn }) => turn < before)
    .map((stored) => {
      const renamed = (value: unknown) => withThread(value, stored.thread, branch);
      const reply = renamed(stored.reply) as Record<string, unknown>;
      const { plan } = stored.reply as { readonly plan?: unknown };
      return {
        ...stored,
        thread: branch,
        understood: renamed(stored.understood),
        reply: { ...reply, thread: branch, ...(plan !== undefined && { plan }) },
      };
    });
}

/** The value with every text that is a region id of one thread as that of the other. */
function withThread(value: unknown, from: string, to: string): unknown {
  if (typeof value === "string")
    return value.startsWith(`${from}.`) && /^\d+\.\d+$/.test(value.slice(from.length + 1))
      ? `${to}${value.slice(from.length)}`
      : value;
  if (Array.isArray(value)) return value.map((entry) => withThread(entry, from, to));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withThread(entry, from, to)]));
}
