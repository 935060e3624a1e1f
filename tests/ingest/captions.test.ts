import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultOf } from "../../src/answer/captions/check-caption.ts";
import { collectFacts } from "../../src/answer/captions/collect-facts.ts";
import { captionContextAround } from "../../src/answer/captions/context.ts";
import { areaById } from "../../src/answer/captions/find-area.ts";
import { groundsOf } from "../../src/answer/captions/grounds.ts";
import { writeCaption } from "../../src/answer/captions/write-caption.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { CaptionSchema } from "../../src/store/caption.ts";
import type { Workspace } from "../../src/workspace.ts";
import { type DemoWorkspace, demoWorkspace } from "../fixtures/demo.ts";

let demo: DemoWorkspace;
let workspace: Workspace;

beforeAll(async () => {
  demo = await demoWorkspace({ size: 2000, seed: 5 });
  workspace = await openWorkspace(demo.workspace);
}, 600_000);
afterAll(() => {
  workspace?.close();
  demo?.remove();
});

/** Tiles of a scale on the newest date that hold the middle of a thing of the world's truth. */
function tileOf(concept: string, scale: number): string {
  const thing = demo.truth.find(({ properties }) => properties.concept === concept && properties.lastSeen === null);
  const { geometry } = thing as (typeof demo.truth)[number];
  const ring = (geometry.type === "Polygon" ? geometry.coordinates[0] : []) as number[][];
  const mean = (at: 0 | 1) => ring.reduce((sum, point) => sum + (point[at] as number), 0) / ring.length;
  const { coordinates } = workspace.crs.geometryFromWgs84({ type: "Point", coordinates: [mean(0), mean(1)] });
  const [x = 0, y = 0] = coordinates;
  return `${scale}/${Math.floor(x / scale)}/${Math.floor(y / scale)}`;
}

describe("captions that ingest writes", { timeout: 300_000 }, () => {
  it("are there for every tile of up to 1,024 m, date and language, sound and backed", () => {
    const tiles = workspace.tiles.tiles({}).filter(({ scale }) => scale <= 1024);
    const all = [...workspace.captions.all()];
    expect(all).toHaveLength(tiles.length * 2);
    for (const { caption } of all) CaptionSchema.parse(caption);
    const ids = new Set(workspace.entities.query({}).map(({ id }) => id));
    const places = new Set([
      ...workspace.places().map(({ id }) => id),
      ...workspace.knowledge.landmarks().map(({ id }) => id),
    ]);
    for (const { caption } of all)
      for (const { clauses } of [caption.line, caption.objects, caption.layout])
        for (const { evidence } of clauses)
          for (const id of evidence)
            expect(
              ids.has(id) || places.has(id) || /^(tile:\d+\/\d+\/\d+@[\d-]+#\w+|area:[-\d.,]+)$/.test(id),
              id,
            ).toBe(true);
  });

  it("say nothing that the facts of their tile do not back", () => {
    const date = workspace.reader.dates.at(-1) ?? null;
    for (const tile of workspace.tiles.tiles({ scale: 1024, date })) {
      const facts = collectFacts(tile.box, date, captionContextAround(workspace, tile.box));
      const grounds = groundsOf(facts);
      for (const language of ["en", "zh"] as const) {
        const caption = writeCaption(facts, language);
        for (const { clauses } of [caption.line, caption.objects, caption.layout])
          for (const clause of clauses)
            expect([clause.text, faultOf(clause, grounds, language)]).toEqual([clause.text, null]);
      }
    }
  });

  it("are those that the command writes for the tile", () => {
    const id = tileOf("stadium", 512);
    const date = workspace.reader.dates.at(-1) ?? null;
    const { area, box } = areaById(workspace, id);
    const facts = collectFacts(area, date, captionContextAround(workspace, box));
    for (const language of ["en", "zh"] as const)
      expect(writeCaption(facts, language)).toEqual(workspace.captions.caption(id, date, language));
  });

  it("speak of what stands there, and are found by it", () => {
    const date = workspace.reader.dates.at(-1) ?? null;
    for (const [concept, english, chinese] of [
      ["stadium", /stadium/i, /体育场/],
      ["port", /port/i, /港/],
    ] as const) {
      const id = tileOf(concept, 512);
      expect(workspace.captions.caption(id, date, "en")?.objects.text).toMatch(english);
      expect(workspace.captions.caption(id, date, "zh")?.objects.text).toMatch(chinese);
      const found = workspace.captions.search(concept, { limit: 20, language: "en", date });
      for (const { caption } of found)
        expect(`${caption.line.text} ${caption.objects.text} ${caption.layout.text}`).toMatch(english);
      expect(found.length).toBeGreaterThan(0);
    }
  });

  it("stay as they are in the same ingest again, go on where they were stopped, and follow what is added", async () => {
    const before = workspace.fingerprint;
    const again = {
      workspace: demo.workspace,
      images: demo.world.images.map(({ path, date }) => `${path}@${date}`),
      encoder: createStatisticsEncoder(),
    };
    expect((await ingest(again)).fingerprint).toBe(before);
    // As a kill in the middle leaves it: a batch without its captions, and no sign that all is done.
    const db = new Database(join(demo.workspace, "workspace.sqlite"));
    const job = db.prepare("SELECT id FROM jobs WHERE id LIKE 'captions/%/0'").pluck().get();
    db.prepare("DELETE FROM jobs WHERE id = ?").run(job);
    db.prepare(
      "DELETE FROM captions WHERE (date, tile) IN (SELECT date, tile FROM captions ORDER BY date, scale, ix, iy LIMIT 40)",
    ).run();
    db.prepare("DELETE FROM meta WHERE key IN ('captioning', 'fingerprint')").run();
    db.close();
    const resumed = await openWorkspace(demo.workspace);
    const missing = [...resumed.captions.all()].length;
    resumed.close();
    expect(missing).toBeLessThan([...workspace.tiles.tiles({})].filter(({ scale }) => scale <= 1024).length * 2);
    expect((await ingest(again)).fingerprint).toBe(before);

    const [west, south, east, north] = workspace.bboxWgs84;
    const detections = join(demo.folder, "dams.geojson");
    const middle = [(west + east) / 2, (south + north) / 2];
    writeFileSync(
      detections,
      JSON.stringify({
        type: "FeatureCollection",
        features: [
          {
            type: "Feature",
            properties: { class: "dam", confidence: 0.9 },
            geometry: { type: "Point", coordinates: middle },
          },
        ],
      }),
    );
    expect(workspace.captions.search("dam", { limit: 5, language: "en" })).toEqual([]);
    await ingest({ ...again, detections: [detections] });
    const after = await openWorkspace(demo.workspace);
    expect(after.captions.search("dam", { limit: 5, language: "en" }).length).toBeGreaterThan(0);
    expect(after.fingerprint).not.toBe(before);
    after.close();
  });
});
