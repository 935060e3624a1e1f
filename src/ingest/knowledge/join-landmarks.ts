import { boundsOf } from "../../geo/bounds.ts";
import type { WorkingCrs } from "../../geo/crs.ts";
import { foldName } from "../../knowledge/names.ts";
import type { Db } from "../../store/sqlite/database.ts";

/** Things of one name whose boxes lie within this are one place: a building and its grounds, in metres. */
const ONE_PLACE_M = 400;

/**
 * Gives landmarks that came without a position that of the one thing on the map with their name: a named entity or place.
 * A name that stands in two places decides nothing, and the landmark stays without a position.
 *
 * @returns how many were placed
 */
export function joinLandmarks(db: Db, crs: WorkingCrs): number {
  const waiting = db
    .prepare<[], { id: string; name: string; aliases: string }>(
      "SELECT id, name, aliases FROM landmarks WHERE geometry IS NULL ORDER BY id",
    )
    .all();
  if (waiting.length === 0) return 0;
  const wanted = new Set(waiting.flatMap(({ name, aliases }) => namesOf(name, aliases)));
  const found = new Map<string, GeoJSON.Geometry[]>();
  const hold = (name: string, geometry: GeoJSON.Geometry) => {
    const key = foldName(name);
    if (wanted.has(key)) found.set(key, [...(found.get(key) ?? []), geometry]);
  };
  for (const row of db
    .prepare<[], { name: string; geometry: string; tags: string }>(
      "SELECT name, geometry, tags FROM entities WHERE name IS NOT NULL ORDER BY id",
    )
    .iterate()) {
    const tags = JSON.parse(row.tags) as Record<string, string>;
    const others = ["name:en", "alt_name", "old_name", "official_name"].flatMap((key) => tags[key] ?? []);
    for (const name of new Set([row.name, ...others])) hold(name, JSON.parse(row.geometry));
  }
  for (const row of db
    .prepare<[], { names: string; geometry: string }>("SELECT names, geometry FROM places ORDER BY id")
    .iterate())
    for (const name of JSON.parse(row.names) as string[]) hold(name, crs.geometryFromWgs84(JSON.parse(row.geometry)));
  const place = db.prepare("UPDATE landmarks SET geometry = ? WHERE id = ?");
  return db.transaction(() => {
    let joined = 0;
    for (const { id, name, aliases } of waiting) {
      const geometry = namesOf(name, aliases).flatMap((key) => onePlace(found.get(key) ?? []) ?? [])[0];
      if (!geometry) continue;
      place.run(JSON.stringify(crs.geometryToWgs84(geometry)), id);
      joined += 1;
    }
    return joined;
  })();
}

function namesOf(name: string, aliases: string): string[] {
  return [name, ...(JSON.parse(aliases) as string[])].map(foldName).filter((key) => key.length > 3);
}

/** The largest of geometries that lie together, or null where they lie apart. */
function onePlace(geometries: readonly GeoJSON.Geometry[]): GeoJSON.Geometry | null {
  const boxes = geometries.map(boundsOf);
  const isTogether = boxes.every((a) =>
    boxes.every((b) => Math.max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3]) <= ONE_PLACE_M),
  );
  if (!isTogether) return null;
  const size = (geometry: GeoJSON.Geometry) => {
    const [west, south, east, north] = boundsOf(geometry);
    return (east - west) * (north - south);
  };
  return [...geometries].sort((a, b) => size(b) - size(a))[0] ?? null;
}
