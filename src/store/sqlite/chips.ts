import type { ChipVectors } from "../ports.ts";
import type { Db } from "./database.ts";

/** About 100 MB of vectors of 256 dimensions; when there are more, the oldest tenth goes. */
const MOST_CHIPS = 100_000;

/**
 * Vectors of chips in a database of their own, beside the content: a cache that may be deleted. Chips without pixels are kept too, so that
 * they are not read again.
 */
export function sqliteChipVectors(db: Db, most = MOST_CHIPS): ChipVectors {
  const one = db.prepare<[string], { vector: Buffer | null }>("SELECT vector FROM chips WHERE key = ?");
  const insert = db.prepare("INSERT OR REPLACE INTO chips (key, vector) VALUES (?, ?)");
  const count = db.prepare<[], number>("SELECT count(*) FROM chips").pluck();
  const prune = db.prepare("DELETE FROM chips WHERE number IN (SELECT number FROM chips ORDER BY number LIMIT ?)");
  let held = count.get() ?? 0;
  return {
    get: (key) => {
      const row = one.get(key);
      if (!row) return undefined;
      return row.vector === null ? null : new Float32Array(new Uint8Array(row.vector).buffer);
    },
    put: (entries) => {
      db.transaction(() => {
        for (const [key, vector] of entries)
          insert.run(key, vector && Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength));
        held += entries.length;
        if (held > most) {
          prune.run(Math.ceil(most / 10) + (held - most));
          held = count.get() ?? 0;
        }
      })();
    },
  };
}
