import { existsSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { type Engine, engineOptions, openEngine } from "../engine.ts";
import { TerralogueError } from "../errors.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { createApp } from "./create-app.ts";
import { createCurrentEngine } from "./current-engine.ts";
import { createIngestService } from "./ingest/ingest-service.ts";
import { type IngestPermission, ingestPermission } from "./ingest/permission.ts";
import { type RunIngest, runIngest } from "./ingest/run-ingest.ts";
import { createMetrics } from "./metrics.ts";
import { problem, problemResponse } from "./problem.ts";

/** A request may take so long to come: a large file over a slow line. */
const LONGEST_REQUEST_MS = 6 * 3_600_000;

export interface ServeOptions {
  readonly workspace: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 8787; 0 takes a free one. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Runs an ingest that the page asks for; by default the command, in a process of its own. */
  readonly runIngest?: RunIngest;
}

export interface RunningServer {
  readonly url: string;
  /** Whether the workspace held nothing when the service began. */
  readonly isEmpty: boolean;
  close(): Promise<void>;
}

/** The engine of the workspace; null where it holds nothing yet and the page may add something. */
async function firstEngine(open: () => Promise<Engine>, { upload, path }: IngestPermission): Promise<Engine | null> {
  try {
    return await open();
  } catch (fault) {
    if (fault instanceof TerralogueError && fault.code === "empty_workspace" && (upload || path)) return null;
    throw fault;
  }
}

/**
 * Opens the workspace and listens. A workspace that holds nothing yet is served too, where the page may add data.
 *
 * @throws {TerralogueError} `unavailable` when the port is taken, `bad_workspace`, `empty_workspace`
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 8787 } = options;
  const environment = options.environment ?? {};
  const isLoopback = ["127.0.0.1", "localhost", "::1"].includes(host);
  const permission = ingestPermission(environment, isLoopback);
  const open = () => openEngine(options.workspace, engineOptions(environment));
  const current = createCurrentEngine(await firstEngine(open, permission), open);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const ingest = createIngestService({
    directory: options.workspace,
    current,
    permission,
    run: options.runIngest ?? runIngest,
    log,
  });
  const page = join(PACKAGE_ROOT, "dist/ui");
  const app = createApp({
    engine: current.engine,
    fingerprint: current.fingerprint,
    useEngine: current.use,
    ingest,
    metrics: createMetrics(),
    pageDirectory: existsSync(join(page, "index.html")) ? page : null,
    log,
  });
  // A page elsewhere could reach a loopback service under a name of its own: only loopback names are answered.
  const fetch = (request: Request, ...rest: unknown[]) => {
    const name = new URL(request.url).hostname;
    if (isLoopback && !["127.0.0.1", "localhost", "[::1]"].includes(name))
      return problemResponse(problem(400, "This service answers only under its loopback name.", "bad_arguments"));
    return (app.fetch as (request: Request, ...rest: unknown[]) => Response | Promise<Response>)(request, ...rest);
  };
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch, hostname: host, port, serverOptions: { requestTimeout: LONGEST_REQUEST_MS } },
      ({ port: taken }) => {
        const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
        resolve({
          url: `http://${shown}:${taken}`,
          isEmpty: current.fingerprint() === null,
          close: () =>
            new Promise((done) => {
              // Turns that still run see that their person left and stop; the stores close after them.
              server.close(async () => {
                await ingest.jobs.close();
                await current.close();
                done();
              });
              (server as { closeAllConnections?: () => void }).closeAllConnections?.();
            }),
        });
      },
    );
    server.on("error", (cause: NodeJS.ErrnoException) => {
      void current.close();
      const taken = cause.code === "EADDRINUSE";
      reject(
        new TerralogueError(
          "unavailable",
          taken
            ? `Port ${port} is in use; choose another with --port or PORT.`
            : `The service cannot listen on ${host}:${port} (${cause.code ?? cause.message}).`,
          { cause },
        ),
      );
    });
  });
}
