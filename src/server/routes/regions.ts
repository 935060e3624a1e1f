import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findRegion } from "../../answer/find-region.ts";
import { regionKnowledge } from "../../answer/region-knowledge.ts";
import { TerralogueError } from "../../errors.ts";
import { boundsOf } from "../../geo/bounds.ts";
import { encodeChip } from "../../imagery/map-tiles.ts";
import type { ServerDeps } from "../deps.ts";
import { imageryKey, revalidated } from "../revalidated.ts";
import { problems, schemaRef } from "../schemas.ts";

const CHIP_PX = 320;
/** Surroundings shown on each side, as a share of the region's longer side, and at least this many metres. */
const CONTEXT_SHARE = 0.25;
const CONTEXT_M = 30;

const one = createRoute({
  method: "get",
  path: "/api/regions/{id}",
  summary: "A region of an earlier reply with its proof and evidence",
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: "The region", content: { "application/json": { schema: schemaRef("Region") } } },
    ...problems({ 404: "No such region" }),
  },
});
const chip = createRoute({
  method: "get",
  path: "/api/regions/{id}/chip/{file}",
  summary: "Picture of a region on a mosaic date: DATE.png",
  request: { params: z.object({ id: z.string(), file: z.string() }) },
  responses: {
    200: { description: "The picture", content: { "image/png": { schema: { type: "string", format: "binary" } } } },
    ...problems({ 404: "No such region or date, or no imagery there" }),
  },
});
const knowledge = createRoute({
  method: "get",
  path: "/api/regions/{id}/knowledge",
  summary: "What the knowledge of the workspace says of landmarks in a region or in what its proof rests on",
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: "Landmarks with passages", content: { "application/json": { schema: { type: "object" } } } },
    ...problems({ 404: "No such region" }),
  },
});

export function regionRoutes(app: OpenAPIHono, { engine }: ServerDeps): void {
  app.openapi(
    one,
    (context) => context.json(findRegion(engine.workspace, context.req.valid("param").id).region) as never,
  );
  app.openapi(knowledge, (context) => {
    const { region } = findRegion(engine.workspace, context.req.valid("param").id);
    return context.json({ landmarks: regionKnowledge(region, engine.workspace) }) as never;
  });
  app.openapi(chip, async (context) => {
    const { workspace } = engine;
    const { id, file } = context.req.valid("param");
    const { region } = findRegion(workspace, id);
    const date = mosaicDate(file.replace(/\.png$/, ""), workspace.reader.dates);
    const headers = revalidated(`${imageryKey(workspace, date)}/${id}/${file}`);
    if (context.req.header("if-none-match") === headers.etag)
      return new Response(null, { status: 304, headers }) as never;
    const [minX, minY, maxX, maxY] = boundsOf(workspace.crs.geometryFromWgs84(region.geometry));
    const side = Math.max(maxX - minX, maxY - minY);
    const half = side / 2 + Math.max(CONTEXT_M, side * CONTEXT_SHARE);
    const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
    const picture = await workspace.reader.readChip(
      [cx - half, cy - half, cx + half, cy + half],
      date,
      { width: CHIP_PX, height: CHIP_PX },
      context.req.raw.signal,
    );
    if (!picture.valid.some((value) => value === 1))
      throw new TerralogueError("no_imagery", `The mosaic of ${date ?? "no date"} does not cover this region.`);
    const png = await encodeChip(picture, "png");
    return new Response(new Uint8Array(png), {
      headers: { "content-type": "image/png", ...headers },
    }) as never;
  });
}

/**
 * The mosaic date that an address names; "undated" is the one of images without a date.
 *
 * @throws {TerralogueError} `not_found` naming the dates there are
 */
export function mosaicDate(text: string, dates: readonly (string | null)[]): string | null {
  const found = dates.find((date) => (date ?? "undated") === text);
  if (found === undefined)
    throw new TerralogueError(
      "not_found",
      `There is no mosaic "${text.slice(0, 40)}"; the dates are ${dates.map((date) => date ?? "undated").join(", ") || "none"}.`,
    );
  return found;
}
