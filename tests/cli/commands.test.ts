import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildNode } from "../../scripts/build.mjs";
import { ReplySchema } from "../../src/answer/reply.ts";
import { SimilarReplySchema } from "../../src/answer/similar.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { CaptionSchema } from "../../src/store/caption.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-cli-"));
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(PACKAGE_ROOT, "dist/node/run.js"), ...args], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return { status, stdout, stderr };
};
const workspace = join(folder, "workspace");

beforeAll(async () => {
  await buildNode();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the commands, one after the other as a person runs them", () => {
  it("demo writes a world", () => {
    const { status, stdout } = run("demo", "--out", join(folder, "demo"), "--size", "2000", "--seed", "5", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ landform: "harbour", size: 2000, images: [{}, {}] });
  });

  it("ingest builds a workspace from it", { timeout: 300_000 }, () => {
    const summary = JSON.parse(
      run("demo", "--out", join(folder, "demo"), "--size", "2000", "--seed", "5", "--json").stdout,
    ) as { images: { path: string }[]; layers: string; knowledge: string };
    const { status, stdout } = run(
      "ingest",
      "--workspace",
      workspace,
      "--image",
      ...summary.images.map(({ path }) => path),
      "--vectors",
      summary.layers,
      "--knowledge",
      summary.knowledge,
      "--json",
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ images: 2, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("inspect tells what is in it", () => {
    expect(JSON.parse(run("inspect", "--workspace", workspace, "--json").stdout)).toMatchObject({
      mosaics: [{ gsd: 1 }, { gsd: 1 }],
      landmarks: expect.any(Number),
    });
    expect(run("inspect", "--workspace", workspace).stdout).toMatch(/entities {3}.*building \d+/);
  });

  it("caption tells of a tile and of a box, in English and Chinese", () => {
    const { bboxWgs84 } = JSON.parse(run("inspect", "--workspace", workspace, "--json").stdout) as {
      bboxWgs84: number[];
    };
    const told = run("caption", "--workspace", workspace, "--bbox", bboxWgs84.join(","), "--json");
    expect(CaptionSchema.parse(JSON.parse(told.stdout))).toMatchObject({
      language: "en",
      line: { text: expect.stringMatching(/\w/) },
    });
    const chinese = run("caption", "--workspace", workspace, "--bbox", bboxWgs84.join(","), "--lang", "zh").stdout;
    expect(chinese).toMatch(/\p{Script=Han}/u);
    const missing = run("caption", "--workspace", workspace, "--region", "no.such.1");
    expect(missing).toMatchObject({ status: 1, stdout: "" });
    expect(missing.stderr).toMatch(/no tile, entity or region "no\.such\.1"/);
    expect(run("caption", "--workspace", workspace).status).toBe(2);
  });

  it("parse shows what was understood", () => {
    const turn = JSON.parse(run("parse", "--json", "find new logistics parks near highway exits").stdout) as Record<
      string,
      unknown
    >;
    expect(turn).toMatchObject({
      intent: "search",
      language: "en",
      patch: null,
      references: [],
      unparsed: [],
      alternatives: [],
      confidence: 1,
    });
    expect(run("parse", "--workspace", workspace, "查找采石场").stdout).toContain("采石场");
  });

  it("ask answers, in a thread that goes on in the next process", () => {
    const first = ReplySchema.parse(
      JSON.parse(run("ask", "--workspace", workspace, "--thread", "cli", "--json", "find logistics parks").stdout),
    );
    expect(first).toMatchObject({ thread: "cli", turn: 1, outcome: "ranked" });
    expect(
      ReplySchema.parse(
        JSON.parse(run("ask", "--workspace", workspace, "--thread", "cli", "--json", "only the largest").stdout),
      ),
    ).toMatchObject({ turn: 2, intent: "refine" });
    const area = join(folder, "area.geojson");
    writeFileSync(area, JSON.stringify({ type: "Feature", properties: {}, geometry: first.regions[0]?.geometry }));
    expect(
      ReplySchema.parse(
        JSON.parse(run("ask", "--workspace", workspace, "--area", area, "--json", "find logistics parks").stdout),
      ).regions.length,
    ).toBe(1);
    expect(run("ask", "--workspace", workspace, "find glaciers").stdout).toContain("I cannot look for glaciers");
  });

  it("similar ranks the tiles that look like a box, and like a region of the thread", () => {
    const { bboxWgs84 } = JSON.parse(run("inspect", "--workspace", workspace, "--json").stdout) as {
      bboxWgs84: number[];
    };
    const [west = 0, south = 0, east = 0, north = 0] = bboxWgs84;
    const box = [west, south, (west + east) / 2, (south + north) / 2].join(",");
    const reply = SimilarReplySchema.parse(
      JSON.parse(run("similar", "--workspace", workspace, "--bbox", box, "--limit", "5", "--json").stdout),
    );
    expect(reply.tiles).toHaveLength(5);
    expect(reply.tiles.map(({ similarity }) => similarity)).toEqual(
      reply.tiles.map(({ similarity }) => similarity).sort((a, b) => b - a),
    );
    expect(run("similar", "--workspace", workspace, "--region", "cli.1.1").stdout).toMatch(
      /^10 tiles of 256 m like it on .*\n1\. 0\.\d{3} {2}256\//,
    );
  });

  it.each(["geojson", "csv", "kml", "gpkg"])("export writes %s", (format) => {
    const out = join(folder, `out.${format}`);
    expect(run("export", "--workspace", workspace, "--thread", "cli", "--format", format, "--out", out).status).toBe(0);
    expect(readFileSync(out, "utf8")).toMatch(/logistics park/i);
  });

  it("reason works on a file alone, in map and in pixel space", () => {
    const file = join(folder, "things.geojson");
    const point = (id: string, concept: string, x: number, y: number) => ({
      type: "Feature",
      id,
      properties: { concept },
      geometry: { type: "Point", coordinates: [x, y] },
    });
    writeFileSync(
      file,
      JSON.stringify({
        type: "FeatureCollection",
        features: [point("q1", "quarry", 3, 45), point("q2", "quarry", 3.5, 45), point("r", "river", 3.001, 45)],
      }),
    );
    const { results } = JSON.parse(
      run("reason", "--entities", file, "--query", "quarries within 500 m of a river", "--json").stdout,
    ) as { results: { id: string }[] };
    expect(results.map(({ id }) => id)).toEqual(["q1"]);
    const pixels = join(folder, "pixels.geojson");
    writeFileSync(
      pixels,
      JSON.stringify({
        crs: "pixel",
        type: "FeatureCollection",
        features: [point("a", "plane", 10, 10), point("b", "plane", 10, 90), point("s", "ship", 10, 50)],
      }),
    );
    expect(run("reason", "--entities", pixels, "--formula", "plane(x) ∧ ∃y (ship(y) ∧ above(x, y))").stdout).toMatch(
      /1\. a \(plane\) {2}truth 1\.000\n$/,
    );
    const unknown = run("reason", "--entities", pixels, "--query", "planes near a frobnicator");
    expect(unknown.stderr).toContain('"frobnicator"');
    const explained = run(
      ...["reason", "--entities", pixels, "--explain"],
      ...["--formula", "plane(x) ∧ ∃y (ship(y) ∧ near(x, y, 40))"],
    ).stdout;
    expect(explained).toContain("a ship within 40 px (measured 40 px)");
    expect(explained).toContain("2 of 2 candidates evaluated, best bound first; 3 entities in all");
  });

  it("reason measures pixels in metres where the GSD is known, and keeps images apart", () => {
    const file = join(folder, "images.jsonl");
    const feature = (id: string, concept: string, image: string, x: number, confidence: number) =>
      JSON.stringify({
        type: "Feature",
        crs: "pixel",
        gsd: 0.5,
        id,
        properties: { class: concept, image, confidence },
        geometry: { type: "Point", coordinates: [x, 0] },
      });
    writeFileSync(
      file,
      [
        feature("p1", "airplane", "one.png", 0, 0.9),
        feature("s1", "ship", "one.png", 100, 0.5),
        feature("p2", "airplane", "two.png", 100, 0.8),
      ].join("\n"),
    );
    const images = join(folder, "images");
    mkdirSync(images);
    for (const name of ["one.png", "two.png", "three.png"]) writeFileSync(join(images, name), "");
    const near = "plane(x) ∧ ∃y (ship(y) ∧ near(x, y, 50))";
    const found = JSON.parse(run("reason", "--entities", file, "--formula", near, "--json").stdout);
    expect(found.results).toMatchObject([{ id: "p1", image: "one.png", truth: 0.45 }]);
    const ranked = JSON.parse(
      run("reason", "--entities", file, "--images", images, "--formula", near, "--json").stdout,
    );
    expect(
      ranked.results.map(({ image, truth }: { image: string; truth: number }) => [basename(image), truth]),
    ).toEqual([
      ["one.png", 0.45],
      ["three.png", 0],
      ["two.png", 0],
    ]);
    const json = JSON.stringify({
      kind: "exists",
      variable: "x",
      body: { kind: "concept", concept: "plane", term: "x" },
    });
    expect(run("reason", "--entities", file, "--formula", json).stdout).toBe(
      "∃x (plane(x))\n1. one.png  truth 0.900\n2. two.png  truth 0.800\n",
    );
  });

  it("reason ranks the images of a folder of DOTA labels", () => {
    const labels = join(folder, "labelTxt");
    mkdirSync(labels);
    const box = (x: number) => `${x} 0 ${x + 10} 0 ${x + 10} 10 ${x} 10`;
    writeFileSync(
      join(labels, "P1.txt"),
      `imagesource:GoogleEarth\ngsd:0.2\n${box(0)} plane 0\n${box(50)} large-vehicle 1 0.7\n`,
    );
    writeFileSync(join(labels, "P2.txt"), `${box(0)} plane 0\n${box(900)} large-vehicle 0\n${box(5)} spaceship 0\n`);
    const { stdout, stderr } = run(
      "reason",
      "--dota",
      labels,
      "--formula",
      "plane(x) ∧ ∃y (large_vehicle(y) ∧ near(x, y, 60))",
    );
    expect(stdout).toContain("1. P1  truth 0.700\n2. P2  truth 0.000\n");
    expect(stderr).toContain("spaceship");
    writeFileSync(join(labels, "P3.txt"), "1 2 3\n");
    expect(run("reason", "--dota", labels, "--formula", "plane(x)").stderr).toMatch(
      /Line 1 of .*P3\.txt is no DOTA label/,
    );
  });
});

it("tells what options a measurement takes, without measuring", () => {
  const { status, stdout } = run("eval", "evidence", "--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^evidence: .*--seeds/);
});

describe("bad use", () => {
  it.each([
    [["fly"], 2, /Unknown command "fly"/],
    [["ask"], 2, /required option '--workspace/],
    [["ask", "--workspace", "nowhere", "x"], 1, /nowhere is no Terralogue workspace/],
    [["demo", "--out", "x", "--landform", "moon"], 2, /no landform "moon"/],
    [["demo", "--out", "x", "--size", "big"], 2, /whole number/],
    [["ask", "--workspace", workspace, "--bbox", "1,2,3", "x"], 2, /not W,S,E,N/],
    [
      ["export", "--workspace", workspace, "--thread", "none", "--format", "csv", "--out", join(folder, "n.csv")],
      1,
      /no search result to export/,
    ],
    [["export", "--workspace", workspace, "--thread", "cli", "--format", "doc", "--out", "x"], 2, /no format "doc"/],
    [["reason", "--formula", "quarry(x)"], 2, /either --entities or --dota/],
    [["reason", "--entities", "none.geojson", "--formula", "quarry(x)"], 1, /no file none\.geojson/],
    [["reason", "--entities", "none.geojson", "--formula", "quarry(y)"], 1, /leaves y free/],
    [["reason", "--entities", "none.geojson", "--formula", "quary(x)"], 1, /"quary", which is no concept/],
    [["reason", "--entities", "none.geojson", "--formula", '{"kind":"or"}'], 1, /JSON is not right at parts/],
    [["bench", "--", "nothing"], 2, /no bench "nothing"/],
    [["similar", "--workspace", workspace], 2, /No region is given/],
    [
      ["similar", "--workspace", workspace, "--bbox", "1,2,3,4", "--space", "sound"],
      2,
      /--space is not right \(sound\)/,
    ],
    [["similar", "--workspace", workspace, "--bbox", "1,2,3,4", "--space", "geo"], 1, /no embedding raster/],
    [["similar", "--workspace", workspace, "--bbox", "1,2,3,4"], 1, /do not reach the region/],
    [["eval", "text2text", "--captions", "none.txt"], 2, /--filenames is missing/],
    [["eval", "encoder", "--frob"], 2, /the options are --images/],
  ] as const)("%j exits with %i and a sentence", (args, code, reason) => {
    const { status, stdout, stderr } = run(...args);
    expect(status).toBe(code);
    expect(stderr).toMatch(reason);
    expect(stdout).toBe("");
  });

  it.each([
    "demo",
    "ingest",
    "ask",
    "parse",
    "serve",
    "inspect",
    "export",
    "start",
    "reason",
    "models",
    "similar",
    "bench",
    "eval",
  ])("%s --help tells its options", (name) => {
    const { status, stdout } = run(name, "--help");
    expect(status).toBe(0);
    expect(stdout).toContain(`npm run --silent ${name} --`);
  });
});
