import { dirname } from "node:path";
import { readContentState } from "../../store/sqlite/content-state.ts";
import type { CurrentEngine } from "../current-engine.ts";
import { createJobFiles } from "./job-files.ts";
import { createJobs, type Jobs } from "./jobs.ts";
import type { IngestPermission } from "./permission.ts";
import type { RunIngest } from "./run-ingest.ts";
import { ingestArguments } from "./sources.ts";
import { createUploads, type Uploads } from "./uploads.ts";

export interface IngestService {
  readonly permission: IngestPermission;
  readonly uploads: Uploads;
  readonly jobs: Jobs;
}

export interface IngestServiceDeps {
  /** The workspace's folder, which need not be there yet. */
  readonly directory: string;
  readonly current: CurrentEngine;
  readonly permission: IngestPermission;
  readonly run: RunIngest;
  readonly log: (line: string) => void;
}

/** Uploads and jobs of a service's workspace, and the engine that takes up what they made. */
export function createIngestService({ directory, current, permission, run, log }: IngestServiceDeps): IngestService {
  const uploads = createUploads(directory, permission.largestUploadBytes);
  let letGo: () => void = () => {};
  const jobs = createJobs({
    files: createJobFiles(directory),
    run,
    log,
    argumentsFor: (sources) => ingestArguments(directory, sources, permission),
    onBegin: () => {
      letGo = current.holdStill();
    },
    onDone: () => current.renew(),
    onStopped: () => {
      // Where the ingest had begun to write, answers rest on what was before until it is complete.
      if (readContentState(directory).fingerprint === current.fingerprint()) letGo();
    },
    onForgotten: ({ sources }) => {
      const { places } = readContentState(directory);
      const asked = new Set(jobs.list().flatMap((job) => job.sources.flatMap(({ upload }) => upload ?? [])));
      for (const { upload, place } of sources)
        if (upload !== null && !places.includes(place) && !asked.has(upload)) uploads.remove(upload);
    },
  });
  const { places } = readContentState(directory);
  const wanted = new Set(
    [...places, ...jobs.list().flatMap(({ sources }) => sources.map(({ place }) => place))].map((place) =>
      dirname(place),
    ),
  );
  uploads.sweep((folder) => wanted.has(folder));
  return { permission, uploads, jobs };
}
