import type { JobView } from "../../../src/server/ingest/job.ts";
import type { SourceRequest } from "../../../src/server/ingest/sources.ts";
import type { Coverage } from "../../../src/store/overview.ts";
import { ServiceError, serviceError } from "../api.ts";

export type Job = JobView;
export type JobStep = JobView["steps"][number];
export type SourceKind = SourceRequest["kind"];
export type { Coverage, SourceRequest };

export interface Permission {
  readonly upload: boolean;
  readonly path: boolean;
  readonly url: "public" | "any" | "none";
  readonly largestUploadBytes: number;
}

export interface IngestState {
  readonly may: Permission;
  /** Newest first. */
  readonly jobs: readonly Job[];
}

export interface ModelInfo {
  readonly role: "encoder" | "segmenter" | "embeddings";
  readonly id: string;
  readonly version: string;
  readonly title: string | null;
  readonly licence: string | null;
  readonly vectors: number | null;
  readonly isInUse: boolean;
}

export interface Overview {
  readonly crs: string;
  readonly fingerprint: string;
  readonly isWhole: boolean;
  readonly coverage: readonly Coverage[];
  readonly sources: readonly { readonly kind: SourceKind; readonly file: string; readonly date: string | null }[];
  readonly entities: readonly {
    readonly concept: string;
    readonly count: number;
    readonly name: { readonly en: string; readonly zh: string };
  }[];
  readonly landmarks: number;
  readonly passages: number;
  readonly bytes: number;
  readonly models: readonly ModelInfo[];
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ServiceError("", 0);
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return answer as T;
  throw serviceError(response.status, answer);
}

const jobPath = (id: string) => `/api/ingest/jobs/${encodeURIComponent(id)}`;

export const getIngest = () => ask<IngestState>("GET", "/api/ingest");
export const getOverview = () => ask<Overview>("GET", "/api/workspace/overview");
export const beginJob = (sources: readonly SourceRequest[]) => ask<Job>("POST", "/api/ingest/jobs", { sources });
export const retryJob = (id: string) => ask<Job>("POST", `${jobPath(id)}/retry`, {});
export const cancelJob = (id: string) => ask<Job>("POST", `${jobPath(id)}/cancel`, {});
export const forgetJob = (id: string) => ask<null>("DELETE", jobPath(id));
export const dropUpload = (id: string) => ask<null>("DELETE", `/api/ingest/uploads/${encodeURIComponent(id)}`);

/** Waits before a line of events that the browser gave up is opened again, in milliseconds. */
const REOPEN_MS = 2000;

/**
 * Tells of a job as it goes, from now until it has ended, across broken connections and a restart of the service. The returned function
 * leaves.
 *
 * @param onLine whether the service is heard
 */
export function followJob(id: string, onJob: (job: Job) => void, onLine: (isHeard: boolean) => void): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  const open = () => {
    const line = new EventSource(`${jobPath(id)}/events`);
    source = line;
    line.addEventListener("open", () => onLine(true));
    line.addEventListener("job", ({ data }) => {
      const job = JSON.parse(data as string) as Job;
      if (job.state !== "running") line.close();
      onJob(job);
    });
    line.addEventListener("error", () => {
      onLine(false);
      if (line.readyState === EventSource.CLOSED) timer = window.setTimeout(open, REOPEN_MS);
    });
  };
  open();
  return () => {
    source?.close();
    clearTimeout(timer);
  };
}

/**
 * Sends one file; resolves with the id of the upload.
 *
 * @param onSent told how many bytes have left so far
 * @throws {ServiceError} when it is refused, or the connection breaks; {DOMException} AbortError when it was given up
 */
export function sendFile(file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // Only this can tell how much of a file has left.
    const request = new XMLHttpRequest();
    request.open("PUT", `/api/ingest/uploads/${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
    request.addEventListener("load", () => {
      const answer = readJson(request.responseText) as { id?: string; detail?: string } | null;
      if (request.status === 201 && answer?.id) resolve(answer.id);
      else reject(new ServiceError(answer?.detail ?? `The service answered ${request.status}.`, request.status));
    });
    request.addEventListener("error", () => reject(new ServiceError("", 0)));
    request.addEventListener("abort", () => reject(new DOMException("The file is not sent.", "AbortError")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
