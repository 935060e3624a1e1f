import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "./browser.ts";
import { ask, type DemoService, inPage, startDemo } from "./demo-service.ts";

const executable = findChromium();

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong in what is shown, as sentences. */
async function audit(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return inPage(
    page,
    `axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(RULES)} } }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ": " + target.join(" ") + " " + failureSummary)))`,
  );
}

describe.skipIf(executable === null)("the page for everybody", () => {
  let demo: DemoService;
  beforeAll(async () => {
    demo = await startDemo(executable as string);
  });
  afterAll(() => demo?.close());

  const open = async (options: Parameters<DemoService["open"]>[0] = {}) => {
    const page = await demo.open({ reducedMotion: "reduce", ...options });
    await page.locator(".example").first().waitFor();
    return page;
  };
  const CASES = [
    { colorScheme: "light" as const, width: 1360, locale: "en-GB" },
    { colorScheme: "dark" as const, width: 1360, locale: "zh-CN" },
    { colorScheme: "light" as const, width: 390, locale: "zh-CN" },
    { colorScheme: "dark" as const, width: 390, locale: "en-GB" },
  ];

  it.each(CASES)("breaks no rule of axe in any view: $colorScheme, $width px, $locale", async (view) => {
    const { width, colorScheme, locale } = view;
    const page = await open({ viewport: { width, height: 860 }, colorScheme, locale });
    const isChinese = locale === "zh-CN";
    const isNarrow = width < 800;
    const found: Record<string, readonly string[]> = { welcome: await audit(page) };
    await ask(page, isChinese ? "查找高速出口附近新建的物流园" : "find new logistics parks near highway exits");
    found.results = await audit(page);
    await page.locator(".part > button").nth(1).click();
    await page.locator(".near-misses summary").last().click();
    await page.locator(".stages summary").last().click();
    found.editing = await audit(page);
    await page.locator(".card-head").first().click();
    await page.locator(".proof-panel .tree").waitFor();
    await page.locator(".plan-view summary").click();
    found.proof = await audit(page);
    await page.locator(".proof-panel > header .icon-button").click();
    await ask(page, isChinese ? "只要500米以内的" : "only those within 500 m");
    found.difference = await audit(page);
    await page.locator(".bar-actions > button[aria-haspopup]").click();
    await page.locator(".list-menu button").waitFor();
    found.export = await audit(page);
    await page.locator(".list-menu button").click();
    await page.locator(".report-map").waitFor();
    found.report = await audit(page);
    await page.locator(".report nav button").last().click();
    await page.locator(".map[data-ready=true]").waitFor({ state: "attached" });
    await ask(page, isChinese ? "查找冰川" : "find glaciers");
    await ask(page, isChinese ? "谁运营集装箱码头?" : "who runs the container terminal?");
    found.answers = await audit(page);
    const tools = page.locator(".bar-actions > button.tool");
    for (const [name, openIt] of [
      ["threads", () => tools.nth(0).click()],
      ["help", () => page.locator("body").press("?")],
      ["palette", () => page.locator("body").press("Control+k")],
    ] as const) {
      await page.locator("h1").click();
      await openIt();
      await page.locator(".dialog").waitFor();
      if (name === "threads") await page.locator(".thread").first().waitFor();
      found[name] = await audit(page);
      await page.keyboard.press("Escape");
      await page.locator(".dialog").waitFor({ state: "detached" });
    }
    if (isNarrow) await page.locator(".tabs button").nth(1).click();
    for (const index of [0, 1]) {
      await page.locator(".map-tools > .tool").nth(index).click();
      await page.locator(".menu-panel").waitFor();
      found[`map menu ${index}`] = await audit(page);
      await page.keyboard.press("Escape");
      await page.locator(".menu-panel").waitFor({ state: "detached" });
    }
    await page.locator(".segment.with-icon").click();
    await page.locator(".compare-map[data-ready=true]").waitFor({ state: "attached" });
    found.compare = await audit(page);
    await page.locator(".segment.with-icon").click();
    await page.close();
    expect(Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0))).toEqual({});
  });

  it.each([
    ["200 %", 680, 430],
    ["400 %", 320, 256],
  ])("fits at %s zoom without scrolling sideways or losing what one works with", async (_, width, height) => {
    // Zoom makes CSS pixels larger: a window of 1360 × 860 has half as many at 200 %.
    const page = await open({ viewport: { width, height }, deviceScaleFactor: 2 });
    await ask(page, "find new logistics parks near highway exits");
    expect(await inPage<number>(page, "document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    const cut = await inPage<readonly string[]>(
      page,
      `[...document.querySelectorAll(".messages *, .bar *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".visually-hidden")).map((e) => e.className)`,
    );
    expect(cut).toEqual([]);
    await page.locator(".card-head").first().click();
    await page.locator(".tabs button").nth(1).click();
    await page.locator(".proof-panel .tree").waitFor();
    await page.locator(".proof-panel > header .icon-button").click();
    await page.locator(".marker").first().waitFor();
    await page.close();
  });

  it("can be worked with the keyboard alone, and gives the focus back", async () => {
    const page = await open();
    const focused = () =>
      inPage<string>(page, "document.activeElement.textContent.trim() || document.activeElement.id");
    for (let i = 0; i < 30 && !(await focused()).startsWith("find new"); i += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".exchange[data-state=done]").waitFor();
    for (let i = 0; i < 40 && !(await inPage(page, "document.activeElement.matches('.card-head')")); i += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".card[data-selected=true] .rank", { hasText: "2" }).waitFor();
    await page.locator(".proof-panel .tree").waitFor();
    await page.getByRole("button", { name: "Conversations" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Conversations" });
    await dialog.waitFor();
    // The focus stays inside.
    for (let i = 0; i < 12; i += 1) {
      await page.keyboard.press("Tab");
      expect(
        await inPage(
          page,
          "document.activeElement.closest('.dialog') !== null || document.activeElement === document.body || document.activeElement.hasAttribute('data-base-ui-focus-guard')",
        ),
      ).toBe(true);
    }
    // The first takes the tip of the button away on which the focus stands.
    await page.keyboard.press("Escape");
    if (await dialog.isVisible()) await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Conversations");
    // Closing what lies over the page has not closed what lies under it.
    expect(await page.locator(".card[data-selected=true]").count()).toBe(1);
    await page.getByRole("button", { name: "Layers", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".menu-panel").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".menu-panel").waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Layers");
    expect(await page.locator(".card[data-selected=true]").count()).toBe(1);
    await page.close();
  });

  it("tells of progress and answers to those who do not see", async () => {
    const page = await open();
    const log = page.getByRole("log");
    expect(await log.count()).toBe(1);
    await ask(page, "find new logistics parks near highway exits");
    expect(await log.getAttribute("aria-busy")).toBe("false");
    expect(await page.locator(".map .marker").first().getAttribute("aria-label")).toContain("Logistics park");
    await page.close();
  });

  it("moves nothing for those who want no motion", async () => {
    const page = await open();
    await page.route("**/api/chat", () => undefined);
    await page.locator("#message").fill("find quarries");
    await page.locator("#message").press("Enter");
    await page.locator(".exchange[data-state=running]").waitFor();
    const moving = `document.getAnimations().filter((a) => a.playState === "running" && a.effect.getTiming().iterations === Infinity).map((a) => a.animationName)`;
    expect(await inPage(page, moving)).toEqual([]);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await expect.poll(() => inPage<string[]>(page, moving)).not.toEqual([]);
    await page.close();
  });
});
