import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TerralogueError } from "../../errors.ts";
import type { IngestEvent } from "../../ingest/ingest-event.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";

/** Runs the `ingest` command and tells its events; resolves when it has ended. */
export type RunIngest = (
  commandArguments: readonly string[],
  onEvent: (event: IngestEvent) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Answers go before: about a third of the share of the service where both want the processor. */
const NICENESS = 5;
/** A child that was told to end is ended for good after so long. */
const KILL_AFTER_MS = 5000;
/** Of what it says on its error stream, this much is kept to tell why it ended. */
const KEPT_ERROR_CHARACTERS = 2000;

/**
 * The command in a process of its own, at low priority: models and decoding would keep the service from answering. Killed at any moment,
 * the same arguments complete what it began.
 */
export const runIngest: RunIngest = (commandArguments, onEvent, signal) => {
  const entry = join(PACKAGE_ROOT, "dist/node/run.js");
  if (!existsSync(entry))
    return Promise.reject(
      new TerralogueError("unavailable", "The commands are not built; run npm run build, then try again."),
    );
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...commandArguments], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    let said = "";
    let hasEnd = false;
    const stop = () => {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
    };
    child.once("spawn", () => {
      // Not everywhere may a priority be changed; it is a courtesy only.
      try {
        setPriority(child.pid as number, NICENESS);
      } catch {}
      if (signal.aborted) stop();
    });
    signal.addEventListener("abort", stop, { once: true });
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const event = JSON.parse(line) as IngestEvent;
      hasEnd ||= event.event === "done" || event.event === "failed";
      onEvent(event);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-KEPT_ERROR_CHARACTERS);
    });
    child.once("error", reject);
    child.once("close", (code, ended) => {
      signal.removeEventListener("abort", stop);
      if (hasEnd || signal.aborted) resolve();
      else
        reject(
          new Error(
            `The ingest ended ${ended ? `by ${ended}` : `with exit code ${code}`}: ${said.trim().split("\n").at(-1) ?? ""}`,
          ),
        );
    });
  });
};
