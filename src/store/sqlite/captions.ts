import type { Caption } from "../caption.ts";
import type { CaptionStore, Tile, TileCaption } from "../ports.ts";
import type { Db } from "./database.ts";
import { indexWords, matchAny } from "./knowledge.ts";

interface Row {
  readonly date: string;
  readonly tile: string;
  readonly language: string;
  readonly scale: number;
  readonly line: string;
  readonly objects: string;
  readonly layout: string;
}

const COLUMNS = "c.date, c.tile, c.language, c.scale, c.line, c.objects, c.layout";

function toCaption(row: Row): Caption {
  return {
    line: JSON.parse(row.line),
    objects: JSON.parse(row.objects),
    layout: JSON.parse(row.layout),
    language: row.language as Caption["language"],
    date: row.date === "" ? null : row.date,
  };
}

const toTileCaption = (row: Row): TileCaption => ({ tileId: row.tile, scale: row.scale, caption: toCaption(row) });

export function sqliteCaptionStore(db: Db): CaptionStore {
  const one = db.prepare<[string, string, string], Row>(
    `SELECT ${COLUMNS} FROM captions c WHERE date = ? AND tile = ? AND language = ?`,
  );
  return {
    caption: (tileId, date, language) => {
      const row = one.get(date ?? "", tileId, language);
      return row ? toCaption(row) : null;
    },
    search: (text, { limit, language, box, scale, date }) => {
      const expression = matchAny(text);
      if (expression === "") return [];
      const where = ["caption_words MATCH ?"];
      const values: (string | number)[] = [expression];
      const keep = (condition: string, ...more: readonly (string | number)[]) => {
        where.push(condition);
        values.push(...more);
      };
      if (language) keep("c.language = ?", language);
      if (scale !== undefined) keep("c.scale = ?", scale);
      if (date !== undefined) keep("c.date = ?", date ?? "");
      if (box)
        keep(
          "c.ix * c.scale < ? AND (c.ix + 1) * c.scale > ? AND c.iy * c.scale < ? AND (c.iy + 1) * c.scale > ?",
          box[2],
          box[0],
          box[3],
          box[1],
        );
      return db
        .prepare<(string | number)[], Row & { score: number }>(
          `SELECT ${COLUMNS}, -bm25(caption_words) AS score FROM caption_words JOIN captions c ON c.number = caption_words.rowid
           WHERE ${where.join(" AND ")} ORDER BY score DESC, c.date, c.tile, c.language LIMIT ?`,
        )
        .all(...values, Math.max(0, Math.floor(limit)))
        .map((row) => ({ ...toTileCaption(row), score: row.score }));
    },
    all: function* () {
      for (const row of db
        .prepare<[], Row>(`SELECT ${COLUMNS} FROM captions c ORDER BY date, tile, language`)
        .iterate())
        yield toTileCaption(row);
    },
  };
}

/** Writes tiles' captions in place of earlier ones of the same date and language. Call what it gives inside a transaction. */
export function captionWriter(db: Db): (tile: Tile, caption: Caption) => void {
  // Not REPLACE: the trigger that takes the words out of the index does not see its deletions.
  const remove = db.prepare("DELETE FROM captions WHERE date = ? AND tile = ? AND language = ?");
  const insert = db.prepare(
    "INSERT INTO captions (date, tile, language, scale, ix, iy, line, objects, layout, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  return ({ id, scale, ix, iy }, { line, objects, layout, language, date: day }) => {
    const date = day ?? "";
    remove.run(date, id, language);
    const texts = [line, objects, layout];
    const words = indexWords(texts.map(({ text }) => text).join(" "));
    insert.run(date, id, language, scale, ix, iy, ...texts.map((level) => JSON.stringify(level)), words);
  };
}
