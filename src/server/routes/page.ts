import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerDeps } from "../deps.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".map": "application/json",
  ".woff2": "font/woff2",
};

/** The built page: hashed assets are cached for good, everything else is revalidated; unknown addresses without a dot get the page. */
export function pageRoute(app: OpenAPIHono, { pageDirectory }: ServerDeps): void {
  if (pageDirectory === null) return;
  app.get("/*", async (context, next) => {
    const path = decoded(new URL(context.req.url).pathname);
    if (path === null || path.startsWith("/api/")) return next();
    const wanted = normalize(join(pageDirectory, path === "/" ? "index.html" : path));
    if (!wanted.startsWith(pageDirectory + sep)) return next();
    const exists = (await stat(wanted).catch(() => null))?.isFile();
    const file = exists ? wanted : extname(path) === "" ? join(pageDirectory, "index.html") : null;
    if (!file) return next();
    const body = await readFile(file);
    const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 24)}"`;
    const headers = {
      etag,
      "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    };
    if (context.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers });
    return new Response(new Uint8Array(body), { headers });
  });
}

/** The path with its escapes resolved, or null where they are malformed. */
function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
