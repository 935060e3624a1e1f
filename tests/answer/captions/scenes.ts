import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { type CaptionContext, createCaptionContext } from "../../../src/answer/captions/context.ts";
import type { Entity } from "../../../src/store/entity.ts";
import type { TileRecord } from "../../../src/store/ports.ts";
import { entity } from "../../fixtures/entities.ts";

/** Degrees and metres are the same here: scenes are drawn in metres. */
const crs = { geometryFromWgs84: <T extends GeoJSON.Geometry>(geometry: T) => geometry };

export interface SceneOptions {
  readonly dates?: readonly string[];
  readonly tiles?: readonly TileRecord[];
}

/** A caption context over entities drawn by hand. */
export function scene(entities: readonly Entity[], { dates = [], tiles = [] }: SceneOptions = {}): CaptionContext {
  return createCaptionContext({
    entities,
    tiles: {
      tiles: ({ scale, date }) =>
        tiles.filter(
          (tile) => (scale === undefined || tile.scale === scale) && (date === undefined || tile.date === date),
        ),
    },
    dates,
    landmarks: [],
    places: [],
    crs: crs as never,
  });
}

/** A rectangle from its south-west to its north-east corner. */
export function patch(
  id: string,
  concept: ConceptId,
  [minX, minY, maxX, maxY]: readonly [number, number, number, number],
  options: Partial<Entity> = {},
): Entity {
  return {
    ...entity(id, concept, 0, 0, options),
    geometry: {
      type: "Polygon",
      coordinates: [
        [
          [minX, minY],
          [maxX, minY],
          [maxX, maxY],
          [minX, maxY],
          [minX, minY],
        ],
      ],
    },
  };
}

export function line(
  id: string,
  concept: ConceptId,
  coordinates: readonly (readonly [number, number])[],
  options: Partial<Entity> = {},
): Entity {
  return {
    ...entity(id, concept, 0, 0, options),
    geometry: { type: "LineString", coordinates: coordinates.map(([x, y]) => [x, y]) },
  };
}

export const BOX = [0, 0, 1000, 1000] as const;

/**
 * Farmland on the west 600 m (less roofs and yard: 5,756 of 10,000 cells), forest on 300 m, five white roofs of 60 m around a yard of
 * 80 m, a motorway down x = 800, its exit 450 m north of the box, and a town 2 km west.
 */
export const DEPOT: readonly Entity[] = [
  patch("farm", "farmland", [0, 0, 600, 1000]),
  patch("wood", "forest", [600, 0, 900, 1000]),
  entity("yard", "truck_yard", 300, 500, { side: 80 }),
  ...(
    [
      [300, 620],
      [420, 540],
      [380, 390],
      [220, 390],
      [180, 540],
    ] as const
  ).map(([x, y], i) =>
    entity(`roof${i + 1}`, "large_roof", x, y, { side: 60, attributes: ["large", "white", "bright"] }),
  ),
  line(
    "m9",
    "highway",
    [
      [800, -100],
      [800, 1100],
    ],
    { name: "M9 motorway" },
  ),
  entity("exit", "highway_exit", 800, 1450, { side: 0, name: "Harlow" }),
  entity("town", "town", -2000, 500, { side: 0, name: "Harlowe" }),
];
