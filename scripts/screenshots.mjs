// Takes pictures of every view of the page for docs/screenshots: npm run screenshots -- [URL [FOLDER]]. Without a URL it serves the demo
// workspace itself meanwhile. Needs Chromium (CHROMIUM_PATH, or /usr/bin/chromium). Each view is taken wide and narrow, light and dark,
// in English and Chinese: four settings, so that each of these stands beside each other one.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sharp from "sharp";

const [given, folder = "docs/screenshots"] = process.argv.slice(2);
/** Width in pixels at which wide pictures are kept. */
const KEPT_PX = 1088;
const WIDE = { width: 1360, height: 860 };
const NARROW = { width: 390, height: 800 };
const SETTINGS = [
  { viewport: WIDE, colorScheme: "light", language: "en" },
  { viewport: WIDE, colorScheme: "dark", language: "zh" },
  { viewport: NARROW, colorScheme: "light", language: "zh" },
  { viewport: NARROW, colorScheme: "dark", language: "en" },
];
const MESSAGES = {
  question: { en: "find new logistics parks near highway exits", zh: "查找高速出口附近新建的物流园" },
  narrower: { en: "only those within 500 m", zh: "只要500米以内的" },
  tooNarrow: { en: "only those within 200 m", zh: "只要200米以内的" },
  whyNot: { en: "why not the one at the port?", zh: "为什么不是港口那个?" },
  knowledge: { en: "who runs the container terminal?", zh: "谁运营集装箱码头?" },
  uncovered: { en: "find glaciers", zh: "查找冰川" },
};

const services = [];
process.once("exit", () => {
  for (const service of services) service.kill("SIGTERM");
});
const url = given ?? (await served("start"));
/** A service with nothing in its workspace, whose page begins elsewhere. */
const emptyUrl = given ? null : await served("serve", "--workspace", mkdtempSync(join(tmpdir(), "terralogue-empty-")));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith(".jpg")) rmSync(join(folder, name));
for (const setting of SETTINGS) await takeAll(setting);
await browser.close();
process.exit(0);

/** The address that a service says it is at. */
function served(...command) {
  const run = join(dirname(fileURLToPath(import.meta.url)), "run.mjs");
  const child = spawn(process.execPath, [run, ...command, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  services.push(child);
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

/** Every view in one setting, as one person would come by them. */
async function takeAll({ viewport, colorScheme, language }) {
  const isNarrow = viewport === NARROW;
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const page = await browser.newPage({ viewport, colorScheme, locale, reducedMotion: "reduce" });
  page.setDefaultTimeout(120_000);
  const settle = settler(page);
  await page.goto(url);
  await page.locator(".map[data-ready=true]").waitFor({ state: "attached" });
  await page.locator(".example").first().waitFor();

  const shoot = async (view, options = {}) => {
    await settle();
    const picture = sharp(await page.screenshot(options));
    const name = [view, isNarrow ? "narrow" : "wide", colorScheme, language].join("-");
    await picture
      .resize({ width: isNarrow ? viewport.width : KEPT_PX })
      .jpeg({ quality: 56, mozjpeg: true })
      .toFile(join(folder, `${name}.jpg`));
  };
  const ask = async (message) => {
    const count = await page.locator(".exchange").count();
    await page.locator("#message").fill(message[language]);
    await page.locator("#message").press("Enter");
    await page.locator(".exchange").nth(count).and(page.locator("[data-state=done]")).waitFor();
  };
  const show = async (pane) => {
    if (isNarrow)
      await page
        .locator(".tabs button")
        .nth(pane === "map" ? 1 : 0)
        .click();
  };
  const tool = (index) => page.locator(".map-tools > .tool").nth(index);
  const closeOver = async (selector) => {
    await page.keyboard.press("Escape");
    await page.locator(selector).waitFor({ state: "detached" });
  };

  await shoot("welcome");
  await ask(MESSAGES.question);
  await page.locator(".part > button").nth(1).click();
  await shoot("results");
  await page.locator(".part-editor button").last().click();
  await page.locator(".card-head").first().click();
  await show("map");
  await shoot("proof");
  await page.locator(".plan-view summary").click();
  await page.locator(".proof-body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
  await shoot("plan");
  await page.locator(".proof-panel > header .icon-button").click();
  await page.locator(".map-zoom button").nth(2).click();
  await page.locator(".segment.with-icon").click();
  await page.locator(".compare-map[data-ready=true]").waitFor({ state: "attached" });
  await shoot("compare");
  await page.locator(".segment.with-icon").click();
  await tool(0).click();
  await page.locator(".layer-menu > .check input").check();
  for (const index of [3, 5, 6]) await page.locator(".concepts input").nth(index).check();
  await shoot("layers");
  await page.locator(".layer-menu > .check input").uncheck();
  await page.locator(".layer-menu > button.plain").click();
  await closeOver(".menu-panel");
  await tool(1).click();
  await shoot("area");
  await closeOver(".menu-panel");
  await show("chat");
  await page.locator(".bar-actions > button[aria-haspopup]").click();
  await page.locator(".list-menu button").click();
  await page.locator(".report-map").waitFor();
  await shoot("report", { fullPage: true });
  await page.locator(".report nav button").last().click();
  await page.locator(".map[data-ready=true]").waitFor({ state: "attached" });
  await ask(MESSAGES.narrower);
  await shoot("refined");
  await ask(MESSAGES.tooNarrow);
  await shoot("no-match");
  await ask(MESSAGES.whyNot);
  await ask(MESSAGES.knowledge);
  await ask(MESSAGES.uncovered);
  await shoot("answers");
  for (const [view, open] of [
    ["conversations", () => page.locator(".bar-actions > button.tool").nth(0).click()],
    ["help", () => page.locator("body").press("?")],
    ["palette", () => page.locator("body").press("Control+k")],
  ]) {
    await page.locator("h1").click();
    await open();
    await page.locator(".dialog").waitFor();
    await shoot(view);
    await closeOver(".dialog");
  }
  await page.goto(`${url}/?page=data`);
  await page.locator(".coverage svg").waitFor();
  await page.locator("input[type=file]").setInputFiles([
    { name: "harbour_2025-05-12.tif", mimeType: "image/tiff", buffer: Buffer.alloc(6_000_000) },
    { name: "roads.gpkg", mimeType: "application/geopackage+sqlite3", buffer: Buffer.alloc(2_400_000) },
    {
      name: "landmarks.jsonl",
      mimeType: "application/jsonl",
      buffer: Buffer.from('{"name":"Old Mill","text":"A mill."}'),
    },
  ]);
  await page.locator(".source-row").nth(2).waitFor();
  await shoot("data");
  if (emptyUrl) {
    await page.goto(emptyUrl);
    await page.locator(".first-steps").waitFor();
    await shoot("empty");
  }
  await page.close();
}

/** What waits until no tile or picture has been on its way for a while, and what they changed is drawn. */
function settler(page) {
  const open = new Set();
  // Of a worker's own script the browser never says that it came.
  page.on("request", (request) => ["image", "fetch"].includes(request.resourceType()) && open.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => open.delete(request));
  return async () => {
    for (let quiet = 0; quiet < 5; quiet = open.size === 0 ? quiet + 1 : 0) await page.waitForTimeout(250);
  };
}
