import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { TerralogueError } from "../../errors.ts";

export const WORKSPACE_FILE = "workspace.sqlite";
export const THREADS_FILE = "threads.sqlite";

/** Each entry takes the schema from its index to the next version; user_version counts them. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE sources (
    fingerprint TEXT NOT NULL, kind TEXT NOT NULL, date TEXT NOT NULL, path TEXT NOT NULL, description TEXT NOT NULL,
    PRIMARY KEY (kind, fingerprint, date)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE jobs (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE tiles (
    id TEXT NOT NULL, date TEXT NOT NULL, scale INTEGER NOT NULL, ix INTEGER NOT NULL, iy INTEGER NOT NULL,
    coverage REAL NOT NULL, statistics TEXT NOT NULL,
    PRIMARY KEY (date, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tiles_by_place ON tiles (scale, date, ix, iy);
  CREATE TABLE vectors (
    encoder TEXT NOT NULL, date TEXT NOT NULL, tile TEXT NOT NULL, scale INTEGER NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (encoder, date, tile)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entities (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, concept TEXT NOT NULL, confidence REAL NOT NULL,
    attributes TEXT NOT NULL, name TEXT, source TEXT NOT NULL, source_fingerprint TEXT NOT NULL, first_seen TEXT, last_seen TEXT,
    area_history TEXT NOT NULL, tags TEXT NOT NULL, geometry TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entities_by_concept ON entities (concept);
  CREATE INDEX entities_by_source ON entities (source_fingerprint);
  CREATE VIRTUAL TABLE entity_boxes USING rtree (number, min_x, max_x, min_y, max_y);
  CREATE TABLE dating (
    id TEXT PRIMARY KEY, first_seen TEXT, last_seen TEXT, area_history TEXT NOT NULL, tags TEXT NOT NULL, confidence REAL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE places (
    id TEXT PRIMARY KEY, names TEXT NOT NULL, concept TEXT, geometry TEXT NOT NULL, importance REAL NOT NULL, source_fingerprint TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE landmarks (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL, concept TEXT, geometry TEXT, facts TEXT NOT NULL,
    source TEXT NOT NULL, licence TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, landmark TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL, words TEXT NOT NULL
  ) STRICT;
  CREATE INDEX passages_by_landmark ON passages (landmark);
  CREATE VIRTUAL TABLE passage_words USING fts5 (words, content = 'passages', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2');
  CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO passage_words (rowid, words) VALUES (new.number, new.words);
  END;
  CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO passage_words (passage_words, rowid, words) VALUES ('delete', old.number, old.words);
  END;
  `,
];

const THREAD_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE turns (
    thread TEXT NOT NULL, turn INTEGER NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL, understood TEXT NOT NULL,
    plan TEXT NOT NULL, reply TEXT NOT NULL,
    PRIMARY KEY (thread, turn)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE thread_titles (thread TEXT PRIMARY KEY, title TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE feedback (
    thread TEXT NOT NULL, turn INTEGER NOT NULL, verdict TEXT NOT NULL, comment TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (thread, turn)
  ) STRICT, WITHOUT ROWID;
  `,
];

export type Db = Database.Database;

/**
 * Opens the workspace's content database.
 *
 * @throws {TerralogueError} `bad_workspace` when the folder holds none (unless `create`) or one of another version
 */
export function openDatabase(directory: string, options: { readonly create?: boolean } = {}): Db {
  const file = join(directory, WORKSPACE_FILE);
  if (!existsSync(file)) {
    if (!options.create) {
      throw new TerralogueError(
        "bad_workspace",
        `${directory} is no Terralogue workspace; make one with: npm run --silent ingest -- --workspace ${directory} --image FILE.`,
      );
    }
    mkdirSync(directory, { recursive: true });
  }
  return migrated(file, MIGRATIONS);
}

/** The threads' own database, so that asking never changes the content. */
export function openThreadDatabase(directory: string): Db {
  return migrated(join(directory, THREADS_FILE), THREAD_MIGRATIONS);
}

function migrated(file: string, migrations: readonly string[]): Db {
  let db: Db;
  try {
    db = new Database(file, { timeout: 10_000 });
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = NORMAL");
  } catch (cause) {
    throw new TerralogueError(
      "bad_workspace",
      `${file} is not a readable SQLite database; restore it or ingest into a new workspace.`,
      { cause },
    );
  }
  const version = Number(db.pragma("user_version", { simple: true }));
  if (version > migrations.length || version < 0) {
    db.close();
    throw new TerralogueError(
      "bad_workspace",
      `${file} has schema version ${version}, this Terralogue knows ${migrations.length}; use a newer Terralogue or ingest into a new workspace.`,
    );
  }
  if (version < migrations.length) {
    db.transaction(() => {
      // Read again under the lock: another process may have migrated it meanwhile.
      const current = Number(db.pragma("user_version", { simple: true }));
      for (const sql of migrations.slice(current)) db.exec(sql);
      db.pragma(`user_version = ${migrations.length}`);
    }).immediate();
  }
  return db;
}
