import type { Amount, IngestStep, IngestSummary } from "./ingest.ts";

/** What `ingest --events` prints, an object a line, in the order in which it happens. */
export type IngestEvent =
  | { readonly event: "step"; readonly title: string; readonly step: IngestStep }
  | { readonly event: "progress"; readonly done: number; readonly label: string; readonly amount?: Amount }
  | { readonly event: "note"; readonly text: string }
  | { readonly event: "done"; readonly summary: IngestSummary }
  | { readonly event: "failed"; readonly code: string; readonly message: string };
