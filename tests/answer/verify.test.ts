import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { plainLine, withoutMarkup } from "../../src/answer/plain-text.ts";
import { checkSentence } from "../../src/answer/verify/check-sentence.ts";
import { datesIn } from "../../src/answer/verify/dates.ts";
import { type Evidence, UnitBuilder } from "../../src/answer/verify/evidence.ts";
import { hanNumber, quantitiesIn } from "../../src/answer/verify/quantities.ts";
import { piecesOf } from "../../src/answer/verify/sentences.ts";
import { draftPieces, settlePiece } from "../../src/answer/verify/settle.ts";
import { supportedText } from "../../src/answer/verify/verify-text.ts";

describe("numbers in a text", () => {
  it.each<[string, readonly [number, string][]]>([
    ["1,240 m from the exit", [[1240, "m"]]],
    [
      "6.1 ha and 2.05 km²",
      [
        [61_000, "m2"],
        [2_050_000, "m2"],
      ],
    ],
    [
      "9,624 m², probability 87 %",
      [
        [9624, "m2"],
        [87, "percent"],
      ],
    ],
    [
      "1.2 km, 3 kilometres",
      [
        [1200, "m"],
        [3000, "m"],
      ],
    ],
    [
      "two quarries and a dozen exits",
      [
        [2, "bare"],
        [12, "bare"],
      ],
    ],
    ["1,700,000 TEU", [[1_700_000, "bare"]]],
    ["20 MW", [[20, "bare"]]],
    ["1.2万个", [[12_000, "bare"]]],
    [
      "三个采石场,两座桥",
      [
        [3, "bare"],
        [2, "bare"],
      ],
    ],
    ["距河 三百二十 米", [[320, "m"]]],
    [
      "面积 3.7 公顷,5 平方公里",
      [
        [37_000, "m2"],
        [5_000_000, "m2"],
      ],
    ],
    ["百分之三十", [[30, "percent"]]],
    ["距高速出口1000米以内", [[1000, "m"]]],
    ["三峡大坝的十字路口", []],
    ["the one at Exit4", []],
  ])("“%s” are read with their units", (text, expected) => {
    expect(quantitiesIn(text).map(({ value, unit }) => [Math.round(value * 1000) / 1000, unit])).toEqual(expected);
  });
  it.each([
    ["三", 3],
    ["十二", 12],
    ["二十", 20],
    ["三百零五", 305],
    ["两万三千", 23_000],
    ["二〇二四", 2024],
    ["一亿两千万", 120_000_000],
  ])("%s is %i", (text, value) => expect(hanNumber(text)).toBe(value));
  test.prop([fc.integer({ min: 0, max: 9_999_999 })])("read back what replies print", (value) => {
    expect(quantitiesIn(`x ${value.toLocaleString("en-US")} m y`)).toMatchObject([{ value, unit: "m" }]);
  });
});

it.each([
  ["first seen 2024-05-12 here", ["2024-05-12"]],
  ["on 12 May 2024 and in May 2023", ["2024-05-12", "2023-05"]],
  ["2024年5月12日,2023年", ["2024-05-12", "2023"]],
  ["built in 1911", ["1911"]],
  ["1911 m, 2024 ha, 1,911", []],
])("dates in “%s” are read", (text, expected) => {
  expect(datesIn(text).map(({ date }) => date)).toEqual(expected);
});

describe("sentences", () => {
  test.prop([fc.string({ maxLength: 200 })])("joined are the text", (text) => {
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
  it("end where sentences and lines end, and not in numbers, list signs or quotations", () => {
    const text = "Found 2. It is 3.5 ha.\n1. Quarry, 3 m. Old [1]\n共 2 个。另有一个。";
    expect(piecesOf(text).map((piece) => piece.text)).toEqual([
      "Found 2. ",
      "It is 3.5 ha.\n",
      "1. Quarry, 3 m. Old [1]\n",
      "共 2 个。",
      "另有一个。",
    ]);
    expect(piecesOf("One. Two. Three.", [{ start: 0, end: 9 }]).map((piece) => piece.text)).toEqual([
      "One. Two. ",
      "Three.",
    ]);
  });
});

const evidence: Evidence = {
  units: [
    new UnitBuilder().number(2).date("2024-05-12").build({ isGlobal: true }),
    new UnitBuilder()
      .number(31_240, "m2")
      .number(312.4, "m")
      .number(87.3, "percent")
      .phrase("Exit 4 (motorway exit)", "Exit 4")
      .build({ rank: 1, markers: [1] }),
    new UnitBuilder()
      .number(9000, "m2")
      .number(840, "m")
      .phrase("Exit 5 (motorway exit)", "Exit 5")
      .build({ rank: 2, markers: [2] }),
    new UnitBuilder()
      .text("Port Ellery was opened in 1988 by Lantern Power.")
      .phrase("Port Ellery was opened in 1988 by Lantern Power.", "Port Ellery", "埃勒里港")
      .build({ markers: [3] }),
  ],
  names: ["Exit 4", "Exit 5", "Port Ellery", "埃勒里港", "Marlow Yard", "马洛港"],
};
const faultsOf = (sentence: string) => checkSentence(sentence, sentence, evidence).map(({ kind }) => kind);

describe("a sentence", () => {
  it.each([
    "#1 is 312 m from Exit 4 and covers 3.1 ha.",
    "There are two results, as of 2024-05-12.",
    "#2 lies 0.84 km from Exit 5.",
    "The likelihood of #1 is 87 %.",
    "Port Ellery was opened in 1988 [3].",
    "第 1 个距 Exit 4 312 米,面积 3.1 公顷。",
    "共有两个结果。",
    "埃勒里港于 1988 年启用 [3]。",
  ])("“%s” that the evidence backs stands", (sentence) => {
    expect(faultsOf(sentence)).toEqual([]);
  });
  it.each([
    ["#1 is 313 m from Exit 4.", "number"],
    ["#1 covers 3.2 ha.", "number"],
    ["#1 is 312 km from Exit 4.", "number"],
    ["#1 is 840 m from Exit 4.", "number"],
    ["#2 is 312 m from Exit 5.", "number"],
    ["#1 is 312 m from Exit 5.", "name"],
    ["#1 is near Marlow Yard.", "name"],
    ["There are three results.", "number"],
    ["These are as of 2024-05-13.", "date"],
    ["Port Ellery was opened in 1989 [3].", "date"],
    ["Port Ellery was opened in 1988 [9].", "source"],
    ["#7 is large.", "region"],
    ["#1 belongs to Acme.", "word"],
    ["#1 is dangerous.", "word"],
    ["第 1 个距 Exit 4 412 米。", "number"],
    ["共有三个结果。", "number"],
    ["马洛港于 1988 年启用 [3]。", "name"],
    ["第 1 个很危险。", "word"],
  ])("“%s” that it does not back is found out: %s", (sentence, kind) => {
    expect(faultsOf(sentence)).toContain(kind);
  });
  it("that nothing backs does not leave; the others do", () => {
    expect(
      supportedText("#1 is 312 m from Exit 4. It was built by Acme in 1850. There are two results.", evidence),
    ).toEqual({
      text: "#1 is 312 m from Exit 4. There are two results.",
      dropped: 1,
    });
    expect(supportedText("Everything is wonderful.", evidence)).toEqual({ text: "", dropped: 1 });
  });
});

describe("a sentence that a model worded", () => {
  const draft = {
    text: "#1 is 312 m from Exit 4 [1].",
    citations: [],
    understood: { unparsed: [] },
  } as unknown as Parameters<typeof draftPieces>[0];
  const [piece] = draftPieces(draft);
  const settled = (worded: string) => settlePiece(piece as never, draft.text, worded, evidence);
  it("stands where it says the same", () => {
    expect(settled("The distance of #1 from Exit 4 is 312 m.")).toMatchObject({ outcome: "kept" });
  });
  it.each([
    "#1 is not 312 m from Exit 4.",
    "#1 is near Exit 4.",
    "#2 is 312 m from Exit 4.",
    "#1 is 312 m from Exit 4, of 3.1 ha.",
  ])("“%s” gives way to the writer's own where it does not", (worded) =>
    expect(settled(worded)).toEqual({ text: "#1 is 312 m from Exit 4 [1].", outcome: "repaired" }),
  );
});

describe("words from data", () => {
  it.each([
    ["See [the page](https://evil.example/a_(b)) now", "See the page now"],
    ["![map](https://evil.example/p.png)Quarry", "mapQuarry"],
    ["<a href='https://evil.example'>Great</a> <b>quarry</b>", "Great quarry"],
    ["<scr<b>ipt>alert(1)</script>", "alert(1)"],
    ["go to www.evil.example/x or mail a.b@evil.example", "go to or mail"],
    ["javascript:alert(1)", ""],
    ["Ig\u200bnore\u202e me\u{E0041}", "Ignore me"],
    ["**bold** `code` # not a heading", "bold code # not a heading"],
    ["#1 is 3.5 ha [1] (probability 87 %)", "#1 is 3.5 ha [1] (probability 87 %)"],
    ["面积 3.7 公顷,距 River A.B 59 米 [1](概率 87 %)", "面积 3.7 公顷,距 River A.B 59 米 [1](概率 87 %)"],
  ])("“%s” are left as “%s”", (text, expected) => expect(plainLine(text)).toBe(expected));
  test.prop([fc.string({ unit: "grapheme", maxLength: 300 })])(
    "hold no markup after it is taken out, and it is taken out at once",
    (text) => {
      const once = withoutMarkup(text);
      expect(once).not.toMatch(/<[a-z/!?]|https?:\/\/\w|[\u200B-\u200F\u202A-\u202E]/i);
    },
  );
  it("are cut where they are overlong, and read in a moment", () => {
    const started = performance.now();
    for (const part of ["a.", "[", "(", "<", "http:", "x@", "- ", "![a](", "\u200b"]) plainLine(part.repeat(60_000));
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(plainLine("x".repeat(5000), 80).length).toBe(81);
  });
});
