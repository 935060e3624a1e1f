import type { ConceptId, PredicateId } from "../../knowledge/ontology/ids.ts";

/** "near" without a distance, in metres, for anchors without an entry of their own. */
export const DEFAULT_DISTANCE_M = 500;

/** "near" without a distance, by what is near: one drives to an exit or a port and walks to a park. */
const NEAR_BY_ANCHOR: Partial<Record<ConceptId, number>> = {
  highway_exit: 1000,
  highway: 1000,
  airport: 2000,
  port: 1000,
  harbor: 1000,
  railway_station: 1000,
  city: 2000,
  town: 1000,
  city_center: 1000,
  coast: 1000,
  power_plant: 1000,
  building: 200,
  road: 200,
  tree: 50,
  small_vehicle: 50,
  large_vehicle: 50,
};

/** Metres that a relation means when the message gives none. */
export function defaultDistanceM(predicate: PredicateId, anchor: ConceptId): number | undefined {
  switch (predicate) {
    case "near":
      return NEAR_BY_ANCHOR[anchor] ?? DEFAULT_DISTANCE_M;
    case "far_from":
      return 2 * (NEAR_BY_ANCHOR[anchor] ?? DEFAULT_DISTANCE_M);
    case "adjacent":
      return 100;
    case "along":
      return 150;
    case "connected_to":
      return 10;
    case "surrounded_by":
      return 100;
    default:
      return undefined;
  }
}

/** 4.8 km/h. */
export const WALKING_METRES_PER_MINUTE = 80;

/** "Walking distance": ten minutes. */
export const WALKING_DISTANCE_M = 10 * WALKING_METRES_PER_MINUTE;

/** Metres per unit of length, by every spelling. 里 is the Chinese li of 500 m. */
export const LENGTH_UNITS: Readonly<Record<string, number>> = {
  m: 1,
  metre: 1,
  metres: 1,
  meter: 1,
  meters: 1,
  米: 1,
  公尺: 1,
  km: 1000,
  kms: 1000,
  k: 1000,
  klick: 1000,
  klicks: 1000,
  kilometre: 1000,
  kilometres: 1000,
  kilometer: 1000,
  kilometers: 1000,
  公里: 1000,
  千米: 1000,
  ft: 0.3048,
  foot: 0.3048,
  feet: 0.3048,
  英尺: 0.3048,
  yd: 0.9144,
  yard: 0.9144,
  yards: 0.9144,
  mi: 1609.344,
  mile: 1609.344,
  miles: 1609.344,
  英里: 1609.344,
  里: 500,
  华里: 500,
  li: 500,
  nmi: 1852,
  海里: 1852,
  丈: 10 / 3,
};

/** Square metres per unit of area. 亩 is 2000/3 m². */
export const AREA_UNITS: Readonly<Record<string, number>> = {
  m2: 1,
  "m²": 1,
  sqm: 1,
  平方米: 1,
  平米: 1,
  ha: 10_000,
  hectare: 10_000,
  hectares: 10_000,
  公顷: 10_000,
  km2: 1_000_000,
  "km²": 1_000_000,
  平方公里: 1_000_000,
  acre: 4046.8564224,
  acres: 4046.8564224,
  英亩: 4046.8564224,
  亩: 2000 / 3,
  mu: 2000 / 3,
  万平方米: 10_000,
  平方千米: 1_000_000,
  平方英里: 2_589_988.110336,
  平方英尺: 0.09290304,
  平方: 1,
  平: 1,
  hectar: 10_000,
  has: 10_000,
  sqkm: 1_000_000,
  sqft: 0.09290304,
};
