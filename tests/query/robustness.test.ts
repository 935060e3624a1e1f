import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { ATTRIBUTE_IDS, CONCEPT_IDS } from "../../knowledge/ontology/ids.ts";
import { attributeName, conceptName } from "../../knowledge/ontology/names.ts";
import { describeQuery } from "../../src/query/describe.ts";
import type { Query } from "../../src/query/schema.ts";
import { type DialogueState, EMPTY_DIALOGUE, TurnSchema, type UnderstandContext } from "../../src/query/turn.ts";
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
const standing = understand(
  "the 3 largest new quarries within 500 m of a river and near a port in Ellery",
  EMPTY_DIALOGUE,
  context,
).query as Query;
const dialogue: DialogueState = {
  ...EMPTY_DIALOGUE,
  query: standing,
  history: [standing],
  regions: [{ id: "t.1.1", rank: 1, caption: "a" }],
};

/** Messages of the grammars' own words in any order: what a reader that looks ahead fears most. */
const PIECES = [
  ..."( ) , . ? and or not no that which is are with without between near within of from the at least 3 500 m km ha 2023 since in last year largest top closest to drop remove instead only except for #2 it here edge town side by other more than same but".split(
    " ",
  ),
  ..."（ ） ， 、 的 和 不 在 有 没有 附近 以内 旁边 被 包围 距 离 最大 最近 至少 三 个 500 米 公里 公顷 2023年 以来 过去 去掉 换成 改成 除了 以外 按 排序 靠近 沿 之间 第二个 这里 边缘 地方 里 上 中 大 新".split(
    " ",
  ),
  ...CONCEPT_IDS.slice(0, 40).flatMap((id) => [conceptName(id, "en"), conceptName(id, "zh")]),
  ...ATTRIBUTE_IDS.flatMap((id) => [attributeName(id, "en"), attributeName(id, "zh")]),
  "Ellery",
  "埃勒里",
  "xyzzy",
  "西马奇",
];
const salad = (joint: string) =>
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 90 }).map((pieces) => pieces.join(joint));
const anyMessage = fc.oneof(
  fc.string({ maxLength: 400, unit: "grapheme" }),
  fc.string({ maxLength: 400, unit: "binary" }),
  salad(" "),
  salad(""),
  fc
    .tuple(fc.constantFrom(...PIECES), fc.integer({ min: 1, max: 200 }))
    .map(([piece, times]) => `${piece} `.repeat(times)),
);

describe("any message", () => {
  test.prop([anyMessage, fc.boolean()], { numRuns: 1500 })("is read as a valid turn in time", (message, isFollowUp) => {
    const state = isFollowUp ? dialogue : EMPTY_DIALOGUE;
    let fastest = Number.POSITIVE_INFINITY;
    const limit = 50 * Math.max(1, Math.ceil(message.length / 200));
    // The best of a few runs, so that a pause of the machine is not held against the reader.
    for (let run = 0; run < 8 && fastest > limit; run += 1) {
      const started = performance.now();
      const turn = understand(message, state, context);
      fastest = Math.min(fastest, performance.now() - started);
      const checked = TurnSchema.safeParse(turn);
      expect(checked.success ? null : checked.error.issues).toBeNull();
      for (const { start, end } of turn.unparsed) expect(start <= end && end <= message.length).toBe(true);
    }
    expect(fastest).toBeLessThanOrEqual(limit);
  });

  test.prop([fc.integer({ min: 4001, max: 20_000 })], { numRuns: 5 })(
    "of any length is cut, and the rest reported",
    (length) => {
      const turn = understand("x".repeat(length), EMPTY_DIALOGUE, context);
      expect(turn.unparsed.at(-1)?.end).toBe(length);
    },
  );
});

describe("the same message written otherwise", () => {
  const fullWidth = (text: string) =>
    [...text]
      .map((unit) =>
        unit === " " ? "　" : /[!-~]/.test(unit) ? String.fromCharCode(unit.charCodeAt(0) + 0xfee0) : unit,
      )
      .join("");
  const changes = fc.constantFrom<(text: string) => string>(
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
    (text) => `  ${text.replaceAll(" ", "   ")} `,
    (text) => `${text}!!!`,
    (text) => `${text}?`,
    (text) => `${text}。`,
    fullWidth,
  );
  const plain = (message: string) => {
    const { query } = understand(message, EMPTY_DIALOGUE, context);
    return query && { ...query, spans: [] };
  };
  for (const language of ["en", "zh"] as const)
    test.prop([queries(language), changes], { numRuns: 300 })(`means the same (${language})`, (query, change) => {
      const words = describeQuery(query, language);
      expect({ words, query: plain(change(words)) }).toEqual({ words, query: plain(words) });
    });
});
