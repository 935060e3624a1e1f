import { z } from "zod";
import type { Amount, IngestStep } from "../../ingest/ingest.ts";
import { type Source, SourceSchema } from "./sources.ts";

export const JOB_STATES = ["running", "done", "failed", "cancelled", "interrupted"] as const;

/** `open`, the last one, is the service taking up the new content. */
export const STEP_KINDS = [
  "check",
  "layer",
  "knowledge",
  "passages",
  "tiles",
  "embeddings",
  "derive",
  "captions",
  "open",
] as const satisfies readonly (IngestStep["kind"] | "open")[];

const RateSchema = z.object({ perSecond: z.number(), unit: z.enum(["px", "tiles", "features"]) });

export const StepSchema = z.object({
  kind: z.enum(STEP_KINDS),
  /** Base name of what is read in it. */
  file: z.string().nullable(),
  state: z.enum(["running", "done", "stopped"]),
  /** Share done, 0..1; null while nothing is known of it. */
  done: z.number().nullable(),
  label: z.string(),
  elapsedMs: z.number(),
  /** What is worked through in a second, since the first telling of progress. */
  rate: RateSchema.nullable(),
  /** At the pace so far. */
  secondsLeft: z.number().nullable(),
});
export type JobStep = z.infer<typeof StepSchema>;

export const JobSchema = z.object({
  id: z.uuid(),
  state: z.enum(JOB_STATES),
  /** How often it was begun: 1, and one more with each retry. */
  attempt: z.number().int(),
  /** Counts every change: the id of its events. */
  revision: z.number().int(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  sources: z.array(SourceSchema),
  steps: z.array(StepSchema),
  notes: z.array(z.string()),
  /** Why it failed, in a sentence. */
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  summary: z
    .object({
      images: z.number(),
      megapixels: z.number(),
      seconds: z.number(),
      entitiesAdded: z.number(),
      landmarks: z.number(),
      skippedFeatures: z.number(),
    })
    .nullable(),
});
export type Job = z.infer<typeof JobSchema>;

/** A job as it is told over HTTP: where an upload lies, and the query of an address, which may hold a key, are nobody's business. */
export const JobViewSchema = JobSchema.extend({
  sources: z.array(SourceSchema.omit({ upload: true }).extend({ place: z.string().nullable() })),
});
export type JobView = z.infer<typeof JobViewSchema>;

export function jobView(job: Job): JobView {
  return {
    ...job,
    sources: job.sources.map(({ upload: _, place, ...source }) => ({
      ...source,
      place: source.from === "upload" ? null : (place.split(/[?#]/)[0] as string),
    })),
  };
}

/** A sentence with the folders of uploads taken out of it. */
export function withoutPlaces(text: string, sources: readonly Source[]): string {
  return sources
    .filter(({ from }) => from === "upload")
    .reduce((told, { place, name }) => told.replaceAll(place, name), text);
}

/** Steps shorter than this say nothing of their pace. */
const PACE_AFTER_MS = 1000;
const PACE_AFTER_SHARE = 0.01;

/** The pace of the step that runs, from its tellings of progress. Times are in milliseconds of one clock. */
export function createPace(started: number): {
  tell(
    now: number,
    done: number,
    amount: Amount | undefined,
  ): Pick<JobStep, "done" | "elapsedMs" | "rate" | "secondsLeft">;
} {
  let first: { at: number; done: number; value: number } | null = null;
  return {
    tell: (now, done, amount) => {
      first ??= { at: now, done, value: amount?.value ?? 0 };
      const seconds = (now - first.at) / 1000;
      const share = done - first.done;
      const isTelling = now - first.at >= PACE_AFTER_MS;
      const worked = (amount?.value ?? 0) - first.value;
      return {
        done: Math.max(0, Math.min(1, done)),
        elapsedMs: Math.round(now - started),
        rate: isTelling && amount && worked > 0 ? { perSecond: worked / seconds, unit: amount.unit } : null,
        secondsLeft: isTelling && share > PACE_AFTER_SHARE ? Math.round((seconds * (1 - done)) / share) : null,
      };
    },
  };
}
