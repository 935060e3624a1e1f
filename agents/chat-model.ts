import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import type { ModelSettings } from "./model-settings.ts";

export interface ChatOptions {
  /** The answer is JSON. */
  readonly isJson: boolean;
  /** Tokens that one answer may have. */
  readonly maxTokens: number;
  readonly signal?: AbortSignal;
}

/** A chat model over the service of the settings, for one call. It does not retry: `withRetries` does, for both kinds alike. */
export function chatModel({ kind, baseUrl, model, apiKey }: ModelSettings, options: ChatOptions): BaseChatModel {
  const { isJson, maxTokens, signal } = options;
  if (kind === "ollama")
    return new ChatOllama({
      model,
      baseUrl,
      temperature: 0,
      numPredict: maxTokens,
      maxRetries: 0,
      ...(isJson && { format: "json" }),
      ...(apiKey && { headers: { authorization: `Bearer ${apiKey}` } }),
      // Its client knows no signal: a call that nobody waits for any more is cut at the wire.
      fetch: (address: Parameters<typeof fetch>[0], init?: RequestInit) =>
        fetch(address, { ...init, signal: signals(init?.signal, signal) }),
    });
  return new ChatOpenAI({
    model,
    apiKey: apiKey ?? "none",
    temperature: 0,
    maxTokens,
    maxRetries: 0,
    configuration: { baseURL: baseUrl },
    ...(isJson && { modelKwargs: { response_format: { type: "json_object" } } }),
  });
}

function signals(...all: readonly (AbortSignal | null | undefined)[]): AbortSignal {
  return AbortSignal.any(all.filter((signal) => signal !== null && signal !== undefined));
}
