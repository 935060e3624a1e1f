import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildNode } from "../../scripts/build.mjs";
import { type DemoSummary, paintWorld } from "../../src/demo/write-demo.ts";
import { type RunningServer, startServer } from "../../src/server/start-server.ts";
import { type RangedFiles, serveRanges } from "../fixtures/ranged-files.ts";
import { findChromium, launch } from "./browser.ts";
import { ask } from "./demo-service.ts";

const executable = findChromium();
const INGEST_MS = 300_000;

describe.skipIf(executable === null)("a workspace with nothing in it, filled from the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-empty-"));
  const workspace = join(folder, "workspace");
  let world: DemoSummary;
  let files: RangedFiles;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    await buildNode();
    world = await paintWorld({ out: join(folder, "demo"), size: 1000, seed: 5 });
    files = await serveRanges([...world.images.map(({ path }) => path), world.knowledge]);
    mkdirSync(workspace);
    writeFileSync(join(workspace, "models.json"), '{"encoder":"statistics","segmenter":"spectral-rules"}');
    server = await startServer({ workspace, port: 0, environment: { TERRALOGUE_INGEST_URLS: "any" } });
    browser = await launch(executable as string);
    page = await browser.newPage({ viewport: { width: 1360, height: 860 }, locale: "en-GB" });
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => faults.push(error.message));
  }, INGEST_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await files?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const jobs = (state: string) => page.locator(`.job[data-state=${state}]`);
  const start = () => page.getByRole("button", { name: "Add to the workspace" }).click();
  const doneJobs = (count: number) =>
    expect.poll(() => jobs("done").count(), { timeout: INGEST_MS, interval: 500 }).toBe(count);

  it("opens where data is added, and says what comes first, without a rule of axe broken", async () => {
    expect(server.isEmpty).toBe(true);
    const health = await (await page.request.get(`${server.url}/healthz`)).json();
    expect(health).toEqual({ status: "ok", workspace: null });
    await page.goto(server.url);
    await page.getByRole("heading", { name: "In this workspace" }).waitFor();
    await page.getByText("There is nothing here yet.").waitFor();
    await page.evaluate(axe.source);
    expect(await page.evaluate(`axe.run(document).then(({ violations }) => violations.map(({ id }) => id))`)).toEqual(
      [],
    );
    await page.getByRole("button", { name: "Back to the map" }).click();
    await page.getByText("There is nothing to ask about yet.").waitFor();
    await page.getByRole("button", { name: "Add data" }).click();
    await page.getByText("There is nothing here yet.").waitFor();
    await page.reload();
    await page.getByText("There is nothing here yet.").waitFor();
    expect(existsSync(join(workspace, "workspace.sqlite"))).toBe(false);
  });

  it(
    "takes a GeoTIFF that is dropped",
    async () => {
      const { path, date } = world.images[0] as DemoSummary["images"][number];
      const bytes = readFileSync(path).toString("base64");
      await page.evaluate(`{
      const bytes = Uint8Array.from(atob("${bytes}"), (character) => character.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], "${basename(path)}"));
      document.querySelector(".drop-zone").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
    }`);
      expect(await page.getByLabel(`Date of ${basename(path)}`).inputValue()).toBe(date);
      await start();
      await doneJobs(1);
      await expect.poll(() => page.locator(".data-overview tbody th").allTextContents()).toEqual([date]);
    },
    INGEST_MS,
  );

  it(
    "takes a GeoTIFF and a file of landmarks by their addresses, the one as the date that it is given",
    async () => {
      const { path, date } = world.images[1] as DemoSummary["images"][number];
      for (const place of [path, world.knowledge]) {
        await page.getByLabel("Path on the service's machine").fill(files.urlOf(place));
        await page.getByRole("button", { name: "Add", exact: true }).click();
      }
      await page.getByLabel(`Date of ${basename(path)}`).fill(date);
      await start();
      await doneJobs(2);
      await expect.poll(() => page.locator(".data-overview tbody th").allTextContents()).toHaveLength(2);
      await page
        .getByText(/\d landmarks/)
        .first()
        .waitFor();
    },
    INGEST_MS,
  );

  it(
    "takes detections, counts them, and answers from all of it",
    async () => {
      const detections = join(folder, "aircraft.geojson");
      const { bboxWgs84 } = (await (await page.request.get(`${server.url}/api/workspace`)).json()) as {
        bboxWgs84: [number, number, number, number];
      };
      const [x, y] = [(bboxWgs84[0] + bboxWgs84[2]) / 2, (bboxWgs84[1] + bboxWgs84[3]) / 2];
      const side = 0.0002;
      const square = (at: number): GeoJSON.Polygon => ({
        type: "Polygon",
        coordinates: [
          [
            [x + at, y],
            [x + at + side, y],
            [x + at + side, y + side],
            [x + at, y + side],
            [x + at, y],
          ],
        ],
      });
      writeFileSync(
        detections,
        JSON.stringify({
          type: "FeatureCollection",
          features: [0, 1, 2].map((i) => ({
            type: "Feature",
            properties: { class: "airplane", confidence: 0.9 - i / 10, date: world.images[1]?.date },
            geometry: square(i * 2 * side),
          })),
        }),
      );
      await page.locator("input[type=file]").setInputFiles(detections);
      expect(await page.getByLabel("Kind of aircraft.geojson").inputValue()).toBe("detections");
      await start();
      await doneJobs(3);
      const aircraft = page.locator(".count-bars li", { hasText: "planes" }).locator(".count");
      expect(await aircraft.textContent()).toBe("3");
      await page.getByRole("button", { name: "Back to the map" }).click();
      await page.locator(".map[data-ready=true]").waitFor();
      const exchange = await ask(page, "find planes");
      expect(await exchange.locator(".card").count()).toBe(3);
      expect(faults).toEqual([]);
    },
    INGEST_MS,
  );

  it(
    "says in Chinese what cannot be taken",
    async () => {
      const chinese = await browser.newPage({ viewport: { width: 1360, height: 860 }, locale: "zh-CN" });
      await chinese.goto(`${server.url}/?page=data`);
      const broken = join(folder, "broken.tif");
      writeFileSync(broken, "this is no raster");
      await chinese.locator("input[type=file]").setInputFiles(broken);
      await chinese.getByRole("button", { name: "加入工作区" }).click();
      const fault = chinese.locator(".job[data-state=failed] .fault");
      await fault.waitFor({ timeout: INGEST_MS });
      expect(await fault.textContent()).toBe("broken.tif 不是 TIFF 文件;请用 gdal_translate -of COG 转换。");
      await chinese.close();
    },
    INGEST_MS,
  );
});
