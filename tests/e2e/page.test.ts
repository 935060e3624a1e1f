import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPage } from "../../scripts/build.mjs";
import { paintWorld } from "../../src/demo/write-demo.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createSpectralSegmenter } from "../../src/models/spectral-segmenter.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { type RunningServer, startServer } from "../../src/server/start-server.ts";
import { findChromium, launch } from "./browser.ts";

const executable = findChromium();

describe.skipIf(executable === null)("the page, in a real browser on the real service", () => {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-page-"));
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let dates: readonly string[];
  const faults: string[] = [];
  const outside: string[] = [];

  beforeAll(async () => {
    await buildPage();
    const world = await paintWorld({ out: join(folder, "demo") });
    dates = world.images.map(({ date }) => date);
    const workspace = join(folder, "workspace");
    await ingest({
      workspace,
      images: world.images.map(({ path, date }) => `${path}@${date}`),
      vectors: [world.layers],
      knowledge: [world.knowledge],
      encoder: createStatisticsEncoder(),
      segmenter: createSpectralSegmenter(),
    });
    server = await startServer({ workspace, port: 0 });
    browser = await launch(executable as string);
    page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
    });
    await page.goto(server.url);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (message: string) => {
    const count = await page.locator(".exchange").count();
    await page.getByRole("textbox").fill(message);
    await page.getByRole("textbox").press("Enter");
    const exchange = page.locator(".exchange").nth(count);
    await exchange.and(page.locator("[data-state=done]")).waitFor();
    return exchange;
  };

  it("shows the mosaic and offers questions", async () => {
    await page.locator(".map[data-ready=true]").waitFor();
    expect(await page.locator(".example").count()).toBe(3);
    await expect
      .poll(async () => (await page.locator(".map canvas").screenshot()).length, { timeout: 20_000 })
      .toBeGreaterThan(60_000);
  });

  it("answers the first question with ranked regions, selects one on click and shows its proof", async () => {
    const exchange = await ask("find new logistics parks near highway exits");
    const cards = exchange.locator(".card");
    expect(await cards.count()).toBeGreaterThanOrEqual(3);
    expect(await exchange.locator(".spoken").textContent()).toContain(dates[1]);
    expect(await page.locator(".marker").count()).toBe(await cards.count());
    await page.waitForTimeout(700);
    const before = await page.locator(".map canvas").screenshot();
    await cards.nth(1).locator(".card-head").click();
    const proof = page.getByRole("complementary", { name: "Proof" });
    await proof.locator(".tree").waitFor();
    expect(await proof.locator(".tree").textContent()).toContain("It is a logistics park");
    await proof.getByRole("button", { name: "logic", exact: true }).click();
    expect(await proof.locator(".tree code").first().textContent()).toContain("logistics_park(x)");
    await page.waitForTimeout(900);
    expect((await page.locator(".map canvas").screenshot()).equals(before)).toBe(false);
    expect(await page.locator(".map-label").first().textContent()).toMatch(/^[\d,]+ m$/);
    await page.getByRole("button", { name: "Whole area", exact: true }).click();
    await page.waitForTimeout(900);
    await page.locator(".marker", { hasText: /^1$/ }).click();
    await page.locator(".card[data-selected=true] .rank", { hasText: /^1$/ }).waitFor();
  });

  it("loads the pictures of both dates", async () => {
    const picture = page.locator(".card").first().locator("img");
    expect(await picture.count()).toBe(2);
    await picture.first().scrollIntoViewIfNeeded();
    await expect
      .poll(() => picture.first().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBeGreaterThan(0);
  });

  it("switches the mosaic's date", async () => {
    await page.locator(".segment", { hasText: dates[0] as string }).click();
    await page.locator(`.map[data-date="${dates[0]}"]`).waitFor();
  });

  it("narrows, answers from knowledge with a source, and abstains", async () => {
    const count = await page.locator(".exchange").last().locator(".card").count();
    const narrowed = await ask("only those within 500 m");
    expect(await narrowed.locator(".card").count()).toBeLessThan(count);
    const known = await ask("who runs the container terminal?");
    expect(await known.locator(".sources li").count()).toBeGreaterThan(0);
    const abstained = await ask("find glaciers");
    expect(await abstained.getAttribute("data-outcome")).toBe("not_covered");
  });

  it("shows hostile words as words", async () => {
    const exchange = await ask("<img src=x onerror=alert(1)> <script>alert(2)</script>");
    expect(await exchange.locator(".mine img, .mine script").count()).toBe(0);
  });

  it("finds its thread again after a reload, works at phone width and in Chinese", async () => {
    await page.reload();
    await page.locator(".exchange").nth(3).waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect(
      await page.evaluate(
        () =>
          (globalThis as unknown as { document: { documentElement: { scrollWidth: number } } }).document.documentElement
            .scrollWidth,
      ),
    ).toBeLessThanOrEqual(390);
    await page.getByRole("button", { name: "中文" }).click();
    expect(await page.getByRole("textbox").getAttribute("placeholder")).toContain("中文");
  });

  it("logs no errors and asks nobody else for anything", () => {
    expect(faults).toEqual([]);
    expect(outside).toEqual([]);
  });
});
