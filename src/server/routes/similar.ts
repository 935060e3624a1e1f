import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { findSimilar, SimilarRequestSchema } from "../../answer/similar.ts";
import type { ServerDeps } from "../deps.ts";
import { problems, schemaRef } from "../schemas.ts";

const route = createRoute({
  method: "post",
  path: "/api/similar",
  summary: "More like this: the tiles that look most like a region, a polygon or a box",
  request: { body: { required: true, content: { "application/json": { schema: SimilarRequestSchema } } } },
  responses: {
    200: {
      description: "The tiles, best first",
      content: { "application/json": { schema: schemaRef("SimilarReply") } },
    },
    ...problems({ 400: "Bad request", 404: "No such region or date, or no vectors there", 413: "More than 1 MB" }),
  },
});

export function similarRoute(app: OpenAPIHono, { engine }: ServerDeps): void {
  app.openapi(route, (context) => context.json(findSimilar(context.req.valid("json"), engine.workspace)) as never);
}
