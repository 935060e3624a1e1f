// Takes pictures of the page for docs/screenshots: node scripts/screenshots.mjs URL [FOLDER]. Needs a running service and Chromium.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url = "http://127.0.0.1:8787", folder = "docs/screenshots"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});

async function shoot(name, { width, height, colorScheme, language }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url);
  await page.locator(".map[data-ready=true]").waitFor();
  if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
  const ask = async (message) => {
    await page.getByRole("textbox").fill(message);
    await page.getByRole("textbox").press("Enter");
    await page.waitForTimeout(200);
    await page.locator(".exchange").last().and(page.locator("[data-state=done]")).waitFor();
  };
  await ask(language === "zh" ? "查找高速出口附近新建的物流园" : "find new logistics parks near highway exits");
  await page.locator(".card-head").first().click();
  await page.waitForTimeout(2500);
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 72 });
  if (name === "wide-light") {
    await ask("only those within 500 m");
    await ask("why not the one at the port?");
    await ask("who runs the container terminal?");
    await ask("find glaciers");
    await page.waitForTimeout(1200);
    await page.screenshot({ path: join(folder, "conversation.jpg"), type: "jpeg", quality: 72 });
  }
  await page.close();
}

await shoot("wide-light", { width: 1360, height: 860, colorScheme: "light", language: "en" });
await shoot("wide-dark-chinese", { width: 1360, height: 860, colorScheme: "dark", language: "zh" });
await shoot("narrow", { width: 390, height: 800, colorScheme: "light", language: "en" });
await browser.close();
