import { type ConceptId, isConceptId } from "./ids.ts";

/** Class names of common aerial detectors and benchmarks (DOTA, DIOR, xView, NAIP aircraft labels) to concepts. */
const CLASSES: Readonly<Record<string, ConceptId>> = {
  aircraft: "plane",
  airplane: "plane",
  aeroplane: "plane",
  "fixed-wing aircraft": "plane",
  "small aircraft": "plane",
  "cargo plane": "plane",
  airliner: "plane",
  vessel: "ship",
  boat: "ship",
  "maritime vessel": "ship",
  "small car": "small_vehicle",
  car: "small_vehicle",
  vehicle: "small_vehicle",
  truck: "large_vehicle",
  lorry: "large_vehicle",
  bus: "large_vehicle",
  trailer: "large_vehicle",
  "large vehicle": "large_vehicle",
  "small vehicle": "small_vehicle",
  "storage tank": "storage_tank",
  storagetank: "storage_tank",
  tank: "storage_tank",
  "baseball diamond": "baseball_diamond",
  baseballfield: "baseball_diamond",
  "ground track field": "track_field",
  groundtrackfield: "track_field",
  "basketball court": "basketball_court",
  "soccer ball field": "soccer_field",
  "tennis court": "tennis_court",
  "swimming pool": "swimming_pool",
  "container crane": "container_crane",
  "shipping container": "container",
  "expressway toll station": "toll_station",
  "expressway service area": "gas_station",
  chimney: "tower",
  golffield: "golf_course",
  overpass: "bridge",
  trainstation: "railway_station",
  windmill: "wind_turbine",
  dam: "dam",
  harbour: "harbor",
  house: "building",
  residential: "residential_area",
  "solar panel": "solar_panel",
  pylon: "transmission_tower",
};

/** The concept that a detector's class name stands for, or null. Case, spaces, hyphens and underscores do not matter. */
export function conceptOfClass(name: string): ConceptId | null {
  const plain = name.trim().toLowerCase();
  const id = plain.replace(/[\s-]+/g, "_");
  if (isConceptId(id)) return id;
  return CLASSES[plain.replace(/[_-]+/g, " ")] ?? CLASSES[plain.replace(/[\s_-]+/g, "")] ?? null;
}
