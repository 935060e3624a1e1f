import type { Citation, NearMiss, Region, Reply } from "../../src/answer/reply.ts";
import type { Query } from "../../src/query/schema.ts";
import { readEvents } from "./events.ts";

export type { Citation, NearMiss, Region, Reply };

export type Area = GeoJSON.Polygon | GeoJSON.MultiPolygon;

/** West, south, east, north in degrees. */
export type Bbox = readonly [number, number, number, number];

export interface WorkspaceInfo {
  readonly crs: string;
  readonly fingerprint: string;
  readonly bboxWgs84: Bbox;
  /** `gsd` is the size of a pixel on the ground in metres. */
  readonly mosaics: readonly {
    readonly date: string | null;
    readonly images: number;
    readonly gsd: number;
    readonly bands: number;
  }[];
  readonly tiles: readonly { readonly date: string | null; readonly scale: number; readonly count: number }[];
  readonly encoders: readonly string[];
  readonly entities: readonly {
    readonly concept: string;
    readonly count: number;
    readonly name: { readonly en: string; readonly zh: string } | null;
  }[];
  readonly landmarks: number;
  readonly passages: number;
  readonly examples: { readonly en: readonly string[]; readonly zh: readonly string[] };
}

export interface StageEvent {
  readonly stage: string;
  readonly status: "started" | "done";
  readonly ms?: number;
  readonly detail?: Readonly<Record<string, number>>;
}

export interface StoredTurn {
  readonly turn: number;
  readonly message: string;
  readonly reply: Reply;
}

/** A request that the service refused, in its own words. Status 0: the connection broke off. */
export class ServiceError extends Error {
  /** @param code what kind of fault it is, where the service says so, for example "not_found" */
  constructor(
    message: string,
    readonly status: number,
    readonly code = "",
  ) {
    super(message);
    this.name = "ServiceError";
  }
}

/** The fault that problem details tell of. */
export function serviceError(status: number, problem: unknown): ServiceError {
  const { detail, type } = (problem ?? {}) as { detail?: string; type?: string };
  return new ServiceError(
    detail ?? `The service answered ${status}.`,
    status,
    type?.startsWith("urn:terralogue:") ? type.slice("urn:terralogue:".length) : "",
  );
}

/** Whether the service refused because there is nothing in its workspace yet. */
export const isEmptyWorkspace = (cause: unknown): boolean =>
  cause instanceof ServiceError && cause.code === "empty_workspace";

async function refusal(response: Response): Promise<ServiceError> {
  return serviceError(response.status, await response.json().catch(() => null));
}

async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { ...(signal && { signal }) });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

export const getWorkspace = (signal?: AbortSignal) => getJson<WorkspaceInfo>("/api/workspace", signal);

/** @throws {ServiceError} 404 when there is no such thread */
export const getThread = (id: string, signal?: AbortSignal) =>
  getJson<{ turns: readonly StoredTurn[]; feedback: readonly { readonly turn: number; readonly verdict: Verdict }[] }>(
    `/api/threads/${encodeURIComponent(id)}`,
    signal,
  );

/** Entities of one concept, at most 5,000; `bbox` is "W,S,E,N" in degrees. */
export const getEntities = (concept: string, bbox?: string, signal?: AbortSignal) =>
  getJson<GeoJSON.FeatureCollection>(
    `/api/entities?concept=${encodeURIComponent(concept)}${bbox ? `&bbox=${bbox}` : ""}`,
    signal,
  );

/** Where the search of a turn looked: squares with a score from 0 to 1. */
export const getSaliency = (thread: string, turn: number, signal?: AbortSignal) =>
  getJson<GeoJSON.FeatureCollection>(`/api/threads/${encodeURIComponent(thread)}/turns/${turn}/saliency`, signal);

export interface KnownLandmark {
  readonly name: string;
  readonly concept: string | null;
  readonly passages: readonly {
    readonly text: string;
    readonly source: string;
    readonly licence: string | null;
    readonly language: "en" | "zh";
  }[];
}

/** What the knowledge of the workspace says of landmarks in a result or in what its proof rests on. */
export const getRegionKnowledge = async (region: string, signal?: AbortSignal): Promise<readonly KnownLandmark[]> =>
  (
    await getJson<{ landmarks: readonly KnownLandmark[] }>(
      `/api/regions/${encodeURIComponent(region)}/knowledge`,
      signal,
    )
  ).landmarks;

export const chipUrl = (region: string, date: string) =>
  `/api/regions/${encodeURIComponent(region)}/chip/${encodeURIComponent(date)}.png`;

export const exportUrl = (thread: string, format: string) => `/api/export/${encodeURIComponent(thread)}.${format}`;

export interface ThreadSummary {
  readonly thread: string;
  readonly title: string | null;
  readonly turns: number;
  readonly firstMessage: string;
  readonly updatedAt: string;
}

export type Verdict = "good" | "bad";

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

const threadPath = (thread: string) => `/api/threads/${encodeURIComponent(thread)}`;

export const getThreads = async (search: string, signal?: AbortSignal): Promise<readonly ThreadSummary[]> =>
  (await getJson<{ threads: readonly ThreadSummary[] }>(`/api/threads?search=${encodeURIComponent(search)}`, signal))
    .threads;

export const renameThread = (thread: string, title: string | null) => send("PATCH", threadPath(thread), { title });
export const deleteThread = (thread: string) => send("DELETE", threadPath(thread));

/** A new thread with the turns before turn `before`, at least 2; resolves with its id. */
export async function branchThread(thread: string, before: number): Promise<string> {
  const response = await send("POST", `${threadPath(thread)}/branch`, { before });
  return ((await response.json()) as { thread: string }).thread;
}

export const judgeTurn = (thread: string, turn: number, verdict: Verdict, comment: string) =>
  send("PUT", `${threadPath(thread)}/turns/${turn}/feedback`, { verdict, comment });

export interface ChatRequest {
  readonly message: string;
  readonly thread?: string;
  readonly viewport?: Bbox;
  readonly area?: Area;
  readonly query?: Query;
}

export interface ChatHandlers {
  /** The turn begins, for the first time or all over. */
  onBegin(): void;
  /** The connection broke and is being mended. */
  onInterrupted(): void;
  onStage(event: StageEvent): void;
  onRegions(regions: readonly Region[]): void;
  onText(delta: string): void;
}

/** Waits between attempts to take up a turn whose connection broke, in milliseconds. */
const RECONNECT_MS = [300, 1000, 2000, 4000, 8000, 8000, 8000];

/**
 * Sends one message, tells of its turn as it happens, and resolves with the whole reply. A broken connection is taken up
 * after the last event that came; where the service was started anew meanwhile, a turn that it stored is fetched and one
 * that it lost is asked again.
 *
 * @throws {ServiceError} when the service refuses or fails, or cannot be reached for half a minute
 * @throws {DOMException} AbortError when `signal` is aborted; the turn is then stopped
 */
export async function chat(
  request: ChatRequest & { readonly thread: string },
  /** Turns that the thread has already. */
  turns: number,
  handlers: ChatHandlers,
  signal: AbortSignal,
): Promise<Reply> {
  const run = newId();
  const progress = { lastEvent: -1 };
  signal.addEventListener("abort", () => {
    fetch(`/api/chat/${run}`, { method: "DELETE" }).catch(() => {});
  });
  for (let attempt = 0; ; attempt += 1) {
    try {
      // After a break the service may have stored the turn without telling: that has to be known before it is asked again.
      const stored = attempt > 0 ? await storedReply(request, turns, signal) : null;
      return stored ?? (await listen({ ...request, run }, progress, handlers, signal));
    } catch (cause) {
      if (signal.aborted || (cause instanceof ServiceError && cause.status !== 0)) throw cause;
      const wait = RECONNECT_MS[attempt];
      if (wait === undefined) throw new ServiceError("", 0);
      handlers.onInterrupted();
      await new Promise((resolve) => setTimeout(resolve, wait));
      signal.throwIfAborted();
    }
  }
}

/** The stored reply to a request after the turns that were there before it; null where there is none. */
async function storedReply(
  request: ChatRequest & { readonly thread: string },
  turns: number,
  signal: AbortSignal,
): Promise<Reply | null> {
  const thread = await getThread(request.thread, signal).catch((cause: unknown) => {
    if (cause instanceof ServiceError && cause.status === 404) return null;
    throw cause;
  });
  return thread?.turns.find(({ turn, message }) => turn > turns && message === request.message)?.reply ?? null;
}

/** Reads the events of a turn until its reply; a service that does not know the run begins it, from its first event. */
async function listen(
  request: ChatRequest & { readonly run: string },
  progress: { lastEvent: number },
  handlers: ChatHandlers,
  signal: AbortSignal,
): Promise<Reply> {
  const response = await fetch("/api/chat", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      ...(progress.lastEvent >= 0 && { "last-event-id": String(progress.lastEvent) }),
    },
    body: JSON.stringify(request),
    signal,
  }).catch((cause: unknown) => {
    throw signal.aborted ? cause : new ServiceError("", 0);
  });
  if (!response.ok || !response.body) throw await refusal(response);
  try {
    for await (const { event, data, id } of readEvents(response.body)) {
      const number = Number(id);
      if (number === 0) handlers.onBegin();
      progress.lastEvent = number;
      const value = JSON.parse(data) as unknown;
      if (event === "stage") handlers.onStage(value as StageEvent);
      else if (event === "regions") handlers.onRegions((value as { regions: readonly Region[] }).regions);
      else if (event === "text") handlers.onText((value as { delta: string }).delta);
      else if (event === "done") return (value as { reply: Reply }).reply;
      else if (event === "error") {
        const problem = value as { detail?: string; status?: number };
        throw new ServiceError(problem.detail ?? "The turn failed.", problem.status ?? 500);
      }
    }
  } catch (cause) {
    if (cause instanceof ServiceError || signal.aborted) throw cause;
    throw new ServiceError("", 0);
  }
  throw new ServiceError("", 0);
}

/** An id that nobody else has; pages that are not served over a secure connection lack randomUUID. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
