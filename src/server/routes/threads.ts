import { randomUUID } from "node:crypto";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { EXPORT_FORMATS, EXPORT_TYPES, type ExportFormat, exportThread } from "../../answer/export.ts";
import { exportGeoPackage, GEOPACKAGE_TYPE } from "../../answer/export-geopackage.ts";
import { TerralogueError } from "../../errors.ts";
import { PlanSchema } from "../../retrieval/plan.ts";
import { branchTurns } from "../branch-thread.ts";
import type { ServerDeps } from "../deps.ts";
import { problem, problemResponse } from "../problem.ts";
import { problems, schemaRef } from "../schemas.ts";

const list = createRoute({
  method: "get",
  path: "/api/threads",
  summary: "Threads, newest first; with search, those in whose title or messages its words stand",
  request: { query: z.object({ search: z.string().max(200).optional() }) },
  responses: { 200: { description: "Threads", content: { "application/json": { schema: schemaRef("Threads") } } } },
});
const one = createRoute({
  method: "get",
  path: "/api/threads/{id}",
  summary: "All turns of a thread with their replies",
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: "The thread", content: { "application/json": { schema: schemaRef("Thread") } } },
    ...problems({ 404: "No such thread" }),
  },
});
const saliency = createRoute({
  method: "get",
  path: "/api/threads/{id}/turns/{turn}/saliency",
  summary: "Where a turn's search looked and how salient each cell was, found again from its stored plan",
  request: { params: z.object({ id: z.string(), turn: z.coerce.number().int().positive() }) },
  responses: {
    200: {
      description: "A FeatureCollection of squares with `score`, 0 to 1",
      content: { "application/geo+json": { schema: { type: "object" } } },
    },
    ...problems({ 404: "No such turn, or it searched nothing", 503: "Too many at once" }),
  },
});
/** Saliencies found again at once. */
const MOST_SALIENCIES = 2;
const LONGEST_TITLE = 120;
const LONGEST_COMMENT = 2000;
const rename = createRoute({
  method: "patch",
  path: "/api/threads/{id}",
  summary: "Names a thread; null takes the name away",
  request: {
    params: z.object({ id: z.string() }),
    body: {
      required: true,
      content: {
        "application/json": { schema: z.object({ title: z.string().trim().min(1).max(LONGEST_TITLE).nullable() }) },
      },
    },
  },
  responses: { 204: { description: "Named" }, ...problems({ 400: "Bad title", 404: "No such thread" }) },
});
const remove = createRoute({
  method: "delete",
  path: "/api/threads/{id}",
  summary: "Removes a thread with its turns and feedback",
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: "Removed" }, ...problems({ 404: "No such thread" }) },
});
const branch = createRoute({
  method: "post",
  path: "/api/threads/{id}/branch",
  summary: "A new thread with the turns before one of them, to go on differently from there",
  request: {
    params: z.object({ id: z.string() }),
    body: {
      required: true,
      content: { "application/json": { schema: z.object({ before: z.number().int().min(2) }) } },
    },
  },
  responses: {
    201: {
      description: "The new thread",
      content: { "application/json": { schema: z.object({ thread: z.string() }) } },
    },
    ...problems({ 400: "Bad turn number", 404: "No such thread or turn" }),
  },
});
const judge = createRoute({
  method: "put",
  path: "/api/threads/{id}/turns/{turn}/feedback",
  summary: "What a person thinks of an answer; kept with the turn and its plan, in place of earlier feedback",
  request: {
    params: z.object({ id: z.string(), turn: z.coerce.number().int().positive() }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({
            verdict: z.enum(["good", "bad"]),
            comment: z.string().trim().max(LONGEST_COMMENT).default(""),
          }),
        },
      },
    },
  },
  responses: { 204: { description: "Kept" }, ...problems({ 400: "Bad feedback", 404: "No such turn" }) },
});
const download = createRoute({
  method: "get",
  path: "/api/export/{file}",
  summary: "The regions of a thread's last search: THREAD.geojson, THREAD.gpkg, THREAD.csv or THREAD.kml",
  request: { params: z.object({ file: z.string() }) },
  responses: {
    200: { description: "The file" },
    ...problems({ 400: "No such format", 404: "No such thread" }),
  },
});

export function threadRoutes(app: OpenAPIHono, { engine }: ServerDeps): void {
  const threads = () => engine.workspace.threads;
  const missing = (id: string) => new TerralogueError("not_found", `There is no thread "${id.slice(0, 80)}".`);
  app.openapi(list, (context) => context.json({ threads: threads().list(context.req.valid("query").search) }) as never);
  app.openapi(rename, (context) => {
    const { id } = context.req.valid("param");
    if (!threads().rename(id, context.req.valid("json").title)) throw missing(id);
    return new Response(null, { status: 204 }) as never;
  });
  app.openapi(remove, (context) => {
    const { id } = context.req.valid("param");
    if (!threads().remove(id)) throw missing(id);
    return new Response(null, { status: 204 }) as never;
  });
  app.openapi(branch, (context) => {
    const { id } = context.req.valid("param");
    const { before } = context.req.valid("json");
    const turns = threads().turns(id);
    if (turns.length === 0) throw missing(id);
    if (!turns.some(({ turn }) => turn === before))
      throw new TerralogueError("not_found", `The thread has no turn ${before}; its turns are 1 to ${turns.length}.`);
    const thread = randomUUID();
    for (const turn of branchTurns(turns, before, thread)) threads().append(turn);
    return context.json({ thread }, 201) as never;
  });
  let running = 0;
  app.openapi(saliency, async (context) => {
    const { id, turn } = context.req.valid("param");
    const stored = threads()
      .turns(id)
      .find((entry) => entry.turn === turn);
    const plan = stored?.plan ? PlanSchema.parse(stored.plan) : null;
    if (!plan)
      throw new TerralogueError(
        "not_found",
        `Turn ${turn} of thread "${id.slice(0, 80)}" is not there, or searched nothing.`,
      );
    if (running >= MOST_SALIENCIES)
      return problemResponse(
        problem(503, "The service is busy with other searches; try again in a few seconds.", "unavailable"),
        { "retry-after": "3" },
      ) as never;
    running += 1;
    try {
      const { signal } = context.req.raw;
      const { stages, workspace } = engine;
      const { cells } = await stages.refine(await stages.coarse(plan, signal), plan, signal);
      const features = cells.map(({ box: [minX, minY, maxX, maxY], date, score }) => ({
        type: "Feature",
        geometry: workspace.crs.geometryToWgs84({
          type: "Polygon",
          coordinates: [
            [
              [minX, minY],
              [maxX, minY],
              [maxX, maxY],
              [minX, maxY],
              [minX, minY],
            ],
          ],
        }),
        properties: { score, date },
      }));
      return context.json({ type: "FeatureCollection", features }, 200, {
        "content-type": "application/geo+json",
      }) as never;
    } finally {
      running -= 1;
    }
  });
  app.openapi(judge, (context) => {
    const { id, turn } = context.req.valid("param");
    const at = new Date().toISOString();
    if (!threads().judge(id, { turn, at, ...context.req.valid("json") }))
      throw new TerralogueError("not_found", `There is no turn ${turn} in thread "${id.slice(0, 80)}".`);
    return new Response(null, { status: 204 }) as never;
  });
  app.openapi(one, (context) => {
    const { id } = context.req.valid("param");
    const turns = threads().turns(id);
    if (turns.length === 0) throw missing(id);
    return context.json({
      thread: id,
      feedback: threads().feedback(id),
      turns: turns.map(({ turn, message, at, reply }) => ({ turn, message, at, reply })),
    }) as never;
  });
  app.openapi(download, (context) => {
    const { file } = context.req.valid("param");
    const [, thread = "", format = ""] = /^(.+)\.([a-z]+)$/.exec(file) ?? [];
    const isText = (EXPORT_FORMATS as readonly string[]).includes(format);
    if (!isText && format !== "gpkg")
      throw new TerralogueError(
        "bad_arguments",
        `"${file.slice(0, 80)}" is no export; ask for THREAD.${[...EXPORT_FORMATS, "gpkg"].join(", THREAD.")}.`,
      );
    const turns = threads().turns(thread);
    const body = isText
      ? exportThread(turns, thread, format as ExportFormat)
      : new Uint8Array(exportGeoPackage(turns, thread));
    return new Response(body, {
      headers: {
        "content-type": isText ? EXPORT_TYPES[format as ExportFormat] : GEOPACKAGE_TYPE,
        "content-disposition": `attachment; filename="terralogue-${thread.replace(/[^A-Za-z0-9_-]/g, "_")}.${format}"`,
      },
    }) as never;
  });
}
