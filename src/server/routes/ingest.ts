import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { TerralogueError } from "../../errors.ts";
import type { IngestService } from "../ingest/ingest-service.ts";
import { type Job, jobView } from "../ingest/job.ts";
import { checkAllowed, SourceRequestSchema, settleSources } from "../ingest/sources.ts";
import { problem, problemResponse } from "../problem.ts";
import { problems, schemaRef } from "../schemas.ts";

/** Bodies under this path are files: they are not limited like the others. */
export const UPLOADS_PATH = "/api/ingest/uploads/";
const MOST_SOURCES = 200;

const jobResponse = {
  description: "The job",
  content: { "application/json": { schema: schemaRef("IngestJob") } },
};
const params = z.object({ id: z.string().max(64) });
const busy = { 409: "An ingest is running" };
/** A body keeps pages of other origins from asking without being asked themselves. */
const emptyBody = { body: { required: true, content: { "application/json": { schema: z.object({}) } } } };

const overview = createRoute({
  method: "get",
  path: "/api/ingest",
  summary: "What may be ingested from the page, and the ingests so far, newest first",
  responses: {
    200: { description: "Permission and jobs", content: { "application/json": { schema: { type: "object" } } } },
  },
});
const upload = createRoute({
  method: "put",
  path: "/api/ingest/uploads/{name}",
  summary: "Sends one file, as it is, to be named in a job by the id in the answer",
  request: { params: z.object({ name: z.string().max(1000) }) },
  responses: {
    201: { description: "Its id, name and size", content: { "application/json": { schema: { type: "object" } } } },
    ...problems({
      400: "Empty, or uploads are off",
      413: "Too large, or no room",
      415: "Not application/octet-stream",
    }),
  },
});
const dropUpload = createRoute({
  method: "delete",
  path: "/api/ingest/uploads/{id}",
  summary: "Removes a file that was sent and is in no job",
  request: { params },
  responses: { 204: { description: "Removed, or not known" }, ...problems({ 409: "It is in a job" }) },
});
const begin = createRoute({
  method: "post",
  path: "/api/ingest/jobs",
  summary: "Begins an ingest of sources; one runs at a time",
  request: {
    body: {
      required: true,
      content: {
        "application/json": { schema: z.object({ sources: z.array(SourceRequestSchema).min(1).max(MOST_SOURCES) }) },
      },
    },
  },
  responses: { 202: jobResponse, ...problems({ 400: "Bad source", 404: "No such file or upload", ...busy }) },
});
const one = createRoute({
  method: "get",
  path: "/api/ingest/jobs/{id}",
  summary: "An ingest: its state, steps with pace and time left, notes, and why it failed",
  request: { params },
  responses: { 200: jobResponse, ...problems({ 404: "No such ingest" }) },
});
const follow = createRoute({
  method: "get",
  path: "/api/ingest/jobs/{id}/events",
  summary: "An ingest as it goes, as server-sent events `job`, each the whole of it; resumable with Last-Event-ID",
  request: { params },
  responses: {
    200: { description: "The events", content: { "text/event-stream": { schema: z.string() } } },
    204: { description: "It is over, and its last event was seen" },
    ...problems({ 404: "No such ingest" }),
  },
});
const retry = createRoute({
  method: "post",
  path: "/api/ingest/jobs/{id}/retry",
  summary: "Begins an ended ingest again; it goes on where it stopped",
  request: { params, ...emptyBody },
  responses: { 202: jobResponse, ...problems({ 400: "It is done", 404: "No such ingest", ...busy }) },
});
const cancel = createRoute({
  method: "post",
  path: "/api/ingest/jobs/{id}/cancel",
  summary: "Ends the ingest that runs; what it wrote stays, so that a retry goes on",
  request: { params, ...emptyBody },
  responses: { 200: jobResponse, ...problems({ 404: "No such ingest" }) },
});
const forget = createRoute({
  method: "delete",
  path: "/api/ingest/jobs/{id}",
  summary: "Takes an ended ingest off the list, with its files where nothing was made of them",
  request: { params },
  responses: { 204: { description: "Taken off" }, ...problems({ 404: "No such ingest", 409: "It is running" }) },
});

export function ingestRoutes(app: OpenAPIHono, { permission, uploads, jobs }: IngestService): void {
  app.use("/api/ingest/*", async (context, next) => {
    if (!isOwnPage(context.req.raw))
      return problemResponse(problem(403, "Only the page of this service itself may ingest.", "forbidden"));
    if (context.req.method !== "GET" && !permission.upload) throw ingestIsOff();
    return next();
  });
  const found = (id: string): Job => {
    const job = jobs.find(id);
    if (!job) throw new TerralogueError("not_found", `There is no ingest "${id.slice(0, 64)}".`);
    return job;
  };
  const refuseBusy = () =>
    problemResponse(problem(409, "An ingest is running; wait for its end, or cancel it.", "conflict"));

  app.openapi(overview, (context) => context.json({ may: permission, jobs: jobs.list().map(jobView) }) as never);
  app.openapi(upload, async (context) => {
    if (context.req.header("content-type") !== "application/octet-stream")
      return problemResponse(
        problem(415, "A file is sent as application/octet-stream, as it is.", "bad_arguments"),
      ) as never;
    const length = Number(context.req.header("content-length") ?? Number.NaN);
    const { name } = context.req.valid("param");
    const received = await uploads.receive(name, context.req.raw.body, Number.isInteger(length) ? length : null);
    return context.json(received, 201) as never;
  });
  app.openapi(dropUpload, (context) => {
    const { id } = context.req.valid("param");
    if (jobs.list().some(({ sources }) => sources.some((source) => source.upload === id)))
      return problemResponse(
        problem(409, "The file belongs to an ingest; take that off the list instead.", "conflict"),
      ) as never;
    uploads.remove(id);
    return new Response(null, { status: 204 }) as never;
  });
  app.openapi(begin, async (context) => {
    if (jobs.list().some(({ state }) => state === "running")) return refuseBusy() as never;
    const asked = context.req.valid("json").sources;
    const sources = await settleSources(asked, permission, uploads, context.req.raw.signal);
    const job = jobs.begin(sources);
    if (job) return context.json(jobView(job), 202) as never;
    // Another one began while files were fetched for this one.
    for (const { upload } of sources)
      if (upload !== null && !asked.some((source) => source.upload === upload)) uploads.remove(upload);
    return refuseBusy() as never;
  });
  app.openapi(one, (context) => context.json(jobView(found(context.req.valid("param").id))) as never);
  app.openapi(retry, (context) => {
    const { id, sources } = found(context.req.valid("param").id);
    checkAllowed(sources, permission);
    const job = jobs.retry(id);
    return job ? (context.json(jobView(job), 202) as never) : (refuseBusy() as never);
  });
  app.openapi(cancel, async (context) => {
    const { id } = found(context.req.valid("param").id);
    await jobs.cancel(id);
    return context.json(jobView(found(id))) as never;
  });
  app.openapi(forget, (context) => {
    const job = found(context.req.valid("param").id);
    if (job.state === "running") return refuseBusy() as never;
    jobs.forget(job.id);
    return new Response(null, { status: 204 }) as never;
  });
  app.openapi(follow, (context) => {
    const { id } = found(context.req.valid("param").id);
    const seen = context.req.header("last-event-id");
    const { revision, state } = found(id);
    // A browser that is told "no content" does not come again.
    if (state !== "running" && seen === String(revision)) return new Response(null, { status: 204 }) as never;
    return streamSSE(context, async (stream) => {
      let told = seen;
      let wake = () => {};
      const leave = jobs.follow(id, () => wake());
      stream.onAbort(() => {
        leave();
        wake();
      });
      while (!stream.aborted) {
        const job = jobs.find(id);
        if (!job) break;
        // Any other number than the last one is news, also a smaller one: the service was started anew meanwhile.
        if (String(job.revision) !== told) {
          told = String(job.revision);
          await stream.writeSSE({ id: told, event: "job", data: JSON.stringify(jobView(job)) });
          continue;
        }
        if (job.state !== "running") break;
        const more = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (jobs.find(id)?.revision === job.revision && !stream.aborted) await more;
      }
      leave();
    }) as never;
  });
}

/** Whether a request comes from a page of this service or from no page at all. */
function isOwnPage(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = request.headers.get("origin");
  return origin === null || (URL.canParse(origin) && new URL(origin).host === new URL(request.url).host);
}

function ingestIsOff(): TerralogueError {
  return new TerralogueError(
    "bad_arguments",
    "This service takes no data: it is not bound to its own machine alone; set TERRALOGUE_INGEST=upload where that is wanted.",
  );
}
