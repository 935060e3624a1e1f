import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { TerralogueError } from "../../errors.ts";
import { renderMapTile, tileJson } from "../../imagery/map-tiles.ts";
import { mosaicsOf } from "../../store/catalogue.ts";
import type { ServerDeps } from "../deps.ts";
import { ByteCache } from "../lru.ts";
import { problem, problemResponse } from "../problem.ts";
import { imageryKey, revalidated } from "../revalidated.ts";
import { problems } from "../schemas.ts";
import { mosaicDate } from "./regions.ts";

const CACHE_BYTES = 64 * 1024 * 1024;
/** Tiles rendered at once; more wait, and beyond the queue they are told to come back. */
const MOST_RENDERING = 4;
const MOST_WAITING = 256;

const json = createRoute({
  method: "get",
  path: "/api/mosaics/{date}/tilejson.json",
  summary: "TileJSON 3.0 of a mosaic date",
  request: { params: z.object({ date: z.string() }) },
  responses: {
    200: { description: "TileJSON", content: { "application/json": { schema: { type: "object" } } } },
    ...problems({ 404: "No such date" }),
  },
});
const tile = createRoute({
  method: "get",
  path: "/api/mosaics/{date}/{z}/{x}/{file}",
  summary: "XYZ map tile, 256 px Web Mercator: Y.png or Y.webp",
  request: { params: z.object({ date: z.string(), z: z.string(), x: z.string(), file: z.string() }) },
  responses: {
    200: { description: "The tile" },
    204: { description: "No imagery there" },
    ...problems({ 400: "No such tile", 404: "No such date", 503: "Too many tiles at once" }),
  },
});

export function mosaicRoutes(app: OpenAPIHono, { engine, metrics }: ServerDeps): void {
  const cache = new ByteCache(CACHE_BYTES);
  const slots = slotQueue(MOST_RENDERING, MOST_WAITING);
  app.openapi(json, (context) => {
    const { workspace } = engine;
    const date = mosaicDate(context.req.valid("param").date, workspace.reader.dates);
    const mosaic = mosaicsOf(workspace).find((entry) => entry.date === date);
    if (!mosaic) throw new TerralogueError("not_found", "There is no such mosaic.");
    const url = `${new URL(context.req.url).origin}/api/mosaics/${date ?? "undated"}/{z}/{x}/{y}.webp`;
    return context.json(tileJson({ date, bounds: mosaic.bboxWgs84, gsd: mosaic.gsd, url })) as never;
  });
  app.openapi(tile, async (context) => {
    const { workspace } = engine;
    const { date: dateText, z: zText, x: xText, file } = context.req.valid("param");
    const date = mosaicDate(dateText, workspace.reader.dates);
    const match = /^(\d+)\.(png|webp)$/.exec(file);
    const [zoom, x, y] = [zText, xText, match?.[1] ?? ""].map((text) =>
      /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN,
    ) as [number, number, number];
    if (!match || !(zoom <= 24) || !(x < 2 ** zoom) || !(y < 2 ** zoom))
      throw new TerralogueError(
        "bad_arguments",
        `There is no map tile ${zText}/${xText}/${file.slice(0, 40)}; write Z/X/Y.png or Z/X/Y.webp.`,
      );
    const format = match[2] as "png" | "webp";
    const key = `${imageryKey(workspace, date)}/${zoom}/${x}/${y}.${format}`;
    const headers = revalidated(key);
    if (context.req.header("if-none-match") === headers.etag)
      return new Response(null, { status: 304, headers }) as never;
    let picture = cache.get(key);
    if (picture === undefined) {
      const release = await slots.take();
      if (!release)
        return problemResponse(
          problem(503, "Too many map tiles are asked for at once; try again in a second.", "unavailable"),
          { "retry-after": "1" },
        ) as never;
      try {
        const { signal } = context.req.raw;
        if (signal.aborted) throw new TerralogueError("cancelled", "The tile is no longer wanted.");
        picture = await renderMapTile(workspace.reader, workspace.crs, date, { z: zoom, x, y }, format);
        cache.set(key, picture);
      } finally {
        release();
      }
    }
    metrics.mapTiles.inc({ result: picture ? "picture" : "empty" });
    if (!picture) return new Response(null, { status: 204, headers }) as never;
    return new Response(new Uint8Array(picture), {
      headers: { "content-type": `image/${format}`, ...headers },
    }) as never;
  });
}

/** Lets `size` holders in at once and `waiting` wait; beyond that `take` resolves with null. */
function slotQueue(size: number, waiting: number) {
  let free = size;
  const queue: ((release: () => void) => void)[] = [];
  const release = () => {
    const next = queue.shift();
    if (next) next(release);
    else free += 1;
  };
  return {
    take: (): Promise<(() => void) | null> => {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(release);
      }
      if (queue.length >= waiting) return Promise.resolve(null);
      return new Promise((resolve) => queue.push(resolve));
    },
  };
}
