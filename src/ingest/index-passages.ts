import type { Chip } from "../imagery/ports.ts";
import type { Encoder, TextEncoder } from "../models/ports.ts";
import type { Db } from "../store/sqlite/database.ts";
import { insertChipVector, insertPassageVector } from "../store/sqlite/knowledge.ts";

/** Passages encoded at once. */
const BATCH = 64;

/**
 * Gives every passage that has none its vector of this encoder, a batch a transaction, so that a stopped run goes on.
 * A passage is encoded with its landmark's name before it, since passages seldom repeat it.
 *
 * @returns how many passages were encoded
 */
export async function indexPassages(db: Db, encoder: TextEncoder): Promise<number> {
  const next = db.prepare<[string, number], { id: string; text: string; name: string }>(
    "SELECT p.id, p.text, l.name FROM passages p JOIN landmarks l ON l.id = p.landmark WHERE NOT EXISTS (SELECT 1 FROM passage_vectors v WHERE v.encoder = ? AND v.passage = p.id) ORDER BY p.id LIMIT ?",
  );
  let done = 0;
  for (;;) {
    const rows = next.all(encoder.id, BATCH);
    if (rows.length === 0) return done;
    const vectors = await encoder.encodePassages(rows.map(({ name, text }) => `${name}. ${text}`));
    db.transaction(() => {
      for (const [row, { id }] of rows.entries())
        insertPassageVector(
          db,
          encoder.id,
          id,
          vectors.subarray(row * encoder.dimensions, (row + 1) * encoder.dimensions),
        );
    }).immediate();
    done += rows.length;
  }
}

/**
 * Gives every landmark with an image chip the chip's vector of this encoder. A chip that cannot be read is left out and told.
 *
 * @param readChip reads the image at a path
 * @returns how many chips were encoded
 */
export async function indexLandmarkChips(
  db: Db,
  encoder: Encoder,
  readChip: (path: string) => Promise<Chip | null>,
  onNote: (note: string) => void = () => {},
): Promise<number> {
  const rows = db
    .prepare<[string], { id: string; image: string }>(
      "SELECT id, image FROM landmarks l WHERE image IS NOT NULL AND NOT EXISTS (SELECT 1 FROM chip_vectors v WHERE v.encoder = ? AND v.landmark = l.id) ORDER BY id",
    )
    .all(encoder.id);
  let done = 0;
  for (const { id, image } of rows) {
    const chip = await readChip(image);
    if (!chip) {
      onNote(`The image ${image} of landmark ${id} cannot be read, and is left out; check the path.`);
      continue;
    }
    const vector = await encoder.encodeChips([chip]);
    db.transaction(() => insertChipVector(db, encoder.id, id, vector)).immediate();
    done += 1;
  }
  return done;
}
