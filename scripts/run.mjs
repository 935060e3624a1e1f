// Entry of every npm script: makes sure that packages are installed and the build is fresh, then runs the command.
// Needs nothing but Node; everything it says goes to stderr, so that --json output stays clean.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [major] = process.versions.node.split(".").map(Number);
if (major < 20) {
  process.stderr.write(`Terralogue needs Node 20 or newer; this is ${process.version}.\n`);
  process.exit(1);
}

/** Installs packages when node_modules is missing or older than the lock file. */
async function install() {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules/.package-lock.json");
  const fresh =
    existsSync(installed) &&
    (!existsSync(lock) || statSync(installed).mtimeMs >= statSync(lock).mtimeMs || sameVersions(lock, installed));
  if (fresh) return;
  const started = Date.now();
  const wanted = existsSync(lock)
    ? Object.entries(JSON.parse(readFileSync(lock, "utf8")).packages)
        .filter(([path, entry]) => path !== "" && !entry.optional && !entry.peer)
        .map(([path]) => join(root, path, "package.json"))
    : [];
  const child = spawn(
    "npm",
    [existsSync(lock) ? "ci" : "install", "--no-audit", "--no-fund", "--loglevel=error", "--progress=false"],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" },
  );
  const bar = setInterval(
    () => showInstall(wanted.filter((path) => existsSync(path)).length, wanted.length, started),
    process.stderr.isTTY ? 500 : 5000,
  );
  showInstall(0, wanted.length, started);
  const status = await new Promise((resolve) => {
    child.on("close", resolve);
    child.on("error", () => resolve(1));
  });
  clearInterval(bar);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
  if (status !== 0) {
    process.stderr.write("npm could not install the packages; see its message above, mend that and run this again.\n");
    process.exit(1);
  }
  process.stderr.write(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/** Share of the packages that are unpacked; the rest of the time npm fetches and compiles. */
function showInstall(done, all, started) {
  const share = all > 0 ? Math.min(1, done / all) : 0;
  const filled = Math.round(share * 24);
  const seconds = Math.round((Date.now() - started) / 1000);
  const line = `Installing packages [${"#".repeat(filled)}${".".repeat(24 - filled)}] ${Math.round(share * 100)} % (${seconds} s; one to three minutes the first time)`;
  process.stderr.write(
    process.stderr.isTTY ? `\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 100) - 1)}` : `${line}\n`,
  );
}

function sameVersions(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || entry.optional || entry.peer || entry.devOptional || present[path]?.version === entry.version,
  );
}

await install();
const [command, ...rest] = process.argv.slice(2);
if (command === "test") {
  const result = spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...rest], {
    cwd: root,
    stdio: "inherit",
  });
  process.exit(result.status ?? 1);
}
const { buildNode, buildPage } = await import("./build.mjs");
const needsPage = command === "start" || command === "serve";
const started = Date.now();
const builtNode = await buildNode({
  onStart: () => needsPage && process.stderr.write("Building [............] the engine\n"),
});
const builtPage =
  needsPage && (await buildPage({ onStart: () => process.stderr.write("Building [######......] the page\n") }));
if ((builtNode || builtPage) && (needsPage || Date.now() - started > 2000))
  process.stderr.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
process.argv = [process.argv[0], process.argv[1], command, ...rest];
await import(pathToFileURL(join(root, "dist/node/run.js")).href);
