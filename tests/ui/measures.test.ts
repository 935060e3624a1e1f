import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { narrowingDistance } from "../../ui/src/chat/suggestions.ts";
import { boundWords, percent, valueWords } from "../../ui/src/measures.ts";

test.prop([fc.double({ min: 0, max: 1, noNaN: true })])("only certainty reads as certainty", (probability) => {
  expect(percent(probability) === "100\u00a0%").toBe(probability === 1);
  expect(percent(probability) === "0\u00a0%").toBe(probability === 0);
});

test.prop([fc.array(fc.nat(9000), { minLength: 1, maxLength: 12 })])(
  "a narrowing distance keeps some results and drops others",
  (distances) => {
    const metres = narrowingDistance(distances);
    if (metres === null) return;
    expect(distances.some((distance) => distance <= metres)).toBe(true);
    expect(distances.some((distance) => distance > metres)).toBe(true);
  },
);

it("values carry their units in both languages", () => {
  expect(valueWords(675.6, "m", "en")).toBe("676\u00a0m");
  expect(valueWords(2.31, "m", "zh")).toBe("2.3\u00a0米");
  expect(valueWords(0.807, "ratio", "en")).toBe("81\u00a0%");
  expect(valueWords("before the record", "date", "zh")).toBe("在已有记录之前");
  expect(boundWords({ name: "distance", value: 5, unit: "m", op: "<=", threshold: 1000 }, "en")).toBe("≤ 1,000\u00a0m");
  expect(boundWords({ name: "area", value: 5, unit: "m2" }, "en")).toBeNull();
});
