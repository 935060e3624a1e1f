import { TerralogueError } from "../errors.ts";
import type { IngestOptions, IngestSummary } from "../ingest/ingest.ts";
import type { IngestEvent } from "../ingest/ingest-event.ts";

/** Progress is told this often at most. */
const TOLD_EVERY_MS = 200;

/** An ingest's listeners that tell its events. */
export function eventListeners(
  tell: (event: IngestEvent) => void,
): Required<Pick<IngestOptions, "onStep" | "onProgress" | "onNote">> {
  let told = 0;
  return {
    onStep: (title, step) => {
      told = 0;
      tell({ event: "step", title, step });
    },
    onProgress: (done, label, amount) => {
      const now = performance.now();
      if (now - told < TOLD_EVERY_MS) return;
      told = now;
      tell({ event: "progress", done, label, ...(amount && { amount }) });
    },
    onNote: (text) => tell({ event: "note", text }),
  };
}

/** Runs work that tells its events on standard output, with its end as the last of them; a fault is also thrown on. */
export async function telling(
  work: (tell: (event: IngestEvent) => void) => Promise<IngestSummary>,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Promise<void> {
  const tell = (event: IngestEvent) => write(`${JSON.stringify(event)}\n`);
  try {
    tell({ event: "done", summary: await work(tell) });
  } catch (fault) {
    if (fault instanceof TerralogueError) tell({ event: "failed", code: fault.code, message: fault.message });
    throw fault;
  }
}

/** A service that started this process and is gone has nobody to tell: the process ends, and the work can be gone on with later. */
export function endWithParent(): void {
  if (!process.connected) return;
  process.once("disconnect", () => process.exit(1));
  // Its channel to the service alone does not keep a finished ingest running.
  process.channel?.unref();
}
