import type { Engine } from "../engine.ts";
import type { Metrics } from "./metrics.ts";

/** What the routes need, made once in start-server.ts. */
export interface ServerDeps {
  readonly engine: Engine;
  readonly metrics: Metrics;
  /** Folder of the built page; null serves the API alone. */
  readonly pageDirectory: string | null;
  readonly log: (line: string) => void;
}
