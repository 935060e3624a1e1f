import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { describeQuery } from "../../src/query/describe.ts";
import { type Query, QuerySchema } from "../../src/query/schema.ts";
import { EMPTY_DIALOGUE, type UnderstandContext } from "../../src/query/turn.ts";
import { understand } from "../../src/query/understand.ts";
import { PLACES, queries } from "./queries.ts";

const context: UnderstandContext = {
  gazetteer: {
    places: PLACES.map(([id, ...names]) => ({
      id,
      names,
      concept: "town",
      geometry: { type: "Point", coordinates: [0, 0] },
      importance: 1,
    })),
  },
  newestDate: "2025-06-02",
  dates: [],
};

describe("a Query in words", () => {
  for (const language of ["en", "zh"] as const) {
    test.prop([queries(language)], { numRuns: 600 })(`reads back to itself (${language})`, (query) => {
      expect(QuerySchema.safeParse(query).success).toBe(true);
      const words = describeQuery(query, language);
      const read = understand(words, EMPTY_DIALOGUE, context).query as Query;
      expect({ words, ...read, spans: [] }).toEqual({ words, ...query });
    });
  }
});
