import { subsumedConcepts } from "./hierarchy.ts";
import type { AttributeId, ConceptId } from "./ids.ts";

/** What OSM tags say a feature is. A feature may be several things: a warehouse is also a large roof. */
export interface OsmReading {
  readonly concept: ConceptId;
  readonly attributes: readonly AttributeId[];
  readonly confidence: number;
}

type Tags = Readonly<Record<string, string>>;

/** Maps are reliable on what they hold: they err by age and omission. Derived readings (a large footprint) count less. */
const MAPPED = 0.95;
const DERIVED = 0.85;
/** Footprints from this area on are large roofs. */
const LARGE_ROOF_M2 = 2000;

/** Tag values to concepts, by key; the first key that fits decides. */
const BY_TAG: Readonly<Record<string, Readonly<Record<string, ConceptId>>>> = {
  highway: {
    motorway: "highway",
    trunk: "highway",
    motorway_link: "road",
    trunk_link: "road",
    motorway_junction: "highway_exit",
    primary: "road",
    secondary: "road",
    tertiary: "road",
    unclassified: "road",
    residential: "road",
    service: "road",
    living_street: "road",
    track: "road",
    road: "road",
    primary_link: "road",
    secondary_link: "road",
    pedestrian: "road",
    toll_gantry: "toll_station",
    bus_stop: "bus_station",
  },
  barrier: { toll_booth: "toll_station", city_wall: "wall", wall: "wall" },
  junction: { roundabout: "roundabout" },
  aeroway: {
    aerodrome: "airport",
    runway: "runway",
    helipad: "helipad",
    heliport: "helipad",
    terminal: "building",
    hangar: "large_roof",
  },
  railway: {
    rail: "railway",
    light_rail: "railway",
    narrow_gauge: "railway",
    subway: "railway",
    tram: "railway",
    station: "railway_station",
    halt: "railway_station",
    yard: "rail_yard",
  },
  waterway: {
    river: "river",
    stream: "stream",
    canal: "canal",
    dam: "dam",
    weir: "dam",
    lock_gate: "lock",
    riverbank: "river",
    dock: "port",
    ditch: "stream",
    drain: "stream",
    boatyard: "shipyard",
  },
  natural: {
    water: "water",
    coastline: "coast",
    beach: "beach",
    wetland: "wetland",
    wood: "forest",
    tree: "tree",
    tree_row: "tree",
    grassland: "grassland",
    heath: "grassland",
    scrub: "grassland",
    bare_rock: "bare_soil",
    scree: "bare_soil",
    sand: "desert",
    cliff: "cliff",
    peak: "mountain",
    ridge: "mountain",
    volcano: "volcano",
    glacier: "glacier",
    valley: "valley",
    bay: "sea",
    islet: "island",
  },
  power: { plant: "power_plant", substation: "substation", tower: "transmission_tower" },
  man_made: {
    storage_tank: "storage_tank",
    silo: "storage_tank",
    pier: "pier",
    breakwater: "pier",
    quay: "pier",
    crane: "container_crane",
    bridge: "bridge",
    wastewater_plant: "wastewater_plant",
    works: "factory",
    petroleum_well: "oil_well",
    tower: "tower",
    water_tower: "tower",
    chimney: "tower",
    communications_tower: "tower",
    lighthouse: "tower",
    tailings_pond: "pond",
    tunnel: "tunnel",
    dyke: "dam",
  },
  military: { base: "military_base", barracks: "military_base", airfield: "military_base" },
  amenity: {
    parking: "parking_lot",
    fuel: "gas_station",
    bus_station: "bus_station",
    school: "school",
    kindergarten: "school",
    university: "university",
    college: "university",
    hospital: "hospital",
    clinic: "hospital",
    prison: "prison",
    ferry_terminal: "port",
    marketplace: "square",
  },
  leisure: {
    stadium: "stadium",
    park: "park",
    garden: "park",
    marina: "marina",
    pitch: "soccer_field",
    track: "track_field",
    swimming_pool: "swimming_pool",
    golf_course: "golf_course",
    playground: "playground",
    sports_centre: "stadium",
  },
  historic: {
    castle: "castle",
    fort: "castle",
    monument: "landmark",
    memorial: "landmark",
    city_gate: "landmark",
    ruins: "landmark",
  },
  tourism: { attraction: "landmark" },
  landuse: {
    industrial: "industrial_area",
    residential: "residential_area",
    commercial: "commercial_area",
    retail: "commercial_area",
    quarry: "quarry",
    landfill: "landfill",
    construction: "construction_site",
    brownfield: "construction_site",
    farmland: "farmland",
    meadow: "grassland",
    grass: "grassland",
    forest: "forest",
    orchard: "orchard",
    vineyard: "vineyard",
    cemetery: "cemetery",
    railway: "rail_yard",
    military: "military_base",
    greenhouse_horticulture: "greenhouse",
    reservoir: "reservoir",
    basin: "pond",
    salt_pond: "salt_pond",
    aquaculture: "fish_farm",
    farmyard: "farmland",
    port: "port",
    harbour: "harbor",
    recreation_ground: "park",
    village_green: "park",
  },
  place: {
    city: "city",
    town: "town",
    village: "village",
    hamlet: "village",
    island: "island",
    islet: "island",
    square: "square",
    suburb: "residential_area",
    neighbourhood: "residential_area",
    sea: "sea",
  },
  seamark: {},
};

/** Square metres: two hectares. */
const POND_UP_TO_M2 = 20_000;

const WATER_KINDS: Readonly<Record<string, ConceptId>> = {
  river: "river",
  lake: "lake",
  reservoir: "reservoir",
  pond: "pond",
  canal: "canal",
  stream: "stream",
  sea: "sea",
  lagoon: "lake",
  basin: "pond",
  lock: "lock",
  oxbow: "lake",
};
const BUILDING_KINDS: Readonly<Record<string, ConceptId>> = {
  warehouse: "warehouse",
  industrial: "factory",
  church: "church",
  cathedral: "church",
  chapel: "church",
  mosque: "mosque",
  temple: "temple",
  shrine: "temple",
  school: "school",
  university: "university",
  college: "university",
  hospital: "hospital",
  greenhouse: "greenhouse",
  train_station: "railway_station",
  stadium: "stadium",
  retail: "shopping_mall",
  supermarket: "shopping_mall",
  data_center: "data_center",
  castle: "castle",
  tower: "tower",
  hangar: "large_roof",
};
const SPORTS: Readonly<Record<string, ConceptId>> = {
  tennis: "tennis_court",
  basketball: "basketball_court",
  baseball: "baseball_diamond",
  softball: "baseball_diamond",
  soccer: "soccer_field",
  football: "soccer_field",
  athletics: "track_field",
  running: "track_field",
};
const COLOURS: Readonly<Record<string, AttributeId>> = {
  white: "white",
  red: "red",
  blue: "blue",
  green: "green",
  brown: "brown",
  grey: "grey",
  gray: "grey",
  black: "dark",
  silver: "grey",
};

/**
 * Reads the tags of one map feature.
 *
 * @param areaM2 footprint of polygons, 0 for lines and points
 * @returns every concept that the tags state or imply; empty when no concept fits
 */
export function readOsmTags(tags: Tags, areaM2: number): readonly OsmReading[] {
  const concepts: [ConceptId, number][] = [];
  const add = (concept: ConceptId | undefined, confidence = MAPPED) => {
    if (concept && !concepts.some(([other]) => other === concept)) concepts.push([concept, confidence]);
  };
  const building = tags.building ?? tags["building:part"];
  if (tags["plant:source"] === "solar" || (tags.power === "plant" && tags["generator:source"] === "solar"))
    add("solar_farm");
  else if (tags["plant:source"] === "wind") add("wind_farm");
  else if (tags["generator:source"] === "solar") add("solar_panel");
  else if (tags["generator:source"] === "wind") add("wind_turbine");
  if (building && building !== "no") {
    if (tags.amenity === "place_of_worship")
      add(tags.religion === "muslim" ? "mosque" : tags.religion === "christian" ? "church" : "temple");
    add(BUILDING_KINDS[building]);
    if (concepts.length === 0) add("building");
    if (areaM2 >= LARGE_ROOF_M2) add("large_roof", DERIVED);
  } else if (tags.amenity === "place_of_worship")
    add(tags.religion === "muslim" ? "mosque" : tags.religion === "christian" ? "church" : "temple");
  if (tags.landuse === "industrial")
    add(
      (
        {
          logistics: "logistics_park",
          warehouse: "logistics_park",
          distributor: "logistics_park",
          port: tags["seamark:type"] === "container_terminal" ? "container_yard" : "port",
          oil: "tank_farm",
          oil_mill: "factory",
          refinery: "oil_refinery",
          shipyard: "shipyard",
          container_terminal: "container_yard",
          mine: "mine",
        } as Record<string, ConceptId>
      )[tags.industrial ?? ""],
    );
  if (tags.natural === "water") {
    const kind = WATER_KINDS[tags.water ?? ""];
    // Of small waters many maps do not say the kind.
    if (kind) add(kind);
    else if (areaM2 > 0 && areaM2 < POND_UP_TO_M2 && tags.water === undefined) add("pond", DERIVED);
  }
  if (tags.amenity === "parking" && tags.hgv && tags.hgv !== "no") add("truck_yard");
  if (tags.leisure === "pitch") add(SPORTS[tags.sport ?? ""]);
  if (tags["seamark:type"] === "harbour") add("harbor");
  if (tags.bridge && tags.bridge !== "no" && tags.highway) add("bridge", DERIVED);
  if (tags.tunnel && tags.tunnel !== "no" && tags.highway) add("tunnel", DERIVED);
  // The roof of a petrol station is a building too, but one that is looked for by what it is.
  const isPlainBuilding = concepts.length > 0 && concepts.every(([one]) => one === "building" || one === "large_roof");
  if (concepts.length === 0 || isPlainBuilding || tags.highway || tags.junction) {
    for (const [key, values] of Object.entries(BY_TAG)) {
      const concept = values[tags[key] ?? ""];
      if (!concept || (isPlainBuilding && key === "landuse")) continue;
      const plain = concepts.findIndex(([one]) => one === "building");
      if (plain >= 0 && subsumedConcepts("building").includes(concept)) concepts.splice(plain, 1);
      if (key === "landuse" && concept === "quarry" && /copper|gold|coal|iron|ore/.test(tags.resource ?? ""))
        add("mine");
      else add(concept);
      break;
    }
  }
  if (concepts.length === 0 && tags.shop && /mall|supermarket|department_store/.test(tags.shop)) add("shopping_mall");
  const attributes = attributesOf(tags, areaM2);
  return concepts.map(([concept, confidence]) => ({ concept, attributes, confidence }));
}

function attributesOf(tags: Tags, areaM2: number): readonly AttributeId[] {
  const found = new Set<AttributeId>();
  for (const key of ["building:colour", "roof:colour", "colour"]) {
    const attribute = COLOURS[(tags[key] ?? "").toLowerCase()];
    if (attribute) found.add(attribute);
  }
  if (/asphalt|paved|concrete/.test(tags.surface ?? "")) found.add("paved");
  if (tags.disused === "yes" || tags.abandoned === "yes" || tags.ruins === "yes") found.add("abandoned");
  if (areaM2 >= LARGE_ROOF_M2 && tags.building) found.add("large");
  return [...found];
}
