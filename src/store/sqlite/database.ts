import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { TerralogueError } from "../../errors.ts";

export const WORKSPACE_FILE = "workspace.sqlite";
export const THREADS_FILE = "threads.sqlite";
export const CHIPS_FILE = "chips.sqlite";
/** What may lie in a folder before its first ingest: files sent to a service, its ingests, the choice of models. */
const KEPT_BESIDE = new Set(["uploads", "ingest", "models.json"]);

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
  // Work of the derivation as it is done, so that it can go on; no part of the content.
  `
  CREATE TABLE segment_windows (
    segmenter TEXT NOT NULL, date TEXT NOT NULL, window TEXT NOT NULL, images TEXT NOT NULL, entities TEXT NOT NULL,
    PRIMARY KEY (segmenter, date, window)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE dating_drafts (
    derivation TEXT NOT NULL, id TEXT NOT NULL, dating TEXT NOT NULL,
    PRIMARY KEY (derivation, id)
  ) STRICT, WITHOUT ROWID;
  `,
  // Captions of tiles in each language: line, objects and layout are JSON of CaptionLevel, words what is searched.
  `
  CREATE TABLE captions (
    number INTEGER PRIMARY KEY, date TEXT NOT NULL, tile TEXT NOT NULL, language TEXT NOT NULL, scale INTEGER NOT NULL,
    ix INTEGER NOT NULL, iy INTEGER NOT NULL, line TEXT NOT NULL, objects TEXT NOT NULL, layout TEXT NOT NULL, words TEXT NOT NULL,
    UNIQUE (date, tile, language)
  ) STRICT;
  CREATE VIRTUAL TABLE caption_words USING fts5 (words, content = 'captions', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2');
  CREATE TRIGGER captions_added AFTER INSERT ON captions BEGIN
    INSERT INTO caption_words (rowid, words) VALUES (new.number, new.words);
  END;
  CREATE TRIGGER captions_removed AFTER DELETE ON captions BEGIN
    INSERT INTO caption_words (caption_words, rowid, words) VALUES ('delete', old.number, old.words);
  END;
  `,
  // What is known of landmarks: where, how they look, and the vectors of what is written of them.
  `
  ALTER TABLE landmarks ADD COLUMN country TEXT;
  ALTER TABLE landmarks ADD COLUMN image TEXT;
  ALTER TABLE passages ADD COLUMN licence TEXT;
  ALTER TABLE passages ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
  CREATE TABLE passage_vectors (
    encoder TEXT NOT NULL, passage TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (encoder, passage)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE chip_vectors (
    encoder TEXT NOT NULL, landmark TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (encoder, landmark)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER passage_vectors_removed AFTER DELETE ON passages BEGIN
    DELETE FROM passage_vectors WHERE passage = old.id;
  END;
  `,
  // What the imagery shows of a mapped thing beside its dates: the colour of its roof.
  `
  ALTER TABLE dating ADD COLUMN attributes TEXT NOT NULL DEFAULT '[]';
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

/** A cache: the key names encoder, content and place. A null vector stands for a chip without pixels. */
const CHIP_MIGRATIONS: readonly string[] = [
  "CREATE TABLE chips (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, vector BLOB) STRICT;",
];

export type Db = Database.Database;

/** Which of our databases a file is: SQLite's application_id, and tables by which one from before it was set is known. */
interface Kind {
  readonly applicationId: number;
  readonly migrations: readonly string[];
  readonly knownBy: readonly string[];
}

/** "TERL", "TERC" and "TERT" in ASCII. */
const CONTENT: Kind = {
  applicationId: 0x5445524c,
  migrations: MIGRATIONS,
  knownBy: ["meta", "sources", "jobs", "tiles"],
};
const CHIPS: Kind = { applicationId: 0x54455243, migrations: CHIP_MIGRATIONS, knownBy: ["chips"] };
const THREADS: Kind = { applicationId: 0x54455254, migrations: THREAD_MIGRATIONS, knownBy: ["turns"] };

/**
 * Opens the workspace's content database.
 *
 * @throws {TerralogueError} `empty_workspace` when there is no such folder or nothing in it (unless `create`); `bad_workspace` when the
 *   folder holds something else, a workspace of another version, or a database of another program, which is left as it is
 */
export function openDatabase(directory: string, options: { readonly create?: boolean } = {}): Db {
  const file = join(directory, WORKSPACE_FILE);
  if (!existsSync(file)) {
    if (!options.create) {
      throw new TerralogueError(
        isEmptyFolder(directory) ? "empty_workspace" : "bad_workspace",
        `${directory} is no Terralogue workspace; make one with: npm run --silent ingest -- --workspace ${directory} --image FILE.`,
      );
    }
    mkdirSync(directory, { recursive: true });
  }
  return migrated(file, CONTENT);
}

/** Whether there is no such folder, or nothing in it that an ingest has written. */
function isEmptyFolder(directory: string): boolean {
  return !existsSync(directory) || readdirSync(directory).every((name) => KEPT_BESIDE.has(name));
}

/** The threads' own database, so that asking never changes the content. */
export function openThreadDatabase(directory: string): Db {
  return migrated(join(directory, THREADS_FILE), THREADS);
}

/** The cache of encoded chips, which may be deleted at any time. */
export function openChipDatabase(directory: string): Db {
  return migrated(join(directory, CHIPS_FILE), CHIPS);
}

function migrated(file: string, kind: Kind): Db {
  const { migrations, applicationId } = kind;
  const db = openFile(file);
  try {
    // Before anything is written: even the journal mode is kept in the file.
    checkKind(db, file, kind);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = NORMAL");
    if (numberOf(db, "user_version") < migrations.length || numberOf(db, "application_id") !== applicationId) {
      db.transaction(() => {
        // Read again under the lock: another process may have migrated it meanwhile.
        for (const sql of migrations.slice(numberOf(db, "user_version"))) db.exec(sql);
        db.pragma(`user_version = ${migrations.length}`);
        db.pragma(`application_id = ${applicationId}`);
      }).immediate();
    }
    return db;
  } catch (fault) {
    db.close();
    throw fault;
  }
}

function openFile(file: string): Db {
  let db: Db | null = null;
  try {
    db = new Database(file, { timeout: 10_000 });
    // The first read: a file of another format is opened without a word.
    db.pragma("schema_version");
    return db;
  } catch (cause) {
    db?.close();
    throw new TerralogueError(
      "bad_workspace",
      `${file} is not a readable SQLite database; restore it or ingest into a new workspace.`,
      { cause },
    );
  }
}

function checkKind(db: Db, file: string, { applicationId, migrations, knownBy }: Kind): void {
  // One transaction, so that a migration of another process is seen whole or not at all.
  const { id, version, tables } = db.transaction(() => ({
    id: numberOf(db, "application_id"),
    version: numberOf(db, "user_version"),
    tables: new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema").pluck().all()),
  }))();
  const isEmpty = id === 0 && version === 0 && tables.size === 0;
  const isOlder = id === 0 && version > 0 && knownBy.every((name) => tables.has(name));
  if (!isEmpty && !isOlder && id !== applicationId) {
    throw new TerralogueError(
      "bad_workspace",
      `${file} is a database of another program; nothing was changed in it: choose another folder for the workspace.`,
    );
  }
  if (version > migrations.length || version < 0) {
    throw new TerralogueError(
      "bad_workspace",
      `${file} has schema version ${version}, this Terralogue knows ${migrations.length}; use a newer Terralogue or ingest into a new workspace.`,
    );
  }
}

/** The schema version that a database has. */
export function schemaVersion(db: Db): number {
  return numberOf(db, "user_version");
}

const numberOf = (db: Db, pragma: string) => Number(db.pragma(pragma, { simple: true }));
