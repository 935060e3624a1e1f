import { describe, expect, it } from "vitest";
import { generalConcepts } from "../../knowledge/ontology/hierarchy.ts";
import { readOsmTags } from "../../knowledge/ontology/osm.ts";
import { EMPTY_DIALOGUE } from "../../src/query/turn.ts";
import { understand } from "../../src/query/understand.ts";

const concepts = (tags: Record<string, string>) => readOsmTags(tags, 100).map(({ concept }) => concept);
const read = (text: string) =>
  understand(text, EMPTY_DIALOGUE, { gazetteer: { places: [] }, newestDate: "2024-01-01", dates: ["2024-01-01"] });

describe("kinds and sizes", () => {
  it("a more general kind is one that subsumes, at any depth", () => {
    expect([...generalConcepts("warehouse")].sort()).toEqual(["building", "large_roof"]);
    expect(generalConcepts("building")).toEqual([]);
  });

  it("a plain building is also what its other tags say", () => {
    expect(concepts({ building: "roof", amenity: "fuel" })).toContain("gas_station");
    expect(concepts({ building: "yes", amenity: "hospital" })).toEqual(["hospital"]);
    expect(concepts({ building: "yes" })).toEqual(["building"]);
    expect(concepts({ building: "warehouse", amenity: "fuel" })).toEqual(["warehouse"]);
  });

  it("a number before square metres is a size, though it could be a year", () => {
    for (const unit of ["square metres", "sq m", "m2"]) {
      const { query } = read(`warehouses larger than 2000 ${unit}`);
      expect(query?.target.areaM2).toEqual({ op: ">", value: 2000 });
      expect(query?.time).toBeNull();
    }
    expect(read("warehouses built since 2000").query?.time).not.toBeNull();
  });
});
