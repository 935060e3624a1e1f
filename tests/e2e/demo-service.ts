import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { inject } from "vitest";
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

/** Serves a copy of the world that was made for all tests, so that one test's conversations are not another's. */
export async function startDemo(executable: string): Promise<DemoService> {
  const { workspace: made, dates } = inject("world");
  const folder = mkdtempSync(join(tmpdir(), "terralogue-e2e-"));
  const workspace = join(folder, "workspace");
  cpSync(made, workspace, { recursive: true });
  const server = await startServer({ workspace, port: 0 });
  const browser = await launch(executable);
  return {
    folder,
    workspace,
    server,
    browser,
    dates,
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
