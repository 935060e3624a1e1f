import type { Engine } from "../engine.ts";
import type { IngestService } from "./ingest/ingest-service.ts";
import type { Metrics } from "./metrics.ts";

/** What the routes need, made once in start-server.ts. */
export interface ServerDeps {
  /** Looked at anew by every request: an ingest exchanges what is behind it. */
  readonly engine: Engine;
  /** Content hash of the workspace; null while it holds nothing. Without it that of the engine. */
  readonly fingerprint?: () => string | null;
  /** Holds the engine open while a request uses it; the returned function lets go. Without it the engine is never exchanged. */
  readonly useEngine?: () => () => void;
  /** Uploads and ingests of the page; without it there is no such route. */
  readonly ingest?: IngestService;
  readonly metrics: Metrics;
  /** Folder of the built page; null serves the API alone. */
  readonly pageDirectory: string | null;
  readonly log: (line: string) => void;
}
