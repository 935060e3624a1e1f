import { useCallback, useEffect, useRef, useState } from "react";
import type { Query } from "../../src/query/schema.ts";
import { changeAddress, readAddress } from "./address.ts";
import {
  type Area,
  type Bbox,
  branchThread,
  chat,
  getThread,
  newId,
  type Region,
  type Reply,
  ServiceError,
  type StageEvent,
  type Verdict,
} from "./api.ts";

/** One message and what came of it so far. */
export interface Exchange {
  readonly key: number;
  readonly message: string;
  readonly state: "running" | "done" | "stopped" | "failed";
  /** True while the connection is broken and being mended. */
  readonly isInterrupted: boolean;
  /** Newest event of each stage, in the order in which they started. */
  readonly stages: readonly StageEvent[];
  readonly text: string;
  /** As streamed; those of `reply` once it is there. */
  readonly regions: readonly Region[];
  readonly reply: Reply | null;
  readonly verdict: Verdict | null;
  /** What the search was confined to; null where that is not known any more. */
  readonly scope: Scope | null;
  /** The results that it should give again, where it replays a plan. */
  readonly replayed: Replayed | null;
  /** Why it failed; null where the connection itself could not be made, or nothing failed. */
  readonly fault: string | null;
}

export interface Scope {
  readonly viewport?: Bbox;
  readonly area?: Area;
}

/** What a plan gave when it was run before. */
export interface Replayed {
  readonly hash: string;
  /** Outlines and probabilities of the results, as JSON. */
  readonly outlines: string;
}

export interface Conversation {
  readonly exchanges: readonly Exchange[];
  readonly thread: string | null;
  readonly isRunning: boolean;
  /** True while a stored thread is being fetched. */
  readonly isRestoring: boolean;
  /** With `query`, that very query is searched, and the message is what it says. */
  send(message: string, scope: Scope, query?: Query): Promise<Reply | null>;
  /** Runs the plan of an exchange again, over the same area. */
  replay(exchange: Exchange): Promise<Reply | null>;
  /** Asks a turn again in other words, in a new thread that keeps the turns before it. */
  branch(exchange: Exchange, message: string, scope: Scope): Promise<Reply | null>;
  /** Marks an exchange as judged; the service is told by the caller. */
  judge(exchange: Exchange, verdict: Verdict): void;
  open(thread: string): void;
  stop(): void;
  restart(): void;
}

let lastKey = 0;
function nextKey(): number {
  lastKey += 1;
  return lastKey;
}

function begun(message: string, scope: Scope | null = null, replayed: Replayed | null = null): Exchange {
  return {
    key: nextKey(),
    message,
    state: "running",
    isInterrupted: false,
    stages: [],
    text: "",
    regions: [],
    reply: null,
    verdict: null,
    scope,
    replayed,
    fault: null,
  };
}

function restored(message: string, reply: Reply, verdict: Verdict | null): Exchange {
  const stages = Object.entries(reply.timings).map(([stage, ms]): StageEvent => ({ stage, status: "done", ms }));
  return { ...begun(message), state: "done", stages, text: reply.text, regions: reply.regions, reply, verdict };
}

/** A conversation with the service: its turns, the one that runs, and the thread in the page's address (?thread=…). */
export function useConversation(): Conversation {
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [thread, setThread] = useState<string | null>(() => readAddress().thread);
  const [isRestoring, setIsRestoring] = useState(() => readAddress().thread !== null);
  const abort = useRef<AbortController | null>(null);

  const restore = useCallback((id: string): AbortController => {
    const controller = new AbortController();
    setIsRestoring(true);
    getThread(id, controller.signal)
      .then(
        ({ turns, feedback }) =>
          setExchanges(
            turns.map(({ turn, message, reply }) =>
              restored(message, reply, feedback.find((entry) => entry.turn === turn)?.verdict ?? null),
            ),
          ),
        (cause: unknown) => {
          // A thread that is not there is forgotten; a service that is not there is not a reason to.
          if (!(cause instanceof ServiceError) || cause.status !== 404) return;
          setThread(null);
          changeAddress({ thread: null, region: null });
        },
      )
      .finally(() => {
        if (!controller.signal.aborted) setIsRestoring(false);
      });
    return controller;
  }, []);

  useEffect(() => {
    const { thread: id } = readAddress();
    if (id === null) return;
    const controller = restore(id);
    return () => controller.abort();
  }, [restore]);

  const ask = useCallback(
    async (
      held: readonly Exchange[],
      id: string,
      message: string,
      { query, ...scope }: Scope & { readonly query?: Query },
      replayed: Replayed | null = null,
    ): Promise<Reply | null> => {
      const controller = new AbortController();
      abort.current?.abort();
      abort.current = controller;
      const exchange = begun(message, scope, replayed);
      setExchanges([...held, exchange]);
      setThread(id);
      const change = (update: (exchange: Exchange) => Partial<Exchange>) =>
        setExchanges((all) =>
          all.map((entry) =>
            entry.key === exchange.key ? { ...entry, isInterrupted: false, ...update(entry) } : entry,
          ),
        );
      const turns = held.reduce((most, { reply }) => Math.max(most, reply?.turn ?? 0), 0);
      try {
        const reply = await chat(
          { message, thread: id, ...scope, ...(query && { query }) },
          turns,
          {
            onBegin: () => change(() => ({ stages: [], text: "", regions: [] })),
            onInterrupted: () => change(() => ({ isInterrupted: true })),
            onStage: (event) =>
              change(({ stages }) => ({
                stages: stages.some(({ stage }) => stage === event.stage)
                  ? stages.map((entry) => (entry.stage === event.stage ? event : entry))
                  : [...stages, event],
              })),
            onRegions: (regions) => change(() => ({ regions })),
            onText: (delta) => change(({ text }) => ({ text: text + delta })),
          },
          controller.signal,
        );
        change(() => ({ state: "done", text: reply.text, regions: reply.regions, reply }));
        changeAddress({ thread: reply.thread });
        return reply;
      } catch (cause) {
        if (controller.signal.aborted) change(() => ({ state: "stopped" }));
        else
          change(() => ({
            state: "failed",
            fault: cause instanceof ServiceError && cause.message ? cause.message : null,
          }));
        return null;
      }
    },
    [],
  );

  const send = useCallback(
    (message: string, scope: Scope, query?: Query) =>
      ask(exchanges, thread ?? newId(), message, { ...scope, ...(query && { query }) }),
    [ask, exchanges, thread],
  );

  const replay = useCallback(
    async (exchange: Exchange): Promise<Reply | null> => {
      const { reply, message } = exchange;
      if (!reply?.plan) return null;
      const { plan, regions } = reply;
      const outlines = JSON.stringify(regions.map(({ geometry, probability }) => [geometry, probability]));
      // A turn of an earlier visit has no scope any more: where the plan names no place, its area is that scope.
      const query = plan.query as Query;
      const scope = exchange.scope ?? (query.geo.length === 0 ? { area: plan.area } : {});
      return ask(exchanges, thread ?? newId(), message, { ...scope, query }, { hash: plan.hash, outlines });
    },
    [ask, exchanges, thread],
  );

  const branch = useCallback(
    async (exchange: Exchange, message: string, scope: Scope): Promise<Reply | null> => {
      const before = exchanges.slice(0, exchanges.indexOf(exchange));
      const turn = exchange.reply?.turn;
      const hasEarlier = before.some(({ reply }) => reply !== null);
      if (turn === undefined || thread === null) return ask(before, thread ?? newId(), message, scope);
      if (!hasEarlier) return ask(before, newId(), message, scope);
      const id = await branchThread(thread, turn);
      const { turns } = await getThread(id);
      return ask(
        turns.map((stored) => restored(stored.message, stored.reply, null)),
        id,
        message,
        scope,
      );
    },
    [ask, exchanges, thread],
  );

  const judge = useCallback(
    (exchange: Exchange, verdict: Verdict) =>
      setExchanges((all) => all.map((entry) => (entry.key === exchange.key ? { ...entry, verdict } : entry))),
    [],
  );
  const stop = useCallback(() => abort.current?.abort(), []);
  const restart = useCallback(() => {
    abort.current?.abort();
    setExchanges([]);
    setThread(null);
    setIsRestoring(false);
    changeAddress({ thread: null, region: null });
  }, []);
  const open = useCallback(
    (id: string) => {
      abort.current?.abort();
      setExchanges([]);
      setThread(id);
      changeAddress({ thread: id, region: null });
      restore(id);
    },
    [restore],
  );

  return {
    exchanges,
    thread,
    isRunning: exchanges.at(-1)?.state === "running",
    isRestoring,
    send,
    replay,
    branch,
    judge,
    open,
    stop,
    restart,
  };
}
