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

/**
 * What of a page breaks WCAG 2.2 AA, as sentences; runs in the page, as text, since the tests are compiled without its types.
 * Names of controls (4.1.2), text contrast (1.4.3), references between elements (1.3.1), sizes of targets (2.5.8),
 * alternatives of pictures (1.1.1), one main landmark and first heading, no positive tabindex (2.4.3).
 */
const AUDIT = `(() => {
  const faults = [];
  const describe = (element) =>
    element.tagName.toLowerCase() + (element.className && typeof element.className === "string" ? "." + element.className.trim().replace(/ +/g, ".") : "") +
    " “" + (element.textContent || "").trim().slice(0, 30) + "”";
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const open = document.querySelector("dialog[open]");
  const root = open || document.body;
  const painter = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    painter.clearRect(0, 0, 1, 1);
    painter.fillStyle = "#000";
    painter.fillStyle = colour;
    painter.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = painter.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) => [0, 1, 2].map((i) => [r, g, b][i] * a + under[i] * (1 - a)).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      if (at.classList.contains("map-side") && !layers.some((layer) => layer[3] >= 0.5)) return null;
      layers.push(channels(getComputedStyle(at).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
  };
  const named = (element) => {
    const by = element.getAttribute("aria-labelledby");
    const labels = element.labels ? [...element.labels].map((label) => label.textContent) : [];
    return [element.getAttribute("aria-label"), by && by.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "), ...labels, element.textContent, element.getAttribute("title"), element.getAttribute("placeholder")]
      .some((text) => text && text.trim() !== "");
  };
  const targets = [];
  for (const element of root.querySelectorAll("button, a[href], input, select, textarea, summary, [role=slider]")) {
    if (!isShown(element)) continue;
    if (!named(element)) faults.push("no name: " + describe(element));
    const box = (element.closest("label") || element).getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    // What is scrolled out of sight can be scrolled into it, and has its room there.
    if (hit && (element.contains(hit) || element.closest("label")?.contains(hit))) targets.push(element);
  }
  // Small targets need room: a circle of 24 px around them that touches no other target.
  const boxOf = (element) => (element.closest("label") || element).getBoundingClientRect();
  for (const element of targets) {
    const box = boxOf(element);
    if ((box.width >= 24 && box.height >= 24) || element.matches("p button, .mark, [type=file]")) continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const tight = targets.find((other) => {
      if (other === element || other.contains(element) || element.contains(other)) return false;
      const near = boxOf(other);
      return Math.hypot(Math.max(near.left - x, 0, x - near.right), Math.max(near.top - y, 0, y - near.bottom)) < 12;
    });
    if (tight) faults.push("small target " + Math.round(box.width) + "×" + Math.round(box.height) + ": " + describe(element) + " beside " + describe(tight));
  }
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement;
    if (!text.textContent.trim() || !isShown(element) || element.closest("script, style, option, :disabled, .visually-hidden, .maplibregl-ctrl")) continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    if (!ground || style.clipPath !== "none") continue;
    const [lighter, darker] = [luminance(over(channels(style.color), ground)), luminance(ground)].sort((a, b) => b - a);
    const ratio = (lighter + 0.05) / (darker + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < needed) faults.push("contrast " + ratio.toFixed(2) + ": " + describe(element));
  }
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("id twice: " + id);
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
    for (const element of document.querySelectorAll("[" + name + "]"))
      for (const id of element.getAttribute(name).split(" ")) if (!ids.includes(id)) faults.push(name + " leads nowhere: " + describe(element));
  for (const image of document.querySelectorAll("img")) if (!image.hasAttribute("alt")) faults.push("no alternative: " + image.src);
  for (const element of document.querySelectorAll("[tabindex]")) if (element.tabIndex > 0) faults.push("tabindex: " + describe(element));
  if (document.querySelectorAll("main").length !== 1) faults.push("not one main landmark");
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one first heading");
  if (!document.documentElement.lang) faults.push("no language");
  return [...new Set(faults)];
})()`;

describe.skipIf(executable === null)("the page for everybody", () => {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-access-"));
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    await buildPage();
    const world = await paintWorld({ out: join(folder, "demo") });
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
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const audit = (page: Page) => page.evaluate(AUDIT) as Promise<readonly string[]>;
  const ask = async (page: Page, message: string) => {
    const count = await page.locator(".exchange").count();
    await page.locator("#message").fill(message);
    await page.locator("#message").press("Enter");
    await page.locator(".exchange").nth(count).and(page.locator("[data-state=done]")).waitFor();
  };
  const open = async (options: {
    colorScheme?: "light" | "dark";
    width?: number;
    height?: number;
    locale?: string;
  }) => {
    const { colorScheme = "light", width = 1360, height = 860, locale = "en-GB" } = options;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, locale, reducedMotion: "reduce" });
    await page.goto(server.url);
    await page.locator(".map[data-ready=true]").waitFor({ state: "attached" });
    await page.locator(".example").first().waitFor();
    return page;
  };
  const CASES = [
    { colorScheme: "light" as const, width: 1360, locale: "en-GB" },
    { colorScheme: "dark" as const, width: 1360, locale: "zh-CN" },
    { colorScheme: "light" as const, width: 390, locale: "zh-CN" },
    { colorScheme: "dark" as const, width: 390, locale: "en-GB" },
  ];

  it.each(CASES)("keeps to WCAG in every view: $colorScheme, $width px, $locale", async (view) => {
    const page = await open(view);
    const isNarrow = view.width < 800;
    const found: Record<string, readonly string[]> = { welcome: await audit(page) };
    await ask(
      page,
      view.locale === "zh-CN" ? "查找高速出口附近新建的物流园" : "find new logistics parks near highway exits",
    );
    found.results = await audit(page);
    await page.locator(".part > button").nth(1).click();
    await page.locator(".near-misses summary").last().click();
    await page.locator(".stages summary").last().click();
    found.editing = await audit(page);
    await page.locator(".card-head").first().click();
    await page.locator(".proof-panel .tree").waitFor();
    found.proof = await audit(page);
    await page.locator(".proof-panel > header .icon-button").click();
    await ask(page, "find glaciers");
    await ask(page, "who runs the container terminal?");
    found.answers = await audit(page);
    for (const [name, index] of [
      ["threads", 0],
      ["help", -1],
    ] as const) {
      const buttons = page.locator(".bar-actions > button.tool");
      await (index < 0 ? page.locator(".bar-actions > button.icon-only").first() : buttons.nth(index)).click();
      await page.locator("dialog[open]").waitFor();
      await page.waitForTimeout(400);
      found[name] = await audit(page);
      await page.keyboard.press("Escape");
    }
    if (isNarrow) await page.locator(".tabs button").nth(1).click();
    for (const index of [0, 1]) {
      await page.locator(".map-tools .menu > button").nth(index).click();
      found[`menu ${index}`] = await audit(page);
      await page.keyboard.press("Escape");
    }
    await page.close();
    expect(Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0))).toEqual({});
  });

  it("fits 320 CSS pixels, as at 400 % zoom, without scrolling sideways", async () => {
    const page = await open({ width: 320, height: 640 });
    await ask(page, "find new logistics parks near highway exits");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
    const isCut = (await page.evaluate(
      `[...document.querySelectorAll(".messages *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".visually-hidden")).length`,
    )) as number;
    expect(isCut).toBe(0);
    await page.close();
  });

  it("can be worked with the keyboard alone, and gives the focus back", async () => {
    const page = await open({});
    const focused = () =>
      page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id") as Promise<string>;
    for (let i = 0; i < 30 && !(await focused()).startsWith("find new"); i += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".exchange[data-state=done]").waitFor();
    for (let i = 0; i < 40 && !(await page.evaluate("document.activeElement.matches('.card-head')")); i += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".card[data-selected=true] .rank", { hasText: "2" }).waitFor();
    await page.locator(".proof-panel .tree").waitFor();
    await page.getByRole("button", { name: "Conversations" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Conversations");
    await page.close();
  });

  it("tells of progress and answers to those who do not see", async () => {
    const page = await open({});
    const log = page.getByRole("log");
    expect(await log.count()).toBe(1);
    await ask(page, "find new logistics parks near highway exits");
    expect(await log.getAttribute("aria-busy")).toBe("false");
    expect(await page.locator(".map .marker").first().getAttribute("aria-label")).toContain("Logistics park");
    await page.close();
  });
});
