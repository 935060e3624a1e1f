import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import type { LanguageModel, TokenMeter } from "../models/language-model.ts";
import { describeQuery } from "./describe.ts";
import { isOtherWork } from "./intent.ts";
import { checkReading } from "./model-check.ts";
import { type Query, QuerySchema } from "./schema.ts";
import { normalise } from "./tokens.ts";
import type { DialogueState, QueryPatch, Turn, UnderstandContext } from "./turn.ts";
import { understand } from "./understand.ts";

/** The parser's own reading stands from this confidence on; the model is asked below it. */
const SURE_FROM = 0.9;
const TIMEOUT_MS = 8000;
/** Longer messages are cut before the model sees them. */
const MOST_CHARACTERS = 2000;

/** What the model fills: a Query without spans, which only a parser can know, or null for a message that asks for nothing. */
export const ModelReadingSchema = z.object({ query: QuerySchema.omit({ spans: true }).nullable() });

export interface ModelOptions {
  /** The versioned prompt. */
  readonly system: string;
  /** Milliseconds for both attempts together (default 8000). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly meter?: TokenMeter;
}

/**
 * The grammar's reading, with a language model for what the grammar leaves over. The model fills the Query schema; an answer
 * that does not fit is asked for once more and then dropped, as is the model on any fault (time-out, refusal, broken stream).
 * The grammar checks what fits: where the two disagree in ids, numbers or negation, the grammar's reading stands and
 * the other is offered as a choice.
 */
export async function understandWithModel(
  message: string,
  dialogue: DialogueState,
  context: UnderstandContext,
  model: LanguageModel,
  { system, timeoutMs = TIMEOUT_MS, signal, meter }: ModelOptions,
): Promise<Turn> {
  const turn = understand(message, dialogue, context);
  if (!mayAsk(turn, message)) return turn;
  const timeout = AbortSignal.timeout(timeoutMs);
  const reading = await ask(message, dialogue, turn, model, {
    system,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(meter && { meter }),
  });
  if (!reading) return turn;
  const query: Query = { ...reading, spans: turn.query?.spans ?? [] };
  const verdict = checkReading(query, turn, message, dialogue.query);
  switch (verdict) {
    case "drop":
      return turn;
    case "ask":
      return turn.query ? { ...turn, alternatives: choices([turn.query, query], turn) } : turn;
    case "take":
      return taken(query, turn, dialogue);
  }
}

/** The model is asked for searches and changes of which words are left over; never for other work, which the grammar refuses. */
function mayAsk(turn: Turn, message: string): boolean {
  if (isOtherWork(normalise(message))) return false;
  if (turn.intent !== "search" && turn.intent !== "refine" && turn.intent !== "out_of_scope") return false;
  if (turn.action === "undo" || turn.unparsed.length === 0) return false;
  return turn.query === null || turn.confidence < SURE_FROM;
}

async function ask(
  message: string,
  dialogue: DialogueState,
  turn: Turn,
  model: LanguageModel,
  { system, signal, meter }: { readonly system: string; readonly signal: AbortSignal; readonly meter?: TokenMeter },
): Promise<Omit<Query, "spans"> | null> {
  const standing = dialogue.query ? `Standing query: ${describeQuery(dialogue.query, turn.language)}\n` : "";
  // The message stands in JSON quotes, so that nothing in it can pass for the frame around it.
  const user = `${standing}Message: ${JSON.stringify(message.slice(0, MOST_CHARACTERS))}`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const repeated =
        attempt === 0
          ? user
          : `${user}\nThe answer before did not fit the schema. Answer with JSON of that schema alone.`;
      const request = { system, user: repeated, schema: ModelReadingSchema, signal, ...(meter && { meter }) };
      return (await model.complete(request)).query;
    } catch (error) {
      const isInvalid = error instanceof TerralogueError && error.code === "model_fault";
      if (!isInvalid || signal.aborted) return null;
    }
  }
  return null;
}

function taken(query: Query, turn: Turn, dialogue: DialogueState): Turn {
  const isRefine = turn.intent === "refine" && dialogue.query !== null;
  return {
    ...turn,
    intent: isRefine ? "refine" : "search",
    query,
    patch: isRefine && dialogue.query ? difference(dialogue.query, query) : null,
    unparsed: turn.unparsed.filter(({ slot }) => slot === "place"),
    confidence: Math.max(turn.confidence, 0.7),
    action: isRefine ? turn.action : dialogue.query ? "reset" : "none",
  };
}

/** The slots that differ, as replacements. */
function difference(standing: Query, query: Query): QueryPatch {
  const slots = ["target", "relations", "geo", "time", "exclude", "sort", "limit"] as const;
  return slots.flatMap((slot): QueryPatch => {
    if (isDeepStrictEqual(standing[slot], query[slot])) return [];
    return query[slot] === undefined
      ? [{ op: "remove", path: slot }]
      : [{ op: "replace", path: slot, value: query[slot] }];
  });
}

function choices(queries: readonly Query[], { language }: Turn): Turn["alternatives"] {
  return queries.map((query) => ({ label: describeQuery(query, language), query }));
}
