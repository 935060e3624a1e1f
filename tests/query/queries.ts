import { fc } from "@fast-check/vitest";
import { ATTRIBUTE_IDS, CONCEPT_IDS } from "../../knowledge/ontology/ids.ts";
import type { Noun, Query, Relation } from "../../src/query/schema.ts";

/** Places that the random queries name. */
export const PLACES = [
  ["ellery", "Ellery", "埃勒里"],
  ["port_ellery", "Port of Ellery", "埃勒里港"],
] as const;

const op = fc.constantFrom(">=" as const, "<=" as const, "=" as const, ">" as const, "<" as const);
const count = fc.record({ op, value: fc.integer({ min: 1, max: 40 }) });
const areaM2 = fc.record({
  op,
  value: fc.oneof(
    fc.integer({ min: 1, max: 900 }).map((ha) => ha * 10_000),
    fc.integer({ min: 50, max: 9999 }),
  ),
});
const day = fc
  .date({ min: new Date("2015-01-01"), max: new Date("2025-06-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const concept = fc.constantFrom(...CONCEPT_IDS);
const attributes = fc.uniqueArray(fc.constantFrom(...ATTRIBUTE_IDS), { maxLength: 2 });
const metres = fc.oneof(fc.integer({ min: 10, max: 20_000 }), fc.constantFrom(304.8, 1609.344, 804.672));

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined && part !== null)) as T;
}

function noun(depth: number): fc.Arbitrary<Noun> {
  const plain = { concept, attributes };
  const relations = depth > 0 ? fc.array(relation(depth - 1), { maxLength: 2 }) : fc.constant([]);
  return fc
    .record({ ...plain, count: fc.option(count, { freq: 3 }), areaM2: fc.option(areaM2, { freq: 4 }), relations })
    .map((value) => defined(value) as Noun);
}

function relation(depth: number): fc.Arbitrary<Relation> {
  const anchors = noun(depth).map((one) => [one]);
  const negated = fc.boolean();
  const bare = fc.record({
    predicate: fc.constantFrom(
      "near" as const,
      "far_from" as const,
      "adjacent" as const,
      "along" as const,
      "inside" as const,
      "contains" as const,
      "surrounded_by" as const,
      "crosses" as const,
      "north_of" as const,
      "south_of" as const,
      "east_of" as const,
      "west_of" as const,
      "left_of" as const,
      "right_of" as const,
      "above" as const,
      "below" as const,
      "connected_to" as const,
    ),
    negated,
    anchors,
  });
  const bounded = fc
    .record({
      predicate: fc.constantFrom("near" as const, "far_from" as const, "north_of" as const),
      negated,
      metres,
      anchors,
    })
    .map(({ predicate, negated: isNegated, metres: value, anchors: own }) => ({
      predicate,
      negated: isNegated,
      distanceM: { op: predicate === "far_from" ? (">=" as const) : ("<=" as const), value },
      anchors: own,
    }));
  const between = fc.record({
    predicate: fc.constant("between" as const),
    negated,
    anchors: fc.tuple(noun(depth), noun(depth)).map((pair) => [...pair]),
  });
  return fc.oneof({ weight: 4, arbitrary: bare }, { weight: 2, arbitrary: bounded }, { weight: 1, arbitrary: between });
}

/** Any Query that words can hold, its places named in the language that it is printed in. */
export function queries(language: "en" | "zh"): fc.Arbitrary<Query> {
  const name = fc.constantFrom(...PLACES).map((place) => (language === "en" ? place[1] : place[2]));
  const inside = fc.constant("inside" as const);
  const geo = fc.oneof(
    fc.record({
      kind: fc.constant("place" as const),
      name,
      relation: fc.constantFrom("inside", "outside", "near", "far_from", "north_of", "south_of", "east_of", "west_of"),
    }),
    fc.record({
      kind: fc.constant("place" as const),
      name,
      relation: fc.constantFrom("near", "far_from"),
      distanceM: metres,
    }),
    fc.record({ kind: fc.constantFrom("viewport", "polygon"), relation: inside }),
    fc.record({ kind: fc.constant("edge_of" as const), name }),
    fc.constant({ kind: "edge_of" as const }),
  );
  const change = fc.constantFrom("new", "gone", "grown", "shrunk", "changed");
  const time = fc.oneof(
    fc.constant(null),
    fc.record({ kind: change }),
    fc.record({ kind: change, from: day }),
    fc.record({ kind: change, to: day }),
    fc.tuple(change, day, day).map(([kind, ...days]) => ({ kind, from: days.sort()[0], to: days[1] })),
    fc.record({ kind: fc.constant("as_of"), to: day }),
  );
  const order = fc.constantFrom("ascending", "descending");
  const sort = fc.oneof(
    fc.record({ by: fc.constantFrom("area", "date", "probability", "count", "distance"), order }),
    fc.record({ by: fc.constant("distance"), order, anchor: noun(1) }),
  );
  const exclusion = fc.record({ concept, attributes, relations: fc.constant([]) });
  return fc
    .record({
      target: fc
        .record({ concept, attributes, count: fc.option(count, { freq: 4 }), areaM2: fc.option(areaM2, { freq: 3 }) })
        .map(defined),
      relations: fc.array(relation(2), { maxLength: 3 }),
      geo: fc.array(geo, { maxLength: 2 }),
      time,
      exclude: fc.array(exclusion, { maxLength: 1 }),
      sort: fc.option(sort, { freq: 3 }),
      limit: fc.option(fc.integer({ min: 1, max: 50 }), { freq: 4 }),
      spans: fc.constant([]),
    })
    .map((value) => ({ ...defined({ ...value, time: undefined }), time: value.time }) as unknown as Query);
}
