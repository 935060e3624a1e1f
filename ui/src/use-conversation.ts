import { useCallback, useEffect, useRef, useState } from "react";
import {
  type Area,
  type Bbox,
  chat,
  getThread,
  type Region,
  type Reply,
  ServiceError,
  type StageEvent,
} from "./api.ts";

/** One message and what came of it so far. */
export interface Exchange {
  readonly key: number;
  readonly message: string;
  readonly state: "running" | "done" | "stopped" | "failed";
  /** Newest event of each stage, in the order in which they started. */
  readonly stages: readonly StageEvent[];
  readonly text: string;
  /** As streamed; those of `reply` once it is there. */
  readonly regions: readonly Region[];
  readonly reply: Reply | null;
  /** Why it failed; null where the connection itself could not be made, or nothing failed. */
  readonly fault: string | null;
}

export interface Scope {
  readonly viewport?: Bbox;
  readonly area?: Area;
}

export interface Conversation {
  readonly exchanges: readonly Exchange[];
  readonly thread: string | null;
  readonly isRunning: boolean;
  /** True while an earlier thread, named in the address, is being fetched. */
  readonly isRestoring: boolean;
  send(message: string, scope: Scope): Promise<Reply | null>;
  stop(): void;
  restart(): void;
}

let lastKey = 0;

function restored(message: string, reply: Reply): Exchange {
  const stages = Object.entries(reply.timings).map(([stage, ms]): StageEvent => ({ stage, status: "done", ms }));
  lastKey += 1;
  return {
    key: lastKey,
    message,
    state: "done",
    stages,
    text: reply.text,
    regions: reply.regions,
    reply,
    fault: null,
  };
}

const threadInAddress = () => new URLSearchParams(location.search).get("thread");

function showThread(thread: string | null): void {
  const url = new URL(location.href);
  if (thread === null) url.searchParams.delete("thread");
  else url.searchParams.set("thread", thread);
  history.replaceState(null, "", url);
}

/** A conversation with the service: its turns, the one that runs, and the thread in the page's address (?thread=…). */
export function useConversation(): Conversation {
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [thread, setThread] = useState<string | null>(threadInAddress);
  const [isRestoring, setIsRestoring] = useState(() => threadInAddress() !== null);
  const abort = useRef<AbortController | null>(null);

  useEffect(() => {
    const id = threadInAddress();
    if (id === null) return;
    const controller = new AbortController();
    getThread(id, controller.signal)
      .then(
        ({ turns }) => setExchanges(turns.map(({ message, reply }) => restored(message, reply))),
        (cause: unknown) => {
          // A thread that is not there is forgotten; a service that is not there is not a reason to.
          if (!(cause instanceof ServiceError) || cause.status !== 404) return;
          setThread(null);
          showThread(null);
        },
      )
      .finally(() => setIsRestoring(false));
    return () => controller.abort();
  }, []);

  const send = useCallback(
    async (message: string, scope: Scope): Promise<Reply | null> => {
      const controller = new AbortController();
      abort.current?.abort();
      abort.current = controller;
      lastKey += 1;
      const key = lastKey;
      setExchanges((held) => [
        ...held,
        { key, message, state: "running", stages: [], text: "", regions: [], reply: null, fault: null },
      ]);
      const change = (update: (exchange: Exchange) => Partial<Exchange>) =>
        setExchanges((held) =>
          held.map((exchange) => (exchange.key === key ? { ...exchange, ...update(exchange) } : exchange)),
        );
      try {
        const reply = await chat(
          { message, ...(thread !== null && { thread }), ...scope },
          {
            onStage: (event) =>
              change(({ stages }) => ({
                stages: stages.some(({ stage }) => stage === event.stage)
                  ? stages.map((held) => (held.stage === event.stage ? event : held))
                  : [...stages, event],
              })),
            onRegions: (regions) => change(() => ({ regions })),
            onText: (delta) => change(({ text }) => ({ text: text + delta })),
          },
          controller.signal,
        );
        change(() => ({ state: "done", text: reply.text, regions: reply.regions, reply }));
        setThread(reply.thread);
        showThread(reply.thread);
        return reply;
      } catch (cause) {
        if (controller.signal.aborted) change(() => ({ state: "stopped" }));
        else change(() => ({ state: "failed", fault: cause instanceof ServiceError ? cause.message : null }));
        return null;
      }
    },
    [thread],
  );

  const stop = useCallback(() => abort.current?.abort(), []);
  const restart = useCallback(() => {
    abort.current?.abort();
    setExchanges([]);
    setThread(null);
    showThread(null);
  }, []);

  return {
    exchanges,
    thread,
    isRunning: exchanges.at(-1)?.state === "running",
    isRestoring,
    send,
    stop,
    restart,
  };
}
