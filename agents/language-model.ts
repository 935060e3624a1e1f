import { type BaseMessage, HumanMessage, isAIMessageChunk, SystemMessage } from "@langchain/core/messages";
import { parsePartialJson } from "@langchain/core/output_parsers";
import { z } from "zod";
import { CONCEPT_IDS } from "../knowledge/ontology/ids.ts";
import { TerralogueError } from "../src/errors.ts";
import type { LanguageModel, TokenMeter } from "../src/models/language-model.ts";
import { chatModel } from "./chat-model.ts";
import { type CircuitBreaker, createCircuitBreaker } from "./circuit-breaker.ts";
import type { ModelSettings } from "./model-settings.ts";
import { withRetries } from "./retry.ts";
import { estimatedTokens } from "./tokens.ts";

/** Tokens that one filled schema may have. */
const MOST_WRITTEN = 2000;

export interface LanguageModelOptions {
  /** Shared by everything that asks this service. */
  readonly breaker?: CircuitBreaker;
  readonly firstDelayMs?: number;
}

/**
 * A chat model behind an OpenAI-compatible endpoint or Ollama, asked for JSON and checked against the schema. Faults that may pass are
 * tried again; after several in a row the service is left alone for a while.
 */
export function createLanguageModel(settings: ModelSettings, options: LanguageModelOptions = {}): LanguageModel {
  const { breaker = createCircuitBreaker(), firstDelayMs } = options;
  const { model, baseUrl } = settings;
  return {
    id: `${model}@${new URL(baseUrl).host}`,
    complete: async ({ system, user, image, schema, signal, meter, onPartial }) => {
      const instructions = instructionsOf(system, schema);
      const messages = [new SystemMessage(instructions), userMessage(user, image)];
      const read = estimatedTokens(`${instructions}\n${user}`);
      checkBudget(meter, read, model);
      if (!breaker.enter())
        throw new TerralogueError(
          "unavailable",
          `The language model ${model} failed several times and is left alone for a while.`,
        );
      try {
        const answer = await withRetries(
          () =>
            ask(settings, messages, {
              signal,
              onPartial,
              maxTokens: Math.min(MOST_WRITTEN, meter?.left ?? MOST_WRITTEN),
            }),
          { ...(signal && { signal }), ...(firstDelayMs !== undefined && { firstDelayMs }) },
        );
        breaker.succeeded();
        meter?.add(answer.tokens ?? read + estimatedTokens(answer.text));
        return fitted(answer.text, schema, model);
      } catch (fault) {
        if (fault instanceof TerralogueError) throw fault;
        meter?.add(read);
        if (signal?.aborted && (signal.reason as Error | undefined)?.name !== "TimeoutError") breaker.left();
        else breaker.failed();
        if (signal?.aborted) throw signal.reason;
        throw new TerralogueError("unavailable", `The language model ${model} did not answer.`, { cause: fault });
      }
    },
  };
}

function instructionsOf(system: string, schema: z.ZodType): string {
  const shape = JSON.stringify(z.toJSONSchema(schema, { unrepresentable: "any" }));
  const concepts = shape.includes('"concept"') ? `Concept ids: ${CONCEPT_IDS.join(", ")}\n` : "";
  return `${system}\n\n${concepts}JSON schema: ${shape}`;
}

function userMessage(user: string, image: string | undefined): HumanMessage {
  if (!image) return new HumanMessage(user);
  return new HumanMessage({
    content: [
      { type: "text", text: user },
      { type: "image_url", image_url: { url: image } },
    ],
  });
}

function checkBudget(meter: TokenMeter | undefined, read: number, model: string): void {
  if (meter && meter.left < read + 50)
    throw new TerralogueError(
      "unavailable",
      `The language model ${model} is not asked: ${read} tokens and an answer do not fit in the ${meter.left} that this turn has left.`,
      { cause: "budget" },
    );
}

interface Answer {
  readonly text: string;
  /** Read and written, where the service says so. */
  readonly tokens: number | null;
}

async function ask(
  settings: ModelSettings,
  messages: readonly BaseMessage[],
  options: { readonly signal?: AbortSignal; readonly onPartial?: (value: unknown) => void; readonly maxTokens: number },
): Promise<Answer> {
  const { signal, onPartial, maxTokens } = options;
  const chat = chatModel(settings, { isJson: true, maxTokens, ...(signal && { signal }) });
  const call = async (): Promise<Answer> => {
    if (!onPartial) {
      const message = await chat.invoke([...messages], { ...(signal && { signal }) });
      return { text: textOf(message.content), tokens: message.usage_metadata?.total_tokens || null };
    }
    let text = "";
    let tokens: number | null = null;
    for await (const chunk of await chat.stream([...messages], { ...(signal && { signal }) })) {
      const more = textOf(chunk.content);
      if (isAIMessageChunk(chunk)) tokens = chunk.usage_metadata?.total_tokens || tokens;
      if (more === "") continue;
      text += more;
      onPartial(partialJson(text));
    }
    if (text === "") throw new Error("The stream ended without an answer: premature end.");
    return { text, tokens };
  };
  return signal ? raced(call(), signal) : call();
}

/** A service that never answers must not hold what waits for it, whatever its client does with the signal. */
async function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function textOf(content: unknown): string {
  return typeof content === "string" ? content : content === undefined ? "" : JSON.stringify(content);
}

/** The JSON of an answer, with or without a code fence. */
const unfenced = (text: string) => /```(?:json)?\s*([\s\S]*?)(?:```|$)/.exec(text)?.[1] ?? text;

function partialJson(text: string): unknown {
  try {
    return parsePartialJson(unfenced(text)) ?? null;
  } catch {
    return null;
  }
}

function fitted<T>(text: string, schema: z.ZodType<T>, model: string): T {
  let value: unknown;
  try {
    value = JSON.parse(unfenced(text));
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TerralogueError(
    "model_fault",
    `The language model ${model} answered with something else than the asked shape.`,
  );
}
