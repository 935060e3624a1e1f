import { randomUUID } from "node:crypto";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import type { DynamicStructuredTool } from "@langchain/core/tools";
import { createMiddleware, createAgent as createReactAgent, modelCallLimitMiddleware } from "langchain";
import { TerralogueError } from "../src/errors.ts";
import type { TokenMeter } from "../src/models/language-model.ts";
import { backingOf, unbackedArgument } from "./backed-arguments.ts";
import { chatModel } from "./chat-model.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { Driven, DriveRequest, Driver } from "./driver.ts";
import type { ModelSettings } from "./model-settings.ts";
import { withRetries } from "./retry.ts";
import { estimatedTokens } from "./tokens.ts";
import { unitOfJson } from "./tool-evidence.ts";

/** Times that the model may be asked in one turn. */
const MOST_STEPS = 8;
/** Characters of a tool's result that the model sees. */
const MOST_OF_A_RESULT = 6000;

export interface ReactOptions {
  readonly settings: ModelSettings;
  /** Read-only tools over the engine. */
  readonly tools: readonly DynamicStructuredTool[];
  /** The versioned prompt. */
  readonly system: string;
  readonly breaker: CircuitBreaker;
  /** Region ids of a thread's earlier replies. */
  readonly regionsOf: (thread: string) => readonly string[];
  readonly firstDelayMs?: number;
}

/**
 * LangChain's ReAct agent over the tools, for models that want to drive. It runs after the turn was answered without it, so it can change
 * neither plan nor area nor results; its calls only read, their arguments must be the person's words, and its text is checked
 * like any other before it leaves.
 */
export function createDriver({ settings, tools, system, breaker, regionsOf, firstDelayMs }: ReactOptions): Driver {
  return {
    drive: async ({ messages, draft, signal, meter }) => {
      const timeout = AbortSignal.timeout(settings.timeoutMs ?? 20_000);
      const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const calls: Driven["tools"][number][] = [];
      const units: Driven["units"][number][] = [];
      if (!breaker.enter()) return { text: "", units, tools: calls, fallback: "unavailable" };
      const backing = backingOf(messages, draft, regionsOf(draft.thread));
      const checked = createMiddleware({
        name: "Checked",
        wrapModelCall: async (request, handler) => {
          const read = estimatedTokens(JSON.stringify(request.messages.map(({ content }) => content)));
          if (meter.left < read + 50) throw new BudgetSpent();
          const answer = await withRetries(async () => handler(request), {
            signal: either,
            ...(firstDelayMs !== undefined && { firstDelayMs }),
          });
          countTokens(answer, read, meter);
          // Some services give every answer the same id; the conversation would take the second for a correction of the first.
          if (AIMessage.isInstance(answer)) answer.id = randomUUID();
          return answer;
        },
        wrapToolCall: async (request, handler) => {
          const { name, args, id = "" } = request.toolCall;
          const refuse = (error: string, outcome: "refused" | "failed") => {
            calls.push({ name, arguments: args, outcome });
            return new ToolMessage({ content: JSON.stringify({ error }), tool_call_id: id, name, status: "error" });
          };
          const tool = tools.find((entry) => entry.name === name);
          if (!tool)
            return refuse(
              `There is no tool "${name.slice(0, 60)}"; use ${tools.map((one) => one.name).join(", ")}.`,
              "failed",
            );
          const strange = unbackedArgument(name, args, backing);
          if (strange !== null)
            return refuse(
              `"${strange.slice(0, 60)}" is not what the person said; call tools with the person's own words and with ids of results.`,
              "refused",
            );
          try {
            const message = await handler(request);
            const content = ToolMessage.isInstance(message) ? String(message.content) : "";
            const isFault =
              content.startsWith('{"error":') || (ToolMessage.isInstance(message) && message.status === "error");
            calls.push({ name, arguments: args, outcome: isFault ? "failed" : "done" });
            if (!isFault) units.push(unitOfJson(content));
            return new ToolMessage({ content: content.slice(0, MOST_OF_A_RESULT), tool_call_id: id, name });
          } catch (fault) {
            return refuse(
              `The call failed: ${fault instanceof Error ? fault.message.slice(0, 300) : "unknown fault"}`,
              "failed",
            );
          }
        },
      });
      const agent = createReactAgent({
        model: chatModel(settings, { isJson: false, maxTokens: 1000, signal: either }),
        tools: [...tools],
        systemPrompt: system,
        middleware: [modelCallLimitMiddleware({ runLimit: MOST_STEPS, exitBehavior: "error" }), checked],
      });
      try {
        const { messages: said } = await untilAborted(
          agent.invoke(
            { messages: [new HumanMessage(briefOf(messages, draft))] },
            { signal: either, recursionLimit: 6 * MOST_STEPS },
          ),
          either,
        );
        breaker.succeeded();
        return { text: textOf(said.at(-1) as BaseMessage | undefined), units, tools: calls };
      } catch (fault) {
        if (signal?.aborted) {
          breaker.left();
          throw new TerralogueError("cancelled", "The turn was stopped.", { cause: fault });
        }
        const fallback = kindOf(fault, timeout);
        if (fallback === "budget" || fallback === "steps") breaker.left();
        else breaker.failed();
        return { text: "", units, tools: calls, fallback };
      }
    },
  };
}

class BudgetSpent extends Error {}

/** What the model is given: everything as quoted data. */
function briefOf(messages: readonly string[], draft: DriveRequest["draft"]): string {
  return JSON.stringify({
    language: draft.language,
    conversation: messages.slice(-6).map((message) => message.slice(0, 1000)),
    thread: draft.thread,
    answer: draft.text.slice(0, 4000),
    results: draft.regions.map(({ id, rank, caption, probability, areaM2 }) => ({
      id,
      rank,
      caption,
      probability,
      areaM2,
    })),
  });
}

function countTokens(answer: unknown, read: number, meter: TokenMeter): void {
  const usage = (answer as { usage_metadata?: { total_tokens?: number } } | null)?.usage_metadata?.total_tokens;
  meter.add(usage || read + estimatedTokens(JSON.stringify((answer as { content?: unknown } | null)?.content ?? "")));
}

function textOf(message: BaseMessage | undefined): string {
  if (message?.getType() !== "ai") return "";
  if (typeof message.content === "string") return message.content;
  return message.content.map((part) => (part.type === "text" ? String(part.text) : "")).join("");
}

function kindOf(fault: unknown, timeout: AbortSignal): string {
  if (timeout.aborted) return "time-out";
  for (let cause = fault; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof BudgetSpent) return "budget";
    if (/call limit|recursion/i.test(`${cause.name} ${cause.message}`)) return "steps";
  }
  return "unavailable";
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
