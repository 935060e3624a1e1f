import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { faultOf, isBacked, numbersIn } from "../../../src/answer/captions/check-caption.ts";
import { collectFacts } from "../../../src/answer/captions/collect-facts.ts";
import { groundsOf } from "../../../src/answer/captions/grounds.ts";
import { writeCaption } from "../../../src/answer/captions/write-caption.ts";
import { CaptionSchema } from "../../../src/store/caption.ts";
import type { Entity } from "../../../src/store/entity.ts";
import { entity } from "../../fixtures/entities.ts";
import { BOX, line, patch, scene } from "./scenes.ts";

const DATES = ["2021-05-01", "2023-05-01"];
const OBJECTS: readonly ConceptId[] = [
  "building",
  "large_roof",
  "warehouse",
  "truck_yard",
  "storage_tank",
  "ship",
  "pond",
  "church",
  "greenhouse",
  "solar_panel",
  "highway_exit",
];
const AREAS: readonly ConceptId[] = [
  "farmland",
  "forest",
  "lake",
  "residential_area",
  "logistics_park",
  "industrial_area",
  "port",
  "quarry",
  "sea",
];

const objects = fc
  .record({
    concept: fc.constantFrom(...OBJECTS),
    x: fc.integer({ min: -300, max: 1300 }),
    y: fc.integer({ min: -300, max: 1300 }),
    side: fc.constantFrom(0, 10, 20, 60),
    colour: fc.constantFrom([], ["white"] as const, ["red", "large"] as const),
    isNamed: fc.boolean(),
    life: fc.constantFrom("always", "new", "gone"),
  })
  .map(
    ({ concept, x, y, side, colour, isNamed, life }, i = 0): Entity =>
      entity(`o${x}/${y}/${concept}/${i}`, concept, x, y, {
        side,
        attributes: [...colour],
        name: isNamed && side === 60 ? `Zorby ${Math.abs(x)}` : null,
        firstSeen: life === "new" ? (DATES[1] as string) : null,
        lastSeen: life === "gone" ? (DATES[0] as string) : null,
      }),
  );
const areas = fc
  .record({
    concept: fc.constantFrom(...AREAS),
    x: fc.integer({ min: -400, max: 900 }),
    y: fc.integer({ min: -400, max: 900 }),
    width: fc.integer({ min: 50, max: 900 }),
    height: fc.integer({ min: 50, max: 900 }),
  })
  .map(({ concept, x, y, width, height }) => patch(`a${x}/${y}/${concept}`, concept, [x, y, x + width, y + height]));
const lines = fc
  .record({
    concept: fc.constantFrom<ConceptId>("road", "highway", "railway", "river", "coast"),
    points: fc.array(fc.tuple(fc.integer({ min: -500, max: 1500 }), fc.integer({ min: -500, max: 1500 })), {
      minLength: 2,
      maxLength: 5,
    }),
  })
  .map(({ concept, points }) => line(`l${points.join("/")}/${concept}`, concept, points));
const worlds = fc
  .tuple(fc.array(objects, { maxLength: 30 }), fc.array(areas, { maxLength: 6 }), fc.array(lines, { maxLength: 4 }))
  .map(([one, two, three]) => [...new Map([...one, ...two, ...three].map((thing) => [thing.id, thing])).values()]);
const wordings = fc.record({
  language: fc.constantFrom("en" as const, "zh" as const),
  variant: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
  date: fc.constantFrom(...DATES),
});

const factsOf = (world: readonly Entity[], date: string) =>
  collectFacts([...BOX], date, scene(world, { dates: DATES }));

describe("any caption of any world", () => {
  test.prop([worlds, wordings], { numRuns: 150 })(
    "is its clauses joined, each with evidence that is there, and says only what that evidence backs",
    (world, { language, variant, date }) => {
      const facts = factsOf(world, date);
      const caption = CaptionSchema.parse(writeCaption(facts, language, variant));
      const grounds = groundsOf(facts);
      const ids = new Set([...world.map(({ id }) => id), facts.areaEvidence]);
      for (const { clauses } of [caption.line, caption.objects, caption.layout]) {
        for (const clause of clauses) {
          for (const id of clause.evidence) expect(ids.has(id), id).toBe(true);
          expect([clause.text, faultOf(clause, grounds, language)]).toEqual([clause.text, null]);
        }
      }
    },
  );

  test.prop([worlds, wordings], { numRuns: 60 })(
    "is the same for the same things in any order",
    (world, { language, variant, date }) => {
      const reversed = [...world].reverse();
      expect(writeCaption(factsOf(reversed, date), language, variant)).toEqual(
        writeCaption(factsOf(world, date), language, variant),
      );
    },
  );

  test.prop([worlds, wordings], { numRuns: 60 })(
    "has a line that one can read at a glance",
    (world, { variant, date }) => {
      const { line: one } = writeCaption(factsOf(world, date), "en", variant);
      expect(one.text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length).toBeLessThanOrEqual(30);
      expect(one.text).not.toMatch(/[.。]$|undefined|null|NaN| {2}/);
    },
  );

  test.prop([worlds, fc.constantFrom(...DATES)], { numRuns: 60 })("counts no thing twice", (world, date) => {
    const facts = factsOf(world, date);
    const told = facts.groups.reduce(
      (sum, { count, parts }) => sum + count + parts.reduce((inner, part) => inner + part.count, 0),
      0,
    );
    expect(told).toBeLessThanOrEqual(world.length);
    for (const { share } of facts.cover) expect(share).toBeLessThanOrEqual(1);
    expect(facts.cover.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
  });
});

describe("numbers", () => {
  test.prop([fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(0, 1, 2)])(
    "are backed at the precision that they are printed with, and not beyond",
    (value, decimals) => {
      const printed = value.toLocaleString("en-US", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      });
      expect(isBacked(printed, [value])).toBe(true);
      expect(isBacked(printed, [value + 1.01 * 10 ** -decimals])).toBe(false);
    },
  );

  test("are found as digits and words, dates left out", () => {
    expect(numbersIn("Three of 1,240 roofs since 2021-05-01, 2.5 ha")).toEqual(["Three", "1,240", "2.5"]);
    expect(numbersIn("三座仓库和 12 座建筑，四周为农田")).toEqual(["三", "12"]);
  });
});
