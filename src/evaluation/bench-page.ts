import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { TerralogueError } from "../errors.ts";
import { startServer } from "../server/start-server.ts";
import { readOptions, wholeNumber } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { type WorkWithResults, workWithResults } from "./page/many-results.ts";
import { prepareWorld, worldsFolder } from "./retrieval/worlds.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const VIEWPORT = { width: 1360, height: 860 };
const QUESTION = "find logistics parks";
const FEW = 100;
const MANY = 10_000;

interface Load {
  /** Milliseconds from the navigation until one can type and choose an example question. */
  readonly interactiveMs: number;
  /** Until the map is drawn: what a page has to wait for that loads everything first. */
  readonly mapMs: number;
  /** Milliseconds that the main thread worked until then. */
  readonly interactiveWorkMs: number;
  /** Bytes of script, compressed by gzip, before one can type, and in all. */
  readonly scriptBytes: number;
  readonly allScriptBytes: number;
  /** Cumulative layout shift of the load and of one answer. */
  readonly layoutShift: number;
}

/** How fast the page can be used, from the real service in a real browser with nothing cached, beside waiting for all of it. */
export const pageBench: Measurement = {
  name: "page",
  summary:
    "the page's first load on the demo world, and its work with 10,000 results: [--loads N] [--worlds-folder DIR]; needs Chromium (CHROMIUM_PATH)",
  run: async (args) => {
    const values = readOptions(args, { loads: { type: "string", default: "5" }, "worlds-folder": { type: "string" } });
    const count = wholeNumber(values.loads, "loads") ?? 5;
    const browser = await openBrowser();
    const world = { landform: "harbour", seed: 7, size: 2000 } as const;
    const { workspace } = await prepareWorld(world, worldsFolder(values["worlds-folder"]));
    const server = await startServer({ workspace, port: 0 });
    const loads: Load[] = [];
    let few: WorkWithResults;
    let many: WorkWithResults;
    try {
      for (let i = 0; i < count; i += 1) loads.push(await loadOnce(browser, server.url));
      few = await resultsOnce(browser, server.url, FEW);
      many = await resultsOnce(browser, server.url, MANY);
    } finally {
      await browser.close();
      await server.close();
    }
    const middle = (of: (load: Load) => number) => loads.map(of).sort((a, b) => a - b)[Math.floor(count / 2)] as number;
    const interactiveMs = middle((load) => load.interactiveMs);
    const mapMs = middle((load) => load.mapMs);
    return {
      benchmark: "page",
      machine: { loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100, node: process.version },
      loads: count,
      interactive: {
        p50Ms: Math.round(interactiveMs),
        worstMs: Math.round(Math.max(...loads.map((load) => load.interactiveMs))),
        workP50Ms: Math.round(middle((load) => load.interactiveWorkMs)),
        naive: {
          way: "waiting until the map is drawn as well",
          p50Ms: Math.round(mapMs),
          ratio: Math.round((interactiveMs / mapMs) * 100) / 100,
        },
      },
      script: {
        beforeInteractiveKb: Math.round(middle((load) => load.scriptBytes) / 102.4) / 10,
        naive: {
          way: "everything at once",
          kb: Math.round(middle((load) => load.allScriptBytes) / 102.4) / 10,
        },
      },
      layoutShift: Math.max(...loads.map((load) => load.layoutShift)),
      /** Work of the main thread with so many results in the list and on the map; the naive way would cost MANY / FEW times as much. */
      results: {
        [FEW]: few,
        [MANY]: many,
        ratio: Object.fromEntries(
          (["nextMs", "pointerMs", "sortMs", "shownMs"] as const).map((name) => [
            name.replace("Ms", ""),
            Math.round((many[name] / few[name]) * 100) / 100,
          ]),
        ),
        naiveRatio: MANY / FEW,
      },
    };
  },
};

/** The work with so many results, in a window of its own. */
async function resultsOnce(browser: Browser, url: string, count: number): Promise<WorkWithResults> {
  const page = await browser.newPage({ viewport: VIEWPORT, locale: "en-GB" });
  try {
    await page.goto(url);
    await page.locator("#message").fill(QUESTION);
    await page.locator("#message").press("Enter");
    await page.locator(".exchange[data-state=done]").waitFor();
    const thread = new URL(page.url()).searchParams.get("thread") as string;
    return await workWithResults(page, url, thread, count);
  } finally {
    await page.close();
  }
}

async function openBrowser(): Promise<Browser> {
  const path = [process.env.CHROMIUM_PATH, ...CHROMIUM].find((one) => one !== undefined && existsSync(one));
  const playwright = await import("playwright-core").catch(() => null);
  if (!path || !playwright)
    throw new TerralogueError(
      "bad_arguments",
      "The page is measured in Chromium, which was not found; install it or set CHROMIUM_PATH, and install the development packages.",
    );
  return playwright.chromium.launch({ executablePath: path, args: ["--no-sandbox", "--disable-gpu"] });
}

async function loadOnce(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: "en-GB" });
  const page = await context.newPage();
  // Compiled without the types of a page: what runs in it is given as text.
  const inPage = <T>(expression: string) => page.evaluate(expression) as Promise<T>;
  await page.addInitScript(`
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  `);
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script")
      sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url, { waitUntil: "commit" });
  await page.locator("#message").waitFor();
  await page.locator(".example").first().waitFor();
  const interactiveMs = await inPage<number>("performance.now()");
  const { metrics } = await session.send("Performance.getMetrics");
  const work = metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  // The map's own script is asked for before it is here: only what has arrived counts as before.
  const before = await inPage<readonly string[]>(
    "performance.getEntriesByType('resource').filter((one) => one.initiatorType === 'script' || one.name.endsWith('.js')).filter((one) => one.responseEnd > 0).map((one) => one.name)",
  );
  const scriptBytes = await bytesOf(
    before.filter((name) => !/map-panel|maplibre/.test(name)),
    page,
  );
  await page.locator(".map[data-ready=true]").waitFor();
  const mapMs = await inPage<number>("performance.now()");
  await page.locator("#message").fill(QUESTION);
  await page.locator("#message").press("Enter");
  await page.locator(".exchange[data-state=done]").waitFor();
  const layoutShift = await inPage<number>("window.shifts");
  const allScriptBytes = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
  await context.close();
  return {
    interactiveMs,
    mapMs,
    interactiveWorkMs: work * 1000,
    scriptBytes,
    allScriptBytes,
    layoutShift: Math.round(layoutShift * 1000) / 1000,
  };
}

/** Bytes of files after gzip. */
async function bytesOf(
  urls: readonly string[],
  page: { readonly request: { get(url: string): Promise<{ body(): Promise<Buffer> }> } },
): Promise<number> {
  const bodies = await Promise.all(urls.map(async (url) => (await page.request.get(url)).body()));
  return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
}
