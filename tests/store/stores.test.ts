import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { tileAt } from "../../src/geo/tile-grid.ts";
import { openDatabase, openThreadDatabase } from "../../src/store/sqlite/database.ts";
import { insertLandmark, sqliteKnowledgeStore } from "../../src/store/sqlite/knowledge.ts";
import { sqliteThreadStore } from "../../src/store/sqlite/threads.ts";
import { insertTile, sqliteTileIndex } from "../../src/store/sqlite/tiles.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unit = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle));

it("finds the nearest tiles in the order of their angles, within box, scale and date", () => {
  const db = openDatabase(join(folder, "tiles"), { create: true });
  const angles = [0.9, 0.1, 0.5, 0.3];
  for (const [ix, angle] of angles.entries())
    insertTile(db, { ...tileAt(512, ix, 0), date: "2024-05-31", coverage: 1, statistics: {} }, [
      { encoder: "e", vector: unit(angle) },
    ]);
  const index = sqliteTileIndex(db);
  const found = index.nearest(unit(0), { encoder: "e", limit: 3 });
  expect(found.map(({ tile }) => tile.ix)).toEqual([1, 3, 2]);
  for (const [i, angle] of [0.1, 0.3, 0.5].entries()) expect(found[i]?.similarity).toBeCloseTo(Math.cos(angle), 5);
  const boxed = index.nearest(unit(0), { encoder: "e", limit: 3, box: [0, 0, 512, 512] });
  expect(boxed.map(({ tile }) => tile.ix)).toEqual([0]);
  expect(index.nearest(unit(0), { encoder: "e", limit: 3, date: "2023-01-01" })).toEqual([]);
  expect(index.vector("512/9/9", "2024-05-31", "e")).toBeNull();
  db.close();
});

it("keeps the statistics of imagery when an embedding raster describes the same tile, in either order", () => {
  const tile = { ...tileAt(512, 0, 0), date: "2024-12-31" };
  const imagery = { ...tile, coverage: 0.5, statistics: { brightness: 0.4 } };
  const raster = { ...tile, coverage: 1, statistics: {} };
  for (const order of ["imagery first", "raster first"]) {
    const db = openDatabase(join(folder, order), { create: true });
    const writeImagery = () => insertTile(db, imagery, [{ encoder: "statistics", vector: unit(1) }]);
    const writeRaster = () => insertTile(db, raster, [{ encoder: "raster", vector: unit(2) }], { keepDescribed: true });
    for (const write of order === "imagery first" ? [writeImagery, writeRaster] : [writeRaster, writeImagery]) write();
    const index = sqliteTileIndex(db);
    expect(index.tiles({})).toEqual([imagery]);
    expect(index.vector(tile.id, tile.date, "statistics")).toEqual(unit(1));
    expect(index.vector(tile.id, tile.date, "raster")).toEqual(unit(2));
    db.close();
  }
});

it("searches knowledge by words of any script, never by search syntax", () => {
  const db = openDatabase(join(folder, "knowledge"), { create: true });
  const landmark = {
    aliases: [],
    concept: null,
    geometry: null,
    facts: [],
    source: "test",
    licence: null,
    country: null,
    image: null,
  };
  insertLandmark(db, { ...landmark, id: "a", name: "North quay" }, ["Cranes load steel.", "It opened in 1998."]);
  insertLandmark(db, { ...landmark, id: "b", name: "东港" }, ["东港有四个集装箱泊位。"]);
  const store = sqliteKnowledgeStore(db);
  expect(store.search('steel" NEAR(( * -', 5).map(({ passage }) => passage.id)).toEqual(["a#1"]);
  expect(store.search("集装箱", 5).map(({ landmark: { id } }) => id)).toEqual(["b"]);
  expect(store.search("( ) *", 5)).toEqual([]);
  insertLandmark(db, { ...landmark, id: "a", name: "North quay" }, ["Rebuilt."]);
  expect(store.passages("a").map(({ text }) => text)).toEqual(["Rebuilt."]);
  expect(store.search("steel", 5)).toEqual([]);
  db.close();
});

it("keeps threads in their own file and gives their turns back in order", () => {
  const directory = join(folder, "tiles");
  const db = openThreadDatabase(directory);
  const store = sqliteThreadStore(db);
  const turn = { thread: "t", at: "2026-01-01T00:00:00Z", understood: { a: [1] }, plan: null, reply: { b: "ü" } };
  store.append({ ...turn, turn: 2, message: "second", at: "2026-01-02T00:00:00Z" });
  store.append({ ...turn, turn: 1, message: "first" });
  expect(store.turns("t").map(({ message }) => message)).toEqual(["first", "second"]);
  expect(store.turns("t")[0]).toEqual({ ...turn, turn: 1, message: "first" });
  expect(store.list()).toEqual([
    { thread: "t", title: null, turns: 2, firstMessage: "first", updatedAt: "2026-01-02T00:00:00Z" },
  ]);
  db.close();
});

it("refuses a workspace of a newer version", () => {
  const directory = join(folder, "newer");
  const db = openDatabase(directory, { create: true });
  db.pragma("user_version = 9999");
  db.close();
  expect(() => openDatabase(directory)).toThrow(/version/);
});

describe("a database that is there already", () => {
  const made = (name: string, sql: string): string => {
    const directory = join(folder, name);
    mkdirSync(directory);
    const db = new Database(join(directory, "workspace.sqlite"));
    db.exec(sql);
    db.close();
    return directory;
  };

  it.each([
    ["another program's without a version", "CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES ('A')"],
    ["another program's with a version", "CREATE TABLE customers (name TEXT); PRAGMA user_version = 1"],
    ["another program's with an id", "PRAGMA application_id = 1196444487"],
    ["our threads", "PRAGMA application_id = 0x54455254; PRAGMA user_version = 1; CREATE TABLE turns (thread TEXT)"],
  ])("is refused and stays byte for byte when it is %s", (name, sql) => {
    const directory = made(name.replaceAll(/\W/g, "-"), sql);
    const file = join(directory, "workspace.sqlite");
    const before = readFileSync(file);
    for (const options of [{}, { create: true }])
      expect(() => openDatabase(directory, options)).toThrow(/workspace\.sqlite is a database of another program/);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(directory)).toEqual(["workspace.sqlite"]);
  });

  it("is refused when it is no database", () => {
    const directory = join(folder, "no-database");
    mkdirSync(directory);
    writeFileSync(join(directory, "workspace.sqlite"), "hello ".repeat(1000));
    expect(() => openDatabase(directory)).toThrow(/is not a readable SQLite database/);
  });

  it("is used when it is empty, or ours from before it said so", () => {
    const empty = made("empty", "");
    openDatabase(empty).close();
    const db = openDatabase(empty);
    expect(db.pragma("application_id", { simple: true })).toBe(0x5445524c);
    db.pragma("application_id = 0");
    db.close();
    const again = openDatabase(empty);
    expect(again.pragma("application_id", { simple: true })).toBe(0x5445524c);
    again.close();
  });
});
