import { fc } from "@fast-check/vitest";
import type { ConceptId, PredicateId } from "../../knowledge/ontology/ids.ts";
import type { Formula } from "../../src/logic/formula.ts";
import type { Entity } from "../../src/store/entity.ts";
import { entity } from "../fixtures/entities.ts";

const KINDS: readonly ConceptId[] = [
  "building",
  "warehouse",
  "large_roof",
  "truck_yard",
  "road",
  "highway",
  "storage_tank",
];
const DATES = ["2022-01-01", "2023-06-01", "2024-06-01", "2025-01-01"] as const;
const date = fc.constantFrom(...DATES);
const dateOrNone = fc.option(date, { nil: null });

const square = (x: number, y: number, h: number): GeoJSON.Position[] => [
  [x - h, y - h],
  [x + h, y - h],
  [x + h, y + h],
  [x - h, y + h],
  [x - h, y - h],
];

/** Points, lines (one of no length among them), squares, squares with a hole, turned and degenerate polygons, and several parts. */
const geometries = (x: number, y: number): fc.Arbitrary<GeoJSON.Geometry> =>
  fc.constantFrom<GeoJSON.Geometry>(
    { type: "Point", coordinates: [x, y] },
    {
      type: "LineString",
      coordinates: [
        [x - 100, y - 30],
        [x, y],
        [x + 90, y + 47],
      ],
    },
    {
      type: "LineString",
      coordinates: [
        [x, y],
        [x, y],
      ],
    },
    { type: "Polygon", coordinates: [square(x, y, 10)] },
    { type: "Polygon", coordinates: [square(x, y, 60)] },
    { type: "Polygon", coordinates: [square(x, y, 150), square(x + 3, y, 90)] },
    {
      type: "Polygon",
      coordinates: [
        [
          [x, y - 40],
          [x + 33, y],
          [x, y + 41],
          [x - 35, y],
          [x, y - 40],
        ],
      ],
    },
    {
      type: "Polygon",
      coordinates: [
        [
          [x, y],
          [x + 50, y],
          [x, y],
          [x, y],
        ],
      ],
    },
    {
      type: "MultiPoint",
      coordinates: [
        [x, y],
        [x + 70, y + 11],
      ],
    },
    { type: "MultiPolygon", coordinates: [[square(x, y, 20)], [square(x + 100, y, 20)]] },
    {
      type: "GeometryCollection",
      geometries: [
        { type: "Point", coordinates: [x, y] },
        {
          type: "LineString",
          coordinates: [
            [x, y],
            [x + 55, y - 20],
          ],
        },
      ],
    },
  );

const place = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 600 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 100, 200) },
);

const thing = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    geometry: fc.tuple(place, place).chain(([x, y]) => geometries(x, y)),
    confidence: fc.constantFrom(1, 0.9, 0.7, 0.5, 0.05, 0),
    isWhite: fc.boolean(),
    firstSeen: dateOrNone,
    lastSeen: dateOrNone,
    areas: fc.array(fc.record({ date, areaM2: fc.constantFrom(0, 100, 109, 111, 200) }), { maxLength: 3 }),
  })
  .map(
    ({ kind, geometry, confidence, isWhite, firstSeen, lastSeen, areas }): Entity => ({
      ...entity("", kind, 0, 0),
      geometry,
      confidence,
      attributes: isWhite ? ["white"] : [],
      firstSeen,
      lastSeen,
      areaHistory: areas.filter(({ date: at }, i) => areas.findIndex((other) => other.date === at) === i),
    }),
  );

/** Up to nine things, some of them twice; ids are their numbers. */
export const worlds: fc.Arbitrary<readonly Entity[]> = fc
  .tuple(fc.array(thing, { maxLength: 8 }), fc.boolean())
  .map(([things, doubles]) => (doubles && things[0] ? [...things, things[0]] : things))
  .map((things) => things.map((each, i) => ({ ...each, id: `e${i}` })));

const PREDICATES: readonly PredicateId[] = [
  "near",
  "far_from",
  "adjacent",
  "inside",
  "contains",
  "along",
  "crosses",
  "surrounded_by",
  "between",
  "connected_to",
  "north_of",
  "south_of",
  "east_of",
  "west_of",
  "left_of",
  "right_of",
  "above",
  "below",
];
const DIRECTIONS: ReadonlySet<PredicateId> = new Set([
  "north_of",
  "south_of",
  "east_of",
  "west_of",
  "left_of",
  "right_of",
  "above",
  "below",
]);

/** No distance between things on whole coordinates is one of these, so that rounding decides nothing. */
const distances = fc.constantFrom(0.37, 50.37, 150.37, 400.37);

const spatial = (terms: readonly string[]): fc.Arbitrary<Formula> =>
  fc
    .record({
      predicate: fc.constantFrom(...PREDICATES),
      picked: fc.array(fc.constantFrom(...terms), { minLength: 3, maxLength: 3 }),
      distanceM: distances,
      isBounded: fc.boolean(),
      soft: fc.boolean(),
    })
    .map(({ predicate, picked, distanceM, isBounded, soft }): Formula => {
      const isFree = DIRECTIONS.has(predicate) && !isBounded;
      return {
        kind: "spatial",
        predicate,
        terms: predicate === "between" ? picked : picked.slice(0, 2),
        ...(!isFree && { distanceM }),
        ...(!isFree && soft && { soft }),
      };
    });

const atom = (terms: readonly string[]): fc.Arbitrary<Formula> => {
  const constants = fc.constantFrom<Formula>({ kind: "true" }, { kind: "false" });
  if (terms.length === 0) return constants;
  const term = fc.constantFrom(...terms);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("concept" as const),
        concept: fc.constantFrom<ConceptId>(...KINDS, "logistics_park", "tank_farm"),
        term,
      }),
    },
    { weight: 5, arbitrary: spatial(terms) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("attribute" as const), attribute: fc.constant("white" as const), term }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("area" as const),
        term,
        op: fc.constantFrom("<" as const, "<=" as const, "=" as const, ">=" as const, ">" as const),
        value: fc.constantFrom(399.5, 14_400.5),
      }),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          kind: fc.constant("time" as const),
          change: fc.constantFrom(
            "new" as const,
            "gone" as const,
            "grown" as const,
            "shrunk" as const,
            "changed" as const,
            "as_of" as const,
          ),
          term,
          from: fc.option(date, { nil: undefined }),
          to: fc.option(date, { nil: undefined }),
        })
        .map(({ from, to, ...rest }): Formula => ({ ...rest, ...(from && { from }), ...(to && { to }) })),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("equal" as const), left: term, right: term }) },
    { weight: 1, arbitrary: constants },
  );
};

const VARIABLES = ["x", "y", "z"] as const;

/** Formulas of all operators whose free variables are among `terms`; variables may be bound again further in. */
export const formulasOver = (terms: readonly string[], depth: number): fc.Arbitrary<Formula> => {
  if (depth === 0) return atom(terms);
  const inner = fc
    .constantFrom(...VARIABLES)
    .chain((variable) =>
      formulasOver([...new Set([...terms, variable])], depth - 1).map((body) => ({ variable, body })),
    );
  const same = formulasOver(terms, depth - 1);
  const many = fc.array(same, { minLength: 0, maxLength: 3 });
  return fc.oneof(
    { weight: 2, arbitrary: atom(terms) },
    { weight: 2, arbitrary: same.map((body): Formula => ({ kind: "not", body })) },
    { weight: 4, arbitrary: many.map((parts): Formula => ({ kind: "and", parts })) },
    { weight: 2, arbitrary: many.map((parts): Formula => ({ kind: "or", parts })) },
    { weight: 1, arbitrary: fc.tuple(same, same).map(([left, right]): Formula => ({ kind: "implies", left, right })) },
    { weight: 4, arbitrary: inner.map((parts): Formula => ({ kind: "exists", ...parts })) },
    { weight: 2, arbitrary: inner.map((parts): Formula => ({ kind: "forall", ...parts })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(inner, fc.constantFrom(">=" as const, "<=" as const, "=" as const), fc.integer({ min: 0, max: 3 }))
        .map(([parts, op, n]): Formula => ({ kind: "count", op, n, ...parts })),
    },
  );
};
