import type { z } from "zod";

/** A language model as the engine sees it: text in, an object of the schema's shape out, or a fault. It fills schemas; it never measures. */
export interface LanguageModel {
  readonly id: string;
  complete<T>(request: {
    readonly system: string;
    readonly user: string;
    readonly schema: z.ZodType<T>;
    /** A picture to look at, as a PNG data URL; models that cannot see refuse it. */
    readonly image?: string;
    readonly signal?: AbortSignal;
  }): Promise<T>;
}
