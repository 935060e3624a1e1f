import { createHash } from "node:crypto";
import type { Db } from "../store/sqlite/database.ts";

/** What the workspace holds, table by table in key order; paths are left out, so that moved files are equal content. */
const QUERIES: readonly string[] = [
  "SELECT value FROM meta WHERE key IN ('crs', 'bbox') ORDER BY key",
  "SELECT kind, fingerprint, date FROM sources ORDER BY kind, fingerprint, date",
  "SELECT id, date, coverage, statistics FROM tiles ORDER BY date, id",
  "SELECT encoder, date, tile, hex(vector) AS vector FROM vectors ORDER BY encoder, date, tile",
  "SELECT id, concept, confidence, attributes, name, source_fingerprint, first_seen, last_seen, area_history, tags, geometry FROM entities ORDER BY id",
  "SELECT id, first_seen, last_seen, area_history, attributes, tags, confidence FROM dating ORDER BY id",
  "SELECT id, names, concept, geometry, importance FROM places ORDER BY id",
  "SELECT id, name, aliases, concept, country, geometry, facts, source, licence, image FROM landmarks ORDER BY id",
  "SELECT id, text, source, licence, language FROM passages ORDER BY id",
  "SELECT date, tile, language, line, objects, layout FROM captions ORDER BY date, tile, language",
];

/** SHA-256 over everything ingested: equal content, equal fingerprint. */
export function contentFingerprint(db: Db): string {
  const hash = createHash("sha256");
  for (const query of QUERIES) {
    hash.update(`${query}\n`);
    for (const row of db.prepare(query).raw().iterate()) hash.update(`${JSON.stringify(row)}\n`);
  }
  return hash.digest("hex");
}
