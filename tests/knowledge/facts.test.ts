import { describe, expect, it } from "vitest";
import { countryCode, countryName } from "../../src/knowledge/countries.ts";
import { typedFact } from "../../src/knowledge/fact-properties.ts";
import { compareValues, FactValueSchema } from "../../src/knowledge/fact-value.ts";
import { commonChineseForm, foldName } from "../../src/knowledge/names.ts";
import { parseQuantity } from "../../src/knowledge/parse-quantity.ts";
import { parseTime } from "../../src/knowledge/parse-time.ts";

describe("quantities", () => {
  it.each([
    ["1,200 m", { value: 1200, unit: "m", isAbout: false }],
    ["12.5 million t a year", { value: 12_500_000, unit: "t", per: "year", isAbout: false }],
    ["about 1.24 million barrels a day", { value: 1_240_000, unit: "bbl", per: "day", isAbout: true }],
    ["about 1,500 MW", { value: 1.5e9, unit: "W", isAbout: true }],
    ["30 platform tracks", { value: 30, unit: "1", isAbout: false }],
    ["more than 68,000 spectators", { value: 68_000, unit: "1", isAbout: true }],
    ["37.2 km²", { value: 37_200_000, unit: "m2", isAbout: false }],
    ["3 ft", { value: 0.9144, unit: "m", isAbout: false }],
    ["-155 m", { value: -155, unit: "m", isAbout: false }],
    ["1200米", { value: 1200, unit: "m", isAbout: false }],
    ["约1.2万人", { value: 12_000, unit: "1", isAbout: true }],
    ["年吞吐量", null],
    ["每年3亿吨", { value: 3e8, unit: "t", per: "year", isAbout: false }],
    ["four", null],
    ["12 parsecs", null],
    ["1200 m or so, depending", null],
  ])("reads %j", (text, expected) => {
    expect(parseQuantity(text)).toEqual(expected && { kind: "quantity", ...expected });
  });
});

describe("times", () => {
  it.each([
    ["1998", { from: { year: 1998 }, isOpen: false, isAbout: false }],
    ["since 1998", { from: { year: 1998 }, isOpen: true, isAbout: false }],
    ["1998年", { from: { year: 1998 }, isOpen: false, isAbout: false }],
    ["1998年5月3日", { from: { year: 1998, month: 5, day: 3 }, isOpen: false, isAbout: false }],
    ["自1998年", { from: { year: 1998 }, isOpen: true, isAbout: false }],
    ["12 May 1999", { from: { year: 1999, month: 5, day: 12 }, isOpen: false, isAbout: false }],
    ["December 2005", { from: { year: 2005, month: 12 }, isOpen: false, isAbout: false }],
    ["2005-12-10", { from: { year: 2005, month: 12, day: 10 }, isOpen: false, isAbout: false }],
    ["1830–1848", { from: { year: 1830 }, to: { year: 1848 }, isOpen: false, isAbout: false }],
    ["1882-", { from: { year: 1882 }, isOpen: true, isAbout: false }],
    ["26th century BC", { from: { year: -2600 }, to: { year: -2501 }, isOpen: false, isAbout: false }],
    ["13th-14th century", { from: { year: 1201 }, to: { year: 1400 }, isOpen: false, isAbout: false }],
    ["3rd century BC–4th century AD", { from: { year: -300 }, to: { year: 400 }, isOpen: false, isAbout: false }],
    ["about 518 BC", { from: { year: -518 }, isOpen: false, isAbout: true }],
    ["公元前3世纪", { from: { year: -300 }, to: { year: -201 }, isOpen: false, isAbout: false }],
    ["31 February 2001", null],
    ["in Gothic times", null],
    ["1848–1830", null],
  ])("reads %j", (text, expected) => {
    expect(parseTime(text)).toEqual(expected && { kind: "time", ...expected });
  });
});

describe("facts", () => {
  it("takes the unit from the key, and makes capacities in megawatts power", () => {
    expect(typedFact("height_m", "221")).toEqual({
      property: "height",
      value: { kind: "quantity", value: 221, unit: "m", isAbout: false },
    });
    expect(typedFact("capacity_mw", "2080")).toMatchObject({ property: "power", value: { value: 2.08e9, unit: "W" } });
    expect(typedFact("capacity", "about 1,500 MW")?.property).toBe("power");
    expect(typedFact("Area Hectares", "158.9265")).toMatchObject({
      property: "area",
      value: { value: 1_589_265, unit: "m2" },
    });
    expect(typedFact("date_inscribed", "2003")).toMatchObject({
      property: "designated",
      value: { from: { year: 2003 } },
    });
    expect(typedFact("operator", " Port Authority ")).toEqual({
      property: "operator",
      value: { kind: "text", text: "Port Authority" },
    });
  });

  it("computes with nothing that it cannot read", () => {
    expect(typedFact("built", "in Gothic times")).toBeNull();
    expect(typedFact("height_m", "very high")).toBeNull();
    expect(typedFact("favourite_colour", "red")).toBeNull();
  });

  it("orders values of one kind and unit, and no others", () => {
    const value = (key: string, raw: string) =>
      typedFact(key, raw)?.value as NonNullable<ReturnType<typeof typedFact>>["value"];
    expect(compareValues(value("length", "1 km"), value("length", "900 m"))).toBeGreaterThan(0);
    expect(compareValues(value("built", "26th century BC"), value("built", "1998"))).toBeLessThan(0);
    expect(compareValues(value("opened", "May 1998"), value("opened", "1998"))).toBe(0);
    expect(compareValues(value("length", "1 km"), value("area", "1 km2"))).toBeNull();
    expect(FactValueSchema.parse(value("length", "1 km"))).toEqual(value("length", "1 km"));
  });
});

it("knows countries by their names in English and Chinese, and by their codes", () => {
  for (const name of ["Germany", "德国", "DE", "germany"]) expect(countryCode(name)).toBe("DE");
  for (const name of ["USA", "United States of America", "美国", "the United States"])
    expect(countryCode(name)).toBe("US");
  for (const name of ["Côte d’Ivoire", "Ivory Coast", "CI"]) expect(countryCode(name)).toBe("CI");
  expect(countryCode("Ruritania")).toBeNull();
  expect(countryName("JP", "zh")).toBe("日本");
});

it("compares names without case, accents, punctuation, a leading “the” and the ending of a Chinese kind", () => {
  expect(foldName("The Djamaa el-Djazaïr")).toBe("djamaa el djazair");
  expect(foldName("Øresund Bridge")).toBe("oresund bridge");
  expect(commonChineseForm("胡佛水坝")).toBe(commonChineseForm("胡佛大坝"));
  expect(commonChineseForm("丹佛国际机场")).toBe(commonChineseForm("丹佛机场"));
  expect(commonChineseForm("金门大桥")).not.toBe(commonChineseForm("金门隧道"));
});
