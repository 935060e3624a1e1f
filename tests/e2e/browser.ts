import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium on this machine, or null; in CI a missing one is a failure. */
export function findChromium(): string | null {
  const found = PLACES.find((path) => path !== undefined && existsSync(path)) ?? null;
  if (!found && process.env.CI) throw new Error("CI needs Chromium; install it or set CHROMIUM_PATH.");
  if (!found)
    process.stderr.write("No Chromium found: the browser tests are skipped. Install it or set CHROMIUM_PATH.\n");
  return found;
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
