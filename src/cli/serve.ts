import { InvalidArgumentError } from "commander";
import { type RunningServer, startServer } from "../server/start-server.ts";
import type { CliCommand } from "./command.ts";

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  return port;
}

/** Ends the service on SIGINT and SIGTERM, with exit code 0. */
export function untilStopped(server: RunningServer): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      void server.close().then(resolve);
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
}

export const serveCommand: CliCommand = {
  name: "serve",
  summary: "Serves the chat and the map of a workspace.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace to serve")
      .option("--host <host>", "address to listen on (HOST)", process.env.HOST ?? "127.0.0.1")
      .option("--port <n>", "port to listen on (PORT)", portNumber, portNumber(process.env.PORT ?? "8787"))
      .action(async ({ workspace, host, port }: { workspace: string; host: string; port: number }) => {
        const server = await startServer({ workspace, host, port, environment: process.env });
        process.stdout.write(`Terralogue is at ${server.url}\n`);
        if (server.isEmpty) process.stdout.write(`${workspace} holds nothing yet; add data on the page.\n`);
        await untilStopped(server);
      });
  },
};
