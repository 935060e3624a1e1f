import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { learnReranker } from "../../src/evaluation/knowledge/learn-reranker.ts";
import { holdsAnswer } from "../../src/evaluation/knowledge/match-answer.ts";
import { landmarkNames } from "../../src/query/knowledge/landmark-names.ts";
import { readKnowledgeQuestion } from "../../src/query/knowledge/read-question.ts";
import { fuseRanks } from "../../src/retrieval/knowledge/fusion.ts";
import { FEATURES, RERANKER, rerankerScore } from "../../src/retrieval/knowledge/reranker.ts";
import { kilometresApart } from "../../src/retrieval/knowledge/retrieve.ts";
import type { Landmark } from "../../src/store/ports.ts";

describe("reciprocal-rank fusion", () => {
  it("adds weight / (60 + rank) over the lists", () => {
    const fused = fuseRanks([
      { items: ["a", "b", "c"], weight: 1 },
      { items: ["b", "d"], weight: 2 },
    ]);
    expect(fused.map(({ item }) => item)).toEqual(["b", "d", "a", "c"]);
    expect(fused[0]?.score).toBeCloseTo(1 / 62 + 2 / 61, 12);
    expect(fused[1]?.score).toBeCloseTo(2 / 62, 12);
  });

  property.prop([fc.array(fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 }), { maxLength: 4 })])(
    "gives what the formula gives, item by item",
    (lists) => {
      const fused = fuseRanks(lists.map((items) => ({ items, weight: 1 })));
      for (const { item, score } of fused) {
        const expected = lists.reduce(
          (sum, items) => sum + (items.includes(item) ? 1 / (61 + items.indexOf(item)) : 0),
          0,
        );
        expect(score).toBeCloseTo(expected, 12);
      }
      expect(fused.map(({ score }) => score)).toEqual(fused.map(({ score }) => score).sort((a, b) => b - a));
    },
  );
});

it("learns a re-ranker that separates what one feature separates, the same each time", () => {
  const example = (named: number, isSource: boolean) => ({
    features: FEATURES.map((feature) => (feature === "named" ? named : 0)),
    isSource,
  });
  const examples = [example(1, true), example(0.9, true), example(0, false), example(0.1, false), example(0.05, false)];
  const model = learnReranker(examples, "test", 1);
  expect(model).toEqual(learnReranker(examples, "test", 1));
  for (const { features, isSource } of examples) expect(rerankerScore(features, model) > 0.5).toBe(isSource);
  expect(Object.keys(RERANKER.weights).sort()).toEqual([...FEATURES].sort());
});

it("measures great-circle distances", () => {
  expect(kilometresApart([0, 0], [0, 1])).toBeCloseTo(111.195, 2);
  expect(kilometresApart([179.5, 0], [-179.5, 0])).toBeCloseTo(111.195, 2);
});

describe("answers that are held", () => {
  it.each([
    ["Hoover Dam is 221 m high [1].", "221 m", true],
    ["Hoover Dam is 0.221 km high.", "221 m", true],
    ["It is 2,080 MW strong.", "2080 MW", true],
    ["It is 221 m high.", "379 m", false],
    ["It opened in 1914 [1].", "1914", true],
    ["It opened in 1914.", "1915", false],
    ["巴拿马运河于1914年开通启用。", "1914年", true],
    ["Operated by Aena [1].", "aena", true],
    ["Yes: it is.", "yes", true],
    ["No: it is not.", "yes", false],
    ["It has a population of 1,234,567.", "1234567", true],
  ])("%s holds %s: %s", (reply, expected, isHeld) => {
    expect(holdsAnswer(reply, expected)).toBe(isHeld);
  });
});

const landmark = (id: string, name: string, concept: string, extra: Partial<Landmark> = {}): Landmark => ({
  id,
  name,
  aliases: [],
  concept,
  country: "US",
  geometry: { type: "Point", coordinates: [-114, 36] },
  facts: [{ key: "height_m", value: "221" }],
  source: "test",
  licence: null,
  image: null,
  ...extra,
});

describe("questions about landmarks", () => {
  const names = landmarkNames([
    landmark("hoover", "Hoover Dam", "dam", { aliases: ["Boulder Dam", "胡佛水坝"] }),
    landmark("gate", "Golden Gate Bridge", "bridge", {
      aliases: ["金门大桥"],
      facts: [{ key: "architect", value: "Irving Morrow" }],
    }),
    landmark("eiffel", "Eiffel Tower", "tower", {
      aliases: ["埃菲尔铁塔"],
      country: "FR",
      geometry: { type: "Point", coordinates: [2.3, 48.9] },
    }),
    landmark("vegas", "Las Vegas", "city", { geometry: { type: "Point", coordinates: [-115.1, 36.2] } }),
  ]);
  const read = (message: string, focus: readonly string[] = []) => readKnowledgeQuestion(message, names, focus);

  it("reads what is asked, and of which landmark, in both languages", () => {
    for (const message of [
      "How tall is the Hoover Dam?",
      "what's the height of boulder dam",
      "胡佛大坝有多高?",
      "Hoover Dam有多高",
    ])
      expect(read(message), message).toMatchObject({
        form: "fact",
        asks: [{ topic: "height" }],
        named: [{ landmarks: ["hoover"] }],
        unknown: null,
      });
    expect(read("Who operates the Golden Gate Bridge and since when?")?.asks.map(({ topic }) => topic)).toEqual([
      "operator",
      "opened",
    ]);
    expect(read("Which is taller, the Hoover Dam or the Eiffel Tower?")).toMatchObject({
      form: "compare",
      degree: { direction: "most" },
      named: [{ landmarks: ["hoover"] }, { landmarks: ["eiffel"] }],
    });
  });

  it("takes no longer or other name for a name that it knows", () => {
    for (const message of [
      "How long is the Hoover Bridge?",
      "When did the Golden Gate Tunnel open?",
      "How tall is the Eiffel Tower in Las Vegas?",
      "胡佛大桥有多长?",
    ])
      expect(read(message)?.unknown, message).not.toBeNull();
  });

  it("goes on with the landmark that was spoken of", () => {
    expect(read("And how long is it?", ["hoover"])).toMatchObject({
      isFollowUp: true,
      named: [{ landmarks: ["hoover"] }],
      asks: [{ topic: "length" }],
    });
    expect(read("它有多长?", ["hoover"])).toMatchObject({ isFollowUp: true });
    expect(read("And how long is it?")).toBeNull();
  });

  it("leaves searches alone", () => {
    for (const message of [
      "find warehouses within 500 m of a highway exit",
      "only within 500 m",
      "without the ones at the port",
      "查找高速出口附近的仓库",
    ])
      expect(read(message), message).toBeNull();
  });

  it("reads a name in the facts as what is looked for", () => {
    expect(read("Which bridge did Irving Morrow design?")).toMatchObject({
      form: "list",
      value: "Irving Morrow",
      concept: "bridge",
    });
  });
});
