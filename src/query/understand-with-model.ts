import type { LanguageModel } from "../models/language-model.ts";
import { describeQuery } from "./describe.ts";
import { QuerySchema } from "./schema.ts";
import type { DialogueState, Turn, UnderstandContext } from "./turn.ts";
import { understand } from "./understand.ts";

/** The parser's own reading stands from this confidence on; the model is asked below it. */
const SURE_FROM = 0.85;
const TIMEOUT_MS = 8000;

/**
 * The grammar's reading, with a language model for what the grammar leaves over: the model may only fill the Query schema,
 * its answer is checked, and on any fault (timeout, bad JSON, unknown ids) the grammar's reading stands.
 *
 * @param system the versioned prompt
 */
export async function understandWithModel(
  message: string,
  dialogue: DialogueState,
  context: UnderstandContext,
  model: LanguageModel,
  system: string,
): Promise<Turn> {
  const turn = understand(message, dialogue, context);
  const isSearch = turn.intent === "search" || turn.intent === "refine" || turn.intent === "out_of_scope";
  if (!isSearch || (turn.query && turn.confidence >= SURE_FROM)) return turn;
  try {
    const standing = dialogue.query ? `Standing query: ${describeQuery(dialogue.query, turn.language)}\n` : "";
    const query = await model.complete({
      system,
      user: `${standing}Message: ${message.slice(0, 2000)}`,
      schema: QuerySchema.nullable(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!query) return turn;
    return {
      ...turn,
      intent: turn.intent === "out_of_scope" ? "search" : turn.intent,
      query: { ...query, spans: turn.query?.spans ?? [] },
      patch: null,
      unparsed: [],
      confidence: Math.max(turn.confidence, 0.7),
    };
  } catch {
    return turn;
  }
}
