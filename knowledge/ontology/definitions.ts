import type { ConceptId } from "./ids.ts";

/** A defined concept: the formula in the reasoner's text form, with free variable x for the part that the place grows from. */
export interface Definition {
  readonly formula: string;
  /** The definition in one sentence. */
  readonly words: string;
}

/**
 * Places that are gathered from their parts when they are looked for themselves. Unlike those of `DEFINITIONS` they say nothing of single parts, so that the
 * reasoner, which looks at one thing at a time, does not use them.
 */
export const GROUPINGS: Partial<Record<ConceptId, Definition>> = {
  residential_area: {
    formula: "building(x) ∧ ¬large_roof(x) ∧ ≥9 y (building(y) ∧ near(x, y, 80) ∧ ¬(x = y))",
    words: "At least ten buildings, none of them a large roof, within 80 m of one.",
  },
};

/**
 * Concepts that are also recognised by what they are made of. A place counts as one when a source says so or when the
 * formula holds; the formula's witnesses are then its parts.
 */
export const DEFINITIONS: Partial<Record<ConceptId, Definition>> = {
  logistics_park: {
    formula: "large_roof(x) ∧ ∃z (truck_yard(z) ∧ near(x, z, 50) ∧ ≥1 y (large_roof(y) ∧ near(z, y, 50) ∧ ¬(x = y)))",
    words: "At least two large roofs within 50 m of the same truck yard.",
  },
  tank_farm: {
    formula: "storage_tank(x) ∧ ≥3 y (storage_tank(y) ∧ near(x, y, 150) ∧ ¬(x = y))",
    words: "At least four storage tanks within 150 m.",
  },
  wind_farm: {
    formula: "wind_turbine(x) ∧ ≥2 y (wind_turbine(y) ∧ near(x, y, 1000) ∧ ¬(x = y))",
    words: "At least three wind turbines within 1,000 m.",
  },
  solar_farm: {
    formula: "solar_panel(x) ∧ area(x) >= 5000",
    words: "Solar panels on 5,000 m² or more.",
  },
  reservoir: {
    formula: "lake(x) ∧ area(x) >= 50000",
    words: "A lake of 5 ha or more: a picture does not tell whether it is dammed.",
  },
  container_yard: {
    formula: "container(x) ∧ ≥9 y (container(y) ∧ near(x, y, 100) ∧ ¬(x = y))",
    words: "At least ten containers within 100 m.",
  },
  port: {
    formula: "container_crane(x) ∧ ∃y (container_yard(y) ∧ near(x, y, 300)) ∧ ∃z (ship(z) ∧ near(x, z, 300))",
    words: "A container crane with a container yard and a ship within 300 m.",
  },
  marina: {
    formula: "pier(x) ∧ ≥4 y (ship(y) ∧ near(x, y, 100))",
    words: "A pier with at least four vessels within 100 m.",
  },
  airport: {
    formula: "runway(x) ∧ ∃y (plane(y) ∧ near(x, y, 1000))",
    words: "A runway with a plane within 1,000 m.",
  },
};
