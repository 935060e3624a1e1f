import { createHash } from "node:crypto";
import type { OpenAPIHono } from "@hono/zod-openapi";

const STYLE =
  "body{font:15px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}td{padding:.3rem .8rem .3rem 0;vertical-align:top;border-top:1px solid #ddd}";
/** Nothing but its one style, by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'`;

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

/** The OpenAPI document, and a plain page that lists its operations: no script, no outside assets. */
export function docsRoutes(app: OpenAPIHono): void {
  const document = {
    openapi: "3.1.0",
    info: {
      title: "Terralogue",
      version: "0.1.0",
      description: "Ask a satellite or aerial mosaic a question; get ranked regions with proofs.",
    },
  };
  app.doc31("/openapi.json", document);
  app.get("/docs", (context) => {
    const { paths = {} } = app.getOpenAPI31Document(document);
    const rows = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations as Record<string, Operation>).map(
        ([method, operation]) =>
          `<tr><td><code>${method.toUpperCase()}</code></td><td><code>${path}</code></td><td>${operation.summary ?? ""}</td></tr>`,
      ),
    );
    context.header("content-security-policy", POLICY);
    return context.html(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Terralogue HTTP API</title>
<style>${STYLE}</style>
<h1>Terralogue HTTP API</h1><p>The whole description, for tools: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). Errors are problem details (RFC 9457).</p>
<table>${rows.join("")}<tr><td><code>GET</code></td><td><code>/healthz</code></td><td>Whether the service is up</td></tr><tr><td><code>GET</code></td><td><code>/metrics</code></td><td>Prometheus metrics</td></tr></table></html>`);
  });
}
