import type { OpenAPIHono } from "@hono/zod-openapi";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import type { ServerDeps } from "../deps.ts";
import { createMcpServer } from "../mcp-server.ts";
import { problem, problemResponse } from "../problem.ts";
import type { TurnGate } from "../turn-gate.ts";

/** The Model Context Protocol over streamable HTTP, without sessions: every request stands alone, and threads keep what was said. */
export function mcpRoute(app: OpenAPIHono, { engine }: ServerDeps, gate: TurnGate): void {
  app.all("/mcp", async (context) => {
    const leave = gate.enter();
    if (!leave)
      return problemResponse(
        problem(503, "The service is busy with other questions; try again in a few seconds.", "unavailable"),
        { "retry-after": "3" },
      );
    const server = createMcpServer(engine);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    try {
      await server.connect(transport);
      return await transport.handleRequest(context.req.raw);
    } finally {
      leave();
      await server.close();
    }
  });
}
