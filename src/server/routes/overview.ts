import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import { conceptName } from "../../../knowledge/ontology/names.ts";
import { modelPlaces, readModelChoice } from "../../models/choice.ts";
import { BUILT_IN } from "../../models/open-models.ts";
import { listModels } from "../../models/registry.ts";
import { catalogueOf } from "../../store/catalogue.ts";
import { coverageOf } from "../../store/overview.ts";
import type { Workspace } from "../../workspace.ts";
import type { ServerDeps } from "../deps.ts";

const route = createRoute({
  method: "get",
  path: "/api/workspace/overview",
  summary: "What covers which ground on which date, counts by concept, sources, and the models that read it",
  responses: { 200: { description: "The overview", content: { "application/json": { schema: { type: "object" } } } } },
});

export function overviewRoute(app: OpenAPIHono, { engine }: ServerDeps): void {
  app.openapi(route, async (context) => {
    const { workspace } = engine;
    const { crs, fingerprint, bboxWgs84, sources, entities, landmarks, passages, bytes } = catalogueOf(workspace);
    return context.json({
      crs,
      fingerprint,
      /** False where an ingest was stopped before its end. */
      isWhole: fingerprint !== "incomplete",
      bboxWgs84,
      coverage: coverageOf(workspace),
      sources: sources.map(({ kind, file, date }) => ({ kind, file, date })),
      entities: entities.map(({ concept, count }) => ({
        concept,
        count,
        name: isConceptId(concept)
          ? { en: conceptName(concept, "en", "many"), zh: conceptName(concept, "zh") }
          : { en: concept.replaceAll("_", " "), zh: concept.replaceAll("_", " ") },
      })),
      landmarks,
      passages,
      bytes,
      models: await modelsOf(workspace),
    }) as never;
  });
}

/** Models whose work is in the workspace: the encoders of its vectors and the segmenters of its finds, with what is known of each. */
async function modelsOf(workspace: Workspace) {
  const known = await listModels(modelPlaces(await readModelChoice(workspace.directory)));
  const used = [
    ...workspace.encoders().map(({ id, vectors }) => ({ role: "encoder" as const, id, vectors })),
    ...(workspace.segmenter?.split(" ") ?? []).map((id) => ({ role: "segmenter" as const, id, vectors: null })),
  ].filter(({ id }) => !/#/.test(id));
  return used.map(({ role, id, vectors }) => {
    const [name = id, version = ""] = id.split("@");
    const manifest = known.find(({ model }) => model?.manifest.id === name)?.model?.manifest;
    const builtIn = name in BUILT_IN ? BUILT_IN[name as keyof typeof BUILT_IN].title : null;
    return {
      role: id.startsWith("raster:") ? ("embeddings" as const) : role,
      id: name,
      version,
      title: manifest?.title ?? builtIn,
      licence: manifest?.licence ?? null,
      vectors,
      isInUse: id === workspace.imageEncoder || role === "segmenter",
    };
  });
}
