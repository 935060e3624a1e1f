import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { engineOptions, openEngine } from "../engine.ts";
import { createMcpServer } from "../server/mcp-server.ts";
import type { CliCommand } from "./command.ts";

export const mcpCommand: CliCommand = {
  name: "mcp",
  summary: "Serves a workspace's tools over the Model Context Protocol on stdin and stdout, for other agents to start.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace to serve")
      .action(async ({ workspace }: { workspace: string }) => {
        const engine = await openEngine(workspace, engineOptions(process.env));
        const server = createMcpServer(engine);
        const left = new Promise<void>((resolve) => {
          server.server.onclose = resolve;
          process.stdin.once("end", resolve);
          process.once("SIGINT", () => resolve());
          process.once("SIGTERM", () => resolve());
        });
        await server.connect(new StdioServerTransport());
        await left;
        await engine.agent.idle();
        engine.close();
      });
  },
};
