import type { ConceptId } from "./ids.ts";

/** Plain subsumption: every thing of the kinds on the right is also of the kind on the left. */
const KINDS_OF: Partial<Record<ConceptId, readonly ConceptId[]>> = {
  road: ["highway"],
  water: ["river", "stream", "canal", "lake", "reservoir", "pond", "sea", "salt_pond"],
  lake: ["reservoir", "pond"],
  river: ["stream"],
  coast: ["beach"],
  building: [
    "large_roof",
    "warehouse",
    "factory",
    "skyscraper",
    "school",
    "university",
    "hospital",
    "church",
    "mosque",
    "temple",
    "castle",
    "shopping_mall",
    "data_center",
    "greenhouse",
    "prison",
  ],
  large_roof: ["warehouse", "shopping_mall", "data_center"],
  harbor: ["port", "marina"],
  city_center: ["square"],
  residential_area: ["village"],
  industrial_area: ["logistics_park", "tank_farm", "oil_refinery", "shipyard", "container_yard"],
  power_plant: ["solar_farm", "wind_farm"],
  tower: ["transmission_tower"],
  mine: ["quarry"],
  forest: ["orchard"],
  farmland: ["orchard", "vineyard", "rice_paddy"],
  parking_lot: ["truck_yard"],
  landmark: ["stadium", "castle", "tower", "church", "mosque", "temple", "dam", "bridge"],
};

const cache = new Map<ConceptId, readonly ConceptId[]>();

/** Every concept below `concept`, at any depth, without itself. */
export function subsumedConcepts(concept: ConceptId): readonly ConceptId[] {
  let found = cache.get(concept);
  if (!found) {
    const below = new Set<ConceptId>();
    const visit = (kind: ConceptId) => {
      for (const child of KINDS_OF[kind] ?? []) {
        if (below.has(child)) continue;
        below.add(child);
        visit(child);
      }
    };
    visit(concept);
    below.delete(concept);
    found = [...below];
    cache.set(concept, found);
  }
  return found;
}

/** Every concept that `concept` lies below, at any depth, without itself. */
export function generalConcepts(concept: ConceptId): readonly ConceptId[] {
  return (Object.keys(KINDS_OF) as ConceptId[]).filter((kind) => subsumedConcepts(kind).includes(concept));
}
