import type { z } from "zod";

/** What a turn may still spend on a language model, in tokens read and written. */
export interface TokenMeter {
  readonly left: number;
  add(tokens: number): void;
}

/** A language model as the engine sees it: text in, an object of the schema's shape out, or a fault. It fills schemas; it never measures. */
export interface LanguageModel {
  readonly id: string;
  /**
   * @throws {TerralogueError} `model_fault` for an answer of another shape; `unavailable` for none: the service is down, its
   *   circuit open, or the budget spent (cause "budget"); the signal's reason when it aborts
   */
  complete<T>(request: {
    readonly system: string;
    readonly user: string;
    readonly schema: z.ZodType<T>;
    /** A picture to look at, as a PNG data URL; models that cannot see refuse it. */
    readonly image?: string;
    readonly signal?: AbortSignal;
    /** Counts the tokens, and refuses a call that does not fit. */
    readonly meter?: TokenMeter;
    /** The answer so far, as far as its JSON goes, each time more of it has come. */
    readonly onPartial?: (value: unknown) => void;
  }): Promise<T>;
}
