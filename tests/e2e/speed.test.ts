import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "./browser.ts";
import { ask, type DemoService, inPage, startDemo } from "./demo-service.ts";

const executable = findChromium();
const MANY = 10_000;

/** Seconds that the page's main thread worked since it was loaded: its own time, whatever else the machine does. */
async function workMeter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
}

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
    const thread = new URL(page.url()).searchParams.get("thread");
    await page.route("**/api/threads/many", async (route) => {
      const stored = await (await page.request.get(`${demo.server.url}/api/threads/${thread}`)).json();
      const [turn] = stored.turns;
      const [model] = turn.reply.regions;
      const [west, south, east, north] = model.bbox;
      const [width, height] = [(east - west) / 4, (north - south) / 4];
      turn.reply.thread = "many";
      turn.reply.regions = Array.from({ length: MANY }, (_, index) => {
        const x = west + (index % 100) * width * 1.5;
        const y = south + Math.floor(index / 100) * height * 1.5;
        const box = [x, y, x + width, y + height];
        const ring = [
          [x, y],
          [x + width, y],
          [x + width, y + height],
          [x, y + height],
          [x, y],
        ];
        return {
          ...model,
          id: `many.1.${index + 1}`,
          rank: index + 1,
          bbox: box,
          geometry: { type: "Polygon", coordinates: [ring] },
          areaM2: 1000 + index,
          probability: 0.95 - (0.6 * index) / MANY,
          evidence: [],
          proof: { ...model.proof, tree: { ...model.proof.tree, children: [] } },
        };
      });
      await route.fulfill({ json: { thread: "many", feedback: [], turns: [turn] } });
    });
    const work = await workMeter(page);
    await page.goto(`${demo.server.url}/?thread=many`);
    await page.locator(".card").nth(9).waitFor();
    await page.locator(".marker").nth(99).waitFor();
    process.stderr.write(`${MANY} results shown after ${Math.round((await work()) * 1000)} ms of work.\n`);

    await page.locator("h1").click();
    await page.getByRole("button", { name: /^Show all \(10,000\)/ }).click();
    await page.locator(".virtual .card").nth(2).waitFor();
    expect(await page.locator(".virtual .card").count()).toBeLessThan(40);
    await inPage(page, "document.querySelector('.virtual').scrollTo(0, 1e9)");
    await page.locator('.virtual .card[aria-posinset="10000"]').waitFor();
    expect(await page.locator('.virtual .card[aria-posinset="10000"]').getAttribute("aria-setsize")).toBe("10000");
    await inPage(page, "document.querySelector('.virtual').scrollTo(0, 0)");
    await page.locator('.virtual .card[aria-posinset="1"]').waitFor();

    const cost = async (steps: number, step: (index: number) => Promise<unknown>) => {
      const before = await work();
      for (let index = 0; index < steps; index += 1) await step(index);
      return ((await work()) - before) / steps;
    };
    const next = await cost(10, () => page.keyboard.press("j"));
    await page.locator('.card[data-selected=true][aria-posinset="10"]').waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".proof-panel").waitFor({ state: "detached" });
    const box = await page.locator(".map").boundingBox();
    const point = await cost(40, (index) =>
      page.mouse.move((box?.x ?? 0) + 200 + index * 8, (box?.y ?? 0) + 300 + index * 4),
    );
    const sort = await cost(1, () => page.getByLabel("Sort").selectOption("area"));
    await page.locator(".virtual .card .rank", { hasText: /^10000$/ }).waitFor();
    process.stderr.write(
      `Work with ${MANY} results: next result ${Math.round(next * 1000)} ms, pointer ${Math.round(point * 1000)} ms a move, sort ${Math.round(sort * 1000)} ms.\n`,
    );
    expect(next).toBeLessThan(0.25);
    expect(point).toBeLessThan(0.05);
    expect(sort).toBeLessThan(0.5);
    await page.close();
  });
});
