import { rasterSpace } from "../encoder-ids.ts";
import type { Db } from "./database.ts";

const KEY = "encoder";
/** Rows removed in one transaction. */
const BATCH = 2000;

/** Ids of the encoders that have vectors, in order, found by steps along the key rather than by reading every vector. */
function encodersIn(db: Db): readonly string[] {
  const next = db.prepare<[string], string>("SELECT encoder FROM vectors WHERE encoder > ? ORDER BY encoder LIMIT 1");
  const found: string[] = [];
  for (let id = next.pluck().get(""); id !== undefined; id = next.pluck().get(id)) found.push(id);
  return found;
}

/**
 * The encoder whose vectors of the imagery are in use, or null when there are none. While tiles are encoded again this is the old one,
 * until the new vectors are complete. Embedding rasters have spaces of their own and do not count.
 */
export function imageEncoderOf(db: Db): string | null {
  const held = encodersIn(db).filter((id) => rasterSpace(id) === null);
  const named = db.prepare<[string], string>("SELECT value FROM meta WHERE key = ?").pluck().get(KEY);
  // Workspaces of before the encoder was named hold vectors of one.
  return named !== undefined && held.includes(named) ? named : (held[0] ?? null);
}

/** Names the encoder before its first vectors are written, so that it is known which are complete. */
export function nameImageEncoder(db: Db, id: string): void {
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(KEY, id);
}

/** Puts the complete vectors of an encoder to use, then removes those of other encoders of imagery, with the work noted for them. */
export function adoptImageEncoder(db: Db, id: string): void {
  nameImageEncoder(db, id);
  const remove = db.prepare(
    "DELETE FROM vectors WHERE (encoder, date, tile) IN (SELECT encoder, date, tile FROM vectors WHERE encoder = ? LIMIT ?)",
  );
  // "0" follows "/" in ASCII: the range of ids that begin so.
  const forget = db.prepare("DELETE FROM jobs WHERE id >= ? AND id < ?");
  for (const other of encodersIn(db)) {
    if (other === id || rasterSpace(other) !== null) continue;
    // First the work: stopped between, it would count as done without its vectors.
    forget.run(`tiles/${other}/`, `tiles/${other}0`);
    while (remove.run(other, BATCH).changes > 0);
  }
}
