import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { checkRequest, LONGEST_MESSAGE } from "../../../agents/check-request.ts";
import type { TurnEvent } from "../../../agents/events.ts";
import { noModelToDrive } from "../../errors.ts";
import { AreaGeometrySchema, BboxSchema, QuerySchema } from "../../query/schema.ts";
import type { TurnRequest } from "../../turn/stages.ts";
import type { ServerDeps } from "../deps.ts";
import { problem, problemOf, problemResponse } from "../problem.ts";
import { problems, schemaRef } from "../schemas.ts";
import type { TurnGate } from "../turn-gate.ts";
import { createTurnRuns, type TurnRun } from "../turn-runs.ts";

const ChatRequestSchema = z
  .object({
    message: z.string().min(1).max(LONGEST_MESSAGE).openapi({ example: "find new logistics parks near highway exits" }),
    thread: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .optional(),
    viewport: BboxSchema.optional(),
    area: AreaGeometrySchema.optional(),
    query: QuerySchema.optional().openapi({
      type: "object",
      description: "The query itself where it is known; the message is then its words, and is not parsed.",
    }),
    drive: z.boolean().optional().openapi({
      description: "Lets the language model call the tools and word the answer itself; only where one is configured.",
    }),
    run: z
      .string()
      .regex(/^[A-Za-z0-9_-]{8,64}$/)
      .optional()
      .openapi({
        description:
          "An id of the client's own. A turn that has one outlives a broken connection by 20 s; the same request sent again with Last-Event-ID takes it up after that event.",
      }),
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

const stopRoute = createRoute({
  method: "delete",
  path: "/api/chat/{run}",
  summary: "Stops a turn that was given a run id; nothing of it is kept",
  request: { params: z.object({ run: z.string() }) },
  responses: { 204: { description: "Stopped, over already, or not known" } },
});

export function chatRoute(app: OpenAPIHono, { engine, metrics, log }: ServerDeps, gate: TurnGate): void {
  const runs = createTurnRuns();
  app.openapi(stopRoute, (context) => {
    runs.find(context.req.valid("param").run)?.stop();
    return new Response(null, { status: 204 }) as never;
  });
  app.openapi(route, async (context) => {
    const { run: runId = null, ...asked } = context.req.valid("json");
    const request = asked as TurnRequest;
    checkRequest(request);
    if (request.drive && !engine.hasModel) throw noModelToDrive();
    const wantsJson =
      /application\/json/.test(context.req.header("accept") ?? "") &&
      !/text\/event-stream/.test(context.req.header("accept") ?? "");
    const question = JSON.stringify(request);
    const known = runId !== null && !wantsJson ? runs.find(runId) : null;
    if (known && known.question !== question)
      return problemResponse(
        problem(400, "This run id belongs to another question; make a new id for every turn.", "bad_arguments"),
      ) as never;
    if (known) return streamRun(context, known, lastEventId(context.req.header("last-event-id"))) as never;
    const leave = gate.enter();
    if (!leave)
      return problemResponse(
        problem(503, "The service is busy with other questions; try again in a few seconds.", "unavailable"),
        { "retry-after": "3" },
      ) as never;
    const onEvent = (event: TurnEvent) => {
      if (event.type === "stage" && event.ms !== undefined)
        metrics.stageSeconds.observe({ stage: event.stage }, event.ms / 1000);
      if (event.type === "done") metrics.turns.inc({ outcome: event.reply.outcome });
    };
    if (wantsJson) {
      try {
        return context.json(await engine.agent.run(request, { signal: context.req.raw.signal, onEvent })) as never;
      } finally {
        leave();
      }
    }
    const begun = runs.start(runId, question, async (emit, signal) => {
      try {
        await engine.agent.run(request, {
          signal,
          onEvent: (event) => {
            onEvent(event);
            const { type, ...data } = event;
            emit(type, data);
          },
        });
      } catch (fault) {
        const found = problemOf(fault);
        if (found.status >= 500) log(`chat: ${fault instanceof Error ? fault.stack : String(fault)}`);
        metrics.faults.inc({ status: String(found.status) });
        emit("error", found);
      } finally {
        leave();
      }
    });
    return streamRun(context, begun, -1) as never;
  });
}

/** The number of the last event that a client saw; −1 where it saw none or says nothing sensible. */
function lastEventId(header: string | undefined): number {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : -1;
}

/** The events of a run after one of them, then those to come, until it is over or the client leaves. */
function streamRun(context: Context, run: TurnRun, after: number): Response {
  return streamSSE(context, async (stream) => {
    let next = after + 1;
    let wake = () => {};
    const leave = run.follow(() => wake());
    stream.onAbort(() => {
      leave();
      wake();
    });
    while (!stream.aborted) {
      const event = run.events[next];
      if (event) {
        next += 1;
        await stream.writeSSE({ id: String(event.id), event: event.event, data: JSON.stringify(event.data) });
        continue;
      }
      if (run.isOver) break;
      const more = new Promise<void>((resolve) => {
        wake = resolve;
      });
      // What happened between the look above and the promise must not be slept through.
      if (run.events[next] === undefined && !run.isOver && !stream.aborted) await more;
    }
    leave();
  });
}
