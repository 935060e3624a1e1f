import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import type { LanguageModel, TokenMeter } from "../models/language-model.ts";
import type { Reply } from "./reply.ts";
import { draftPieces, type WordedSentence } from "./verify/settle.ts";

export const WordedSchema = z.object({
  sentences: z.array(z.object({ n: z.number().int().nonnegative(), text: z.string().max(2000) })).max(80),
});

export interface WordOptions {
  /** The versioned prompt. */
  readonly system: string;
  /** Milliseconds for the whole of it (default 20,000). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly meter?: TokenMeter;
  /** A sentence as soon as it is whole; not checked yet. */
  readonly onSentence?: (sentence: WordedSentence) => void;
}

export interface Worded {
  readonly sentences: readonly WordedSentence[];
  /** Why there are no more of them: "time-out", "budget", "unfit" or "unavailable". */
  readonly fallback?: string;
}

/**
 * Asks a language model to word the sentences of a draft. It sees numbered sentences and the question, as quoted data; lists of results
 * and quotations from passages are kept from it. What it says is not checked here: `settle` does that. On any fault the
 * sentences that came whole before it are given, with the fault's kind.
 *
 * @throws {TerralogueError} `cancelled` when the person left
 */
export async function wordReply(
  draft: Reply,
  message: string,
  model: LanguageModel,
  { system, timeoutMs = 20_000, signal, meter, onSentence }: WordOptions,
): Promise<Worded> {
  const open = draftPieces(draft).filter(({ isOpen }) => isOpen);
  if (open.length === 0) return { sentences: [] };
  const user = JSON.stringify({
    language: draft.language,
    question: message.slice(0, 500),
    sentences: open.map(({ n, text }) => ({ n, text: text.trim().replace(/ \[\d{1,3}\]/g, "") })),
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  const whole = new Map<number, WordedSentence>();
  const take = (sentence: WordedSentence) => {
    if (whole.has(sentence.n)) return;
    whole.set(sentence.n, sentence);
    onSentence?.(sentence);
  };
  try {
    const { sentences } = await model.complete({
      system,
      user,
      schema: WordedSchema,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(meter && { meter }),
      onPartial: (value) => {
        const partial = (value as { sentences?: unknown } | null)?.sentences;
        if (!Array.isArray(partial)) return;
        // The last one may go on.
        for (const sentence of partial.slice(0, -1)) {
          const parsed = WordedSchema.shape.sentences.element.safeParse(sentence);
          if (parsed.success) take(parsed.data);
        }
      },
    });
    for (const sentence of sentences) take(sentence);
    return { sentences: [...whole.values()] };
  } catch (fault) {
    if (signal?.aborted) throw new TerralogueError("cancelled", "The turn was stopped.", { cause: fault });
    return { sentences: [...whole.values()], fallback: kindOf(fault, timeout) };
  }
}

function kindOf(fault: unknown, timeout: AbortSignal): string {
  if (timeout.aborted) return "time-out";
  if (!(fault instanceof TerralogueError)) return "unavailable";
  if (fault.code === "model_fault") return "unfit";
  return fault.cause === "budget" ? "budget" : "unavailable";
}
