import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { createScene } from "../../demo/landforms.ts";
import type { Feature, Landform, Position } from "../../demo/scene.ts";
import { boundsOf } from "../../geo/bounds.ts";
import { utmCodeFor, workingCrs } from "../../geo/crs.ts";
import { readFeatures } from "../../ingest/read-features.ts";
import type { World } from "../../logic/score.ts";
import type { Entity } from "../../store/entity.ts";

/** Evaluation worlds; no seed that anything is made or tuned on. */
export const ROBUSTNESS_SEEDS = [61, 62];
const LANDFORMS: readonly Landform[] = ["harbour", "valley", "basin"];
const WORLD_SIZE = 3000;
const CELL = 500;
const AIRPORT_CELL = 300;
/** Categories of the aircraft labels; both kinds of military aircraft, and all the civil ones, are planes. */
const HELICOPTER = 5;

/** Images of 500 m cut from painted worlds: the things that stand in each on the second date, in metres. */
export function worldImages(): World[] {
  return ROBUSTNESS_SEEDS.flatMap((seed) =>
    LANDFORMS.flatMap((landform) => {
      const { features } = createScene({ seed, landform, size: WORLD_SIZE });
      const entities = features.filter(({ span }) => span !== "first").flatMap(toEntity);
      return cut(`${landform}-${seed}`, entities, CELL);
    }),
  );
}

/**
 * Images of 300 m cut from hand-labelled airports (files of polygons with a `category`), in metres.
 *
 * @param folder of the label files
 * @returns none where there is no such folder
 */
export async function airportImages(folder: string): Promise<World[]> {
  if (!existsSync(folder)) return [];
  const images: World[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!/_m_\d+.*\.geojson$/.test(name)) continue;
    const entities: Entity[] = [];
    let crs: ReturnType<typeof workingCrs> | null = null;
    for await (const { index, geometry, properties } of readFeatures(join(folder, name))) {
      if (!geometry || typeof properties.category !== "number") continue;
      const [west, south, east, north] = boundsOf(geometry);
      crs ??= workingCrs(utmCodeFor((west + east) / 2, (south + north) / 2));
      const concept = properties.category === HELICOPTER ? "helicopter" : "plane";
      entities.push(certain(`${index}`, concept, crs.geometryFromWgs84(geometry)));
    }
    images.push(...cut(basename(name, ".geojson").slice(0, 12), entities, AIRPORT_CELL));
  }
  return images;
}

function toEntity({ id, concept, shape, attributes }: Feature): Entity[] {
  if (!concept) return [];
  const copy = (positions: readonly Position[]) => positions.map(([x, y]) => [x, y]);
  const closed = (ring: readonly Position[]) => copy([...ring, ring[0] as Position]);
  const geometry: GeoJSON.Geometry =
    shape.type === "Point"
      ? { type: "Point", coordinates: [...shape.at] }
      : shape.type === "LineString"
        ? { type: "LineString", coordinates: copy(shape.line) }
        : { type: "Polygon", coordinates: [closed(shape.ring)] };
  return [{ ...certain(id, concept, geometry), attributes }];
}

function certain(id: string, concept: ConceptId, geometry: GeoJSON.Geometry): Entity {
  return {
    id,
    concept,
    geometry,
    confidence: 1,
    attributes: [],
    name: null,
    source: "truth",
    firstSeen: null,
    lastSeen: null,
    areaHistory: [],
    tags: {},
  };
}

/** Things by the cell that the middle of their box lies in; cells without any are left out. */
function cut(name: string, entities: readonly Entity[], side: number): World[] {
  const cells = new Map<string, Entity[]>();
  for (const entity of entities) {
    const [minX, minY, maxX, maxY] = boundsOf(entity.geometry);
    const key = `${name}/${Math.floor((minX + maxX) / 2 / side)}-${Math.floor((minY + maxY) / 2 / side)}`;
    cells.set(key, [...(cells.get(key) ?? []), entity]);
  }
  return [...cells].map(([id, things]) => ({ id, entities: things }));
}
