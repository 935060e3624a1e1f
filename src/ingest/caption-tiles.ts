import { createHash } from "node:crypto";
import { collectFacts } from "../answer/captions/collect-facts.ts";
import { createCaptionContext } from "../answer/captions/context.ts";
import { writeCaption } from "../answer/captions/write-caption.ts";
import type { WorkingCrs } from "../geo/crs.ts";
import { readMeta, storedPlaces } from "../open-workspace.ts";
import type { TileRecord } from "../store/ports.ts";
import { captionWriter } from "../store/sqlite/captions.ts";
import type { Db } from "../store/sqlite/database.ts";
import { sqliteEntityStore } from "../store/sqlite/entities.ts";
import { sqliteKnowledgeStore } from "../store/sqlite/knowledge.ts";
import { sqliteTileIndex } from "../store/sqlite/tiles.ts";
import { isDone, markDone } from "./ingest.ts";

/** Counts what captions say, so that a workspace of older ones is captioned again. */
const CAPTIONING = 1;
/** Coarser tiles hold too much for a caption. */
const COARSEST_M = 1024;
/** Tiles captioned in one transaction. */
const BATCH = 100;
const LANGUAGES = ["en", "zh"] as const;

/**
 * Captions of every tile of up to 1,024 m on every date, in both languages: one transaction a batch with its entry in `jobs`, so
 * that a stopped ingest goes on where it ended. Written anew whenever what they rest on has changed: entities (their derivation),
 * sources, or how captions are written.
 */
export function captionTiles(deps: {
  readonly db: Db;
  readonly crs: Pick<WorkingCrs, "geometryFromWgs84">;
  readonly dates: readonly (string | null)[];
  readonly onProgress: (done: number, label: string, amount: { value: number; unit: "tiles" }) => void;
}): void {
  const { db, crs, dates, onProgress } = deps;
  const key = captioningKey(db);
  if (readMeta(db, "captioning") === key) return;
  const tiles = sqliteTileIndex(db)
    .tiles({})
    // Tiles of embedding rasters are no imagery to speak of.
    .filter(({ scale, date }) => scale <= COARSEST_M && dates.includes(date));
  if (tiles.length > 0) {
    const byBox = new Map(tiles.map((tile) => [placeKey(tile.scale, tile.box[0], tile.box[1], tile.date), tile]));
    const context = createCaptionContext({
      entities: sqliteEntityStore(db).query({}),
      // A tile is described by its own record; asking the database anew for each would take most of the time.
      tiles: { tiles: ({ scale, box, date }) => ownTile(byBox, scale, box, date) },
      dates,
      landmarks: sqliteKnowledgeStore(db).landmarks(),
      places: storedPlaces(db),
      crs,
    });
    const write = captionWriter(db);
    for (let at = 0; at < tiles.length; at += BATCH) {
      const job = `captions/${key}/${at / BATCH}`;
      if (isDone(db, job)) continue;
      onProgress(at / tiles.length, `tile ${at + 1} of ${tiles.length}`, { value: at, unit: "tiles" });
      const batch = tiles.slice(at, at + BATCH).map((tile) => {
        const facts = collectFacts(tile.box, tile.date, context);
        return { tile, captions: LANGUAGES.map((language) => writeCaption(facts, language)) };
      });
      db.transaction(() => {
        for (const { tile, captions } of batch) for (const caption of captions) write(tile, caption);
        markDone(db, job);
      }).immediate();
    }
  }
  db.transaction(() => {
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('captioning', ?)").run(key);
    // Batches of earlier captions are of no more use.
    db.prepare("DELETE FROM jobs WHERE id LIKE 'captions/%' AND id NOT LIKE ?").run(`captions/${key}/%`);
  }).immediate();
}

function captioningKey(db: Db): string {
  const sources = db.prepare("SELECT kind, fingerprint, date FROM sources ORDER BY kind, fingerprint, date").all();
  return createHash("sha256")
    .update(JSON.stringify([CAPTIONING, readMeta(db, "derivation"), readMeta(db, "crs"), sources]))
    .digest("hex");
}

const placeKey = (scale: number, x: number, y: number, date: string | null) => `${scale}/${x}/${y}/${date ?? ""}`;

function ownTile(
  byBox: ReadonlyMap<string, TileRecord>,
  scale: number | undefined,
  box: readonly number[] | undefined,
  date: string | null | undefined,
): readonly TileRecord[] {
  if (scale === undefined || !box || date === undefined) return [];
  const tile = byBox.get(placeKey(scale, box[0] as number, box[1] as number, date));
  return tile ? [tile] : [];
}
