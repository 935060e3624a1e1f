import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { CONCEPT_GROUPS, type ConceptGroup, type ConceptId } from "../../../knowledge/ontology/ids.ts";

/** What a caption does with each concept. */

/** Kinds of ground, told apart in cover shares. Where outlines overlap, the kind that comes first here has the ground. */
export const COVER_KINDS = [
  "industry",
  "commerce",
  "housing",
  "buildings",
  "paved",
  "wetland",
  "water",
  "snow",
  "forest",
  "bare",
  "grass",
  "farmland",
] as const;
export type CoverKind = (typeof COVER_KINDS)[number];

const COVERED_BY: Readonly<Record<CoverKind, readonly ConceptId[]>> = {
  industry: [
    "industrial_area",
    "logistics_park",
    "container_yard",
    "port",
    "tank_farm",
    "oil_refinery",
    "shipyard",
    "rail_yard",
    "power_plant",
    "solar_farm",
    "wastewater_plant",
  ],
  commerce: ["commercial_area"],
  housing: ["residential_area", "village", "town", "city", "city_center"],
  buildings: ["building", ...subsumedConcepts("building")],
  paved: ["road", "highway", "runway", "parking_lot", "truck_yard", "square"],
  wetland: ["wetland"],
  water: ["river", "stream", "canal", "lake", "reservoir", "pond", "sea", "water", "salt_pond", "fish_farm"],
  snow: ["glacier", "snow"],
  forest: ["forest"],
  bare: ["bare_soil", "desert", "beach", "quarry", "mine", "landfill", "construction_site"],
  grass: ["grassland", "park", "golf_course", "cemetery"],
  farmland: ["farmland", "orchard", "vineyard", "rice_paddy"],
};
const COVER_OF: ReadonlyMap<ConceptId, CoverKind> = new Map(
  COVER_KINDS.flatMap((kind) => COVERED_BY[kind].map((concept) => [concept, kind] as const)),
);

export function coverOf(concept: ConceptId): CoverKind | null {
  return COVER_OF.get(concept) ?? null;
}

/** Concepts that make up a kind of ground. */
export function conceptsOfCover(kind: CoverKind): readonly ConceptId[] {
  return COVERED_BY[kind];
}

/** Ground that is told by its share alone, never counted as things. */
const GROUND: ReadonlySet<ConceptId> = new Set([
  "farmland",
  "orchard",
  "vineyard",
  "rice_paddy",
  "forest",
  "grassland",
  "bare_soil",
  "desert",
  "sea",
  "wetland",
  "snow",
  "glacier",
  "mountain",
  "valley",
  "coast",
]);
/** Areas that hold things, which are told as their parts. */
const HOLDERS: ReadonlySet<ConceptId> = new Set([
  "logistics_park",
  "industrial_area",
  "commercial_area",
  "residential_area",
  "village",
  "town",
  "city",
  "city_center",
  "port",
  "harbor",
  "marina",
  "container_yard",
  "tank_farm",
  "oil_refinery",
  "shipyard",
  "rail_yard",
  "airport",
  "military_base",
  "university",
  "school",
  "hospital",
  "stadium",
  "park",
  "golf_course",
  "construction_site",
  "quarry",
  "mine",
  "landfill",
  "wastewater_plant",
  "power_plant",
  "solar_farm",
  "wind_farm",
  "substation",
  "prison",
  "fish_farm",
]);
const LINES: ReadonlySet<ConceptId> = new Set([
  "road",
  "highway",
  "railway",
  "river",
  "stream",
  "canal",
  "coast",
  "wall",
]);
const SETTLEMENTS: ReadonlySet<ConceptId> = new Set(["village", "town", "city"]);
/** Too many and too fleeting to be told of. */
const UNTOLD: ReadonlySet<ConceptId> = new Set(["tree", "landmark", "intersection", "island", "cliff"]);

/** Whether areas of the concept are told by what they hold. */
export function isHolder(concept: ConceptId): boolean {
  return HOLDERS.has(concept);
}

export type Role = "ground" | "holder" | "line" | "settlement" | "object" | "untold";

/** What a caption takes an entity for, by its concept and the dimension of its geometry. */
export function roleOf(concept: ConceptId, geometry: GeoJSON.Geometry): Role {
  const isArea = geometry.type === "Polygon" || geometry.type === "MultiPolygon";
  const isLine = geometry.type === "LineString" || geometry.type === "MultiLineString";
  if (isLine && LINES.has(concept)) return "line";
  if (!isArea && SETTLEMENTS.has(concept)) return "settlement";
  if (UNTOLD.has(concept)) return "untold";
  if (GROUND.has(concept)) return isArea ? "ground" : "untold";
  if (isArea && HOLDERS.has(concept)) return "holder";
  // Areas of roads and rivers count as their lines do.
  if (isArea && (concept === "road" || concept === "highway")) return "untold";
  if (isArea && (concept === "river" || concept === "canal" || concept === "stream")) return "ground";
  return "object";
}

/** How much a thing says of a place, 0..1: rare and purposeful things most. */
const GROUP_SALIENCE: Readonly<Record<ConceptGroup, number>> = {
  transport: 0.6,
  water_transport: 0.8,
  built: 0.6,
  sport: 0.55,
  energy_and_resources: 0.8,
  water: 0.5,
  land: 0.3,
  event: 1,
};
const SALIENCE: Partial<Record<ConceptId, number>> = {
  airport: 1,
  runway: 0.9,
  plane: 0.85,
  port: 0.95,
  container: 0.3,
  container_yard: 0.85,
  logistics_park: 0.9,
  stadium: 0.85,
  large_roof: 0.62,
  warehouse: 0.64,
  factory: 0.7,
  industrial_area: 0.68,
  residential_area: 0.55,
  village: 0.6,
  town: 0.7,
  city: 0.75,
  hospital: 0.7,
  university: 0.7,
  church: 0.5,
  greenhouse: 0.5,
  building: 0.4,
  parking_lot: 0.4,
  truck_yard: 0.63,
  small_vehicle: 0.2,
  large_vehicle: 0.3,
  highway_exit: 0.6,
  bridge: 0.55,
  wall: 0.2,
  road: 0.2,
  pond: 0.45,
  swimming_pool: 0.3,
  transmission_tower: 0.4,
  tower: 0.5,
};
const GROUP_OF: ReadonlyMap<ConceptId, ConceptGroup> = new Map(
  Object.entries(CONCEPT_GROUPS).flatMap(([group, concepts]) =>
    concepts.map((concept) => [concept, group as ConceptGroup] as const),
  ),
);

export function salienceOf(concept: ConceptId): number {
  return SALIENCE[concept] ?? GROUP_SALIENCE[GROUP_OF.get(concept) as ConceptGroup];
}

/** Whether one of two concepts takes in the other, or they are the same. */
export function areOfOneKind(a: ConceptId, b: ConceptId): boolean {
  return a === b || subsumedConcepts(a).includes(b) || subsumedConcepts(b).includes(a);
}

/** How narrow a concept is: the number of concepts that take it in. */
const depths = new Map<ConceptId, number>();
export function depthOf(concept: ConceptId): number {
  if (depths.size === 0) {
    for (const other of GROUP_OF.keys())
      for (const below of subsumedConcepts(other)) depths.set(below, (depths.get(below) ?? 0) + 1);
  }
  return depths.get(concept) ?? 0;
}
