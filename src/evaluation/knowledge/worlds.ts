import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paintWorld } from "../../demo/write-demo.ts";
import { ingest } from "../../ingest/ingest.ts";
import { createHashedTextEncoder } from "../../models/hashed-text-encoder.ts";
import { createStatisticsEncoder } from "../../models/statistics-encoder.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";

export type World = "pack" | "imported" | "demo";

/** Files of third parties below TERRALOGUE_DATA that the imported world is made of. */
const IMPORTED = [
  "unesco_whc_sites_2019.csv",
  "ne_10m_airports.geojson",
  "ne_10m_ports.geojson",
  "ne_50m_populated_places.geojson",
  "sea_ports.json",
  "baltimore_landmarks.csv",
];
/** Side of the demo world in metres, and its seed: small, since only its landmarks are asked about. */
const DEMO = { size: 2000, seed: 5 };

/** Builds the workspace of a world in a folder of its own; null, with a line on stderr, where its files are not there. */
export async function buildWorld(world: World): Promise<{ readonly workspace: string; remove(): void } | null> {
  const folder = mkdtempSync(join(tmpdir(), `terralogue-${world}-`));
  const made = { workspace: join(folder, "workspace"), remove: () => rmSync(folder, { recursive: true, force: true }) };
  const encoders = { encoder: createStatisticsEncoder(), textEncoder: createHashedTextEncoder() };
  if (world === "demo") {
    const painted = await paintWorld({ ...DEMO, out: join(folder, "demo") });
    await ingest({ workspace: made.workspace, vectors: [painted.layers], knowledge: [painted.knowledge], ...encoders });
    return made;
  }
  const data = join(process.env.TERRALOGUE_DATA ?? "", "geo", "landmarks");
  const imported = IMPORTED.map((name) => join(data, name));
  if (world === "imported" && (!process.env.TERRALOGUE_DATA || !imported.every((path) => existsSync(path)))) {
    process.stderr.write(
      "Skipped: questions over imported sets (set TERRALOGUE_DATA to the data folder to ask them).\n",
    );
    made.remove();
    return null;
  }
  await ingest({
    workspace: made.workspace,
    knowledge: [...packFiles(), ...(world === "imported" ? imported : [])],
    ...encoders,
  });
  return made;
}

/** The landmark pack that ships. */
export function packFiles(): readonly string[] {
  const folder = join(PACKAGE_ROOT, "knowledge", "pack");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(folder, name));
}
