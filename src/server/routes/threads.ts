import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { EXPORT_FORMATS, EXPORT_TYPES, type ExportFormat, exportThread } from "../../answer/export.ts";
import { TerralogueError } from "../../errors.ts";
import type { ServerDeps } from "../deps.ts";
import { problems, schemaRef } from "../schemas.ts";

const list = createRoute({
  method: "get",
  path: "/api/threads",
  summary: "Threads, newest first",
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
const download = createRoute({
  method: "get",
  path: "/api/export/{file}",
  summary: "The regions of a thread's last search: THREAD.geojson, THREAD.csv or THREAD.kml",
  request: { params: z.object({ file: z.string() }) },
  responses: {
    200: { description: "The file" },
    ...problems({ 400: "No such format", 404: "No such thread" }),
  },
});

export function threadRoutes(app: OpenAPIHono, { engine }: ServerDeps): void {
  const { threads } = engine.workspace;
  app.openapi(list, (context) => context.json({ threads: threads.list() }) as never);
  app.openapi(one, (context) => {
    const { id } = context.req.valid("param");
    const turns = threads.turns(id);
    if (turns.length === 0) throw new TerralogueError("not_found", `There is no thread "${id.slice(0, 80)}".`);
    return context.json({
      thread: id,
      turns: turns.map(({ turn, message, at, reply }) => ({ turn, message, at, reply })),
    }) as never;
  });
  app.openapi(download, (context) => {
    const { file } = context.req.valid("param");
    const match = /^(.+)\.([a-z]+)$/.exec(file);
    const format = match?.[2] as ExportFormat;
    if (!match || !EXPORT_FORMATS.includes(format))
      throw new TerralogueError(
        "bad_arguments",
        `"${file.slice(0, 80)}" is no export; ask for THREAD.${EXPORT_FORMATS.join(", THREAD.")}.`,
      );
    const text = exportThread(threads.turns(match[1] as string), match[1] as string, format);
    return new Response(text, {
      headers: {
        "content-type": EXPORT_TYPES[format],
        "content-disposition": `attachment; filename="terralogue-${match[1]}.${format}"`,
      },
    }) as never;
  });
}
