import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { boundsOf } from "../../geo/bounds.ts";
import type { Entity } from "../entity.ts";
import type { EntityStore } from "../ports.ts";
import type { Db } from "./database.ts";

interface Row {
  readonly id: string;
  readonly concept: string;
  readonly confidence: number;
  readonly attributes: string;
  readonly seen_attributes: string;
  readonly name: string | null;
  readonly source: string;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly area_history: string;
  readonly tags: string;
  readonly geometry: string;
}

/** An entity with what the imagery says of it laid over: dates that the source states itself win, attributes are added. */
const SELECT = `
  SELECT e.id, e.concept, coalesce(d.confidence, e.confidence) AS confidence, e.attributes, coalesce(d.attributes, '[]') AS seen_attributes, e.name, e.source,
    coalesce(e.first_seen, d.first_seen) AS first_seen, coalesce(e.last_seen, d.last_seen) AS last_seen,
    CASE WHEN e.area_history = '[]' THEN coalesce(d.area_history, '[]') ELSE e.area_history END AS area_history,
    json_patch(e.tags, coalesce(d.tags, '{}')) AS tags, e.geometry
  FROM entities e LEFT JOIN dating d ON d.id = e.id`;

export function sqliteEntityStore(db: Db): EntityStore {
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE e.id = ?`);
  const cache = new Map<string, Entity>();
  const decoded = (row: Row): Entity => {
    let entity = cache.get(row.id);
    if (!entity) {
      entity = toEntity(row);
      cache.set(row.id, entity);
    }
    return entity;
  };
  return {
    query: ({ box, concepts, limit }) => {
      const where: string[] = [];
      const values: (string | number)[] = [];
      if (box) {
        where.push(
          "e.number IN (SELECT number FROM entity_boxes WHERE min_x <= ? AND max_x >= ? AND min_y <= ? AND max_y >= ?)",
        );
        values.push(box[2], box[0], box[3], box[1]);
      }
      if (concepts) {
        where.push("e.concept IN (SELECT value FROM json_each(?))");
        values.push(JSON.stringify(concepts));
      }
      const filter = where.length > 0 ? ` WHERE ${where.join(" AND ")}` : "";
      const cut = limit === undefined ? "" : ` LIMIT ${Math.max(0, Math.floor(limit))}`;
      // What was read before is not read again: rows are wide, ids are not.
      const ids = db
        .prepare<(string | number)[], string>(`SELECT e.id FROM entities e${filter} ORDER BY e.id${cut}`)
        .pluck()
        .all(...values);
      return ids.map((id) => cache.get(id) ?? decoded(byId.get(id) as Row));
    },
    get: (id) => {
      const held = cache.get(id);
      if (held) return held;
      const row = byId.get(id);
      return row ? decoded(row) : null;
    },
    counts: () =>
      db
        .prepare<[], { concept: string; count: number }>(
          "SELECT concept, count(*) AS count FROM entities GROUP BY concept ORDER BY count DESC, concept",
        )
        .all(),
  };
}

function toEntity(row: Row): Entity {
  return {
    id: row.id,
    concept: row.concept as ConceptId,
    geometry: JSON.parse(row.geometry),
    confidence: row.confidence,
    attributes: [...new Set([...JSON.parse(row.attributes), ...JSON.parse(row.seen_attributes)])],
    name: row.name,
    source: row.source,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    areaHistory: JSON.parse(row.area_history),
    tags: JSON.parse(row.tags),
  };
}

/** Writes entities of one source; an entity whose id is already there is left as it is. Call inside a transaction. */
export function insertEntities(db: Db, entities: Iterable<Entity>, sourceFingerprint: string): number {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO entities (id, concept, confidence, attributes, name, source, source_fingerprint, first_seen, last_seen, area_history, tags, geometry)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertBox = db.prepare("INSERT INTO entity_boxes (number, min_x, max_x, min_y, max_y) VALUES (?, ?, ?, ?, ?)");
  let added = 0;
  for (const entity of entities) {
    const result = insert.run(
      entity.id,
      entity.concept,
      entity.confidence,
      JSON.stringify(entity.attributes),
      entity.name,
      entity.source,
      sourceFingerprint,
      entity.firstSeen,
      entity.lastSeen,
      JSON.stringify(entity.areaHistory),
      JSON.stringify(entity.tags),
      JSON.stringify(roundedToCentimetres(entity.geometry)),
    );
    if (result.changes === 0) continue;
    const [minX, minY, maxX, maxY] = boundsOf(entity.geometry);
    insertBox.run(result.lastInsertRowid, minX, maxX, minY, maxY);
    added += 1;
  }
  return added;
}

/** Removes up to `limit` entities of one source; returns how many. Call inside a transaction. */
export function deleteEntities(db: Db, sourceFingerprint: string, limit: number): number {
  const chosen = "SELECT number FROM entities WHERE source_fingerprint = ? ORDER BY number LIMIT ?";
  db.prepare(`DELETE FROM entity_boxes WHERE number IN (${chosen})`).run(sourceFingerprint, limit);
  return db.prepare(`DELETE FROM entities WHERE number IN (${chosen})`).run(sourceFingerprint, limit).changes;
}

/** Centimetres are enough, and make equal content equal text. */
export function roundedToCentimetres(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  return JSON.parse(
    JSON.stringify(geometry, (_, value: unknown) =>
      typeof value === "number" ? Math.round(value * 100) / 100 : value,
    ),
  );
}
