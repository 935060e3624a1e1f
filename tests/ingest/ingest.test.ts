import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildNode } from "../../scripts/build.mjs";
import { type DemoSummary, paintWorld } from "../../src/demo/write-demo.ts";
import { type IngestOptions, ingest } from "../../src/ingest/ingest.ts";
import { writeModelChoice } from "../../src/models/choice.ts";
import { createSpectralSegmenter } from "../../src/models/spectral-segmenter.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { catalogueOf } from "../../src/store/catalogue.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-ingest-"));
let world: DemoSummary;
const run = (name: string, options: Partial<IngestOptions>) =>
  ingest({
    workspace: join(folder, name),
    encoder: createStatisticsEncoder(),
    segmenter: createSpectralSegmenter(),
    ...options,
  });
const all = () => ({
  images: world.images.map(({ path }) => path),
  vectors: [world.layers],
  knowledge: [world.knowledge],
});

beforeAll(async () => {
  await buildNode();
  world = await paintWorld({ out: join(folder, "demo"), size: 2000, seed: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("ingest", { timeout: 180_000 }, () => {
  let whole = "";

  it("fills a workspace, and running it again changes nothing", async () => {
    const first = await run("whole", all());
    expect(first).toMatchObject({ images: 2, landmarks: expect.any(Number) });
    whole = first.fingerprint;
    const again = await run("whole", all());
    expect(again).toMatchObject({ fingerprint: whole, entitiesAdded: 0, megapixels: 0 });
  });

  it("comes to the same content in two commands, in another order, from another place", async () => {
    await run("parts", { images: [world.images[1]?.path as string], vectors: [world.layers] });
    cpSync(world.images[0]?.path as string, join(folder, `moved_${world.images[0]?.date}.tif`));
    const { fingerprint } = await run("parts", {
      images: [join(folder, `moved_${world.images[0]?.date}.tif`)],
      knowledge: [world.knowledge],
    });
    expect(fingerprint).toBe(whole);
  });

  it("comes to the same content when the layers are there before the imagery, whose CRS is another", async () => {
    // A house eleven degrees further east: the middle of the layers is in the next zone.
    const [landmark] = readFileSync(world.knowledge, "utf8").split("\n");
    const { lon, lat } = JSON.parse(landmark as string) as { lon: number; lat: number };
    const far = join(folder, "far-east.geojson");
    writeFileSync(
      far,
      JSON.stringify({
        type: "Feature",
        properties: { building: "yes" },
        geometry: { type: "Point", coordinates: [lon + 11, lat] },
      }),
    );
    const sources = { ...all(), vectors: [world.layers, far] };
    const atOnce = await run("crs-at-once", sources);
    const before = await run("crs-layers-first", { vectors: sources.vectors, knowledge: sources.knowledge });
    expect(before.crs).not.toBe(atOnce.crs);
    const gone = await run("crs-layer-gone", { vectors: sources.vectors, knowledge: sources.knowledge });
    expect(gone.fingerprint).toBe(before.fingerprint);
    const after = await run("crs-layers-first", { images: sources.images });
    expect(after).toMatchObject({ crs: atOnce.crs, fingerprint: atOnce.fingerprint });

    writeFileSync(far, "{}");
    const notes: string[] = [];
    await run("crs-layer-gone", { images: sources.images, onNote: (text) => notes.push(text) });
    expect(notes.join()).toContain(
      `far-east.geojson is not there any more; its features are converted to ${after.crs}`,
    );
    const [one, other] = await Promise.all(
      ["crs-at-once", "crs-layer-gone"].map((name) => openWorkspace(join(folder, name))),
    );
    const point = (workspace: typeof one) =>
      workspace?.entities
        .query({ concepts: ["building"] })
        .filter(({ source }) => source.includes("far"))
        .map(({ geometry }) => (geometry as GeoJSON.Point).coordinates)[0] ?? [];
    for (const axis of [0, 1]) expect(point(other)[axis]).toBeCloseTo(point(one)[axis] as number, 1);
    expect(other?.entities.query({}).length).toBe(one?.entities.query({}).length);
    one?.close();
    other?.close();
  });

  it("answers its ports", async () => {
    const workspace = await openWorkspace(join(folder, "whole"));
    const tiles = workspace.tiles.tiles({ scale: 512, date: world.images[0]?.date as string });
    expect(tiles.length).toBeGreaterThan(9);
    const [tile] = tiles;
    const vector = workspace.tiles.vector(tile?.id as string, tile?.date as string, "statistics@1") as Float32Array;
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    const nearest = workspace.tiles.nearest(vector, {
      encoder: "statistics@1",
      limit: 3,
      scale: 512,
      date: tile?.date as string,
    });
    expect(nearest[0]?.tile.id).toBe(tile?.id);
    expect(nearest[0]?.similarity).toBeCloseTo(1, 4);
    const roofs = workspace.entities.query({ concepts: ["large_roof", "warehouse"] });
    expect(roofs.length).toBeGreaterThan(3);
    expect(workspace.entities.get(roofs[0]?.id as string)).toEqual(roofs[0]);
    expect(workspace.knowledge.search('container "terminal" OR (', 3)[0]?.landmark.concept).toBe("container_yard");
    expect(workspace.knowledge.search("集装箱码头", 1)[0]?.landmark.concept).toBe("container_yard");
    workspace.close();
  });

  it("tells its sources, schema version, encoders and segmenter", async () => {
    const workspace = await openWorkspace(join(folder, "whole"));
    const catalogue = catalogueOf(workspace);
    const tiles = workspace.tiles.tiles({}).length;
    workspace.close();
    expect(catalogue.sources.map(({ kind, file, date }) => [kind, file, date])).toEqual([
      ...world.images.map(({ path, date }) => ["image", basename(path), date]),
      ["knowledge", "knowledge.jsonl", null],
      ["vectors", "layers.geojson", null],
    ]);
    for (const { fingerprint } of catalogue.sources) expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(catalogue.schemaVersion).toBeGreaterThanOrEqual(2);
    const { id, dimensions } = createStatisticsEncoder();
    expect(catalogue.encoders).toEqual([{ id, dimensions, vectors: tiles }]);
    expect(catalogue.segmenter).toBe(createSpectralSegmenter().id);
    const directory = join(folder, "whole");
    const shown = spawnSync(process.execPath, [
      join(PACKAGE_ROOT, "dist/node/run.js"),
      "inspect",
      "--workspace",
      directory,
    ]).stdout.toString();
    expect(shown).toContain("source     vectors layers.geojson");
    expect(shown).toContain(`encoder    ${id}: ${tiles} tiles`);
    expect(shown).toContain("schema     version");
  });

  it("killed at any moment, leaves a workspace that opens and that the same command completes", async () => {
    const args = [
      "ingest",
      "--workspace",
      "",
      "--image",
      ...world.images.map(({ path }) => path),
      "--vectors",
      world.layers,
      "--knowledge",
      world.knowledge,
    ];
    for (const [index, delay] of [350, 900, 1500, 2300].entries()) {
      const directory = join(folder, `killed-${index}`);
      args[2] = directory;
      await chooseModels(directory);
      const child = spawn(process.execPath, [join(PACKAGE_ROOT, "dist/node/run.js"), ...args], { stdio: "ignore" });
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("close", resolve));
      const opened = await openWorkspace(directory).catch((fault: Error) => fault.message);
      if (typeof opened === "string") expect(opened).toMatch(/is no Terralogue workspace|holds nothing yet/);
      else opened.close();
      expect((await run(`killed-${index}`, all())).fingerprint).toBe(whole);
    }
  });
});

/** The command uses the models that the tests use. */
async function chooseModels(directory: string): Promise<void> {
  await writeModelChoice({ directory, paths: [], encoder: "statistics", segmenter: "spectral-rules" });
}

/** Kills an ingest as soon as its database answers a query with more than nothing. */
async function killWhen(directory: string, query: string): Promise<boolean> {
  const sources = all();
  await chooseModels(directory);
  const args = ["--workspace", directory, "--image", ...sources.images, "--vectors", ...sources.vectors];
  const child = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, "dist/node/run.js"), "ingest", ...args, "--knowledge", ...sources.knowledge],
    { stdio: "ignore" },
  );
  let isOver = false;
  const closed = new Promise<void>((resolve) =>
    child.once("close", () => {
      isOver = true;
      resolve();
    }),
  );
  let isMet = false;
  while (!isMet && !isOver) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    try {
      const db = new Database(join(directory, "workspace.sqlite"), { readonly: true, fileMustExist: true });
      isMet = Number(db.prepare(query).pluck().get() ?? 0) > 0;
      db.close();
    } catch {
      // Not there yet.
    }
  }
  child.kill("SIGKILL");
  await closed;
  return isMet;
}

describe("the derivation", { timeout: 180_000 }, () => {
  const segmenter = createSpectralSegmenter();
  const segments = async (name: string) => {
    const workspace = await openWorkspace(join(folder, name));
    const all = workspace.entities.query({});
    workspace.close();
    return {
      found: all.filter(({ source }) => source.startsWith("segmenter:")),
      mapped: all.filter(({ source }) => source.startsWith("layer:")),
    };
  };

  it("goes on with the window and the thing at which it was stopped", async () => {
    let calls = 0;
    const counting = (most: number) => ({
      ...segmenter,
      segment: (chip: Parameters<typeof segmenter.segment>[0]) => {
        calls += 1;
        if (calls > most) throw new Error("the power went");
        return segmenter.segment(chip);
      },
    });
    const whole = await run("derived-whole", { ...all(), segmenter: counting(Number.POSITIVE_INFINITY) });
    const windows = calls;
    expect(windows).toBeGreaterThan(6);
    calls = 0;
    await expect(run("derived", { ...all(), segmenter: counting(5) })).rejects.toThrow("the power went");
    const opened = await openWorkspace(join(folder, "derived"));
    expect(opened.fingerprint).toBe("incomplete");
    opened.close();
    calls = 0;
    const resumed = await run("derived", { ...all(), segmenter: counting(Number.POSITIVE_INFINITY) });
    expect(calls).toBe(windows - 5);
    expect(resumed.fingerprint).toBe(whole.fingerprint);
  });

  it.each([
    ["segmenting", "SELECT count(*) > 2 FROM segment_windows"],
    ["dating", "SELECT count(*) FROM dating_drafts"],
    ["publishing", "SELECT count(*) FROM entities WHERE source_fingerprint = 'segments'"],
  ])("killed while %s, is completed to the same content", async (name, query) => {
    const whole = await run("killed-none", all());
    const directory = `killed-${name}`;
    const isMet = await killWhen(join(folder, directory), query);
    // Dating and publishing a small world take a moment that a busy machine may miss; then it is a whole workspace that is opened.
    if (name === "segmenting") expect(isMet).toBe(true);
    (await openWorkspace(join(folder, directory))).close();
    expect((await run(directory, all())).fingerprint).toBe(whole.fingerprint);
  });

  it("without a segmenter leaves the segments of the last one, over the same sources and over more", async () => {
    const sources = all();
    const first = await run("kept", { ...sources, vectors: [] });
    const { found } = await segments("kept");
    expect(found.length).toBeGreaterThan(3);
    const without = { ...sources, encoder: createStatisticsEncoder() };
    const again = await ingest({ ...without, vectors: [], workspace: join(folder, "kept") });
    expect(again.fingerprint).toBe(first.fingerprint);
    const more = await ingest({ ...without, workspace: join(folder, "kept") });
    // Mapped roofs take the place of some segments, as they would have with the segmenter.
    expect(more.fingerprint).toBe((await run("derived-whole", all())).fingerprint);
    expect((await segments("kept")).found.length).toBeGreaterThan(0);
    const none = await ingest({ ...without, workspace: join(folder, "never") });
    expect((await segments("never")).found).toEqual([]);
    expect((await run("never", all())).fingerprint).toBe(more.fingerprint);
    expect(none.fingerprint).not.toBe(more.fingerprint);
  });

  it("dates what is mapped again, when a layer is added, as if it had been there from the start", async () => {
    const truth = JSON.parse(readFileSync(world.truth, "utf8")) as GeoJSON.FeatureCollection;
    const roofs = truth.features
      .filter(({ properties }) => properties?.concept === "warehouse")
      .map(({ geometry }, id) => ({ type: "Feature", id, properties: { building: "warehouse" }, geometry }));
    const layer = (name: string, features: readonly object[]) => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features }));
      return path;
    };
    const most = layer("roofs.geojson", roofs.slice(1));
    const extra = layer("extra.geojson", roofs.slice(0, 1));
    const images = world.images.map(({ path }) => path);
    await run("added", { images, vectors: [most] });
    const dated = (await segments("added")).mapped.filter(({ firstSeen, lastSeen }) => firstSeen ?? lastSeen);
    expect(dated.length).toBeGreaterThan(0);
    expect(dated.every(({ tags }) => tags["dated:by"] === "imagery")).toBe(true);
    const added = await run("added", { vectors: [extra] });
    expect(added.fingerprint).toBe((await run("at-once", { images, vectors: [most, extra] })).fingerprint);
  });

  it("of dated detections tells what is new and gone from what was looked at on both days", async () => {
    const day = (name: string, date: string, at: readonly (readonly [number, number])[]) => {
      const path = join(folder, name);
      const features = at.map((coordinates) => ({
        type: "Feature",
        properties: { concept: "plane", date },
        geometry: { type: "Point", coordinates },
      }));
      writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features }));
      return path;
    };
    const corner = [2.3, 41.6] as const;
    const far = [2.32, 41.62] as const;
    const before = day("before.geojson", "2021-05-01", [corner, far, [2.31, 41.61]]);
    const after = day("after.geojson", "2024-05-01T10:20:00Z", [corner, far, [2.305, 41.605], [2.9, 41.9]]);
    await run("detected", { detections: [before, after] });
    const workspace = await openWorkspace(join(folder, "detected"));
    const lives = workspace.entities.query({}).map(({ geometry, firstSeen, lastSeen, tags }) => {
      const [lon = 0, lat = 0] = (workspace.crs.geometryToWgs84(geometry) as GeoJSON.Point).coordinates;
      return `${lon.toFixed(3)} ${lat.toFixed(3)} seen ${tags["seen:on"]} first ${firstSeen} last ${lastSeen}`;
    });
    workspace.close();
    expect(lives.sort()).toEqual([
      "2.300 41.600 seen 2021-05-01 first null last null",
      "2.300 41.600 seen 2024-05-01 first null last null",
      "2.305 41.605 seen 2024-05-01 first 2024-05-01 last null",
      "2.310 41.610 seen 2021-05-01 first null last 2021-05-01",
      "2.320 41.620 seen 2021-05-01 first null last null",
      "2.320 41.620 seen 2024-05-01 first null last null",
      "2.900 41.900 seen 2024-05-01 first null last null",
    ]);
  });
});

describe("bad sources", () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const features = (...parts: string[]) => `{"type":"FeatureCollection","features":[${parts.join(",")}]}`;
  const point = (coordinates: string) =>
    `{"type":"Feature","properties":{"building":"yes"},"geometry":{"type":"Point","coordinates":${coordinates}}}`;

  it.each([
    [
      "metres for degrees",
      () => ({ vectors: [file("metres.geojson", features(point("[500000,4600000]")))] }),
      /feature 0 of metres\.geojson.*in metres/,
    ],
    ["NaN", () => ({ vectors: [file("nan.geojson", features(point("[NaN,1]")))] }), /nan\.geojson is not valid JSON/],
    [
      "cut JSON",
      () => ({ vectors: [file("cut.geojson", features(point("[1,1]")).slice(0, -20))] }),
      /cut\.geojson (ends in the middle|is not valid JSON)/,
    ],
    ["another document", () => ({ vectors: [file("other.geojson", '{"a":1}')] }), /no GeoJSON FeatureCollection/],
    ["an empty layer file", () => ({ vectors: [file("none.geojson", "")] }), /is empty/],
    [
      "an unknown CRS",
      () => ({
        vectors: [
          file(
            "crs.geojson",
            `{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:999999"}},"features":[${point("[1,1]")}]}`,
          ),
        ],
      }),
      /EPSG:999999/,
    ],
    [
      "a bad confidence",
      () => ({
        detections: [
          file(
            "confidence.geojson",
            features(
              '{"type":"Feature","properties":{"concept":"plane","confidence":7},"geometry":{"type":"Point","coordinates":[1,1]}}',
            ),
          ),
        ],
      }),
      /confidence 7/,
    ],
    [
      "a detection of no day",
      () => ({
        detections: [
          file(
            "day.geojson",
            features(
              '{"type":"Feature","properties":{"concept":"plane","date":"2023-13-01"},"geometry":{"type":"Point","coordinates":[1,1]}}',
            ),
          ),
        ],
      }),
      /Feature 0 of day\.geojson has the date "2023-13-01"/,
    ],
    [
      "bad knowledge",
      () => ({ knowledge: [file("k.jsonl", '{"name":"A","text":"x"}\n{"nome":"B"}\n')] }),
      /Line 2 of k\.jsonl has a bad "name"/,
    ],
    ["a date that is no date", () => ({ images: [`${world.images[0]?.path}@2024-02-31`] }), /"2024-02-31".*is no date/],
    ["embeddings without a year", () => ({ embeddings: ["a.tif"] }), /name no year/],
    ["nothing", () => ({}), /nothing to ingest/],
    [
      "nothing with a position",
      () => ({
        vectors: [
          file("nowhere.geojson", features('{"type":"Feature","properties":{"building":"yes"},"geometry":null}')),
        ],
      }),
      /None of the sources has a position/,
    ],
  ] as const)("%s: one sentence, and no workspace", async (_, make, reason) => {
    await expect(run("bad", make())).rejects.toThrow(reason);
    expect(existsSync(join(folder, "bad"))).toBe(false);
  });

  it("leave an existing workspace byte for byte as it was", async () => {
    const before = await openWorkspace(join(folder, "whole"));
    const { fingerprint } = before;
    before.close();
    const names = readdirSync(join(folder, "whole"));
    await expect(
      run("whole", { vectors: [world.layers, file("bad2.geojson", features(point("[1e9,0]")))] }),
    ).rejects.toThrow(/outside longitude/);
    const after = await openWorkspace(join(folder, "whole"));
    expect(after.fingerprint).toBe(fingerprint);
    after.close();
    expect(readdirSync(join(folder, "whole"))).toEqual(names);
  });

  it("landmarks place a workspace only while there is nothing else, in either order", async () => {
    const layer = file("near.geojson", features(point("[2.3,41.6]"), point("[2.4,41.7]")));
    const far = file(
      "far.jsonl",
      '{"id":"a","name":"A","lon":3.1,"lat":41.1}\n{"id":"b","name":"B","lon":2.9,"lat":41.9}\n',
    );
    await run("landmarks", { knowledge: [far] });
    const alone = await openWorkspace(join(folder, "landmarks"));
    expect(alone.bboxWgs84).toEqual([2.9, 41.1, 3.1, 41.9]);
    alone.close();
    const later = await run("landmarks", { vectors: [layer] });
    const opened = await openWorkspace(join(folder, "landmarks"));
    expect(opened.bboxWgs84).toEqual([2.3, 41.6, 2.4, 41.7]);
    opened.close();
    expect((await run("together", { vectors: [layer], knowledge: [far] })).fingerprint).toBe(later.fingerprint);
  });

  it("skip null geometries and unknown kinds, and say how many", async () => {
    const notes: string[] = [];
    const path = file(
      "mixed.geojson",
      features(
        '{"type":"Feature","properties":{"building":"yes"},"geometry":null}',
        point("[2.3,41.6]"),
        '{"type":"Feature","properties":{"foo":"bar"},"geometry":{"type":"Point","coordinates":[2.3,41.6]}}',
      ),
    );
    expect(await run("mixed", { vectors: [path], onNote: (note) => notes.push(note) })).toMatchObject({
      entitiesAdded: 1,
      skippedFeatures: 2,
    });
    expect(notes.join()).toContain("2 of 3 features");
  });

  it("that are no days of the calendar date nothing; a year and a month count from their first day", async () => {
    const built = (start: string) =>
      `{"type":"Feature","properties":{"building":"yes","start_date":"${start}"},"geometry":{"type":"Point","coordinates":[2.3,41.6]}}`;
    const starts = ["2021-13-01", "2021-02-30", "2021-00", "about 1900", "2021", "2021-05", "2021-05-31"];
    await run("starts", { vectors: [file("starts.geojson", features(...starts.map(built)))] });
    const workspace = await openWorkspace(join(folder, "starts"));
    const seen = workspace.entities.query({}).map(({ firstSeen, tags }) => [tags.start_date, firstSeen]);
    workspace.close();
    expect(Object.fromEntries(seen)).toEqual({
      "2021-13-01": null,
      "2021-02-30": null,
      "2021-00": null,
      "about 1900": null,
      "2021": "2021-01-01",
      "2021-05": "2021-05-01",
      "2021-05-31": "2021-05-31",
    });
  });

  it("stream 30 MB in one line in little memory", async () => {
    const one = `{"type":"Feature","properties":{"building":"yes","note":"${"x".repeat(900)}"},"geometry":{"type":"Point","coordinates":[2.3,41.6]}}`;
    const path = file("line.geojson", features(...Array<string>(30_000).fill(one)));
    const before = process.memoryUsage().rss;
    expect(await run("line", { vectors: [path] })).toMatchObject({ entitiesAdded: 30_000 });
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  });
});

const baltimore = dataFile("geo", "osm", "baltimore.geojson");
const swellendam = dataFile("geo", "imagery", "swellendam_za", "training_data.gpkg");
describe.skipIf(!baltimore || !swellendam)("real layers", () => {
  it("reads an OpenStreetMap extract without imagery", async () => {
    expect((await run("baltimore", { vectors: [baltimore as string] })).entitiesAdded).toBeGreaterThan(5000);
  });

  it("reads GeoPackage tables", async () => {
    expect((await run("swellendam", { vectors: [swellendam as string] })).entitiesAdded).toBeGreaterThan(4000);
  });

  const detections = dataFile("geo", "detections", "naip_aircraft", "fl_m_2508014_se_17_030_20230111_20230530.geojson");
  it.skipIf(!detections)("refuses labels whose classes are numbers only by leaving them out, with a note", async () => {
    const notes: string[] = [];
    await run("aircraft", { detections: [detections as string], onNote: (note) => notes.push(note) });
    expect(notes.join()).toContain("left out");
  });
});
