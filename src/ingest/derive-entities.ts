import { createHash } from "node:crypto";
import type { AttributeId } from "../../knowledge/ontology/ids.ts";
import type { MosaicImage, MosaicReader } from "../imagery/ports.ts";
import type { Segmenter } from "../models/ports.ts";
import { readMeta } from "../open-workspace.ts";
import { COLOURED_BY, type Entity, SHOWN_AS } from "../store/entity.ts";
import type { Db } from "../store/sqlite/database.ts";
import { deleteEntities, insertEntities, sqliteEntityStore } from "../store/sqlite/entities.ts";
import { type CoverOn, type Dating, dateDetections, dateMovable, dateThing, isDatable } from "./date-entities.ts";
import { dateMappedRoads, findNewRoads } from "./find-new-roads.ts";
import { findSegments, foundSegments } from "./find-segments.ts";
import { coverOf, FOUND_ONLY_ON, joinSegments } from "./join-segments.ts";
import { SEEN_ON } from "./map-features.ts";
import { nameWaters } from "./name-waters.ts";
import { hasColourToSee, seenColour } from "./seen-colour.ts";
import { looksChanged } from "./standing-out.ts";

const SEGMENTS = "segments";
/** Counts what derivation does of its own, so that a workspace of an older one is derived again. */
export const DERIVATION = 8;
/** Rows written and things dated in one transaction. */
const BATCH = 500;
/** Two segmenters that find the same kind in this share of an outline found one thing. */
const SAME_SHARE = 0.5;

const NOTHING_DATED: Dating = { firstSeen: null, lastSeen: null, areaHistory: [] };

/**
 * Things that the imagery shows and the maps do not, and life spans: segments of every date, joined across dates and
 * with what is mapped; then for every built thing whether its ground looked natural on the oldest or the newest date, for pits,
 * waters and woods how large they were, and for mapped roofs their colours. Derived again whenever the imagery, the layers or the segmenter have changed. No segmenter leaves the segments of the last one in place.
 *
 * Windows and datings are kept as they are done, and published in batches; until all is published the workspace has no
 * derivation, and the next ingest goes on where this one ended.
 */
export async function deriveEntities(deps: {
  readonly db: Db;
  readonly images: readonly MosaicImage[];
  readonly reader: MosaicReader;
  /** Reads the infrared band of imagery that has one. */
  readonly infrared?: MosaicReader;
  /** Whatever finds things in imagery; none leaves what was found last in place. */
  readonly segmenters: readonly Segmenter[];
  readonly onProgress: (done: number, label: string) => void;
}): Promise<void> {
  const { db, images, reader, segmenters, onProgress } = deps;
  const heldIds = readMeta(db, "segmenter")?.split(" ") ?? [];
  const segmenterIds = segmenters.length > 0 ? segmenters.map(({ id }) => id) : heldIds;
  const key = derivationKey(db, images, segmenterIds);
  // Without imagery and dated detections there is nothing to derive.
  if (readMeta(db, "derivation") === key || (images.length === 0 && !hasDetections(db))) return;
  // Segments of before windows were kept cannot be joined again; they stay as they are.
  if (segmenterIds.length === 0 && hasSegments(db)) return;
  db.prepare("DELETE FROM meta WHERE key = 'derivation'").run();
  // What is mapped is read without the datings of the last derivation.
  const clear = db.prepare("DELETE FROM dating WHERE id IN (SELECT id FROM dating LIMIT ?)");
  while (clear.run(BATCH).changes > 0);
  const { dates } = reader;
  // Segmenting takes most of the time, then dating; publishing is quick.
  for (const [i, segmenter] of segmenters.entries())
    await findSegments({
      db,
      images,
      reader,
      ...(deps.infrared && { infrared: deps.infrared }),
      segmenter,
      onProgress: (done, label) => onProgress(((i + done) / segmenters.length) * 0.75, label),
    });
  const mapped = sqliteEntityStore(db)
    .query({})
    .filter(({ source }) => !source.startsWith("segmenter:"));
  const oldest = dates.find((date) => date !== null) ?? null;
  const newest = dates.findLast((date) => date !== null) ?? null;
  const pair = oldest !== null && newest !== null && oldest !== newest ? ([oldest, newest] as const) : null;
  const found = segmenterIds.map((id) => foundSegments(db, images, dates, id));
  const byDate = new Map(
    dates.map((date) => [date, foundOnce(found.map((ofOne) => nameWaters(ofOne.get(date) ?? [], images)))]),
  );
  const joined = joinSegments(byDate, mapped, pair);
  const moved = new Map<string, Dating>();
  const segments: Entity[] = [];
  for (const entity of joined) {
    const { [FOUND_ONLY_ON]: foundOn, ...tags } = entity.tags;
    const dating = pair && foundOn ? dateMovable(entity, foundOn, pair, showsPlace(images)) : null;
    // What looks the same on both dates was overlooked on one of them.
    if (pair && dating && (await looksChanged(entity.geometry, pair, reader))) moved.set(entity.id, dating);
    segments.push({ ...entity, tags });
  }
  const things = [...mapped, ...segments].filter(
    (thing) => (pair && isDatable(thing)) || (images.length > 0 && hasColourToSee(thing)),
  );
  const covers = new Map([...byDate].map(([date, entities]) => [date, coverOf(entities)]));
  const coverOn: CoverOn = (geometry, date, kinds) => covers.get(date)?.(geometry, kinds) ?? 0;
  const look: Look = async (thing) => {
    const dating = pair && isDatable(thing) ? await dateThing(thing, pair, reader, coverOn) : null;
    const stoodOn = thing.lastSeen ?? dating?.lastSeen ?? newest;
    const shownOn = dates.includes(stoodOn) ? stoodOn : newest;
    return { dating, colours: hasColourToSee(thing) ? await seenColour(thing.geometry, shownOn, reader) : [] };
  };
  const looks = await lookAtThings(db, key, things, look, (done) => onProgress(0.75 + done * 0.15, "dating"));
  const seen = new Map([...looks].flatMap(([id, { dating }]) => (dating ? [[id, dating] as const] : [])));
  const roads =
    pair && segmenterIds.length > 0 ? await findNewRoads(images, pair, byDate.get(pair[1]) ?? [], reader) : [];
  const { dated: mappedRoads, left } = dateMappedRoads(roads, mapped);
  const dated = new Map([...seen, ...mappedRoads, ...moved, ...dateDetections(mapped)]);
  const coloured = new Map([...looks].map(([id, { colours }]) => [id, colours]));
  publish(db, mapped, [...segments, ...left], { dated, coloured }, (done) => onProgress(0.95 + done * 0.05, "writing"));
  db.transaction(() => {
    const insert = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
    insert.run("derivation", key);
    if (segmenterIds.length > 0) insert.run("segmenter", segmenterIds.join(" "));
    db.prepare("DELETE FROM segment_windows WHERE segmenter NOT IN (SELECT value FROM json_each(?))").run(
      JSON.stringify(segmenterIds),
    );
    db.prepare("DELETE FROM dating_drafts").run();
  }).immediate();
}

/** What several segmenters found on one date: a thing that an earlier one found as well is left out of the later one's. */
function foundOnce(bySegmenter: readonly (readonly Entity[])[]): readonly Entity[] {
  const kept: Entity[] = [];
  for (const own of bySegmenter) {
    const cover = coverOf([...kept]);
    kept.push(...own.filter(({ geometry, concept }) => cover(geometry, [concept]) < SAME_SHARE));
  }
  return kept;
}

/** Whether some image of a date lies over a place. */
function showsPlace(images: readonly MosaicImage[]): (date: string, x: number, y: number) => boolean {
  return (date, x, y) =>
    images.some(
      ({ date: taken, box: [minX, minY, maxX, maxY] }) =>
        taken === date && x >= minX && x <= maxX && y >= minY && y <= maxY,
    );
}

function hasDetections(db: Db): boolean {
  return db.prepare("SELECT 1 FROM sources WHERE kind = 'detections'").get() !== undefined;
}

function hasSegments(db: Db): boolean {
  return db.prepare("SELECT 1 FROM entities WHERE source_fingerprint = ?").get(SEGMENTS) !== undefined;
}

function derivationKey(db: Db, images: readonly MosaicImage[], segmenterIds: readonly string[]): string {
  const layers = db
    .prepare<[], { fingerprint: string }>(
      "SELECT fingerprint FROM sources WHERE kind IN ('vectors', 'detections') ORDER BY fingerprint",
    )
    .all();
  return createHash("sha256")
    .update(JSON.stringify([DERIVATION, segmenterIds, images.map(({ id }) => id), layers]))
    .digest("hex");
}

/** What the imagery says of a thing. */
interface Seen {
  readonly dating: Dating | null;
  readonly colours: readonly AttributeId[];
}

type Look = (thing: Entity) => Promise<Seen>;

/** Looks at things in the imagery, one transaction a batch; those that an earlier run of the same derivation looked at are read back. */
async function lookAtThings(
  db: Db,
  derivation: string,
  things: readonly Entity[],
  look: Look,
  onProgress: (done: number) => void,
): Promise<Map<string, Seen>> {
  db.prepare("DELETE FROM dating_drafts WHERE derivation <> ?").run(derivation);
  const held = new Map(
    db
      .prepare<[string], { id: string; dating: string }>("SELECT id, dating FROM dating_drafts WHERE derivation = ?")
      .all(derivation)
      .map(({ id, dating }) => [id, JSON.parse(dating) as Seen]),
  );
  const save = db.prepare("INSERT OR REPLACE INTO dating_drafts (derivation, id, dating) VALUES (?, ?, ?)");
  const left = things.filter(({ id }) => !held.has(id));
  for (let at = 0; at < left.length; at += BATCH) {
    onProgress(at / left.length);
    const batch: [string, Seen][] = [];
    for (const thing of left.slice(at, at + BATCH)) batch.push([thing.id, await look(thing)]);
    db.transaction(() => {
      for (const [id, seen] of batch) save.run(derivation, id, JSON.stringify(seen));
    }).immediate();
    for (const [id, seen] of batch) held.set(id, seen);
  }
  return held;
}

/** Puts new segments, datings and colours in place of the old ones, in batches. */
function publish(
  db: Db,
  mapped: readonly Entity[],
  segments: readonly Entity[],
  seen: {
    readonly dated: ReadonlyMap<string, Dating>;
    readonly coloured: ReadonlyMap<string, readonly AttributeId[]>;
  },
  onProgress: (done: number) => void,
): void {
  while (db.transaction(() => deleteEntities(db, SEGMENTS, BATCH)).immediate() > 0);
  const insert = db.prepare(
    "INSERT OR REPLACE INTO dating (id, first_seen, last_seen, area_history, attributes, tags, confidence) VALUES (?, ?, ?, ?, ?, ?, NULL)",
  );
  const changed = mapped.flatMap(({ id, tags }) => {
    const dating = seen.dated.get(id) ?? NOTHING_DATED;
    const colours = seen.coloured.get(id) ?? [];
    const by = tags[SEEN_ON] ? "detections" : "imagery";
    const isDated = dating.firstSeen || dating.lastSeen || dating.areaHistory.length > 0;
    if (!isDated && !dating.shownAs && colours.length === 0) return [];
    return [
      {
        id,
        dating,
        colours,
        tags: {
          ...(isDated && { "dated:by": by }),
          ...(dating.shownAs && { [SHOWN_AS]: dating.shownAs }),
          ...(colours.length > 0 && { [COLOURED_BY]: "imagery" }),
        },
      },
    ];
  });
  const finished = segments.map((entity): Entity => {
    const { shownAs: _, ...dating } = seen.dated.get(entity.id) ?? {};
    return { ...entity, ...dating };
  });
  const total = finished.length + changed.length;
  for (let at = 0; at < finished.length; at += BATCH) {
    db.transaction(() => insertEntities(db, finished.slice(at, at + BATCH), SEGMENTS)).immediate();
    onProgress(at / total);
  }
  for (let at = 0; at < changed.length; at += BATCH) {
    db.transaction(() => {
      for (const { id, dating, colours, tags } of changed.slice(at, at + BATCH))
        insert.run(
          id,
          dating.firstSeen,
          dating.lastSeen,
          JSON.stringify(dating.areaHistory),
          JSON.stringify(colours),
          JSON.stringify(tags),
        );
    }).immediate();
    onProgress((finished.length + at) / total);
  }
}
