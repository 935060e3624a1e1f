import type { KnowledgeStore, Landmark, Passage } from "../ports.ts";
import type { Db } from "./database.ts";

interface LandmarkRow {
  readonly id: string;
  readonly name: string;
  readonly aliases: string;
  readonly concept: string | null;
  readonly geometry: string | null;
  readonly facts: string;
  readonly source: string;
  readonly licence: string | null;
}

interface PassageRow {
  readonly id: string;
  readonly landmark: string;
  readonly text: string;
  readonly source: string;
}

const toLandmark = (row: LandmarkRow): Landmark => ({
  ...row,
  aliases: JSON.parse(row.aliases),
  geometry: row.geometry ? JSON.parse(row.geometry) : null,
  facts: JSON.parse(row.facts),
});
const toPassage = ({ id, landmark, text, source }: PassageRow): Passage => ({ id, landmarkId: landmark, text, source });

/**
 * Words as they are indexed: Chinese runs become overlapping pairs of characters, since the tokenizer of FTS5 takes a
 * whole run for one word.
 */
export function indexWords(text: string): string {
  return text.replace(/\p{Script=Han}+/gu, (run) => ` ${pairs(run).join(" ")} `);
}

function pairs(run: string): string[] {
  const units = [...run];
  return units.length < 2 ? units : units.slice(1).map((unit, i) => `${units[i]}${unit}`);
}

/** Free text as an FTS5 expression that matches any of its words; every word is quoted, so that nothing in it is syntax. */
export function matchAny(text: string): string {
  const words = indexWords(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words)]
    .slice(0, 64)
    .map((word) => `"${word}"`)
    .join(" OR ");
}

export function sqliteKnowledgeStore(db: Db): KnowledgeStore {
  const landmark: KnowledgeStore["landmark"] = (id) => {
    const row = db.prepare<[string], LandmarkRow>("SELECT * FROM landmarks WHERE id = ?").get(id);
    return row ? toLandmark(row) : null;
  };
  return {
    landmarks: () => db.prepare<[], LandmarkRow>("SELECT * FROM landmarks ORDER BY id").all().map(toLandmark),
    landmark,
    passages: (landmarkId) =>
      db
        .prepare<[string], PassageRow>(
          "SELECT id, landmark, text, source FROM passages WHERE landmark = ? ORDER BY number",
        )
        .all(landmarkId)
        .map(toPassage),
    search: (text, limit) => {
      const expression = matchAny(text);
      if (expression === "") return [];
      return db
        .prepare<[string, number], PassageRow & { score: number }>(
          "SELECT p.id, p.landmark, p.text, p.source, -bm25(passage_words) AS score FROM passage_words JOIN passages p ON p.number = passage_words.rowid WHERE passage_words MATCH ? ORDER BY score DESC, p.id LIMIT ?",
        )
        .all(expression, limit)
        .flatMap((row) => {
          const owner = landmark(row.landmark);
          return owner ? [{ passage: toPassage(row), landmark: owner, score: row.score }] : [];
        });
    },
  };
}

/** Writes a landmark with its passages in place of an earlier one of the same id. Call inside a transaction. */
export function insertLandmark(db: Db, landmark: Landmark, passages: readonly string[]): void {
  db.prepare("DELETE FROM passages WHERE landmark = ?").run(landmark.id);
  db.prepare(
    "INSERT OR REPLACE INTO landmarks (id, name, aliases, concept, geometry, facts, source, licence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  ).run(
    landmark.id,
    landmark.name,
    JSON.stringify(landmark.aliases),
    landmark.concept,
    landmark.geometry ? JSON.stringify(landmark.geometry) : null,
    JSON.stringify(landmark.facts),
    landmark.source,
    landmark.licence,
  );
  const names = [landmark.name, ...landmark.aliases].join(" ");
  for (const [index, text] of passages.entries()) {
    db.prepare("INSERT INTO passages (id, landmark, text, source, words) VALUES (?, ?, ?, ?, ?)").run(
      `${landmark.id}#${index + 1}`,
      landmark.id,
      text,
      landmark.source,
      indexWords(`${names} ${text}`),
    );
  }
}
