import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Region, Reply } from "../../src/answer/reply.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createHashedTextEncoder } from "../../src/models/hashed-text-encoder.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { cachedDemo, type WorkspaceCopy } from "../fixtures/cached-demo.ts";

let copy: WorkspaceCopy;
let engine: Engine;
let found: Reply;
let region: Region;
const SEARCH = "find storage tanks";

/** A landmark without a position that is known by its picture: the tile under a result, as a file. */
beforeAll(async () => {
  copy = await cachedDemo();
  const before = await openEngine(copy.workspace);
  found = await before.agent.run({ thread: "first", message: SEARCH });
  before.close();
  const workspace = await openWorkspace(copy.workspace);
  const date = workspace.reader.dates.at(-1) ?? null;
  const tileOf = ({ bbox: [west, south, east, north] }: Region) => {
    const middle = { type: "Point" as const, coordinates: [(west + east) / 2, (south + north) / 2] };
    const [x, y] = (workspace.crs.geometryFromWgs84(middle) as GeoJSON.Point).coordinates as [number, number];
    return workspace.tiles.tiles({ scale: 256, box: [x, y, x, y], date })[0];
  };
  // One that the imagery covers as a whole.
  region = found.regions.find((one) => tileOf(one)?.coverage === 1) as Region;
  const tile = tileOf(region);
  const chip = await workspace.reader.readChip(tile?.box as never, date, { width: 256, height: 256 });
  workspace.close();
  const picture = join(copy.workspace, "hall.png");
  await sharp(Buffer.from(chip.rgb), { raw: { width: chip.width, height: chip.height, channels: 3 } })
    .png()
    .toFile(picture);
  const knowledge = join(copy.workspace, "hall.jsonl");
  const lines = [
    {
      id: "hall",
      name: "Tank Hall",
      source: "test",
      image: picture,
      facts: { opened: 1977 },
      text: "Tank Hall is known by its picture.",
    },
    { id: "stranger", name: "Far Hall", source: "test", text: "Nothing tells where Far Hall is." },
  ];
  writeFileSync(knowledge, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await ingest({
    workspace: copy.workspace,
    knowledge: [knowledge],
    encoder: createStatisticsEncoder(),
    textEncoder: createHashedTextEncoder(),
  });
  engine = await openEngine(copy.workspace);
}, 600_000);
afterAll(() => {
  engine?.close();
  copy?.remove();
});

it("joins a landmark without a position to the result that looks like its picture, and says so", async () => {
  await engine.agent.run({ thread: "second", message: SEARCH });
  const reply = await engine.agent.run({ thread: "second", message: `what is #${region.rank}?` });
  expect(reply.text).toMatch(
    /It looks like the picture of Tank Hall \(similarity (0\.9\d|1\.00)\), whose position is not recorded/,
  );
  expect(reply.text).not.toContain("Far Hall");
});

it("answers of it by its facts", async () => {
  await engine.agent.run({ thread: "third", message: SEARCH });
  const reply = await engine.agent.run({ thread: "third", message: `when was #${region.rank} opened?` });
  expect(reply.text).toContain("Tank Hall opened in 1977");
});

it("joins no other result to it", async () => {
  const others = found.regions.filter((one) => far(region.bbox, one.bbox));
  expect(others.length).toBeGreaterThan(0);
  await engine.agent.run({ thread: "fourth", message: SEARCH });
  for (const { rank } of others.slice(0, 3)) {
    const reply = await engine.agent.run({ thread: "fourth", message: `what is #${rank}?` });
    expect(reply.text).not.toContain("Tank Hall");
  }
});

/** More than a tile apart. */
function far(a: readonly number[], b: readonly number[]): boolean {
  return Math.abs((a[0] as number) - (b[0] as number)) > 0.008 || Math.abs((a[1] as number) - (b[1] as number)) > 0.006;
}
