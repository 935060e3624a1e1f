import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { buildPage } from "../../scripts/build.mjs";
import { paintWorld } from "../../src/demo/write-demo.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createSpectralSegmenter } from "../../src/models/spectral-segmenter.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { type RunningServer, startServer } from "../../src/server/start-server.ts";
import { launch } from "./browser.ts";

/** The page, served over a demo workspace that the quick models made, and a browser to open it in. */
export interface DemoService {
  readonly folder: string;
  readonly workspace: string;
  readonly server: RunningServer;
  readonly browser: Browser;
  /** Dates of the imagery, the older first. */
  readonly dates: readonly string[];
  /** The page with its map, in a window of its own. */
  open(options?: BrowserContextOptions & { readonly path?: string }): Promise<Page>;
  close(): Promise<void>;
}

interface Options {
  /** Side of the district in metres (default 4000); the smaller, the quicker. */
  readonly size?: number;
  readonly seed?: number;
  /** Landmarks beside those of the demo, as lines of JSON. */
  readonly landmarks?: readonly object[];
}

export async function startDemo(
  executable: string,
  { size, seed, landmarks = [] }: Options = {},
): Promise<DemoService> {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-e2e-"));
  await buildPage();
  const world = await paintWorld({ out: join(folder, "demo"), ...(size && { size }), ...(seed && { seed }) });
  for (const landmark of landmarks) appendFileSync(world.knowledge, `${JSON.stringify(landmark)}\n`);
  const workspace = join(folder, "workspace");
  await ingest({
    workspace,
    images: world.images.map(({ path, date }) => `${path}@${date}`),
    vectors: [world.layers],
    knowledge: [world.knowledge],
    encoder: createStatisticsEncoder(),
    segmenter: createSpectralSegmenter(),
  });
  const server = await startServer({ workspace, port: 0 });
  const browser = await launch(executable);
  return {
    folder,
    workspace,
    server,
    browser,
    dates: world.images.map(({ date }) => date),
    open: async ({ path = "", ...options } = {}) => {
      const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, locale: "en-GB", ...options });
      await page.goto(server.url + path);
      await page.locator(".map[data-ready=true]").waitFor({ state: "attached" });
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends a message as a person does, and resolves with the exchange once it is answered. */
export async function ask(page: Page, message: string) {
  const count = await page.locator(".exchange").count();
  await page.locator("#message").fill(message);
  await page.locator("#message").press("Enter");
  const exchange = page.locator(".exchange").nth(count);
  await exchange.and(page.locator("[data-state=done]")).waitFor();
  return exchange;
}

/** What runs in the page is given as text: the tests are compiled without the types of a page. */
export const inPage = <T>(page: Page, expression: string) => page.evaluate(expression) as Promise<T>;
