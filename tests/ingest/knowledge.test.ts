import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { indexPassages } from "../../src/ingest/index-passages.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { readKnowledge } from "../../src/ingest/read-knowledge.ts";
import { createHashedTextEncoder } from "../../src/models/hashed-text-encoder.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";
import { openWorkspace } from "../../src/open-workspace.ts";
import { openDatabase, WORKSPACE_FILE } from "../../src/store/sqlite/database.ts";
import { sqliteKnowledgeStore } from "../../src/store/sqlite/knowledge.ts";
import { dataFile } from "../fixtures/data.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-knowledge-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function landmarksOf(spec: string) {
  const out = [];
  for await (const entry of readKnowledge(spec)) out.push(entry);
  return out;
}

describe("tables", () => {
  it("reads the columns of UNESCO's list, with quotes, line breaks and zeros that say nothing", async () => {
    const path = file(
      "sites.csv",
      'id_no,name_en,longitude,latitude,states_name_en,date_inscribed,area_hectares,danger,short_description_en\n7,"Old ""Quay"", East",2.5,41.5,Spain,1987,0,,"<p>A quay.</p>\nIt is old."\n8,Twin Site,3,42,"Spain,France",1990,12.5,1,Text.\n',
    );
    const [first, second] = await landmarksOf(path);
    expect(first?.landmark).toMatchObject({
      id: "sites.csv/7",
      name: 'Old "Quay", East',
      concept: "landmark",
      country: "ES",
      geometry: { type: "Point", coordinates: [2.5, 41.5] },
      facts: [{ key: "date_inscribed", value: "1987" }],
    });
    expect(first?.passages[0]).toBe("A quay. It is old.");
    expect(first?.passages.at(-1)).toContain("date_inscribed: 1987");
    expect(second?.landmark).toMatchObject({
      country: null,
      facts: expect.arrayContaining([{ key: "country", value: "Spain,France" }]),
    });
  });

  it("reads any columns by a mapping", async () => {
    const path = file("broer.csv", "Navn;Andre;X;Y;Bygget;Hoyde;Notat\nNordbrua;Broa|北桥;10,5;59,9;1931;45;x\n");
    const mapping = file(
      "broer.yaml",
      "columns: { Navn: name, Andre: aliases, X: lon, Y: lat, Bygget: facts.built, Hoyde: facts.height_m, Notat: skip }\nconstants: { concept: bridge, country: NO, licence: CC-BY-4.0 }\n",
    );
    const [entry] = await landmarksOf(`${path}@${mapping}`);
    expect(entry?.landmark).toMatchObject({
      name: "Nordbrua",
      aliases: ["Broa", "北桥"],
      concept: "bridge",
      country: "NO",
      licence: "CC-BY-4.0",
      geometry: { coordinates: [10.5, 59.9] },
      facts: [
        { key: "built", value: "1931" },
        { key: "height_m", value: "45" },
      ],
    });
  });

  it.each([
    ["far.csv", "name,lon,lat\nA,200,10\n", /Line 2 of far\.csv lies at longitude 200/],
    ["word.csv", "name,lon,lat\nA,east,10\n", /Line 2 of word\.csv has the longitude "east"/],
    ["cells.csv", "name,lon,lat\nA,1,2,3\n", /Line 2 of cells\.csv has 4 cells, its header 3/],
    ["quote.csv", 'name,lon,lat\nA,1,2\n"B,1,2\n', /Line 3 of quote\.csv opens a quote/],
    ["nameless.csv", "a,b\n1,2\n", /nameless\.csv has no column with a name/],
    ["bad.jsonl", '{"name":"A"}\n{"name":5}\n', /Line 2 of bad\.jsonl has a bad "name"/],
  ])("tells the line of what is wrong in %s", async (name, content, message) => {
    await expect(landmarksOf(file(name, content))).rejects.toThrow(message);
  });

  it("tells what a mapping may hold", async () => {
    const path = file("m.csv", "a\n1\n");
    await expect(landmarksOf(`${path}@${file("m.yaml", "columns: { a: colour }\n")}`)).rejects.toThrow(
      /bad "columns\.a"/,
    );
  });
});

describe("extracts and records", () => {
  it("reads an entity of Wikidata with its labels, position and claims as typed facts", async () => {
    const item = (id: string) => ({ mainsnak: { datavalue: { value: { id } } } });
    const entities = {
      Q1: {
        id: "Q1",
        labels: { en: { value: "North Dam" }, zh: { value: "北坝" } },
        aliases: { en: [{ value: "The Wall" }] },
        descriptions: { en: { value: "dam on a river" } },
        claims: {
          P625: [{ mainsnak: { datavalue: { value: { latitude: 41, longitude: 2 } } } }],
          P31: [item("Q12323")],
          P17: [item("Q9")],
          P137: [item("Q8")],
          P571: [{ mainsnak: { datavalue: { value: { time: "+1936-03-01T00:00:00Z", precision: 11 } } } }],
          P2048: [
            { mainsnak: { datavalue: { value: { amount: "+221", unit: "http://www.wikidata.org/entity/Q11573" } } } },
          ],
          P2043: [
            { mainsnak: { datavalue: { value: { amount: "+3", unit: "http://www.wikidata.org/entity/Q999" } } } },
          ],
        },
      },
      Q8: { id: "Q8", labels: { en: { value: "River Authority" } }, claims: {} },
      Q9: { id: "Q9", labels: { en: { value: "Spain" } }, claims: {} },
    };
    const [dam] = await landmarksOf(file("entities.json", JSON.stringify({ entities })));
    expect(dam?.landmark).toMatchObject({
      id: "Q1",
      name: "North Dam",
      aliases: ["北坝", "The Wall"],
      concept: "dam",
      country: "ES",
      geometry: { coordinates: [2, 41] },
    });
    // A unit that is not known gives no fact.
    expect(dam?.landmark.facts).toEqual([
      { key: "inception", value: "1936-03-01" },
      { key: "operator", value: "River Authority" },
      { key: "height_m", value: "221" },
    ]);
  });

  it("reads pages of Wikipedia's API and image–text records", async () => {
    const pages = {
      query: {
        pages: {
          12: {
            pageid: 12,
            title: "North Dam (Spain)",
            extract: "A dam. It is high.",
            coordinates: [{ lat: 41, lon: 2 }],
          },
        },
      },
    };
    const [page] = await landmarksOf(file("pages.json", JSON.stringify(pages)));
    expect(page?.landmark).toMatchObject({
      id: "wikipedia/12",
      name: "North Dam",
      geometry: { coordinates: [2, 41] },
      licence: "CC-BY-SA-4.0",
    });
    const record = {
      landmark: "North Dam",
      country: "Spain",
      category: "Dam",
      coordinates: [2, 41],
      image: "north.jpg",
      caption: "A wall.",
      sections: { history: "It was built." },
    };
    const [image] = await landmarksOf(file("records.jsonl", `${JSON.stringify(record)}\n`));
    expect(image?.landmark).toMatchObject({ name: "North Dam", country: "ES", image: "north.jpg" });
    expect(image?.passages[0]).toBe("It was built. A wall.");
  });

  it("reads named features of OpenStreetMap", async () => {
    const feature = {
      type: "Feature",
      id: "way/5",
      geometry: { type: "Point", coordinates: [2, 41] },
      properties: { leisure: "stadium", name: "Harrow", "name:zh": "哈罗", operator: "Harrow FC", start_date: "1990" },
    };
    const [entry] = await landmarksOf(
      file("osm.geojson", JSON.stringify({ type: "FeatureCollection", features: [feature] })),
    );
    expect(entry?.landmark).toMatchObject({
      name: "Harrow",
      aliases: ["哈罗"],
      concept: "stadium",
      facts: expect.arrayContaining([{ key: "operator", value: "Harrow FC" }]),
    });
  });
});

it("imports twice to the same content, gives vectors once, and places what the map knows by one name", async () => {
  const layer = file(
    "map.geojson",
    JSON.stringify({
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [2.3, 41.6] },
          properties: { leisure: "stadium", name: "Harrow Stadium" },
        },
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [2.31, 41.61] },
          properties: { place: "village", name: "Newton" },
        },
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [2.4, 41.7] },
          properties: { place: "village", name: "Newton" },
        },
      ],
    }),
  );
  const table = file("unplaced.csv", "name,description\nThe Harrow Stadium,Games are played.\nNewton,A village.\n");
  const options = {
    vectors: [layer],
    knowledge: [table],
    encoder: createStatisticsEncoder(),
    textEncoder: createHashedTextEncoder(),
  };
  const notes: string[] = [];
  const once = await ingest({ ...options, workspace: join(folder, "w"), onNote: (note) => notes.push(note) });
  const twice = await ingest({ ...options, workspace: join(folder, "w") });
  expect(twice.fingerprint).toBe(once.fingerprint);
  expect(notes.join()).toContain("1 landmarks without a position");
  const workspace = await openWorkspace(join(folder, "w"));
  const [stadium, newton] = ["The Harrow Stadium", "Newton"].map((name) =>
    workspace.knowledge.landmarks().find((one) => one.name === name),
  );
  expect(stadium?.geometry).toMatchObject({
    type: "Point",
    coordinates: [expect.closeTo(2.3, 6), expect.closeTo(41.6, 6)],
  });
  expect(newton?.geometry).toBeNull();
  const [vector] = [await createHashedTextEncoder().encodeQueries(["games are played"])];
  expect(workspace.knowledge.nearest(vector as Float32Array, "hashed-text@1", 1)[0]?.landmark.name).toBe(
    "The Harrow Stadium",
  );
  workspace.close();
  const db = openDatabase(join(folder, "w"));
  expect(await indexPassages(db, createHashedTextEncoder())).toBe(0);
  db.close();
});

it("opens a workspace from before passages had vectors, with what it held", () => {
  const directory = join(folder, "old");
  openDatabase(directory, { create: true }).close();
  const raw = new Database(join(directory, WORKSPACE_FILE));
  raw.exec(
    "DROP TRIGGER passage_vectors_removed; DROP TABLE passage_vectors; DROP TABLE chip_vectors; ALTER TABLE landmarks DROP COLUMN country; ALTER TABLE landmarks DROP COLUMN image; ALTER TABLE passages DROP COLUMN licence; ALTER TABLE passages DROP COLUMN language; ALTER TABLE dating DROP COLUMN attributes;",
  );
  raw.exec(
    "INSERT INTO landmarks VALUES ('a', 'North quay', '[]', NULL, NULL, '[]', 'test', NULL); INSERT INTO passages (id, landmark, text, source, words) VALUES ('a#1', 'a', 'Cranes load steel.', 'test', 'Cranes load steel.')",
  );
  raw.pragma("user_version = 3");
  raw.close();
  const db = openDatabase(directory);
  const store = sqliteKnowledgeStore(db);
  expect(store.landmark("a")).toMatchObject({ name: "North quay", country: null, image: null });
  expect(store.search("steel", 1)[0]?.passage).toMatchObject({ id: "a#1", language: "en", licence: null });
  db.close();
});

const unesco = dataFile("geo", "landmarks", "unesco_whc_sites_2019.csv");
const ports = dataFile("geo", "landmarks", "sea_ports.json");
it.skipIf(!unesco || !ports)("reads the lists of UNESCO and of ports", async () => {
  const sites = await landmarksOf(unesco as string);
  expect(sites).toHaveLength(1121);
  expect(sites.every(({ landmark }) => landmark.facts.some(({ key }) => key === "date_inscribed"))).toBe(true);
  const harbours = await landmarksOf(ports as string);
  expect(harbours.length).toBe(1634);
  expect(harbours.find(({ landmark }) => landmark.id.endsWith("/AEAJM"))?.landmark).toMatchObject({
    name: "Ajman",
    country: "AE",
    concept: "port",
  });
});
