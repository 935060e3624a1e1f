import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workMeter, workWithResults } from "../../src/evaluation/page/many-results.ts";
import { findChromium } from "./browser.ts";
import { ask, type DemoService, inPage, startDemo } from "./demo-service.ts";

const executable = findChromium();
const MANY = 10_000;

describe.skipIf(executable === null)("the page's speed", () => {
  let demo: DemoService;
  beforeAll(async () => {
    demo = await startDemo(executable as string);
  });
  afterAll(() => demo?.close());

  it("can be used at once, and nothing jumps while it loads or answers", async () => {
    const page = await demo.browser.newPage({ viewport: { width: 1360, height: 860 }, locale: "en-GB" });
    await page.addInitScript(`
      window.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
    `);
    const work = await workMeter(page);
    await page.goto(demo.server.url);
    await page.locator("#message").waitFor();
    await page.locator(".example").first().waitFor();
    const elapsed = await inPage<number>(page, "performance.now()");
    const worked = await work();
    process.stderr.write(`Interactive after ${Math.round(elapsed)} ms, ${Math.round(worked * 1000)} ms of work.\n`);
    expect(worked).toBeLessThan(2);
    await page.locator(".map[data-ready=true]").waitFor();
    await ask(page, "find logistics parks");
    await page.waitForTimeout(500);
    expect(await inPage<number>(page, "window.shifts")).toBeLessThan(0.1);
    await page.close();
  });

  it(`stays quick with ${MANY.toLocaleString("en-US")} results: every one is in the list and on the map`, async () => {
    const page = await demo.open();
    await ask(page, "find logistics parks");
    const thread = new URL(page.url()).searchParams.get("thread") as string;
    const work = await workWithResults(page, demo.server.url, thread, MANY);
    process.stderr.write(`Work with ${MANY} results, ms: ${JSON.stringify(work)}\n`);
    expect(work.nextMs).toBeLessThan(250);
    expect(work.pointerMs).toBeLessThan(50);
    expect(work.sortMs).toBeLessThan(500);

    await page.getByLabel("Sort").selectOption("rank");
    expect(await page.locator(".virtual .card").count()).toBeLessThan(40);
    await inPage(page, "document.querySelector('.virtual').scrollTo(0, 1e9)");
    await page.locator('.virtual .card[aria-posinset="10000"]').waitFor();
    expect(await page.locator('.virtual .card[aria-posinset="10000"]').getAttribute("aria-setsize")).toBe("10000");
    await inPage(page, "document.querySelector('.virtual').scrollTo(0, 0)");
    await page.locator('.virtual .card[aria-posinset="1"]').waitFor();
    await page.close();
  });
});
