import { randomUUID } from "node:crypto";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { LONGEST_MESSAGE } from "../../../agents/check-request.ts";
import type { Region, Reply } from "../../answer/reply.ts";
import { TerralogueError } from "../../errors.ts";
import { createConversations } from "../conversations.ts";
import type { ServerDeps } from "../deps.ts";
import { type Problem, problem, problemOf } from "../problem.ts";
import type { TurnGate } from "../turn-gate.ts";

/** The one model that chat programs see. */
const MODEL = "terralogue";
const MOST_MESSAGES = 400;

const ContentSchema = z.union([
  z.string(),
  z.array(z.object({ type: z.string(), text: z.string().optional() })),
  z.null(),
]);
const CompletionRequestSchema = z
  .object({
    model: z.string().optional(),
    messages: z
      .array(z.object({ role: z.string(), content: ContentSchema.optional() }))
      .min(1)
      .max(MOST_MESSAGES),
    stream: z.boolean().nullish(),
  })
  .openapi("ChatCompletionRequest");

const completionRoute = createRoute({
  method: "post",
  path: "/v1/chat/completions",
  summary:
    "A turn in the protocol of OpenAI's chat completions, for programs that speak it; regions come as markdown and, under `terralogue`, as GeoJSON",
  request: { body: { required: true, content: { "application/json": { schema: CompletionRequestSchema } } } },
  responses: {
    200: {
      description: "The answer, or with stream: true its chunks as server-sent events",
      content: {
        "application/json": { schema: z.object({ object: z.literal("chat.completion") }).loose() },
        "text/event-stream": { schema: z.string() },
      },
    },
  },
});

const modelsRoute = createRoute({
  method: "get",
  path: "/v1/models",
  summary: "The one model that chat programs may choose",
  responses: { 200: { description: "Models", content: { "application/json": { schema: z.object({}).loose() } } } },
});

/** Chat programs that speak OpenAI's protocol talk to the same agent. Answers are those of /api/chat; nothing else of the protocol is read. */
export function openaiRoutes(app: OpenAPIHono, { engine, metrics, log }: ServerDeps, gate: TurnGate): void {
  const conversations = createConversations({ run: (...turn) => engine.agent.run(...turn) });
  const created = Math.floor(Date.now() / 1000);
  app.openapi(modelsRoute, (context) =>
    context.json({ object: "list", data: [{ id: MODEL, object: "model", created, owned_by: MODEL }] }),
  );
  app.openapi(completionRoute, async (context) => {
    const { messages, stream } = context.req.valid("json");
    const leave = gate.enter();
    if (!leave)
      return faultResponse(
        problem(503, "The service is busy with other questions; try again in a few seconds.", "unavailable"),
      ) as never;
    const id = `chatcmpl-${randomUUID()}`;
    const at = Math.floor(Date.now() / 1000);
    const base = { id, created: at, model: MODEL };
    const origin = new URL(context.req.url).origin;
    const answer = (signal: AbortSignal, onText: (text: string) => void = () => {}) =>
      conversations.answer(saidBy(messages), {
        signal,
        onEvent: (event) => {
          if (event.type === "text") onText(event.delta);
          if (event.type === "done") metrics.turns.inc({ outcome: event.reply.outcome });
        },
      });
    const failed = (fault: unknown): Problem => {
      const found = problemOf(fault);
      if (found.status >= 500) log(`chat completions: ${fault instanceof Error ? fault.stack : String(fault)}`);
      return found;
    };
    if (!stream) {
      try {
        const reply = await answer(context.req.raw.signal);
        const message = { role: "assistant", content: markdownOf(reply, origin), terralogue: attachmentOf(reply) };
        const choices = [{ index: 0, message, finish_reason: "stop", logprobs: null }];
        return context.json({ ...base, object: "chat.completion" as const, choices }) as never;
      } catch (fault) {
        return faultResponse(failed(fault)) as never;
      } finally {
        leave();
      }
    }
    return streamSSE(context, async (sse) => {
      const left = new AbortController();
      sse.onAbort(() => left.abort());
      const send = (delta: Record<string, unknown>, reason: "stop" | null = null) =>
        sse.writeSSE({
          data: JSON.stringify({
            ...base,
            object: "chat.completion.chunk",
            choices: [{ index: 0, delta, finish_reason: reason, logprobs: null }],
          }),
        });
      let text = "";
      let sent = "";
      let sending: Promise<unknown> = Promise.resolve();
      // Pieces go out in order, while the rest of the text is still being found.
      const sendUpTo = (markdown: string) => {
        for (const content of piecesOf(markdown.slice(sent.length)))
          sending = sending.then(() => send({ content })).catch(() => left.abort());
        sent = markdown;
      };
      try {
        await send({ role: "assistant", content: "" });
        const reply = await answer(left.signal, (delta) => {
          text += delta;
          // What ends in what may become a list's sign is not settled yet.
          sendUpTo(escapeMarkdown(text.replace(/[\s\d.+-]+$/, "")));
        });
        sendUpTo(markdownOf(reply, origin));
        await sending;
        await send({ terralogue: attachmentOf(reply) });
        await send({}, "stop");
      } catch (fault) {
        if (!left.signal.aborted) await sse.writeSSE({ data: JSON.stringify({ error: errorOf(failed(fault)) }) });
      } finally {
        leave();
      }
      if (!left.signal.aborted) await sse.writeSSE({ data: "[DONE]" });
    }) as never;
  });
}

/** What the person said, oldest first. What the model said is known from the threads, and system messages steer nothing here. */
function saidBy(messages: z.infer<typeof CompletionRequestSchema>["messages"]): string[] {
  const said = messages.filter(({ role }) => role === "user").map(({ content }) => textOf(content ?? ""));
  if (messages.at(-1)?.role !== "user")
    throw new TerralogueError("bad_arguments", "The last message is not the user's; end the messages with a question.");
  return said;
}

function textOf(content: z.infer<typeof ContentSchema>): string {
  if (content === null || typeof content === "string") return content ?? "";
  const other = content.find(({ type }) => type !== "text");
  if (other)
    throw new TerralogueError(
      "bad_arguments",
      `A message has a part of the type "${other.type.slice(0, 40)}"; only text is read.`,
    );
  return content
    .map(({ text }) => text ?? "")
    .join("\n")
    .slice(0, LONGEST_MESSAGE + 1);
}

/** The reply's text, its regions as a list with links to the page, and the choices where it asks back. */
function markdownOf(reply: Reply, origin: string): string {
  const regions = reply.regions.map(
    ({ rank, caption, probability, id }) =>
      `${rank}. [${escapeMarkdown(caption)}](${origin}/?thread=${reply.thread}&region=${encodeURIComponent(id)}) (${Math.round(probability * 100)} %)`,
  );
  const choices = reply.choices.map(({ label }) => `- ${escapeMarkdown(label)}`);
  return [escapeMarkdown(reply.text), regions.join("\n"), choices.join("\n")].filter(Boolean).join("\n\n");
}

/** Names from data must stay text: no links, images, headings or code of their own. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|!~]/g, (sign) => `\\${sign}`).replace(/^(\s*)([-+]|\d+\.)(\s)/gm, "$1\\$2$3");
}

function attachmentOf(reply: Reply) {
  return {
    thread: reply.thread,
    turn: reply.turn,
    outcome: reply.outcome,
    plan: reply.plan?.hash ?? null,
    regions: { type: "FeatureCollection", features: reply.regions.map(featureOf) },
  };
}

function featureOf({ id, rank, geometry, bbox, areaM2, probability, caption }: Region) {
  return { type: "Feature", id, bbox, geometry, properties: { rank, caption, probability, areaM2 } };
}

/** Words with the space behind them. */
function piecesOf(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

/** Problem details that OpenAI's clients can read as well: they look for `error.message`. */
function faultResponse(found: Problem): Response {
  return new Response(JSON.stringify({ ...found, error: errorOf(found) }), {
    status: found.status,
    headers: { "content-type": "application/problem+json", ...(found.status === 503 && { "retry-after": "3" }) },
  });
}

function errorOf({ detail, type, status }: Problem) {
  return { message: detail, type: status < 500 ? "invalid_request_error" : "server_error", param: null, code: type };
}
