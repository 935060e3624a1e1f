import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildPage } from "../../scripts/build.mjs";
import { paintWorld } from "../../src/demo/write-demo.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createSpectralSegmenter } from "../../src/models/spectral-segmenter.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";

/** A demo world and a workspace of it, made once for all browser tests; they serve copies. */
export interface PaintedWorld {
  readonly workspace: string;
  /** Dates of the imagery, the older first. */
  readonly dates: readonly string[];
}
declare module "vitest" {
  export interface ProvidedContext {
    readonly world: PaintedWorld;
  }
}

const HOSTILE = '<img src=x onerror="document.title=1">';

/** A landmark whose name, facts, passage and source would run as markup if they were not shown as text. */
const HOSTILE_LANDMARK = {
  id: "evil-1",
  name: `Evil ${HOSTILE} Works`,
  aliases: ["Evil Works"],
  concept: "factory",
  lon: 2.28,
  lat: 41.65,
  facts: { operator: "[click](javascript:alert(1))" },
  text: `Evil ${HOSTILE} Works is operated by [click](javascript:alert(1)) <script>document.title=2</script>. \u202Egnp.exe\u202C e\u0301\u0301\u0301\u0301 ا\u0651\u0651.`,
  source: '"><svg onload=document.title=3>',
};

/** Builds the page and makes the world; TERRALOGUE_E2E_WORLD names a folder that keeps it from one run to the next. */
// biome-ignore lint/style/noDefaultExport: the test runner calls the default export of a global setup
export default async function setup(project: TestProject): Promise<() => void> {
  await buildPage();
  const kept = process.env.TERRALOGUE_E2E_WORLD;
  const folder = kept ?? mkdtempSync(join(tmpdir(), "terralogue-e2e-"));
  // Written last: a world without it is half made.
  const note = join(folder, "world.json");
  if (!existsSync(note)) writeFileSync(note, JSON.stringify(await makeWorld(folder)));
  project.provide("world", JSON.parse(readFileSync(note, "utf8")) as PaintedWorld);
  return () => {
    if (!kept) rmSync(folder, { recursive: true, force: true });
  };
}

async function makeWorld(folder: string): Promise<PaintedWorld> {
  const world = await paintWorld({ out: join(folder, "demo") });
  const hostile = join(folder, "hostile.jsonl");
  writeFileSync(hostile, JSON.stringify(HOSTILE_LANDMARK));
  const workspace = join(folder, "workspace");
  await ingest({
    workspace,
    images: world.images.map(({ path, date }) => `${path}@${date}`),
    vectors: [world.layers],
    knowledge: [world.knowledge, hostile],
    encoder: createStatisticsEncoder(),
    segmenter: createSpectralSegmenter(),
  });
  return { workspace, dates: world.images.map(({ date }) => date) };
}
