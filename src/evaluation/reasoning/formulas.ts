import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import type { ConceptId } from "../../../knowledge/ontology/ids.ts";

/** A formula of the benchmark, with the SQL that a person who knows PostGIS would write for it. */
export interface BenchmarkFormula {
  readonly name: string;
  readonly formula: string;
  /**
   * Rows of id and truth, the ten truest first, ties by id; the schema is in tests/bench/postgis.mjs. Where there are several ways to write it,
   * the one that PostGIS answers fastest is compared.
   */
  readonly sql: readonly string[];
}

const kinds = (concept: ConceptId) =>
  `IN (${[concept, ...subsumedConcepts(concept)].map((kind) => `'${kind}'`).join(", ")})`;

/** Things of a kind within metres of another, as FROM and WHERE. */
const within = (concept: ConceptId, from: string, metres: number, alias: string, more = "") =>
  `FROM entity ${alias} WHERE ${alias}.concept ${kinds(concept)} AND ST_DWithin(${from}.geom, ${alias}.geom, ${metres})${more && ` AND ${more}`}`;
const some = (concept: ConceptId, from: string, metres: number, alias: string, more = "") =>
  `EXISTS (SELECT 1 ${within(concept, from, metres, alias, more)} /* fence */)`;
const none = (...args: Parameters<typeof some>) => `NOT ${some(...args)}`;
/** Greatest truth of a witness, 0 without one. */
const best = (concept: ConceptId, from: string, metres: number, alias: string, truth = "1.0") =>
  `(SELECT coalesce(max(${alias}.confidence * ${truth}), 0) ${within(concept, from, metres, alias)})`;

/** The ten truest, once as the planner likes it, with joins, and once with subqueries that it has to evaluate row by row in an index's order. */
const top = (concept: ConceptId, truth: string, ...where: string[]): string[] => {
  const from = `FROM entity x WHERE ${[`x.concept ${kinds(concept)}`, ...where].join(" AND ")}`;
  return ranked(`SELECT x.id, ${truth} AS truth ${from}`);
};

const ranked = (rows: string): string[] => {
  const text = `SELECT id, truth FROM (${rows}) t WHERE truth > 0 ORDER BY truth DESC, id LIMIT 10`;
  const rowByRow = text.replaceAll("/* fence */", "OFFSET 0");
  return rowByRow === text ? [text] : [text, rowByRow];
};

/** One to eight predicates over mapped (certain) and detected (uncertain) things. */
export const BENCHMARK_FORMULAS: readonly BenchmarkFormula[] = [
  { name: "kind", formula: "storage_tank(x)", sql: top("storage_tank", "x.confidence") },
  {
    name: "attribute and area",
    formula: "warehouse(x) ∧ white(x) ∧ area(x) >= 3000",
    sql: top("warehouse", "x.confidence", "x.white", "x.area >= 3000"),
  },
  {
    name: "near a mapped thing",
    formula: "warehouse(x) ∧ ∃y (highway_exit(y) ∧ near(x, y, 1000))",
    sql: top("warehouse", "x.confidence", some("highway_exit", "x", 1000, "y")),
  },
  {
    name: "many near a line",
    formula: "building(x) ∧ ∃y (river(y) ∧ near(x, y, 100))",
    sql: top("building", "x.confidence", some("river", "x", 100, "y")),
  },
  {
    name: "near a detected thing",
    formula: "warehouse(x) ∧ ∃y (truck_yard(y) ∧ near(x, y, 200))",
    sql: top("warehouse", `x.confidence * ${best("truck_yard", "x", 200, "y")}`),
  },
  {
    name: "near and not near",
    formula: "warehouse(x) ∧ ∃y (highway_exit(y) ∧ near(x, y, 2000)) ∧ ¬∃z (residential_area(z) ∧ near(x, z, 500))",
    sql: top(
      "warehouse",
      "x.confidence",
      some("highway_exit", "x", 2000, "y"),
      none("residential_area", "x", 500, "z"),
    ),
  },
  {
    name: "not near detected things",
    formula: "small_vehicle(x) ∧ ∃y (road(y) ∧ near(x, y, 10)) ∧ ¬∃z (building(z) ∧ near(x, z, 50))",
    sql: top("small_vehicle", `x.confidence * (1 - ${best("building", "x", 50, "z")})`, some("road", "x", 10, "y")),
  },
  {
    name: "counting mapped things",
    formula: "factory(x) ∧ ≥3 y (residential_area(y) ∧ near(x, y, 400))",
    sql: top("factory", "x.confidence", `(SELECT count(*) ${within("residential_area", "x", 400, "y")}) >= 3`),
  },
  {
    name: "counting detected things",
    formula: "factory(x) ∧ ≥3 y (storage_tank(y) ∧ near(x, y, 500))",
    sql: top(
      "factory",
      `x.confidence * (SELECT coalesce(at_least_three(y.confidence), 0) ${within("storage_tank", "x", 500, "y")})`,
    ),
  },
  {
    name: "nested",
    formula: "warehouse(x) ∧ ∃y (highway_exit(y) ∧ near(x, y, 1000) ∧ ∃z (hospital(z) ∧ near(y, z, 2000)))",
    sql: top("warehouse", "x.confidence", some("highway_exit", "x", 1000, "y", some("hospital", "y", 2000, "z"))),
  },
  {
    name: "nested detected things",
    formula: "construction_site(x) ∧ ∃y (warehouse(y) ∧ near(x, y, 500) ∧ ∃z (truck_yard(z) ∧ near(y, z, 100)))",
    sql: top(
      "construction_site",
      `x.confidence * ${best("warehouse", "x", 500, "y", best("truck_yard", "y", 100, "z"))}`,
    ),
  },
  {
    name: "either kind",
    formula:
      "(warehouse(x) ∨ factory(x)) ∧ ∃y (railway(y) ∧ near(x, y, 200)) ∧ ∃z (highway_exit(z) ∧ near(x, z, 1500))",
    sql: ranked(
      `SELECT x.id, x.confidence AS truth FROM entity x WHERE x.concept IN ('warehouse', 'factory') AND ${some("railway", "x", 200, "y")} AND ${some("highway_exit", "x", 1500, "z")}`,
    ),
  },
  {
    name: "for all",
    formula: "hospital(x) ∧ ∀y (factory(y) → far_from(x, y, 1000))",
    sql: top(
      "hospital",
      `1 - (SELECT coalesce(max(y.confidence), 0) ${within("factory", "x", 1000, "y", "ST_Distance(x.geom, y.geom) < 1000")})`,
    ),
  },
  {
    name: "new, and a direction",
    formula: "factory(x) ∧ new(x, 2023-12-31, 2025-12-31) ∧ ∃y (stadium(y) ∧ east_of(x, y, 8000))",
    sql: top(
      "factory",
      `x.confidence * ${best("stadium", "x", 8000, "y", "bearing_truth(x.mx - y.mx, x.my - y.my, 90)")}`,
      "x.first_seen > '2023-12-31'",
      "x.first_seen <= '2025-12-31'",
    ),
  },
  {
    name: "between",
    formula: "construction_site(x) ∧ ∃y (river(y) ∧ ∃z (railway(z) ∧ between(x, y, z, 1000)))",
    sql: top(
      "construction_site",
      "x.confidence",
      some("river", "x", 1000, "y", some("railway", "x", 1000, "z", "is_between(x.mx, x.my, y.mx, y.my, z.mx, z.my)")),
    ),
  },
  {
    name: "surrounded by",
    formula: "pond(x) ∧ ∃y (forest(y) ∧ surrounded_by(x, y, 100))",
    sql: top(
      "pond",
      `x.confidence * (SELECT coalesce(max(enclosure_truth(x.geom, x.mx, x.my, x.radius, y.geom)), 0) ${within("forest", "x", 100, "y")})`,
    ),
  },
  {
    name: "eight predicates",
    formula:
      "warehouse(x) ∧ white(x) ∧ ∃y (truck_yard(y) ∧ adjacent(x, y, 50)) ∧ ∃z (highway_exit(z) ∧ near(x, z, 2500) ∧ ¬∃v (school(v) ∧ near(z, v, 300)))",
    sql: top(
      "warehouse",
      `x.confidence * ${best("truck_yard", "x", 50, "y")}`,
      "x.white",
      some("highway_exit", "x", 2500, "z", none("school", "z", 300, "v")),
    ),
  },
];
