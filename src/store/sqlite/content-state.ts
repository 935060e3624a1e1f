import { existsSync } from "node:fs";
import { join } from "node:path";
import { openDatabase, WORKSPACE_FILE } from "./database.ts";

/** What an ingest of another process has made of a workspace by now: where its sources lie, and its content hash, null while it is not whole. */
export function readContentState(directory: string): {
  readonly places: readonly string[];
  readonly fingerprint: string | null;
} {
  if (!existsSync(join(directory, WORKSPACE_FILE))) return { places: [], fingerprint: null };
  const db = openDatabase(directory);
  try {
    return {
      places: db.prepare<[], string>("SELECT path FROM sources").pluck().all(),
      fingerprint: db.prepare<[], string>("SELECT value FROM meta WHERE key = 'fingerprint'").pluck().get() ?? null,
    };
  } finally {
    db.close();
  }
}
