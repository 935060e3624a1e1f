import type { Citation, NearMiss, Region, Reply } from "../../src/answer/reply.ts";
import { readEvents } from "./events.ts";

export type { Citation, NearMiss, Region, Reply };

export type Area = GeoJSON.Polygon | GeoJSON.MultiPolygon;

/** West, south, east, north in degrees. */
export type Bbox = readonly [number, number, number, number];

export interface WorkspaceInfo {
  readonly crs: string;
  readonly bboxWgs84: Bbox;
  readonly mosaics: readonly { readonly date: string | null; readonly images: number; readonly gsd: number }[];
  readonly entities: readonly {
    readonly concept: string;
    readonly count: number;
    readonly name: { readonly en: string; readonly zh: string } | null;
  }[];
  readonly landmarks: number;
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
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = "ServiceError";
  }
}

async function refusal(response: Response): Promise<ServiceError> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  return new ServiceError(problem.detail ?? `The service answered ${response.status}.`, response.status);
}

async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { ...(signal && { signal }) });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

export const getWorkspace = (signal?: AbortSignal) => getJson<WorkspaceInfo>("/api/workspace", signal);

/** @throws {ServiceError} 404 when there is no such thread */
export const getThread = (id: string, signal?: AbortSignal) =>
  getJson<{ turns: readonly StoredTurn[] }>(`/api/threads/${encodeURIComponent(id)}`, signal);

/** Entities of one concept, at most 5,000; `bbox` is "W,S,E,N" in degrees. */
export const getEntities = (concept: string, bbox?: string, signal?: AbortSignal) =>
  getJson<GeoJSON.FeatureCollection>(
    `/api/entities?concept=${encodeURIComponent(concept)}${bbox ? `&bbox=${bbox}` : ""}`,
    signal,
  );

export const chipUrl = (region: string, date: string) =>
  `/api/regions/${encodeURIComponent(region)}/chip/${encodeURIComponent(date)}.png`;

export const exportUrl = (thread: string, format: string) => `/api/export/${encodeURIComponent(thread)}.${format}`;

export interface ChatRequest {
  readonly message: string;
  readonly thread?: string;
  readonly viewport?: Bbox;
  readonly area?: Area;
}

export interface ChatHandlers {
  onStage(event: StageEvent): void;
  onRegions(regions: readonly Region[]): void;
  onText(delta: string): void;
}

/**
 * Sends one message, tells of its turn as it happens, and resolves with the whole reply.
 *
 * @throws {ServiceError} when the service refuses, fails, or the connection ends before the reply does
 * @throws {DOMException} AbortError when `signal` is aborted
 */
export async function chat(request: ChatRequest, handlers: ChatHandlers, signal: AbortSignal): Promise<Reply> {
  const response = await fetch("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  if (!response.ok || !response.body) throw await refusal(response);
  for await (const { event, data } of readEvents(response.body)) {
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
  throw new ServiceError("The connection ended before the answer did. Send the message again.", 0);
}
