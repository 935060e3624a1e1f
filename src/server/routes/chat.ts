import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { checkRequest, LONGEST_MESSAGE } from "../../../agents/check-request.ts";
import type { TurnEvent } from "../../../agents/events.ts";
import { AreaGeometrySchema, BboxSchema } from "../../query/schema.ts";
import type { TurnRequest } from "../../turn/stages.ts";
import type { ServerDeps } from "../deps.ts";
import { problem, problemOf, problemResponse } from "../problem.ts";
import { problems, schemaRef } from "../schemas.ts";

/** Turns that run at once; more are told to come back. */
const MOST_TURNS = 4;

const ChatRequestSchema = z
  .object({
    message: z.string().min(1).max(LONGEST_MESSAGE).openapi({ example: "find new logistics parks near highway exits" }),
    thread: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .optional(),
    viewport: BboxSchema.optional(),
    area: AreaGeometrySchema.optional(),
  })
  .openapi("ChatRequest");

const route = createRoute({
  method: "post",
  path: "/api/chat",
  summary:
    "One turn of a conversation, as server-sent events (stage, regions, text, done, error) or as one JSON Reply when application/json is accepted",
  request: { body: { required: true, content: { "application/json": { schema: ChatRequestSchema } } } },
  responses: {
    200: {
      description: "The turn",
      content: { "text/event-stream": { schema: z.string() }, "application/json": { schema: schemaRef("Reply") } },
    },
    ...problems({ 400: "Bad request", 413: "More than 1 MB", 503: "Too many turns at once" }),
  },
});

export function chatRoute(app: OpenAPIHono, { engine, metrics, log }: ServerDeps): void {
  let running = 0;
  app.openapi(route, async (context) => {
    const request = context.req.valid("json") as TurnRequest;
    checkRequest(request);
    const wantsJson =
      /application\/json/.test(context.req.header("accept") ?? "") &&
      !/text\/event-stream/.test(context.req.header("accept") ?? "");
    if (running >= MOST_TURNS)
      return problemResponse(
        problem(503, "The service is busy with other questions; try again in a few seconds.", "unavailable"),
        { "retry-after": "3" },
      ) as never;
    const onEvent = (event: TurnEvent) => {
      if (event.type === "stage" && event.ms !== undefined)
        metrics.stageSeconds.observe({ stage: event.stage }, event.ms / 1000);
      if (event.type === "done") metrics.turns.inc({ outcome: event.reply.outcome });
    };
    running += 1;
    if (wantsJson) {
      try {
        return context.json(await engine.agent.run(request, { signal: context.req.raw.signal, onEvent })) as never;
      } finally {
        running -= 1;
      }
    }
    return streamSSE(context, async (stream) => {
      const abort = new AbortController();
      stream.onAbort(() => abort.abort());
      let id = 0;
      let queue = Promise.resolve();
      const send = (event: string, data: unknown) => {
        const number = String(id++);
        queue = queue.then(() =>
          stream.aborted ? undefined : stream.writeSSE({ id: number, event, data: JSON.stringify(data) }),
        );
      };
      try {
        await engine.agent.run(request, {
          signal: abort.signal,
          onEvent: (event) => {
            onEvent(event);
            const { type, ...data } = event;
            send(type, data);
          },
        });
      } catch (fault) {
        const found = problemOf(fault);
        if (found.status >= 500) log(`chat: ${fault instanceof Error ? fault.stack : String(fault)}`);
        metrics.faults.inc({ status: String(found.status) });
        send("error", found);
      } finally {
        running -= 1;
      }
      await queue;
    }) as never;
  });
}
