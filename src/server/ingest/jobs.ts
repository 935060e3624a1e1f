import { randomUUID } from "node:crypto";
import { TerralogueError } from "../../errors.ts";
import type { IngestEvent } from "../../ingest/ingest-event.ts";
import { createPace, type Job, type JobStep, withoutPlaces } from "./job.ts";
import type { JobFiles } from "./job-files.ts";
import type { RunIngest } from "./run-ingest.ts";
import type { Source } from "./sources.ts";

/** Ended jobs that are kept to be shown. */
const MOST_KEPT = 20;
/** Progress is on disk at most this often; every change of step or state is at once. */
const SAVED_EVERY_MS = 5000;
/** The end of a service waits so long for the ingest in hand. */
const STOP_WAIT_MS = 6000;

export interface JobsDeps {
  readonly files: JobFiles;
  readonly run: RunIngest;
  /** Arguments of the command for these sources. */
  readonly argumentsFor: (sources: readonly Source[]) => readonly string[];
  /** Called before the ingest writes anything. */
  readonly onBegin: () => void;
  /** Takes up the new content. */
  readonly onDone: () => Promise<void>;
  /** Called when the ingest ended without being done. */
  readonly onStopped: () => void;
  /** Called when a job is forgotten. */
  readonly onForgotten: (job: Job) => void;
  readonly log: (line: string) => void;
  readonly now?: () => Date;
}

/** Ingests of one workspace that people asked for over HTTP: one runs at a time, each can be retried and goes on where it stopped. */
export interface Jobs {
  /** Newest first. */
  list(): readonly Job[];
  find(id: string): Job | null;
  /** Begins an ingest, or returns null while one runs. */
  begin(sources: readonly Source[]): Job | null;
  /**
   * Begins an ended job again, or returns null while one runs.
   *
   * @throws {TerralogueError} `bad_arguments` for a job that is done
   */
  retry(id: string): Job | null;
  /** Ends the job that runs; what it wrote stays, so that a retry goes on. Resolves when it has ended. */
  cancel(id: string): Promise<void>;
  /** Takes an ended job off the list. */
  forget(id: string): void;
  /** Calls back after every change of a job. The returned function leaves. */
  follow(id: string, listener: () => void): () => void;
  /** Ends what runs, as interrupted. */
  close(): Promise<void>;
}

export function createJobs(deps: JobsDeps): Jobs {
  const { files, log, now = () => new Date() } = deps;
  const jobs = new Map<string, Job>(files.load().map((job) => [job.id, job]));
  const listeners = new Map<string, Set<() => void>>();
  let running: { id: string; abort: AbortController; ended: Promise<void> } | null = null;
  let endState: "cancelled" | "interrupted" = "cancelled";

  let savedAt = 0;
  const change = (id: string, by: Partial<Job>, isPassing = false): Job => {
    const held = jobs.get(id) as Job;
    const job = { ...held, ...by, revision: held.revision + 1 };
    jobs.set(id, job);
    if (!isPassing || performance.now() - savedAt > SAVED_EVERY_MS) {
      savedAt = performance.now();
      files.save(job);
    }
    for (const listener of [...(listeners.get(id) ?? [])]) listener();
    return job;
  };
  const forget = (id: string) => {
    const job = jobs.get(id);
    if (!job || job.state === "running") return;
    jobs.delete(id);
    files.remove(id);
    deps.onForgotten(job);
  };

  const start = (id: string): Job => {
    const abort = new AbortController();
    endState = "cancelled";
    const job = change(id, { state: "running", endedAt: null, steps: [], notes: [], problem: null, summary: null });
    const ended = work(id, job.sources, abort.signal).finally(() => {
      running = null;
      const over = [...jobs.values()].filter(({ state }) => state !== "running");
      for (const old of over.slice(0, Math.max(0, over.length - MOST_KEPT))) forget(old.id);
    });
    running = { id, abort, ended };
    return job;
  };

  /** One run of the command; every end of it is a state of the job. */
  const work = async (id: string, sources: readonly Source[], signal: AbortSignal): Promise<void> => {
    const tell = tellerOf(id, sources);
    const end = (by: Partial<Job>) => {
      tell.settle(by.state === "done" ? "done" : "stopped");
      change(id, { ...by, endedAt: now().toISOString() });
    };
    try {
      deps.onBegin();
      tell.begin({ kind: "check", file: null });
      await deps.run(deps.argumentsFor(sources), tell.event, signal);
      const { failure } = tell;
      if (tell.summary === null) {
        deps.onStopped();
        end(failure ? { state: "failed", problem: failure } : { state: endState });
        return;
      }
      tell.begin({ kind: "open", file: null });
      await deps.onDone();
      end({ state: "done", summary: tell.summary });
    } catch (fault) {
      deps.onStopped();
      if (!(fault instanceof TerralogueError)) log(`ingest: ${fault instanceof Error ? fault.stack : String(fault)}`);
      const problem =
        fault instanceof TerralogueError
          ? { code: fault.code, detail: withoutPlaces(fault.message, sources) }
          : { code: "fault", detail: "The ingest broke off; the service's log says why. What was done is kept." };
      end({ state: "failed", problem });
    }
  };

  /** Turns the events of the command into changes of the job. */
  const tellerOf = (id: string, sources: readonly Source[]) => {
    let pace = createPace(0);
    let startedAt = 0;
    const steps = () => (jobs.get(id) as Job).steps;
    const settled = (state: JobStep["state"]): JobStep[] =>
      steps().map((step) =>
        step.state === "running"
          ? {
              ...step,
              state,
              done: state === "done" ? 1 : step.done,
              label: "",
              secondsLeft: null,
              elapsedMs: Math.round(performance.now() - startedAt),
            }
          : step,
      );
    const begin = ({ kind, file }: Pick<JobStep, "kind" | "file">) => {
      const held = steps().at(-1);
      // It is being checked from the start, though the command says so when it has come up.
      if (held?.state === "running" && held.kind === "check" && kind === "check") return;
      const before = settled("done");
      startedAt = performance.now();
      pace = createPace(startedAt);
      const step: JobStep = {
        kind,
        file,
        state: "running",
        done: null,
        label: "",
        elapsedMs: 0,
        rate: null,
        secondsLeft: null,
      };
      change(id, { steps: [...before, step] });
    };
    const teller = {
      summary: null as Job["summary"],
      failure: null as Job["problem"],
      begin,
      settle: (state: "done" | "stopped") => {
        jobs.set(id, { ...(jobs.get(id) as Job), steps: settled(state) });
      },
      event: (event: IngestEvent) => {
        switch (event.event) {
          case "step":
            begin({ kind: event.step.kind, file: event.step.file ?? null });
            break;
          case "progress": {
            const last = steps().at(-1);
            if (!last) break;
            const told = pace.tell(performance.now(), event.done, event.amount);
            const step = { ...last, ...told, rate: told.rate ?? last.rate, label: event.label };
            change(id, { steps: [...steps().slice(0, -1), step] }, true);
            break;
          }
          case "note":
            change(id, { notes: [...(jobs.get(id) as Job).notes, withoutPlaces(event.text, sources)] });
            break;
          case "done": {
            const { images, megapixels, seconds, entitiesAdded, landmarks, skippedFeatures } = event.summary;
            teller.summary = { images, megapixels, seconds, entitiesAdded, landmarks, skippedFeatures };
            break;
          }
          case "failed":
            teller.failure = { code: event.code, detail: withoutPlaces(event.message, sources) };
            break;
        }
      },
    };
    return teller;
  };

  return {
    list: () => [...jobs.values()].reverse(),
    find: (id) => jobs.get(id) ?? null,
    begin: (sources) => {
      if (running) return null;
      const id = randomUUID();
      jobs.set(id, {
        id,
        state: "running",
        attempt: 1,
        revision: 0,
        createdAt: now().toISOString(),
        endedAt: null,
        sources: [...sources],
        steps: [],
        notes: [],
        problem: null,
        summary: null,
      });
      return start(id);
    },
    retry: (id) => {
      if (running) return null;
      const job = jobs.get(id);
      if (job?.state === "done")
        throw new TerralogueError("bad_arguments", "This ingest is done; there is nothing to try again.");
      if (!job) throw new TerralogueError("not_found", "There is no such ingest.");
      change(id, { attempt: job.attempt + 1 });
      return start(id);
    },
    cancel: async (id) => {
      if (running?.id !== id) return;
      running.abort.abort();
      await running.ended;
    },
    forget,
    follow: (id, listener) => {
      const held = listeners.get(id) ?? new Set();
      listeners.set(id, held.add(listener));
      return () => {
        held.delete(listener);
        if (held.size === 0) listeners.delete(id);
      };
    },
    close: async () => {
      if (!running) return;
      endState = "interrupted";
      running.abort.abort();
      await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, STOP_WAIT_MS).unref())]);
    },
  };
}
