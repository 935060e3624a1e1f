import { existsSync } from "node:fs";
import { join } from "node:path";
import { isConceptId } from "../knowledge/ontology/ids.ts";
import { TerralogueError } from "./errors.ts";
import { workingCrs } from "./geo/crs.ts";
import { createMosaicReader, imageBox } from "./imagery/mosaic.ts";
import type { MosaicImage, RasterDescription } from "./imagery/ports.ts";
import type { Place } from "./query/turn.ts";
import { sqliteCaptionStore } from "./store/sqlite/captions.ts";
import { sqliteChipVectors } from "./store/sqlite/chips.ts";
import {
  type Db,
  openChipDatabase,
  openDatabase,
  openThreadDatabase,
  schemaVersion,
  WORKSPACE_FILE,
} from "./store/sqlite/database.ts";
import { sqliteEntityStore } from "./store/sqlite/entities.ts";
import { imageEncoderOf } from "./store/sqlite/image-encoder.ts";
import { sqliteKnowledgeStore } from "./store/sqlite/knowledge.ts";
import { sqliteThreadStore } from "./store/sqlite/threads.ts";
import { sqliteTileIndex } from "./store/sqlite/tiles.ts";
import type { SourceFile, Workspace } from "./workspace.ts";

export function readMeta(db: Db, key: string): string | null {
  return db.prepare<[string], { value: string }>("SELECT value FROM meta WHERE key = ?").get(key)?.value ?? null;
}

const sourceOrder = ({ kind, date, file, fingerprint }: SourceFile) => `${kind}|${date ?? ""}|${file}|${fingerprint}`;

/** Images of a workspace in a fixed order: by date, then by fingerprint. */
export function storedImages(db: Db, crsCode: string): readonly MosaicImage[] {
  return db
    .prepare<[], { fingerprint: string; date: string; description: string }>(
      "SELECT fingerprint, date, description FROM sources WHERE kind = 'image' ORDER BY date, fingerprint",
    )
    .all()
    .map(({ fingerprint, date, description }) => {
      const parsed = JSON.parse(description) as RasterDescription;
      return {
        id: `${fingerprint.slice(0, 16)}${date ? `@${date}` : ""}`,
        description: parsed,
        date: date === "" ? null : date,
        box: imageBox(parsed, crsCode),
      };
    });
}

/** Encoder of the vectors of a workspace's imagery; null without any, or without a workspace. */
export function heldImageEncoder(directory: string): string | null {
  if (!existsSync(join(directory, WORKSPACE_FILE))) return null;
  const db = openDatabase(directory);
  try {
    return imageEncoderOf(db);
  } finally {
    db.close();
  }
}

/** Named places that are no entities. WGS84. */
export function storedPlaces(db: Db): readonly Place[] {
  return db
    .prepare<[], { id: string; names: string; concept: string | null; geometry: string; importance: number }>(
      "SELECT id, names, concept, geometry, importance FROM places ORDER BY id",
    )
    .all()
    .map(
      (row): Place => ({
        id: row.id,
        names: JSON.parse(row.names),
        concept: row.concept && isConceptId(row.concept) ? row.concept : null,
        geometry: JSON.parse(row.geometry),
        importance: row.importance,
      }),
    );
}

/**
 * Opens what ingest made.
 *
 * @throws {TerralogueError} `empty_workspace` when the folder is none or empty, or its first ingest never finished; `bad_workspace` when
 *   it holds something else, or a workspace of another version
 */
export async function openWorkspace(
  directory: string,
  _options: { readonly readOnly?: boolean } = {},
): Promise<Workspace> {
  const db = openDatabase(directory);
  const code = readMeta(db, "crs");
  const bbox = readMeta(db, "bbox") ?? readMeta(db, "landmark_bbox");
  if (code === null || bbox === null) {
    db.close();
    throw new TerralogueError(
      "empty_workspace",
      `The workspace ${directory} holds nothing yet; finish its ingest by running the same ingest command again.`,
    );
  }
  const threadDb = openThreadDatabase(directory);
  const chipDb = openChipDatabase(directory);
  const crs = workingCrs(code);
  const images = storedImages(db, code);
  const reader = createMosaicReader(images, code);
  const entities = sqliteEntityStore(db);
  return {
    directory,
    crs,
    fingerprint: readMeta(db, "fingerprint") ?? "incomplete",
    images,
    reader,
    tiles: sqliteTileIndex(db),
    entities,
    knowledge: sqliteKnowledgeStore(db),
    captions: sqliteCaptionStore(db),
    threads: sqliteThreadStore(threadDb),
    chips: sqliteChipVectors(chipDb),
    namedEntities: () =>
      db
        .prepare<[], { id: string }>("SELECT id FROM entities WHERE name IS NOT NULL ORDER BY id")
        .all()
        .flatMap(({ id }) => entities.get(id) ?? []),
    places: () => storedPlaces(db),
    schemaVersion: schemaVersion(db),
    sources: () =>
      db
        .prepare<[], { kind: string; path: string; date: string; fingerprint: string }>(
          "SELECT kind, path, date, fingerprint FROM sources",
        )
        .all()
        .map(
          ({ kind, path, date, fingerprint }): SourceFile => ({
            kind: kind as SourceFile["kind"],
            // Addresses may carry a key in their query.
            file: path.split(/[?#]/)[0]?.split(/[/\\]/).at(-1) as string,
            date: date === "" ? null : date,
            fingerprint,
          }),
        )
        .sort((a, b) => sourceOrder(a).localeCompare(sourceOrder(b))),
    encoders: () =>
      db
        .prepare<[], { id: string; dimensions: number; vectors: number }>(
          "SELECT encoder AS id, max(length(vector)) / 4 AS dimensions, count(*) AS vectors FROM vectors GROUP BY encoder ORDER BY encoder",
        )
        .all(),
    imageEncoder: imageEncoderOf(db),
    segmenter: readMeta(db, "segmenter"),
    bboxWgs84: JSON.parse(bbox),
    holdStill: () => {
      if (db.inTransaction) return () => {};
      db.exec("BEGIN");
      // The first read of a transaction fixes what it sees.
      readMeta(db, "crs");
      return () => {
        if (db.open && db.inTransaction) db.exec("COMMIT");
      };
    },
    close: () => {
      void reader.close();
      chipDb.close();
      threadDb.close();
      db.close();
    },
  };
}
