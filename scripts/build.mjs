// Builds dist/ from the sources: one ES module graph for Node by esbuild (packages stay outside), the page by Vite.
// Run with --if-stale it does nothing when dist/ is newer than every source. Progress goes to stderr.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function stampOf(folders) {
  const hash = createHash("sha256");
  const visit = (path) => {
    const entry = statSync(path, { throwIfNoEntry: false });
    if (!entry) return;
    if (entry.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== "node_modules") visit(join(path, name));
    } else hash.update(`${path}:${entry.size}:${entry.mtimeMs}\n`);
  };
  for (const folder of folders) visit(join(root, folder));
  return hash.digest("hex");
}

function isFresh(name, stamp) {
  const file = join(root, "dist", `.${name}-stamp`);
  return existsSync(file) && readFileSync(file, "utf8") === stamp;
}

function markFresh(name, stamp) {
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "dist", `.${name}-stamp`), stamp);
}

/** Chunks carry their hash in the name; those of the last day stay, since a running service may still load them. */
function removeOldChunks() {
  const folder = join(root, "dist/node");
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (statSync(file, { throwIfNoEntry: false })?.mtimeMs < Date.now() - 86_400_000) rmSync(file, { force: true });
  }
}

/** Compiles the engine, the agent and the commands to dist/node. */
export async function buildNode({ onStart = () => {} } = {}) {
  const stamp = stampOf(["src", "agents", "tools", "prompts", "knowledge", "package.json", "scripts/build.mjs"]);
  if (isFresh("node", stamp)) return false;
  onStart();
  const { build } = await import("esbuild");
  removeOldChunks();
  const workers = readdirSync(join(root, "src"), { recursive: true })
    .map(String)
    .filter((name) => /\.worker\.[jt]s$/.test(name))
    .map((name) => join(root, "src", name));
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "src/cli/run.ts"), ...workers],
    entryNames: "[name]",
    outdir: join(root, "dist/node"),
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    logLevel: "warning",
  });
  markFresh("node", stamp);
  return true;
}

/** Builds the page to dist/ui. */
export async function buildPage({ onStart = () => {} } = {}) {
  const stamp = stampOf([
    "ui",
    "src/answer",
    "src/logic",
    "src/query",
    "knowledge/ontology",
    "package.json",
    "scripts/build.mjs",
  ]);
  if (isFresh("ui", stamp)) return false;
  onStart();
  const { build } = await import("vite");
  // A test runner sets another environment, in which libraries bring what only their developers need.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = "production";
  try {
    await build({ root: join(root, "ui"), logLevel: "warn" });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  markFresh("ui", stamp);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildNode();
  if (!process.argv.includes("--node-only")) await buildPage();
}
