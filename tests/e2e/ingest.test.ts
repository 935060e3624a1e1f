import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildNode, buildPage } from "../../scripts/build.mjs";
import { exportThread } from "../../src/answer/export.ts";
import { type DemoSummary, paintWorld } from "../../src/demo/write-demo.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createSpectralSegmenter } from "../../src/models/spectral-segmenter.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { type RunningServer, startServer } from "../../src/server/start-server.ts";
import { readCsv } from "../fixtures/csv.ts";
import { exportTurns, HOSTILE } from "../fixtures/export-turns.ts";
import { geoPackageFaults } from "../fixtures/geopackage-faults.ts";
import { findChromium, launch } from "./browser.ts";

const executable = findChromium();
/** An ingest in a process of its own, on a machine that does other work too. */
const INGEST_MS = 300_000;

describe.skipIf(executable === null)("the data of a workspace, in a real browser on the real service", () => {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-data-"));
  const workspace = join(folder, "workspace");
  let world: DemoSummary;
  let server: RunningServer;
  let port = 0;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  const dateOf = (index: number) => world.images[index]?.date as string;
  const serve = async () => {
    server = await startServer({ workspace, port });
    port = Number(new URL(server.url).port);
  };

  beforeAll(async () => {
    await buildNode();
    await buildPage();
    world = await paintWorld({ out: join(folder, "demo"), size: 2000, seed: 5 });
    await ingest({
      workspace,
      images: [`${world.images[0]?.path}@${dateOf(0)}`],
      vectors: [world.layers],
      encoder: createStatisticsEncoder(),
      segmenter: createSpectralSegmenter(),
    });
    writeFileSync(join(workspace, "models.json"), '{"encoder":"statistics","segmenter":"spectral-rules"}');
    await serve();
    browser = await launch(executable as string);
    page = await browser.newPage({ viewport: { width: 1360, height: 860 }, locale: "en-GB" });
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(server.url);
    await page.locator(".example").first().waitFor();
    await page.getByRole("button", { name: "Data" }).click();
    await page.locator(".coverage svg").waitFor();
  }, INGEST_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const job = (state: string) => page.locator(`.job[data-state=${state}]`);
  const choose = (...files: string[]) => page.locator("input[type=file]").setInputFiles(files);
  const start = () => page.getByRole("button", { name: "Add to the workspace" }).click();
  const datesShown = () => page.locator(".data-overview tbody th").allTextContents();
  const audit = async (of: Page): Promise<readonly string[]> => {
    await of.evaluate(axe.source);
    return of.evaluate(
      `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } })
        .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ": " + target.join(" ") + " " + failureSummary)))`,
    );
  };

  it("shows what is loaded: dates, resolution, ground, counts by concept, models and their versions", async () => {
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
    expect(await datesShown()).toEqual([dateOf(0)]);
    const overview = page.locator(".data-overview");
    const text = (await overview.textContent()) ?? "";
    for (const part of ["1.00 m", "4 km²", "buildings", "statistics", "version 1", "spectral-rules"])
      expect(text).toContain(part);
    const buildings = overview.locator(".count-bars li", { hasText: "buildings" }).locator(".count");
    expect(Number(await buildings.textContent())).toBeGreaterThan(10);
    await expect
      .poll(async () => (await page.locator(".coverage svg").screenshot()).length, { timeout: 20_000 })
      .toBeGreaterThan(20_000);
  });

  it("says what cannot be taken, before anything is sent", async () => {
    writeFileSync(join(folder, "roads.dbf"), "x");
    writeFileSync(join(folder, "notes.txt"), "x");
    await choose(join(folder, "roads.dbf"), join(folder, "notes.txt"));
    const alert = page.locator(".data-card [role=alert]").first();
    await alert.getByText("roads.dbf is one part of a shapefile").waitFor();
    await alert.getByText("notes.txt is of no kind that is read").waitFor();
    expect(await page.locator(".source-row").count()).toBe(0);
  });

  it(
    "tells in a sentence that a file is unreadable, and tries again when it was mended",
    async () => {
      const broken = join(folder, "broken_2024-02-03.tif");
      writeFileSync(broken, "this is no raster");
      await choose(broken);
      expect(await page.getByLabel("Date of broken_2024-02-03.tif").inputValue()).toBe("2024-02-03");
      await start();
      await job("failed").getByText("broken_2024-02-03.tif is not a TIFF file").waitFor({ timeout: INGEST_MS });
      expect(await job("failed").textContent()).not.toContain(workspace);
      await job("failed").getByRole("button", { name: "Take off the list" }).click();
      await expect.poll(() => page.locator(".job").count()).toBe(0);

      const layer = join(folder, "late.geojson");
      writeFileSync(layer, "{ broken");
      await page.getByLabel("Path on the service's machine").fill(layer);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await start();
      await job("failed").locator(".fault").waitFor({ timeout: INGEST_MS });
      const [x, y] = [0, 1].map((i) => mean(readFileSync(world.layers, "utf8"), i));
      writeFileSync(
        layer,
        JSON.stringify({
          type: "FeatureCollection",
          features: [
            {
              type: "Feature",
              properties: { amenity: "school", name: "Late School" },
              geometry: square(x ?? 0, y ?? 0),
            },
          ],
        }),
      );
      await job("failed").getByRole("button", { name: "Try again" }).click();
      await job("done").waitFor({ timeout: INGEST_MS });
      await page.locator(".count-bars li", { hasText: "schools" }).waitFor();
      expect(await job("done").textContent()).toContain("attempt 2");
    },
    INGEST_MS,
  );

  it(
    "takes a GeoTIFF by upload; a reload and a restart lose nothing; stopped, it goes on",
    async () => {
      const sent = join(folder, basename(world.images[1]?.path as string));
      copyFileSync(world.images[1]?.path as string, sent);
      await choose(sent, world.knowledge);
      expect(await page.getByLabel(`Date of ${basename(sent)}`).inputValue()).toBe(dateOf(1));
      expect(await page.getByLabel(`Kind of ${basename(world.knowledge)}`).inputValue()).toBe("knowledge");
      await start();
      await job("running").locator("li", { hasText: "Indexing the imagery" }).waitFor({ timeout: INGEST_MS });
      await page.reload();
      await job("running").waitFor();
      await job("running").getByRole("progressbar").waitFor();
      await job("running").getByRole("button", { name: "Stop" }).click();
      await job("cancelled").waitFor();
      expect(await datesShown()).toEqual([dateOf(0)]);
      await job("cancelled").getByRole("button", { name: "Go on" }).click();
      await job("running").waitFor();
      await server.close();
      await page.getByText("The connection broke; taking it up again").waitFor();
      await serve();
      await job("interrupted").waitFor();
      await job("interrupted").getByRole("button", { name: "Go on" }).click();
      await job("done").first().waitFor({ timeout: INGEST_MS });
      await expect.poll(() => page.locator(".job[data-state=done]").count(), { timeout: INGEST_MS }).toBe(2);
      await expect.poll(datesShown).toEqual([dateOf(0), dateOf(1)]);
      faults.splice(
        0,
        faults.length,
        ...faults.filter((fault) => !/ERR_(CONNECTION|INCOMPLETE|NETWORK|EMPTY)/.test(fault)),
      );
    },
    2 * INGEST_MS,
  );

  it("breaks no rule of axe, in light and dark, wide and narrow, English and Chinese", async () => {
    for (const options of [
      { colorScheme: "light", width: 1360, locale: "en-GB" },
      { colorScheme: "dark", width: 390, locale: "zh-CN" },
      { colorScheme: "light", width: 320, locale: "zh-CN" },
    ] as const) {
      const { colorScheme, width, locale } = options;
      const other = await browser.newPage({
        viewport: { width, height: 860 },
        colorScheme,
        locale,
        reducedMotion: "reduce",
      });
      await other.goto(`${server.url}/?page=data`);
      await other.locator(".coverage svg").waitFor();
      await other.locator("input[type=file]").setInputFiles(world.layers);
      await other.locator(".source-row").waitFor();
      await other.locator(".job summary").first().click();
      expect([options, await audit(other)]).toEqual([options, []]);
      expect(await other.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await other.close();
    }
  });

  it("shows the new date on the map and answers from it, without a restart", async () => {
    await page.getByRole("button", { name: "Back to the map" }).click();
    await page.locator(".map[data-ready=true]").waitFor();
    for (const index of [0, 1]) await page.getByText(dateOf(index), { exact: true }).first().waitFor();
    await page.locator("#message").fill("find new logistics parks");
    await page.locator("#message").press("Enter");
    const exchange = page.locator(".exchange").last().and(page.locator("[data-state=done]"));
    await exchange.waitFor();
    expect(await exchange.textContent()).toContain(dateOf(1));
    expect(await exchange.locator(".card").count()).toBeGreaterThan(0);
  });

  const download = async (name: string) => {
    const count = await page.locator(".exchange").last().locator(".card").count();
    await page.getByRole("button", { name: "Export" }).click();
    const waiting = page.waitForEvent("download");
    await page.getByText(name, { exact: true }).click();
    const file = join(folder, (await waiting).suggestedFilename());
    await (await waiting).saveAs(file);
    return { bytes: readFileSync(file), text: readFileSync(file, "utf8"), count };
  };
  /** What a browser's XML parser finds in a KML document. */
  const parseKml = (text: string) =>
    page.evaluate(
      `((text) => {
        const document = new DOMParser().parseFromString(text, "application/xml");
        const all = (name) => [...document.getElementsByTagNameNS("http://www.opengis.net/kml/2.2", name)];
        return {
          fault: document.querySelector("parsererror")?.textContent ?? null,
          names: all("name").map((node) => node.textContent),
          descriptions: all("description").map((node) => node.textContent),
          data: all("Data").map((node) => [node.getAttribute("name"), node.textContent]),
          rings: all("coordinates").map((node) => node.textContent.trim().split(/\\s+/).map((pair) => pair.split(",").map(Number))),
          elements: document.getElementsByTagName("*").length,
        };
      })(${JSON.stringify(text)})`,
    ) as Promise<{
      fault: string | null;
      names: string[];
      descriptions: string[];
      data: [string, string][];
      rings: number[][][];
      elements: number;
    }>;

  it("exports files that open again: GeoJSON, GeoPackage, KML and CSV", async () => {
    const geojson = await download("GeoJSON");
    const collection = JSON.parse(geojson.text) as GeoJSON.FeatureCollection & { plan: string };
    expect(collection.features).toHaveLength(geojson.count);
    expect(collection.plan).toMatch(/^[0-9a-f]{64}$/);
    const gpkg = await download("GeoPackage");
    expect(geoPackageFaults(new Uint8Array(gpkg.bytes), join(folder, "opened.gpkg"))).toEqual([]);
    const [header = [], ...rows] = readCsv((await download("CSV")).text);
    expect(rows).toHaveLength(geojson.count);
    expect(rows.every((row) => row[header.indexOf("plan")] === collection.plan)).toBe(true);
    const kml = await parseKml((await download("KML")).text);
    expect(kml.fault).toBeNull();
    expect(kml.descriptions).toEqual(collection.features.map(({ properties }) => properties?.caption));
    expect(kml.data).toContainEqual(["plan", collection.plan]);
    for (const ring of kml.rings) expect(ring.at(-1)).toEqual(ring[0]);
  });

  it("exports hostile words as KML that an XML parser reads as words", async () => {
    const kml = await parseKml(exportThread(exportTurns(), "exported", "kml"));
    expect(kml.fault).toBeNull();
    // XML has no way to write a control character, and one line break.
    const words = HOSTILE.replaceAll("\u0007", "").replaceAll("\r\n", "\n");
    expect(kml.descriptions).toEqual([words, words]);
    expect(kml.names).toEqual([words, "#1", "#2"]);
    expect(kml.elements).toBeLessThan(80);
  });

  it("prints a report with the map, what each proof rests on, sources and the plan", async () => {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByText("Report to print").click();
    const report = page.locator(".report");
    await report.waitFor();
    const text = (await report.textContent()) ?? "";
    expect(text).toMatch(/[0-9a-f]{64}/);
    for (const part of ["Evidence:", "QGIS", "Numbered outlines"]) expect(text).toContain(part);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.length).toBeGreaterThan(30_000);
  });

  it("keeps to the policy of the page, with no fault on the way", () => {
    expect(faults).toEqual([]);
  });
});

/** Mean of a coordinate over a GeoJSON text. */
function mean(text: string, index: number): number {
  const values = [...text.matchAll(/\[(-?\d+\.\d+),\s*(-?\d+\.\d+)\]/g)].map((match) => Number(match[index + 1]));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A square of about 40 m around a position. */
function square(x: number, y: number): GeoJSON.Polygon {
  const half = 0.0002;
  return {
    type: "Polygon",
    coordinates: [
      [
        [x - half, y - half],
        [x + half, y - half],
        [x + half, y + half],
        [x - half, y + half],
        [x - half, y - half],
      ],
    ],
  };
}
