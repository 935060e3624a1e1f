import type { Gazetteer, Place } from "../query/turn.ts";
import type { Workspace } from "../workspace.ts";

/** Entities of these kinds are named for what they are on, not places that one speaks of. */
const SELDOM_PLACES = new Set(["road", "building", "small_vehicle", "large_vehicle", "tree"]);

/** Every named place of a workspace: landmarks with their aliases, named entities, and places that no concept fits; same name, same place. */
export function gazetteer(workspace: Workspace): Gazetteer {
  const places = new Map<string, Place>();
  const add = (place: Place) => {
    const key = (place.names[0] ?? "").toLowerCase();
    const held = places.get(key);
    if (!held) places.set(key, place);
    else {
      // A mapped outline is a better geometry than a point; a landmark has the better names.
      const better = held.geometry.type === "Point" && place.geometry.type !== "Point" ? place.geometry : held.geometry;
      places.set(key, {
        ...held,
        names: [...new Set([...held.names, ...place.names])],
        geometry: better,
        importance: Math.max(held.importance, place.importance),
      });
    }
  };
  for (const landmark of workspace.knowledge.landmarks()) {
    if (landmark.geometry)
      add({
        id: landmark.id,
        names: [landmark.name, ...landmark.aliases],
        concept: landmark.concept,
        geometry: landmark.geometry,
        importance: 0.8,
      });
  }
  for (const entity of workspace.namedEntities()) {
    if (!entity.name) continue;
    const names = [
      entity.name,
      ...["name:en", "name:zh", "alt_name", "old_name"].flatMap((key) => entity.tags[key] ?? []),
    ];
    add({
      id: entity.id,
      names: [...new Set(names)],
      concept: entity.concept,
      geometry: workspace.crs.geometryToWgs84(entity.geometry),
      importance: SELDOM_PLACES.has(entity.concept) ? 0.2 : 0.5,
    });
  }
  for (const place of workspace.places()) add(place);
  return { places: [...places.values()] };
}
