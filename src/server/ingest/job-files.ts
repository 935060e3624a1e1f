import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Job, JobSchema } from "./job.ts";

/** Jobs are kept in this folder of the workspace, a file each. */
const FOLDER = "ingest";

/** The jobs of a workspace between processes. */
export interface JobFiles {
  /** Oldest first. One that ran when its service ended is interrupted. A file that is no job is left where it is, and out. */
  load(): readonly Job[];
  save(job: Job): void;
  remove(id: string): void;
}

export function createJobFiles(directory: string): JobFiles {
  const folder = join(directory, FOLDER);
  const fileOf = (id: string) => join(folder, `${id}.json`);
  return {
    load: () => {
      if (!existsSync(folder)) return [];
      return readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => readJob(join(folder, name)) ?? [])
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    },
    save: (job) => {
      mkdirSync(folder, { recursive: true });
      const draft = `${fileOf(job.id)}.partial`;
      writeFileSync(draft, JSON.stringify(job));
      renameSync(draft, fileOf(job.id));
    },
    remove: (id) => rmSync(fileOf(id), { force: true }),
  };
}

function readJob(file: string): Job | null {
  try {
    const job = JobSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    if (job.state !== "running") return job;
    return {
      ...job,
      state: "interrupted",
      revision: job.revision + 1,
      steps: job.steps.map((step) => (step.state === "running" ? { ...step, state: "stopped" as const } : step)),
    };
  } catch {
    return null;
  }
}
