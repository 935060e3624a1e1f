import { existsSync } from "node:fs";
import { join } from "node:path";
import { exampleQuestions } from "../answer/examples.ts";
import { paintWorld } from "../demo/write-demo.ts";
import { openEngine } from "../engine.ts";
import { ingest } from "../ingest/ingest.ts";
import { rulesBeside } from "../models/open-models.ts";
import { createStatisticsEncoder } from "../models/statistics-encoder.ts";
import { openWorkspaceModels } from "../models/workspace-models.ts";
import { openWorkspace } from "../open-workspace.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { startServer } from "../server/start-server.ts";
import type { CliCommand } from "./command.ts";
import { INGEST_THREADS } from "./ingest.ts";
import { type ProgressBar, progressBar } from "./progress.ts";
import { portNumber, untilStopped } from "./serve.ts";

export const startCommand: CliCommand = {
  name: "start",
  summary: "Makes the demo workspace if there is none, and serves the chat and the map.",
  configure: (command) => {
    command
      .option(
        "--workspace <dir>",
        "workspace to serve; the demo is made there when it does not exist",
        join(PACKAGE_ROOT, "workspace"),
      )
      .option("--host <host>", "address to listen on (HOST)", process.env.HOST ?? "127.0.0.1")
      .option("--port <n>", "port to listen on (PORT)", portNumber, portNumber(process.env.PORT ?? "8787"))
      .action(async ({ workspace, host, port }: { workspace: string; host: string; port: number }) => {
        if (!(await isReady(workspace))) await makeDemo(workspace);
        else await encodeAgain(workspace);
        const questions = await questionsFor(workspace);
        const server = await startServer({ workspace, host, port, environment: process.env });
        process.stdout.write(
          `\nTerralogue is at ${server.url}\n\nTry:\n${questions.map((question) => `  ${question}\n`).join("")}\nStop with Ctrl+C.\n`,
        );
        await untilStopped(server);
      });
  },
};

/** Whether the workspace holds a finished ingest; one that was cut short is completed. */
async function isReady(directory: string): Promise<boolean> {
  if (!existsSync(join(directory, "workspace.sqlite"))) return false;
  try {
    const workspace = await openWorkspace(directory);
    const isWhole = workspace.fingerprint !== "incomplete";
    workspace.close();
    return isWhole;
  } catch {
    return false;
  }
}

/** A workspace of an earlier Terralogue, whose tiles another encoder encoded, is brought up to date. */
async function encodeAgain(directory: string): Promise<void> {
  const models = await openWorkspaceModels(directory, null, { slots: ["encoder"], threads: 2 });
  const encoder = models.encoder ?? createStatisticsEncoder();
  const workspace = await openWorkspace(directory);
  const held = workspace.imageEncoder;
  workspace.close();
  if (held === null || held === encoder.id) {
    await models.close();
    return;
  }
  let bar: ProgressBar = progressBar(`Encoding the tiles again with ${encoder.id}`);
  await ingest({
    workspace: directory,
    encoder,
    reembed: true,
    onStep: (title) => {
      bar.end();
      bar = progressBar(title);
    },
    onProgress: (done, label) => bar.update(done, label),
  });
  bar.end();
  await models.close();
}

async function makeDemo(directory: string): Promise<void> {
  const world = join(PACKAGE_ROOT, "demo");
  let bar: ProgressBar = progressBar("Painting the demo world");
  const summary = await paintWorld({ out: world, onProgress: (done, label) => bar.update(done, label) });
  bar.end();
  const models = await openWorkspaceModels(directory, null, {
    slots: ["encoder", "textEncoder", "segmenter", "detector"],
    threads: INGEST_THREADS,
  });
  const rules = rulesBeside(models.segmenter);
  await ingest({
    workspace: directory,
    images: summary.images.map(({ path, date }) => `${path}@${date}`),
    vectors: [summary.layers],
    knowledge: [summary.knowledge],
    encoder: models.encoder ?? createStatisticsEncoder(),
    ...(models.textEncoder && { textEncoder: models.textEncoder }),
    ...(models.segmenter && { segmenter: models.segmenter }),
    ...(models.detector && { detector: models.detector }),
    rules,
    onStep: (title) => {
      bar.end();
      bar = progressBar(title);
    },
    onProgress: (done, label) => bar.update(done, label),
  });
  bar.end();
  await models.close();
}

async function questionsFor(directory: string): Promise<readonly string[]> {
  const engine = await openEngine(directory);
  try {
    return exampleQuestions(engine.context, "en");
  } finally {
    engine.close();
  }
}
