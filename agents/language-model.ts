import { HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";
import { CONCEPT_IDS } from "../knowledge/ontology/ids.ts";
import { TerralogueError } from "../src/errors.ts";
import type { LanguageModel } from "../src/models/language-model.ts";

export interface ModelSettings {
  /** Base address of an OpenAI-compatible service, for example http://127.0.0.1:11434/v1. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string;
}

/** A chat model behind any OpenAI-compatible endpoint, asked for JSON and checked against the schema. */
export function createLanguageModel({ baseUrl, model, apiKey }: ModelSettings): LanguageModel {
  const chat = new ChatOpenAI({
    model,
    apiKey: apiKey ?? "none",
    temperature: 0,
    maxRetries: 1,
    configuration: { baseURL: baseUrl },
  });
  return {
    id: `${model}@${new URL(baseUrl).host}`,
    complete: async ({ system, user, image, schema, signal }) => {
      const concepts = `Concept ids: ${CONCEPT_IDS.join(", ")}`;
      const shape = `JSON schema: ${JSON.stringify(z.toJSONSchema(schema, { unrepresentable: "any" }))}`;
      const answer = await chat.invoke(
        [
          ["system", `${system}\n\n${concepts}\n${shape}`],
          new HumanMessage({
            content: image
              ? [
                  { type: "text", text: user },
                  { type: "image_url", image_url: { url: image } },
                ]
              : user,
          }),
        ],
        { response_format: { type: "json_object" }, ...(signal && { signal }) },
      );
      const text = typeof answer.content === "string" ? answer.content : JSON.stringify(answer.content);
      const parsed = schema.safeParse(jsonIn(text));
      if (!parsed.success)
        throw new TerralogueError(
          "model_fault",
          `The language model ${model} answered with something else than the asked shape.`,
        );
      return parsed.data;
    },
  };
}

/** The JSON of an answer, with or without a code fence; undefined when there is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(/```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1] ?? text);
  } catch {
    return undefined;
  }
}

/** Settings from the environment (TERRALOGUE_LLM_URL, TERRALOGUE_LLM_MODEL, TERRALOGUE_LLM_KEY), or null without them. */
export function modelSettings(environment: Readonly<Record<string, string | undefined>>): ModelSettings | null {
  const { TERRALOGUE_LLM_URL: baseUrl, TERRALOGUE_LLM_MODEL: model, TERRALOGUE_LLM_KEY: apiKey } = environment;
  return baseUrl && model ? { baseUrl, model, ...(apiKey && { apiKey }) } : null;
}
