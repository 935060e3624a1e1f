import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import type { ServerDeps } from "./deps.ts";
import { problem, problemOf, problemResponse } from "./problem.ts";
import { chatRoute } from "./routes/chat.ts";
import { docsRoutes } from "./routes/docs.ts";
import { ingestRoutes, UPLOADS_PATH } from "./routes/ingest.ts";
import { mcpRoute } from "./routes/mcp.ts";
import { mosaicRoutes } from "./routes/mosaics.ts";
import { openaiRoutes } from "./routes/openai.ts";
import { overviewRoute } from "./routes/overview.ts";
import { pageRoute } from "./routes/page.ts";
import { regionRoutes } from "./routes/regions.ts";
import { similarRoute } from "./routes/similar.ts";
import { threadRoutes } from "./routes/threads.ts";
import { workspaceRoutes } from "./routes/workspace.ts";
import { registerSchemas } from "./schemas.ts";
import { createTurnGate } from "./turn-gate.ts";

const LARGEST_BODY = 1024 * 1024;
/** Turns that run at once; more are told to come back. */
const MOST_TURNS = 4;
/** What the framework says of bodies that it cannot read, as sentences. */
const UNREADABLE: Readonly<Record<number, string>> = {
  400: "The request body is not JSON; send one JSON object.",
  415: "The request body is of a type that is not read; send it as application/json.",
};
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "content-security-policy":
    "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
};

/** The HTTP service as a Hono app over an open engine; tested with `app.request`, without a socket. */
export function createApp(deps: ServerDeps): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return undefined;
      const issue = result.error.issues[0];
      const where = issue && issue.path.length > 0 ? ` in "${issue.path.join(".")}"` : "";
      return problemResponse(
        problem(400, `The request is not as it should be${where}: ${issue?.message ?? "invalid"}.`, "bad_arguments"),
      );
    },
  });
  app.use("*", async (context, next) => {
    await next();
    if (context.res.status >= 400) deps.metrics.faults.inc({ status: String(context.res.status) });
    // A page with a style of its own names it in a policy of its own.
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
  });
  app.use("*", async (_context, next) => {
    const letGo = deps.useEngine?.();
    try {
      await next();
    } finally {
      letGo?.();
    }
  });
  const limit = bodyLimit({
    maxSize: LARGEST_BODY,
    onError: () => problemResponse(problem(413, "The request body is larger than 1 MB; send less.", "too_large")),
  });
  // Files have a limit of their own.
  app.use("/api/*", (context, next) => (context.req.path.startsWith(UPLOADS_PATH) ? next() : limit(context, next)));
  app.use("/v1/*", limit);
  app.use("/mcp", limit);
  const fingerprint = deps.fingerprint ?? (() => deps.engine.workspace.fingerprint);
  app.get("/healthz", (context) => context.json({ status: "ok", workspace: fingerprint() }));
  app.get(
    "/metrics",
    async () =>
      new Response(await deps.metrics.registry.metrics(), {
        headers: { "content-type": deps.metrics.registry.contentType },
      }),
  );
  registerSchemas(app);
  const gate = createTurnGate(MOST_TURNS);
  chatRoute(app, deps, gate);
  openaiRoutes(app, deps, gate);
  mcpRoute(app, deps, gate);
  threadRoutes(app, deps);
  regionRoutes(app, deps);
  similarRoute(app, deps);
  mosaicRoutes(app, deps);
  workspaceRoutes(app, deps);
  overviewRoute(app, deps);
  if (deps.ingest) ingestRoutes(app, deps.ingest);
  docsRoutes(app);
  pageRoute(app, deps);
  app.notFound((context) =>
    problemResponse(
      problem(404, `There is nothing at ${new URL(context.req.url).pathname.slice(0, 120)}.`, "not_found"),
    ),
  );
  app.onError((fault) => {
    const status = "status" in fault && typeof fault.status === "number" ? fault.status : null;
    const found =
      status !== null && status >= 400 && status < 500
        ? problem(status, UNREADABLE[status] ?? (fault.message || "The request cannot be read."), "bad_arguments")
        : problemOf(fault);
    if (found.status >= 500) deps.log(`${found.status}: ${fault.stack ?? fault.message}`);
    return problemResponse(found);
  });
  return app;
}
