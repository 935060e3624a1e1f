/** One event of a turn, numbered from 0 in the order in which it happened. */
export interface RunEvent {
  readonly id: number;
  readonly event: string;
  readonly data: unknown;
}

export interface TurnRun {
  /** What the run was asked; another question cannot take it up. */
  readonly question: string;
  /** Everything that happened so far. */
  readonly events: readonly RunEvent[];
  readonly isOver: boolean;
  /** Calls back after every further event and at the end. The returned function leaves; when the last one left, the turn is stopped. */
  follow(listener: () => void): () => void;
  stop(): void;
}

export interface TurnRunsOptions {
  /** How long a turn that was given an id goes on with nobody listening, in milliseconds. Default 20,000. */
  readonly graceMs?: number;
  /** How long a finished turn can be taken up again, in milliseconds. Default 60,000. */
  readonly keptMs?: number;
}

export interface TurnRuns {
  /** The run of that id while it runs and for a while after, or null. */
  find(id: string): TurnRun | null;
  /**
   * Begins a turn. Without an id nobody can come back to it: it stops as soon as its one listener leaves.
   *
   * @param work does the turn, tells of it through `emit`, and stops at the signal; it must not throw
   */
  start(
    id: string | null,
    question: string,
    work: (emit: (event: string, data: unknown) => void, signal: AbortSignal) => Promise<void>,
  ): TurnRun;
}

/** Turns that run or ran a moment ago, so that a listener whose connection broke can take up where it was. */
export function createTurnRuns({ graceMs = 20_000, keptMs = 60_000 }: TurnRunsOptions = {}): TurnRuns {
  const runs = new Map<string, TurnRun>();
  return {
    find: (id) => runs.get(id) ?? null,
    start: (id, question, work) => {
      const events: RunEvent[] = [];
      const listeners = new Set<() => void>();
      const abort = new AbortController();
      let isOver = false;
      let leaving: NodeJS.Timeout | null = null;
      const tell = () => {
        for (const listener of [...listeners]) listener();
      };
      const run: TurnRun = {
        question,
        events,
        get isOver() {
          return isOver;
        },
        follow: (listener) => {
          if (leaving) clearTimeout(leaving);
          listeners.add(listener);
          return () => {
            listeners.delete(listener);
            if (listeners.size > 0 || isOver) return;
            if (id === null) abort.abort();
            else {
              leaving = setTimeout(() => abort.abort(), graceMs);
              leaving.unref();
            }
          };
        },
        stop: () => abort.abort(),
      };
      if (id !== null) runs.set(id, run);
      work((event, data) => {
        events.push({ id: events.length, event, data });
        tell();
      }, abort.signal).finally(() => {
        isOver = true;
        if (leaving) clearTimeout(leaving);
        tell();
        if (id !== null) setTimeout(() => runs.delete(id), keptMs).unref();
      });
      return run;
    },
  };
}
