// Takes pictures of every view of the page for docs/screenshots: npm run screenshots -- [URL [FOLDER]]. Without a URL it serves the demo
// workspace itself meanwhile. Needs Chromium (CHROMIUM_PATH, or /usr/bin/chromium).
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [given, folder = "docs/screenshots"] = process.argv.slice(2);
const service = given
  ? null
  : spawn(process.execPath, [run(), "start", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
process.once("exit", () => service?.kill("SIGTERM"));
const url = given ?? (await addressOf(service));
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});

function run() {
  return join(dirname(fileURLToPath(import.meta.url)), "run.mjs");
}

/** The address that the service says it is at. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const found = /is at (http:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.once("exit", (code) =>
      reject(new Error(`The service ended with exit code ${code} before it served the page.`)),
    );
  });
}

const WIDE = { width: 1360, height: 860 };
const NARROW = { width: 390, height: 800 };
const QUESTION = { en: "find new logistics parks near highway exits", zh: "查找高速出口附近新建的物流园" };

/** A page at its welcome, with what one does with it. */
async function open({ viewport = WIDE, colorScheme = "light", language = "en" }) {
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const page = await browser.newPage({ viewport, colorScheme, locale, reducedMotion: "reduce" });
  await page.goto(url);
  await page.locator(".map[data-ready=true]").waitFor({ state: "attached" });
  await page.locator(".example").first().waitFor();
  return {
    page,
    ask: async (message = QUESTION[language]) => {
      const count = await page.locator(".exchange").count();
      await page.locator("#message").fill(message);
      await page.locator("#message").press("Enter");
      await page.locator(".exchange").nth(count).and(page.locator("[data-state=done]")).waitFor();
    },
    shoot: async (name, options = {}) => {
      // Tiles and pictures come after the answer.
      await page.waitForTimeout(2200);
      await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 72, ...options });
    },
    tool: (index) => page.locator(".map-tools .menu > button").nth(index),
  };
}

{
  const { page, ask, shoot, tool } = await open({});
  await shoot("welcome");
  await ask();
  await page.locator(".card-head").first().click();
  await shoot("wide-light");
  await page.locator(".segment.with-icon").click();
  await shoot("compare");
  await page.locator(".segment.with-icon").click();
  await page.locator(".proof-panel > header .icon-button").click();
  await page.locator(".part > button").nth(1).click();
  await page.locator(".map-zoom button").nth(2).click();
  await tool(0).click();
  for (const index of [3, 5, 6]) await page.locator(".concepts input").nth(index).check();
  await shoot("layers");
  await page.keyboard.press("Escape");
  await page.locator(".bar-actions .menu > button").click();
  await page.locator(".list-menu button").click();
  await page.locator(".report-map").waitFor();
  await shoot("report", { fullPage: true });
  await page.close();
}
{
  const { page, ask, shoot } = await open({ colorScheme: "dark" });
  await ask();
  await ask("only those within 200 m");
  await shoot("near-misses-dark");
  await ask("why not the one at the port?");
  await ask("who runs the container terminal?");
  await ask("find glaciers");
  await shoot("conversation-dark");
  await page.locator("body").press("?");
  await shoot("help-dark");
  await page.close();
}
{
  const { page, ask, shoot } = await open({ colorScheme: "dark", language: "zh" });
  await ask();
  await page.locator(".card-head").nth(1).click();
  await shoot("wide-dark-chinese");
  await page.close();
}
for (const [name, options] of [
  ["narrow", { viewport: NARROW }],
  ["narrow-dark-chinese", { viewport: NARROW, colorScheme: "dark", language: "zh" }],
]) {
  const { page, ask, shoot } = await open(options);
  await ask();
  await shoot(name);
  await page.locator(".tabs button").nth(1).click();
  await page.locator(".marker").first().click();
  await shoot(`${name}-map`);
  await page.close();
}
for (const [name, options] of [
  ["data", {}],
  ["data-dark", { colorScheme: "dark" }],
  ["data-dark-chinese", { colorScheme: "dark", language: "zh" }],
  ["data-narrow", { viewport: NARROW }],
]) {
  const { page, shoot } = await open(options);
  await page.goto(`${url}/?page=data`);
  await page.locator(".coverage svg").waitFor();
  await page.locator("input[type=file]").setInputFiles([
    { name: "harbour_2025-05-12.tif", mimeType: "image/tiff", buffer: Buffer.alloc(4_800_000) },
    { name: "roads.gpkg", mimeType: "application/geopackage+sqlite3", buffer: Buffer.alloc(240_000) },
    {
      name: "landmarks.jsonl",
      mimeType: "application/jsonl",
      buffer: Buffer.from('{"name":"Old Mill","text":"A mill."}'),
    },
  ]);
  await page.locator(".source-row").nth(2).waitFor();
  await shoot(name);
  await page.close();
}
await browser.close();
process.exit(0);
