import type { Region, Reply } from "../../src/answer/reply.ts";

export type { Region, Reply };

export interface WorkspaceInfo {
  readonly crs: string;
  readonly bboxWgs84: readonly [number, number, number, number];
  readonly mosaics: readonly { readonly date: string | null; readonly images: number; readonly gsd: number }[];
  readonly entities: readonly {
    readonly concept: string;
    readonly count: number;
    readonly name: { en: string; zh: string } | null;
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

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path);
  const body = (await response.json()) as T & { detail?: string };
  if (!response.ok) throw new Error(body.detail ?? `The service answered ${response.status}.`);
  return body;
}

export const getWorkspace = () => getJson<WorkspaceInfo>("/api/workspace");
export const getThread = (id: string) => getJson<{ turns: StoredTurn[] }>(`/api/threads/${encodeURIComponent(id)}`);

export interface ChatRequest {
  readonly message: string;
  readonly thread?: string;
  readonly viewport?: readonly [number, number, number, number];
  readonly area?: GeoJSON.Polygon;
}

export interface ChatHandlers {
  onStage(event: StageEvent): void;
  onRegions(regions: readonly Region[]): void;
  onText(delta: string): void;
}

/** Sends one message and reads the server-sent events of its turn; resolves with the whole reply. */
export async function chat(request: ChatRequest, handlers: ChatHandlers, signal: AbortSignal): Promise<Reply> {
  const response = await fetch("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `The service answered ${response.status}.`);
  }
  let reply: Reply | null = null;
  for await (const { event, data } of events(response.body)) {
    if (event === "stage") handlers.onStage(data as StageEvent);
    else if (event === "regions") handlers.onRegions((data as { regions: Region[] }).regions);
    else if (event === "text") handlers.onText((data as { delta: string }).delta);
    else if (event === "done") reply = (data as { reply: Reply }).reply;
    else if (event === "error") throw new Error((data as { detail?: string }).detail ?? "The turn failed.");
  }
  if (!reply) throw new Error("The connection ended before the answer did. Send the message again.");
  return reply;
}

/** Server-sent events of a byte stream (WHATWG HTML, 9.2). */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: unknown }> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const block = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      const lines = block.split("\n");
      const event = lines
        .find((line) => line.startsWith("event:"))
        ?.slice(6)
        .trim();
      const data = lines
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
        .join("\n");
      if (event && data) yield { event, data: JSON.parse(data) as unknown };
    }
  }
}
