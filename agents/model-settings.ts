import { TerralogueError } from "../src/errors.ts";

export interface ModelSettings {
  /** The protocol that the service speaks. Default "openai". */
  readonly kind?: "openai" | "ollama";
  /** Base address: http://127.0.0.1:8000/v1 of an OpenAI-compatible service, http://127.0.0.1:11434 of Ollama. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string;
  /** For the wording of one reply, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
  /** Tokens of one turn. Default 12,000. */
  readonly tokensPerTurn?: number;
  /** Tokens of one thread. Default 200,000. */
  readonly tokensPerThread?: number;
}

/**
 * Settings from the environment, or null without TERRALOGUE_LLM_URL and TERRALOGUE_LLM_MODEL. Ollama's own protocol is spoken
 * to an address with the prefix `ollama:`, or with TERRALOGUE_LLM_KIND=ollama.
 *
 * @throws {TerralogueError} `bad_arguments` for a setting that cannot be read
 */
export function modelSettings(environment: Readonly<Record<string, string | undefined>>): ModelSettings | null {
  const { TERRALOGUE_LLM_URL: address, TERRALOGUE_LLM_MODEL: model, TERRALOGUE_LLM_KEY: apiKey } = environment;
  if (!address || !model) return null;
  const isPrefixed = address.startsWith("ollama:");
  const kind = environment.TERRALOGUE_LLM_KIND ?? (isPrefixed ? "ollama" : "openai");
  if (kind !== "openai" && kind !== "ollama")
    throw new TerralogueError(
      "bad_arguments",
      `TERRALOGUE_LLM_KIND is "${kind.slice(0, 40)}"; set it to openai or ollama.`,
    );
  const baseUrl = isPrefixed ? address.slice("ollama:".length) : address;
  if (!/^https?:\/\/./.test(baseUrl) || !URL.canParse(baseUrl))
    throw new TerralogueError(
      "bad_arguments",
      `TERRALOGUE_LLM_URL is "${address.slice(0, 80)}", which is no http address; give one such as http://127.0.0.1:8000/v1 or ollama:http://127.0.0.1:11434.`,
    );
  const seconds = numberOf(environment, "TERRALOGUE_LLM_TIMEOUT_S");
  const tokensPerTurn = numberOf(environment, "TERRALOGUE_LLM_TURN_TOKENS");
  const tokensPerThread = numberOf(environment, "TERRALOGUE_LLM_THREAD_TOKENS");
  return {
    kind,
    baseUrl,
    model,
    ...(apiKey && { apiKey }),
    ...(seconds && { timeoutMs: seconds * 1000 }),
    ...(tokensPerTurn && { tokensPerTurn }),
    ...(tokensPerThread && { tokensPerThread }),
  };
}

function numberOf(environment: Readonly<Record<string, string | undefined>>, name: string): number | null {
  const text = environment[name];
  if (!text) return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new TerralogueError("bad_arguments", `${name} is "${text.slice(0, 40)}"; give a number over 0.`);
  return value;
}
