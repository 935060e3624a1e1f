import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { tileAt } from "../../src/geo/tile-grid.ts";
import type { Caption } from "../../src/store/caption.ts";
import { captionWriter, sqliteCaptionStore } from "../../src/store/sqlite/captions.ts";
import { openDatabase } from "../../src/store/sqlite/database.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-captions-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const level = (text: string) => ({ text, clauses: [{ text, evidence: ["e1"] }] });
const caption = (language: Caption["language"], line: string, objects: string, date: string | null): Caption => ({
  line: level(line),
  objects: level(objects),
  layout: level(language === "en" ? "A road crosses it." : "一条道路穿过。"),
  language,
  date,
});

function filled(name: string) {
  const db = openDatabase(join(folder, name), { create: true });
  captionWriter(db)(tileAt(512, 0, 0), caption("en", "Farmland with two white roofs", "In it: roofs.", "2024-05-31"));
  captionWriter(db)(tileAt(512, 0, 0), caption("zh", "农田，内有两个白色大屋顶", "区内有大屋顶。", "2024-05-31"));
  captionWriter(db)(tileAt(512, 3, 0), caption("en", "A harbour with ships", "In it: ships.", "2024-05-31"));
  captionWriter(db)(tileAt(256, 9, 9), caption("en", "A harbour", "In it: a crane.", null));
  return { db, store: sqliteCaptionStore(db) };
}

describe("a caption store", () => {
  it("gives back what was written, by tile, date and language", () => {
    const { db, store } = filled("kept");
    expect(store.caption("512/0/0", "2024-05-31", "zh")?.line.text).toBe("农田，内有两个白色大屋顶");
    expect(store.caption("256/9/9", null, "en")).toEqual(caption("en", "A harbour", "In it: a crane.", null));
    expect(store.caption("512/0/0", null, "en")).toBeNull();
    expect([...store.all()].map(({ tileId, caption: { language } }) => `${tileId} ${language}`)).toEqual([
      "256/9/9 en",
      "512/0/0 en",
      "512/0/0 zh",
      "512/3/0 en",
    ]);
    db.close();
  });

  it("searches words of either language in any form, never search syntax, within language, box, scale and date", () => {
    const { db, store } = filled("searched");
    const found = (text: string, options: Partial<Parameters<typeof store.search>[1]> = {}) =>
      store.search(text, { limit: 5, ...options }).map(({ tileId }) => tileId);
    expect(found("a white roof", { language: "en" })[0]).toBe("512/0/0");
    expect(found("白色大屋顶")).toEqual(["512/0/0"]);
    expect(found("harbours").sort()).toEqual(["256/9/9", "512/3/0"]);
    expect(found("harbour", { scale: 512 })).toEqual(["512/3/0"]);
    expect(found("harbour", { date: null })).toEqual(["256/9/9"]);
    expect(found("harbour", { box: [1600, 0, 1700, 100] })).toEqual(["512/3/0"]);
    expect(found('ship" NEAR(( * -')).toEqual(["512/3/0"]);
    expect(found("( ) *")).toEqual([]);
    expect(store.search("harbour", { limit: 1 })).toHaveLength(1);
    db.close();
  });

  it("forgets the words of a caption that is written anew", () => {
    const { db, store } = filled("anew");
    captionWriter(db)(tileAt(512, 3, 0), caption("en", "Open water", "Nothing in it.", "2024-05-31"));
    expect(store.search("ships", { limit: 5 })).toEqual([]);
    expect(store.search("open water", { limit: 5 }).map(({ tileId }) => tileId)).toEqual(["512/3/0"]);
    db.close();
  });

  it("is empty in a workspace from before there were captions", () => {
    const directory = join(folder, "older");
    const db = openDatabase(directory, { create: true });
    db.exec(
      "DROP TABLE captions; DROP TABLE caption_words; DROP TRIGGER passage_vectors_removed; DROP TABLE passage_vectors; DROP TABLE chip_vectors; ALTER TABLE landmarks DROP COLUMN country; ALTER TABLE landmarks DROP COLUMN image; ALTER TABLE passages DROP COLUMN licence; ALTER TABLE passages DROP COLUMN language; ALTER TABLE dating DROP COLUMN attributes;",
    );
    db.pragma("user_version = 2");
    db.close();
    const again = openDatabase(directory);
    expect([...sqliteCaptionStore(again).all()]).toEqual([]);
    again.close();
  });
});
