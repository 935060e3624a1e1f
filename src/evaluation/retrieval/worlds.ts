import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Landform } from "../../demo/scene.ts";
import { paintWorld } from "../../demo/write-demo.ts";
import { TerralogueError } from "../../errors.ts";
import { DERIVATION } from "../../ingest/derive-entities.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";

export interface WorldChoice {
  readonly landform: Landform;
  readonly seed: number;
  /** Metres. */
  readonly size: number;
}

export interface PreparedWorld extends WorldChoice {
  /** The demo world's folder, with its truth. */
  readonly world: string;
  readonly workspace: string;
}

/** Where painted and ingested worlds are kept: the folder given, else TERRALOGUE_WORLDS, else one in the system's temporary folder. */
export function worldsFolder(given: string | undefined): string {
  return given ?? process.env.TERRALOGUE_WORLDS ?? join(tmpdir(), "terralogue-worlds");
}

/**
 * Paints and ingests a world with the shipped models, as the commands do; once, as long as the models and what ingest derives stay the same.
 *
 * @throws {TerralogueError} `bad_arguments` with the command's own words when ingest fails
 */
export async function prepareWorld(choice: WorldChoice, folder: string): Promise<PreparedWorld> {
  const { landform, seed, size } = choice;
  const own = join(folder, `${landform}-${seed}-${size}`);
  const prepared: PreparedWorld = { ...choice, world: join(own, "world"), workspace: join(own, "workspace") };
  const made = join(own, "made.txt");
  const wanted = [modelsHash(), String(DERIVATION)];
  const held = existsSync(made) ? readFileSync(made, "utf8").trim().split(" ") : [];
  if (held.join() === wanted.join()) return prepared;
  // What the models found is kept in the workspace: where ingest only derives otherwise, it goes on from there.
  const isFound = held[0] === wanted[0];
  rmSync(isFound ? made : own, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  process.stderr.write(`Painting and ingesting ${landform} ${seed} (${size} m); it is kept in ${own}.\n`);
  const painted = await paintWorld({ ...choice, out: prepared.world });
  await ingestApart([
    ...["--workspace", prepared.workspace, "--image", ...painted.images.map(({ path }) => path)],
    ...["--vectors", painted.layers, "--knowledge", painted.knowledge, "--json"],
  ]);
  writeFileSync(made, `${wanted.join(" ")}\n`);
  return prepared;
}

/** Ingest in a process of its own, whose memory is free again afterwards. */
export async function ingestApart(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, "dist/node/run.js"), "ingest", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (part: Buffer) => {
    said = `${said}${part}`.slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new TerralogueError("bad_arguments", `Ingest failed: ${said.trim().split("\n").at(-1)}`);
}

/** Over the manifests of the shipped models, which name their weights by checksum. */
export function modelsHash(): string {
  const folder = join(PACKAGE_ROOT, "models");
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) {
    const manifest = join(folder, name, "manifest.yaml");
    if (existsSync(manifest)) hash.update(name).update(readFileSync(manifest));
  }
  return hash.digest("hex").slice(0, 16);
}
