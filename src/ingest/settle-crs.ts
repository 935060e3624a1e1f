import { existsSync } from "node:fs";
import { basename } from "node:path";
import { TerralogueError } from "../errors.ts";
import { boundsOf } from "../geo/bounds.ts";
import { utmCodeFor, type WorkingCrs, workingCodeFor, workingCrs } from "../geo/crs.ts";
import type { RasterDescription } from "../imagery/ports.ts";
import { isUrl } from "../imagery/raster.ts";
import { readMeta } from "../open-workspace.ts";
import type { Db } from "../store/sqlite/database.ts";
import { roundedToCentimetres } from "../store/sqlite/entities.ts";
import { fileHash, noPosition } from "./ingest.ts";

type Box = readonly [number, number, number, number];

interface Positions {
  readonly images: readonly { readonly description: RasterDescription; readonly date: string | null }[];
  readonly bbox: Box | null;
  readonly landmarkBbox: Box | null;
}

/**
 * The workspace's working CRS. The first imagery settles it: the CRS of the oldest image of the first command with images if that is
 * metric, else its UTM zone. Until there is imagery the UTM zone in the middle of the layers serves; when imagery comes that asks for
 * another one, layers are read again and embedding rasters tiled again in the new one, so that the order of commands does not
 * matter. A layer whose file is gone or changed is converted as it is stored.
 *
 * @throws {TerralogueError} `bad_vectors` when nothing has a position, `not_found` when an embedding raster that must be tiled again has
 *   gone, with the workspace unchanged
 */
export async function settleCrs(db: Db, given: Positions, onNote: (note: string) => void): Promise<WorkingCrs> {
  const held = readMeta(db, "crs");
  const hasImagery = db.prepare("SELECT 1 FROM sources WHERE kind = 'image'").get() !== undefined;
  if (held && (hasImagery || given.images.length === 0)) return workingCrs(held);
  const [first] = [...given.images].sort((a, b) =>
    `${a.date}${a.description.fingerprint}`.localeCompare(`${b.date}${b.description.fingerprint}`),
  );
  const box = first?.description.bboxWgs84 ?? given.bbox ?? given.landmarkBbox;
  if (!box) throw noPosition();
  const [lon, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const code = first ? workingCodeFor(first.description.crs, lon, lat) : utmCodeFor(lon, lat);
  if (held !== code) {
    if (held) await moveTo(db, workingCrs(held), workingCrs(code), onNote);
    else db.prepare("INSERT INTO meta (key, value) VALUES ('crs', ?)").run(code);
  }
  return workingCrs(code);
}

async function moveTo(db: Db, from: WorkingCrs, to: WorkingCrs, onNote: (note: string) => void): Promise<void> {
  const sources = db
    .prepare<[], { kind: string; fingerprint: string; path: string; date: string }>(
      "SELECT kind, fingerprint, path, date FROM sources WHERE kind IN ('vectors', 'detections', 'embeddings')",
    )
    .all();
  const readable = new Set<string>();
  for (const { kind, fingerprint, path } of sources) {
    if (kind !== "embeddings") {
      if (existsSync(path) && (await fileHash(path)) === fingerprint) readable.add(fingerprint);
    } else if (!isUrl(path) && !existsSync(path)) {
      throw new TerralogueError(
        "not_found",
        `The embeddings ${path} must be tiled again in ${to.code}, the CRS of the imagery, but the file is gone; put it back or ingest into a new workspace.`,
      );
    }
  }
  db.transaction(() => {
    db.prepare("UPDATE meta SET value = ? WHERE key = 'crs'").run(to.code);
    db.exec("DELETE FROM tiles; DELETE FROM vectors; DELETE FROM dating;");
    db.prepare("DELETE FROM meta WHERE key = 'derivation'").run();
    for (const { kind, fingerprint, path, date } of sources) {
      if (kind === "embeddings")
        db.prepare("DELETE FROM jobs WHERE id LIKE ?").run(`embeddings/${fingerprint}/${date}/%`);
      else if (readable.has(fingerprint)) forget(db, kind, fingerprint);
      else {
        convert(db, fingerprint, from, to);
        onNote(`${basename(path)} is not there any more; its features are converted to ${to.code} as they are stored.`);
      }
    }
  }).immediate();
}

/** Leaves the source in the list of sources, so that whichever ingest comes next reads it again. */
function forget(db: Db, kind: string, fingerprint: string): void {
  db.prepare("DELETE FROM entity_boxes WHERE number IN (SELECT number FROM entities WHERE source_fingerprint = ?)").run(
    fingerprint,
  );
  db.prepare("DELETE FROM entities WHERE source_fingerprint = ?").run(fingerprint);
  db.prepare("DELETE FROM jobs WHERE id = ?").run(`${kind}/${fingerprint}`);
}

function convert(db: Db, fingerprint: string, from: WorkingCrs, to: WorkingCrs): void {
  const update = db.prepare("UPDATE entities SET geometry = ? WHERE number = ?");
  const move = db.prepare("UPDATE entity_boxes SET min_x = ?, max_x = ?, min_y = ?, max_y = ? WHERE number = ?");
  const rows = db
    .prepare<[string], { number: number; geometry: string }>(
      "SELECT number, geometry FROM entities WHERE source_fingerprint = ?",
    )
    .all(fingerprint);
  for (const { number, geometry } of rows) {
    const moved = roundedToCentimetres(to.geometryFromWgs84(from.geometryToWgs84(JSON.parse(geometry))));
    update.run(JSON.stringify(moved), number);
    const [minX, minY, maxX, maxY] = boundsOf(moved);
    move.run(minX, maxX, minY, maxY, number);
  }
}
