import { describe, expect, it } from "vitest";
import { parseFormula, printFormula } from "../../src/logic/text.ts";
import { complexityOf, explainFormula } from "../../src/query/explain-formula.ts";
import { nearestConcepts } from "../../src/query/nearest-concepts.ts";
import type { Query } from "../../src/query/schema.ts";
import { type DialogueState, EMPTY_DIALOGUE, type UnderstandContext } from "../../src/query/turn.ts";
import { understand } from "../../src/query/understand.ts";

const context: UnderstandContext = { gazetteer: { places: [] }, newestDate: "2025-06-02", dates: [] };
const ask = (message: string, dialogue: DialogueState = EMPTY_DIALOGUE) => understand(message, dialogue, context);
/** The conversation after messages that each found three regions. */
function conversation(...messages: string[]): DialogueState {
  let state = EMPTY_DIALOGUE;
  for (const message of messages) {
    const { query } = ask(message, state);
    const history = state.query ? [...state.history, state.query] : [];
    state = { ...state, query, history, regions: [1, 2, 3].map((rank) => ({ id: `t.1.${rank}`, rank, caption: "" })) };
  }
  return state;
}
const labels = (message: string, dialogue = EMPTY_DIALOGUE) =>
  ask(message, dialogue).alternatives.map(({ label }) => label);

describe("readings to choose from", () => {
  it("offers both anchors of an or", () => {
    expect(labels("quarries near a river or a lake")).toEqual(["quarries near a river", "quarries near a lake"]);
    expect(labels("靠近河流或湖泊的采石场")).toEqual(["靠近河流的采石场", "靠近湖泊的采石场"]);
  });

  it("offers the relations that a bare distance may bound", () => {
    const standing = conversation("quarries within 500 m of a river and within 1 km of a road");
    expect(labels("make it 2 km", standing)).toEqual([
      "quarries within 500 m of a river within 2000 m of a road",
      "quarries within 2000 m of a river within 1000 m of a road",
    ]);
    expect(labels("make the river 200 m", standing)).toEqual([]);
  });

  it("offers the sides of a river when none stands, and turns the one that does", () => {
    const sides = labels("what about the other side of the river?", conversation("quarries near a river"));
    expect(sides).toHaveLength(4);
    expect(
      ask("what about the other side of the river?", conversation("quarries north of a river")).query?.relations,
    ).toMatchObject([{ predicate: "south_of" }]);
  });

  it("offers both owners of what an anchor may have", () => {
    const readings = ask("schools next to a park with a pond").alternatives.map(({ query }) => query.relations.length);
    expect(readings).toEqual([2, 1]);
    expect(labels("schools next to a park that has a pond")).toEqual([]);
  });

  it("offers nothing where one reading is much likelier", () => {
    for (const message of ["quarries near a river and a lake", "new warehouses near motorway exits", "最大的三个湖泊"])
      expect(labels(message)).toEqual([]);
  });
});

describe("what is not said of the target", () => {
  it.each(["buildings that are not white", "不是白色的建筑"])("%s", (message) => {
    const { query } = ask(message);
    expect(query?.exclude).toEqual([{ concept: "building", attributes: ["white"], relations: [] }]);
    expect(explainFormula(query as Query).text).toBe("building(x) ∧ ¬white(x)");
  });

  it("of an anchor is left over, for it has no slot", () => {
    expect(ask("houses near a beach that is not crowded").unparsed.map(({ text }) => text)).toEqual(["not crowded"]);
  });
});

describe("a query as logic", () => {
  it("tells the words of every part and counts predicates and quantifiers", () => {
    const message = "large quarries near a river with at least three tanks, not within 300 m of housing";
    const { text, parts, complexity } = explainFormula(ask(message).query as Query);
    expect(text).toBe(
      "quarry(x) ∧ large(x) ∧ ∃y (river(y) ∧ near(x, y, ~500)) ∧ ≥3 z (storage_tank(z) ∧ contains(x, z)) ∧ ¬∃w (residential_area(w) ∧ near(x, w, 300))",
    );
    expect(parts.map(({ words }) => words)).toEqual([
      "large quarries",
      "large quarries",
      "near a river",
      "with at least three tanks",
      "not within 300 m of housing",
    ]);
    expect(complexity).toEqual({ predicates: 8, quantifiers: 3 });
    expect(complexityOf(parseFormula(text))).toEqual(complexity);
    expect(printFormula(parseFormula(text))).toBe(text);
  });

  it("keeps the words of what an earlier message said", () => {
    const { query } = ask("within 300 m and in Westmarch", conversation("find quarries near a river"));
    const { parts } = explainFormula(query as Query);
    expect(parts.map(({ words }) => words)).toEqual(["quarries", "within 300 m", "in Westmarch"]);
  });
});

describe("follow-ups in both languages", () => {
  const cases: readonly (readonly [string, string, string, string, (query: Query) => unknown, unknown])[] = [
    [
      "find quarries near a river",
      "drop the river bit",
      "查找河流附近的采石场",
      "去掉河流这个条件",
      (q) => q.relations,
      [],
    ],
    [
      "find quarries near a river",
      "replace the river with a lake",
      "查找河流附近的采石场",
      "把河流换成湖泊",
      (q) => q.relations[0]?.anchors[0]?.concept,
      "lake",
    ],
    ["find new quarries", "they don't have to be new", "查找新建的采石场", "不一定要新的", (q) => q.time, null],
    [
      "quarries larger than 2 ha",
      "make it 5 ha",
      "面积大于2公顷的采石场",
      "改成5公顷",
      (q) => q.target.areaM2,
      { op: ">", value: 50_000 },
    ],
    [
      "find quarries",
      "no small ones",
      "查找采石场",
      "不要小的",
      (q) => q.exclude,
      [{ concept: "quarry", attributes: ["small"], relations: [] }],
    ],
    [
      "find quarries",
      "sort by distance to the railway",
      "查找采石场",
      "按到铁路的距离排序",
      (q) => q.sort?.anchor?.concept,
      "railway",
    ],
    [
      "find quarries near a river",
      "actually solar farms instead",
      "查找河流附近的采石场",
      "改为太阳能电站",
      (q) => [q.target.concept, q.relations.length],
      ["solar_farm", 1],
    ],
    [
      "find large quarries near a river",
      "remove those within 1 km of a school",
      "查找河流附近的大型采石场",
      "去掉学校1公里以内的",
      (q) => [q.relations[1]?.negated, q.relations[1]?.distanceM],
      [true, { op: "<=", value: 1000 }],
    ],
  ];
  it.each(cases)("%s, %s", (english, change, chinese, chineseChange, part, expected) => {
    for (const turn of [ask(change, conversation(english)), ask(chineseChange, conversation(chinese))]) {
      expect(turn.intent).toBe("refine");
      expect(part(turn.query as Query)).toEqual(expected);
    }
  });

  it("goes back as often as there is something to go back to", () => {
    const dialogue = conversation("find quarries", "near a river");
    const turn = ask("go back", dialogue);
    expect(turn).toMatchObject({ intent: "refine", action: "undo", query: { relations: [] } });
    expect(ask("go back", { ...dialogue, history: [], query: turn.query }).action).toBe("none");
  });
});

describe("both scripts in one message", () => {
  it.each([
    ["找 warehouse 附近的 parking lot", "parking_lot", "warehouse"],
    ["warehouses near 高速出口", "warehouse", "highway_exit"],
    ["ＷＡＲＥＨＯＵＳＥ附近的停车场", "parking_lot", "warehouse"],
  ])("%s", (message, target, anchor) => {
    expect(ask(message).query).toMatchObject({
      target: { concept: target },
      relations: [{ anchors: [{ concept: anchor }] }],
    });
  });
});

describe("an unknown noun", () => {
  it("is offered the concepts whose names are nearest", () => {
    expect(ask("find warehousette").query).toBeNull();
    expect(nearestConcepts("warehousette")).toContain("warehouse");
    expect(nearestConcepts("风力电力场")).toContain("wind_farm");
    expect(nearestConcepts("qqq")).toEqual([]);
  });
});
