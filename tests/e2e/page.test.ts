import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGeoPackage } from "../../src/ingest/read-geopackage.ts";
import type { RunningServer } from "../../src/server/start-server.ts";
import { findChromium } from "./browser.ts";
import { ask as askOn, type DemoService, startDemo } from "./demo-service.ts";

const executable = findChromium();

describe.skipIf(executable === null)("the page, in a real browser on the real service", () => {
  let demo: DemoService;
  let folder: string;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let dates: readonly string[];
  const faults: string[] = [];
  const outside: string[] = [];

  beforeAll(async () => {
    demo = await startDemo(executable as string);
    ({ folder, server, browser, dates } = demo);
    page = await browser.newPage({ viewport: { width: 1360, height: 860 }, locale: "en-GB" });
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(`${message.text()} ${message.location().url}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
    });
    await page.goto(server.url);
  });
  afterAll(() => demo?.close());

  const dialog = () => page.getByRole("dialog");
  const ask = (message: string) => askOn(page, message);

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
    expect(await page.locator(".map-label").first().textContent()).toMatch(/^[\d,]+\sm$/);
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

  it("changes a part of what was understood and searches again", async () => {
    await page.getByRole("button", { name: "New conversation" }).click();
    const first = await ask("find new logistics parks near highway exits");
    const count = await first.locator(".card").count();
    await first.getByRole("button", { name: "Change: near a motorway exit" }).click();
    await first.getByLabel("metres").fill("500");
    await first.getByRole("button", { name: "Search", exact: true }).click();
    const changed = page.locator(".exchange").nth(1);
    await changed.and(page.locator("[data-state=done]")).waitFor();
    expect(await changed.locator(".mine").textContent()).toContain("within 500 m of a motorway exit");
    expect(await changed.locator(".card").count()).toBeLessThan(count);
    await changed.getByRole("button", { name: "Leave out: new" }).click();
    const wider = page.locator(".exchange").nth(2);
    await wider.and(page.locator("[data-state=done]")).waitFor();
    expect(await wider.getByRole("button", { name: "Leave out: new" }).count()).toBe(0);
  });

  it("asks a turn again in other words as a branch, and keeps the conversation as it was", async () => {
    const trunk = new URL(page.url()).searchParams.get("thread");
    await page.locator(".exchange").nth(1).hover();
    await page
      .locator(".exchange")
      .nth(1)
      .getByRole("button", { name: /^Edit and ask again/ })
      .click();
    await page.getByRole("textbox", { name: "Edit and ask again" }).fill("the largest");
    await page.getByRole("textbox", { name: "Edit and ask again" }).press("Enter");
    await page.locator(".exchange .mine", { hasText: "the largest" }).waitFor();
    await page.locator(".exchange").nth(1).and(page.locator("[data-state=done]")).waitFor();
    expect(await page.locator(".exchange").count()).toBe(2);
    await expect.poll(() => new URL(page.url()).searchParams.get("thread")).not.toBe(trunk);
    expect(
      await page.evaluate((id) => fetch(`/api/threads/${id}`).then((response) => response.json()), trunk),
    ).toMatchObject({ turns: [{}, {}, {}] });
  });

  it("keeps what one thinks of an answer", async () => {
    const thread = new URL(page.url()).searchParams.get("thread");
    await page.getByRole("button", { name: "Poor answer" }).last().click();
    await page.getByRole("textbox", { name: "What should have been better?" }).fill("too few");
    await page.getByRole("textbox", { name: "What should have been better?" }).press("Enter");
    await expect
      .poll(() => page.evaluate((id) => fetch(`/api/threads/${id}`).then((response) => response.json()), thread))
      .toMatchObject({ feedback: [{ turn: 2, verdict: "bad", comment: "too few" }] });
  });

  it("finds, names and removes conversations", async () => {
    await page.getByRole("button", { name: "Conversations" }).click();
    await dialog().getByRole("searchbox").fill("glaciers");
    await expect.poll(() => dialog().locator(".thread").count()).toBe(1);
    await dialog()
      .getByRole("button", { name: /^Rename/ })
      .click();
    await dialog().getByRole("textbox", { name: "Name of the conversation" }).fill("Ice & more");
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().locator(".thread-title", { hasText: "Ice & more" }).waitFor();
    await dialog()
      .getByRole("button", { name: /^Delete/ })
      .click();
    await dialog().getByRole("button", { name: "Delete for good" }).click();
    await expect.poll(() => dialog().locator(".thread").count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await dialog().count()).toBe(0);
  });

  it("is worked by its keys, which it lists", async () => {
    await page.locator("body").press("j");
    await page.locator(".card[data-selected=true]").waitFor();
    await page.getByRole("complementary", { name: "Proof" }).waitFor();
    await page.locator("body").press("Escape");
    expect(await page.locator(".card[data-selected=true]").count()).toBe(0);
    const date = await page.locator(".map").getAttribute("data-date");
    await page.locator("body").press("d");
    await expect.poll(() => page.locator(".map").getAttribute("data-date")).not.toBe(date);
    await page.locator("body").press("?");
    await dialog().getByText("next result").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("body").press("/");
    await page.keyboard.type("j/d");
    expect(await page.locator("#message").inputValue()).toBe("j/d");
    await page.locator("#message").fill("");
  });

  it("draws an area that confines the search, compares two dates, and shows what is mapped", async () => {
    const box = (await page.locator(".map").boundingBox()) as { x: number; y: number; width: number; height: number };
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.getByRole("button", { name: "Whole area", exact: true }).click();
    await page.waitForTimeout(800);
    await page.getByRole("button", { name: "Area", exact: true }).click();
    await page.getByRole("button", { name: "Rectangle" }).click();
    await page.locator(".map[data-drawing=rectangle]").waitFor();
    await page.mouse.move(...at(0.35, 0.45));
    await page.mouse.down();
    await page.mouse.move(...at(0.7, 0.7));
    await page.mouse.up();
    await page.locator(".scope", { hasText: "only in the drawn area" }).waitFor();
    const confined = await ask("find logistics parks");
    const inside = await confined.locator(".card").count();
    await page.locator(".scope").click();
    await page.getByRole("button", { name: "Area", exact: true }).click();
    const [west, south, east, north] = (
      (await page.evaluate(() => fetch("/api/workspace").then((response) => response.json()))) as {
        bboxWgs84: number[];
      }
    ).bboxWgs84 as [number, number, number, number];
    const ring = [
      [west, south],
      [east, south],
      [east, (south + north) / 2],
      [west, (south + north) / 2],
      [west, south],
    ];
    await page.locator(".area-menu input[type=file]").setInputFiles({
      name: "half.kml",
      mimeType: "application/vnd.google-earth.kml+xml",
      buffer: Buffer.from(
        `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>${ring.map(([x, y]) => `${x},${y},0`).join(" ")}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>`,
      ),
    });
    await page.locator(".scope", { hasText: "only in the drawn area" }).waitFor();
    const southern = await ask("find logistics parks");
    const half = await southern.locator(".card").count();
    await page.locator(".scope").click();
    const all = await ask("find all logistics parks");
    expect(inside).toBeLessThan(await all.locator(".card").count());
    expect(half).toBeLessThan(await all.locator(".card").count());
    await page.getByRole("button", { name: "Compare" }).click();
    const divider = page.getByRole("slider", { name: "Divider between the two dates" });
    await divider.focus();
    await page.keyboard.press("ArrowRight");
    expect(await divider.getAttribute("aria-valuenow")).toBe("55");
    await page.locator(".compare-map[data-ready=true]").waitFor();
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByRole("button", { name: "Layers", exact: true }).click();
    await page.locator(".concepts input").first().check();
    await page.locator(".legend li").nth(1).waitFor();
    await page.getByLabel("Where the search looked").check();
    await page.locator(".legend", { hasText: "Salience" }).waitFor();
    await page.getByLabel("Where the search looked").uncheck();
    await page.getByRole("button", { name: "Hide all" }).click();
    await page.keyboard.press("Escape");
  });

  it("gives its results as files that hold them", async () => {
    await page.getByRole("button", { name: "New conversation" }).click();
    const exchange = await ask("find new logistics parks near highway exits");
    const count = await exchange.locator(".card").count();
    const download = async (name: string) => {
      await page.getByRole("button", { name: "Export" }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name, exact: true }).click(),
      ]);
      const path = join(folder, file.suggestedFilename());
      await file.saveAs(path);
      return path;
    };
    const geojson = JSON.parse(readFileSync(await download("GeoJSON"), "utf8")) as GeoJSON.FeatureCollection;
    expect(geojson.features).toHaveLength(count);
    expect([...readGeoPackage(await download("GeoPackage"))]).toHaveLength(count);
    expect(readFileSync(await download("KML"), "utf8").match(/<Placemark /g)).toHaveLength(count);
    expect(
      readFileSync(await download("CSV"), "utf8")
        .trim()
        .split("\r\n"),
    ).toHaveLength(count + 1);
  });

  it("makes a report to print, with the map, every place and the plan's hash", async () => {
    const count = await page.locator(".exchange").last().locator(".card").count();
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("button", { name: "Report to print" }).click();
    const report = page.locator(".report");
    await report.waitFor();
    expect(await report.locator(".report-region").count()).toBe(count);
    expect(await report.textContent()).toMatch(/[0-9a-f]{64}/);
    await expect
      .poll(() =>
        report.locator(".report-map").evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      )
      .toBeGreaterThan(400);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await report.getByRole("button", { name: "Close" }).click();
    await page.locator(".map[data-ready=true]").waitFor();
    expect(await page.locator(".card").count()).toBe(count);
  });

  it("shows what nearly matches where nothing does, with what would admit it", async () => {
    const none = await ask("only those within 100 m");
    expect(await none.getAttribute("data-outcome")).toBe("no_match");
    await page.locator(".legend", { hasText: "Near miss" }).waitFor();
    await none
      .getByRole("button", { name: /^Ask with/ })
      .first()
      .click();
    const admitted = page.locator(".exchange").last();
    await expect.poll(() => admitted.getAttribute("data-outcome")).toBe("ranked");
    const undone = await ask("undo");
    expect(await undone.getAttribute("data-outcome")).toBe("no_match");
    const why = await ask("why not the one at the port?");
    expect(await why.locator(".spoken").textContent()).toMatch(/port/i);
  });

  it("stops a turn, keeps nothing of it, and goes on", async () => {
    // A turn that never gets an answer, so that there is time to stop it.
    await page.route("**/api/chat", (route) => (route.request().method() === "POST" ? undefined : route.continue()));
    const count = await page.locator(".exchange").count();
    await page.getByRole("textbox").fill("find storage tanks");
    await page.getByRole("textbox").press("Enter");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator(".exchange").nth(count).getByText("Nothing of this turn was kept").waitFor();
    await page.unroute("**/api/chat");
    await ask("find storage tanks");
  });

  it("is shown again by its link: thread, result, date, layers and view", async () => {
    await page.locator(".card-head").last().click();
    await page.locator(".proof-panel .tree").waitFor();
    await page.locator(".map-tools .segment").first().click();
    await page.getByRole("button", { name: "Layers", exact: true }).click();
    await page.locator(".concepts input").nth(2).check();
    await page.keyboard.press("Escape");
    await page.waitForTimeout(900);
    const link = page.url();
    const other = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    await other.goto(link);
    await other.locator(".proof-panel .tree").waitFor();
    await other.locator(".map[data-ready=true]").waitFor();
    await other.waitForTimeout(1200);
    expect(await other.locator(".map").getAttribute("data-date")).toBe(dates[0]);
    expect(await other.locator(".legend li").count()).toBe(await page.locator(".legend li").count());
    expect(other.url()).toBe(link);
    await other.close();
    await page.locator(".proof-panel > header .icon-button").click();
  });

  it("offers readings to choose from, and searches the chosen one as it stands", async () => {
    await page.goto(server.url);
    await ask("find logistics parks");
    await ask("the largest");
    await ask("find glaciers");
    const thread = new URL(page.url()).searchParams.get("thread");
    await page.route(`**/api/threads/${thread}`, async (route) => {
      const stored = await (await route.fetch()).json();
      const [turn] = stored.turns;
      const { query } = turn.reply.understood;
      turn.reply.choices = [{ label: "the two largest ones", query: { ...query, limit: 2, spans: [] } }];
      await route.fulfill({ json: { ...stored, turns: [turn] } });
    });
    await page.goto(`${server.url}/?thread=${thread}`);
    const [request] = await Promise.all([
      page.waitForRequest((sent) => sent.url().endsWith("/api/chat")),
      page.getByRole("button", { name: "the two largest ones" }).click(),
    ]);
    expect(request.postDataJSON()).toMatchObject({ message: "the two largest ones", query: { limit: 2 } });
    const chosen = page.locator(".exchange").nth(1);
    await chosen.and(page.locator("[data-state=done]")).waitFor();
    expect(await chosen.locator(".card").count()).toBe(2);
    await page.unroute(`**/api/threads/${thread}`);
  });

  it("finds its thread again after a reload, works at phone width and in Chinese", async () => {
    await page.reload();
    await page.locator(".exchange").nth(2).waitFor();
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
