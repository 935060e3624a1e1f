import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import { conceptName } from "../../../knowledge/ontology/names.ts";
import { exampleQuestions } from "../../answer/examples.ts";
import { TerralogueError } from "../../errors.ts";
import { boundsOf } from "../../geo/bounds.ts";
import { catalogueOf } from "../../store/catalogue.ts";
import type { ServerDeps } from "../deps.ts";
import { problems } from "../schemas.ts";

const MOST_ENTITIES = 5000;

const workspaceRoute = createRoute({
  method: "get",
  path: "/api/workspace",
  summary: "What is loaded: extent, dates, GSD, counts, three questions to try",
  responses: { 200: { description: "The workspace", content: { "application/json": { schema: { type: "object" } } } } },
});
const entitiesRoute = createRoute({
  method: "get",
  path: "/api/entities",
  summary: "Entities as GeoJSON, by box and concept",
  request: {
    query: z.object({ bbox: z.string().optional(), concept: z.string().optional(), limit: z.string().optional() }),
  },
  responses: {
    200: { description: "A FeatureCollection", content: { "application/geo+json": { schema: { type: "object" } } } },
    ...problems({ 400: "No such concept, box or limit" }),
  },
});

export function workspaceRoutes(app: OpenAPIHono, { engine }: ServerDeps): void {
  app.openapi(workspaceRoute, (context) => {
    const { workspace, context: retrieval } = engine;
    const { directory: _, ...catalogue } = catalogueOf(workspace);
    return context.json({
      ...catalogue,
      encoders: [retrieval.encoder.id],
      entities: catalogue.entities.map(({ concept, count }) => ({
        concept,
        count,
        name: isConceptId(concept) ? { en: conceptName(concept, "en", "many"), zh: conceptName(concept, "zh") } : null,
      })),
      examples: { en: exampleQuestions(retrieval, "en"), zh: exampleQuestions(retrieval, "zh") },
    }) as never;
  });
  app.openapi(entitiesRoute, (context) => {
    const { workspace } = engine;
    const { bbox, concept, limit } = context.req.valid("query");
    if (concept !== undefined && !isConceptId(concept))
      throw new TerralogueError("bad_arguments", `There is no concept "${concept.slice(0, 40)}".`);
    const most = limit === undefined ? MOST_ENTITIES : Number(limit);
    if (!Number.isInteger(most) || most < 1 || most > MOST_ENTITIES)
      throw new TerralogueError("bad_arguments", `The limit must be a whole number from 1 to ${MOST_ENTITIES}.`);
    const box = bbox === undefined ? undefined : boxFrom(bbox);
    const polygon = box
      ? workspace.crs.geometryFromWgs84({
          type: "Polygon",
          coordinates: [
            [
              [box[0], box[1]],
              [box[2], box[1]],
              [box[2], box[3]],
              [box[0], box[3]],
              [box[0], box[1]],
            ],
          ],
        })
      : null;
    const found = workspace.entities.query({
      ...(polygon && { box: boundsOf(polygon) }),
      ...(concept && { concepts: [concept] }),
      limit: most,
    });
    const features = found.map((entity) => ({
      type: "Feature",
      id: entity.id,
      geometry: workspace.crs.geometryToWgs84(entity.geometry),
      properties: {
        concept: entity.concept,
        name: entity.name,
        confidence: entity.confidence,
        source: entity.source,
        firstSeen: entity.firstSeen,
        lastSeen: entity.lastSeen,
      },
    }));
    return context.json({ type: "FeatureCollection", features }, 200, {
      "content-type": "application/geo+json",
    }) as never;
  });
}

function boxFrom(text: string): readonly [number, number, number, number] {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = parts;
  if (
    parts.length !== 4 ||
    !parts.every(Number.isFinite) ||
    west >= east ||
    south >= north ||
    Math.abs(south) > 90 ||
    Math.abs(north) > 90 ||
    Math.abs(west) > 180 ||
    Math.abs(east) > 180
  ) {
    throw new TerralogueError("bad_arguments", `The bbox "${text.slice(0, 60)}" is not W,S,E,N in degrees.`);
  }
  return [west, south, east, north];
}
