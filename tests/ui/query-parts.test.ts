import { describe, expect, it } from "vitest";
import { type Query, QuerySchema } from "../../src/query/schema.ts";
import { queryParts } from "../../ui/src/chat/query-parts.ts";

const query: Query = {
  target: { concept: "logistics_park", attributes: ["large"], areaM2: { op: ">", value: 20_000 } },
  relations: [
    {
      predicate: "near",
      negated: false,
      anchors: [{ concept: "highway_exit", attributes: [], relations: [] }],
    },
    {
      predicate: "near",
      negated: true,
      distanceM: { op: "<=", value: 300 },
      anchors: [{ concept: "river", attributes: [], relations: [] }],
    },
  ],
  geo: [{ kind: "place", name: "Medwin", relation: "near", distanceM: 2000 }],
  time: { kind: "new", from: "2021-06-23" },
  exclude: [{ region: "thread.1.2" }],
  sort: { by: "area", order: "descending" },
  limit: 3,
  spans: [],
};
const slots = [
  "target.concept",
  "target.attributes.0",
  "target.areaM2",
  "relations.0",
  "relations.1",
  "geo.0",
  "time",
  "exclude.0",
  "sort",
  "limit",
];

describe.each(["en", "zh"] as const)("the parts of a query, in %s", (language) => {
  const parts = queryParts(query, language);

  it("name every slot once, each in words of its own", () => {
    expect(parts.map(({ slot }) => slot)).toEqual(slots);
    const labels = parts.map(({ label }) => label);
    expect(labels.every((label) => label !== "")).toBe(true);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it("leave out one part and nothing else, and what is left is a query", () => {
    for (const { slot, without } of parts) {
      if (slot === "target.concept") {
        expect(without).toBeNull();
        continue;
      }
      const left = queryParts(QuerySchema.parse(without), language);
      expect(left).toHaveLength(parts.length - 1);
      expect(without).not.toEqual(query);
    }
  });

  it("set a field to its own value without a change of meaning, and never change the query in place", () => {
    const before = structuredClone(query);
    for (const { fields } of parts) {
      for (const field of fields) {
        const same = (field.set as (held: Query, value: unknown) => Query)(query, field.value);
        const fieldsNow = queryParts(same, language).flatMap((part) => part.fields.map(({ value }) => value));
        expect(fieldsNow).toEqual(parts.flatMap((part) => part.fields.map(({ value }) => value)));
      }
    }
    expect(query).toEqual(before);
  });
});

it("a distance is changed where it stands, and one that was not said becomes said", () => {
  const [near, far] = queryParts(query, "en").filter(({ slot }) => slot.startsWith("relations"));
  const metres = (part: typeof near) => part?.fields.find(({ kind }) => kind === "metres");
  expect(metres(near)?.value).toBe(1000);
  const field = metres(near);
  if (field?.kind !== "metres") throw new Error("no distance");
  const changed = field.set(query, 500);
  expect(changed.relations[0]?.distanceM).toEqual({ op: "<=", value: 500 });
  expect(changed.relations[1]).toEqual(query.relations[1]);
  expect(metres(far)?.value).toBe(300);
});

it("words of pieces are those of the description", () => {
  const labels = queryParts(query, "en").map(({ label }) => label);
  expect(labels).toContain("near a motorway exit");
  expect(labels).toContain("not within 300 m of a river");
  expect(labels).toContain("within 2000 m of Medwin");
  expect(labels).toContain("larger than 2 ha");
  expect(labels).toContain("not #2");
  const chinese = queryParts(query, "zh").map(({ label }) => label);
  expect(chinese).toContain("排除 #2");
});
