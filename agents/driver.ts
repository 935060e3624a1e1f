import type { Reply } from "../src/answer/reply.ts";
import type { EvidenceUnit } from "../src/answer/verify/evidence.ts";
import type { TokenMeter } from "../src/models/language-model.ts";

export interface DriveRequest {
  /** What the person said in this thread, oldest first; the last one is to be answered. */
  readonly messages: readonly string[];
  /** The reply that was made without the model. */
  readonly draft: Reply;
  readonly signal?: AbortSignal;
  readonly meter: TokenMeter;
}

export interface Driven {
  /** The model's own words, not checked yet. */
  readonly text: string;
  /** What its tool calls brought to light. */
  readonly units: readonly EvidenceUnit[];
  readonly tools: readonly {
    readonly name: string;
    readonly arguments: unknown;
    readonly outcome: "done" | "refused" | "failed";
  }[];
  /** Why there are no words: "time-out", "budget", "steps", "unavailable". */
  readonly fallback?: string;
}

/** A model that calls the tools itself and words the answer. */
export interface Driver {
  /** @throws {TerralogueError} `cancelled` when the person left */
  drive(request: DriveRequest): Promise<Driven>;
}
