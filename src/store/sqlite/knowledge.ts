import type { KnowledgeStore, Landmark, LandmarkMatch, Passage, PassageMatch } from "../ports.ts";
import type { Db } from "./database.ts";

interface LandmarkRow {
  readonly id: string;
  readonly name: string;
  readonly aliases: string;
  readonly concept: string | null;
  readonly country: string | null;
  readonly geometry: string | null;
  readonly facts: string;
  readonly source: string;
  readonly licence: string | null;
  readonly image: string | null;
}

interface PassageRow {
  readonly id: string;
  readonly landmark: string;
  readonly text: string;
  readonly source: string;
  readonly licence: string | null;
  readonly language: string;
}

/** Unit vectors of one encoder, row-major, with what each row describes. */
interface Matrix {
  readonly ids: readonly string[];
  readonly vectors: Float32Array;
  readonly dimensions: number;
}

const toLandmark = (row: LandmarkRow): Landmark => ({
  ...row,
  aliases: JSON.parse(row.aliases),
  geometry: row.geometry ? JSON.parse(row.geometry) : null,
  facts: JSON.parse(row.facts),
});
const toPassage = ({ id, landmark, text, source, licence, language }: PassageRow): Passage => ({
  id,
  landmarkId: landmark,
  text,
  source,
  licence,
  language: language === "zh" ? "zh" : "en",
});
const PASSAGE_COLUMNS = "p.id, p.landmark, p.text, p.source, p.licence, p.language";

/** Words that stand in every text: searched for only when there is nothing else. */
const COMMON = new Set(
  "a an and are at by did do does for from has have how in is it its of on or that the there this to was were what when where which who whose why with please tell me about".split(
    " ",
  ),
);

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
  const all = [...new Set(indexWords(text).match(/[\p{L}\p{N}]+/gu) ?? [])];
  const telling = all.filter((word) => !COMMON.has(word.toLowerCase()));
  return (telling.length > 0 ? telling : all)
    .slice(0, 64)
    .map((word) => `"${word}"`)
    .join(" OR ");
}

export function sqliteKnowledgeStore(db: Db): KnowledgeStore {
  const landmarkById = db.prepare<[string], LandmarkRow>("SELECT * FROM landmarks WHERE id = ?");
  const landmark: KnowledgeStore["landmark"] = (id) => {
    const row = landmarkById.get(id);
    return row ? toLandmark(row) : null;
  };
  const passageById = db.prepare<[string], PassageRow>(`SELECT ${PASSAGE_COLUMNS} FROM passages p WHERE p.id = ?`);
  const passage = (id: string) => {
    const row = passageById.get(id);
    return row ? toPassage(row) : null;
  };
  const matrices = new Map<string, Matrix>();
  const matrix = (table: "passage_vectors" | "chip_vectors", column: string, encoder: string): Matrix => {
    const key = `${table}/${encoder}`;
    const held = matrices.get(key);
    if (held) return held;
    const rows = db
      .prepare<[string], { id: string; vector: Buffer }>(
        `SELECT ${column} AS id, vector FROM ${table} WHERE encoder = ? ORDER BY ${column}`,
      )
      .all(encoder);
    const dimensions = (rows[0]?.vector.length ?? 0) / 4;
    const vectors = new Float32Array(rows.length * dimensions);
    for (const [row, { vector }] of rows.entries())
      for (let i = 0; i < dimensions; i += 1) vectors[row * dimensions + i] = vector.readFloatLE(i * 4);
    const made = { ids: rows.map(({ id }) => id), vectors, dimensions };
    matrices.set(key, made);
    return made;
  };
  return {
    landmarks: () => db.prepare<[], LandmarkRow>("SELECT * FROM landmarks ORDER BY id").all().map(toLandmark),
    landmark,
    passages: (landmarkId) =>
      db
        .prepare<[string], PassageRow>(
          `SELECT ${PASSAGE_COLUMNS} FROM passages p WHERE p.landmark = ? ORDER BY p.number`,
        )
        .all(landmarkId)
        .map(toPassage),
    allPassages: () =>
      db.prepare<[], PassageRow>(`SELECT ${PASSAGE_COLUMNS} FROM passages p ORDER BY p.id`).all().map(toPassage),
    search: (text, limit) => {
      const expression = matchAny(text);
      if (expression === "") return [];
      return db
        .prepare<[string, number], PassageRow & { score: number }>(
          `SELECT ${PASSAGE_COLUMNS}, -bm25(passage_words) AS score FROM passage_words JOIN passages p ON p.number = passage_words.rowid WHERE passage_words MATCH ? ORDER BY score DESC, p.id LIMIT ?`,
        )
        .all(expression, limit)
        .flatMap(({ score, ...row }) => {
          const owner = landmark(row.landmark);
          return owner ? [{ passage: toPassage(row), landmark: owner, score }] : [];
        });
    },
    nearest: (query, encoder, limit) =>
      nearestRows(matrix("passage_vectors", "passage", encoder), query, limit).flatMap(
        ({ id, score }): PassageMatch[] => {
          const found = passage(id);
          const owner = found && landmark(found.landmarkId);
          return found && owner ? [{ passage: found, landmark: owner, score }] : [];
        },
      ),
    nearestChips: (query, encoder, limit) =>
      nearestRows(matrix("chip_vectors", "landmark", encoder), query, limit).flatMap(
        ({ id, score }): LandmarkMatch[] => {
          const owner = landmark(id);
          return owner ? [{ landmark: owner, similarity: score }] : [];
        },
      ),
    chipVector: (landmarkId, encoder) => {
      const { ids, vectors, dimensions } = matrix("chip_vectors", "landmark", encoder);
      const row = ids.indexOf(landmarkId);
      return row < 0 ? null : vectors.subarray(row * dimensions, (row + 1) * dimensions);
    },
    textEncoders: () =>
      db.prepare<[], string>("SELECT DISTINCT encoder FROM passage_vectors ORDER BY encoder").pluck().all(),
  };
}

/** Exact scan: a landmark store has some ten thousand passages, for which an index would only lose results. */
function nearestRows({ ids, vectors, dimensions }: Matrix, query: Float32Array, limit: number) {
  if (dimensions === 0 || dimensions !== query.length) return [];
  return ids
    .map((id, row) => {
      let score = 0;
      const start = row * dimensions;
      for (let i = 0; i < dimensions; i += 1) score += (vectors[start + i] as number) * (query[i] as number);
      return { id, score };
    })
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, limit);
}

/** Writes a landmark with its passages in place of an earlier one of the same id. Call inside a transaction. */
export function insertLandmark(db: Db, landmark: Landmark, passages: readonly string[]): void {
  db.prepare("DELETE FROM passages WHERE landmark = ?").run(landmark.id);
  db.prepare("DELETE FROM chip_vectors WHERE landmark = ?").run(landmark.id);
  db.prepare(
    "INSERT OR REPLACE INTO landmarks (id, name, aliases, concept, country, geometry, facts, source, licence, image) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  ).run(
    landmark.id,
    landmark.name,
    JSON.stringify(landmark.aliases),
    landmark.concept,
    landmark.country,
    landmark.geometry ? JSON.stringify(landmark.geometry) : null,
    JSON.stringify(landmark.facts),
    landmark.source,
    landmark.licence,
    landmark.image,
  );
  const names = [landmark.name, ...landmark.aliases].join(" ");
  for (const [index, text] of passages.entries()) {
    db.prepare(
      "INSERT INTO passages (id, landmark, text, source, words, licence, language) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ).run(
      `${landmark.id}#${index + 1}`,
      landmark.id,
      text,
      landmark.source,
      indexWords(`${names} ${text}`),
      landmark.licence,
      /\p{Script=Han}/u.test(text) ? "zh" : "en",
    );
  }
}

/** Keeps the vector of a passage. Call inside a transaction. */
export function insertPassageVector(db: Db, encoder: string, passage: string, vector: Float32Array): void {
  db.prepare("INSERT OR REPLACE INTO passage_vectors (encoder, passage, vector) VALUES (?, ?, ?)").run(
    encoder,
    passage,
    vectorBlob(vector),
  );
}

/** Keeps the vector of a landmark's chip. Call inside a transaction. */
export function insertChipVector(db: Db, encoder: string, landmark: string, vector: Float32Array): void {
  db.prepare("INSERT OR REPLACE INTO chip_vectors (encoder, landmark, vector) VALUES (?, ?, ?)").run(
    encoder,
    landmark,
    vectorBlob(vector),
  );
}

/** Little-endian 32-bit floats. */
function vectorBlob(vector: Float32Array): Buffer {
  const blob = Buffer.alloc(vector.length * 4);
  for (const [i, value] of vector.entries()) blob.writeFloatLE(value, i * 4);
  return blob;
}
