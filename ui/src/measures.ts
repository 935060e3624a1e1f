import type { Measurement } from "../../src/logic/proof.ts";
import type { Language } from "./words.ts";

type Unit = Measurement["unit"];

/** With the space that no line breaks at. */
const UNITS: Readonly<Record<Unit, readonly [string, string]>> = {
  m: ["\u00a0m", "\u00a0米"],
  m2: ["\u00a0m²", "\u00a0平方米"],
  px: ["\u00a0px", "\u00a0像素"],
  count: ["", "\u00a0个"],
  degrees: ["°", "°"],
  ratio: ["\u00a0%", "\u00a0%"],
  date: ["", ""],
};
const NAMES: Readonly<Record<Measurement["name"], readonly [string, string]>> = {
  distance: ["distance", "距离"],
  area: ["area", "面积"],
  count: ["count", "数量"],
  bearing: ["off that direction", "偏离方向"],
  overlap: ["overlap", "重叠"],
  enclosure: ["surroundings", "环绕"],
  date: ["date", "日期"],
  confidence: ["confidence", "置信度"],
  change: ["change of area", "面积变化"],
};
const DATES: Readonly<Record<string, string>> = {
  "before the record": "在已有记录之前",
  "still there": "仍然存在",
  "not measured": "未测得",
  unknown: "未知",
};
const SIGNS: Readonly<Record<NonNullable<Measurement["op"]>, string>> = {
  "<": "<",
  "<=": "≤",
  "=": "=",
  ">=": "≥",
  ">": ">",
};

/** A measured value with its unit: "676 m", "5", "81 %"; metres and pixels under ten keep one decimal. */
export function valueWords(value: number | string, unit: Unit, language: Language): string {
  if (typeof value === "string") return language === "zh" ? (DATES[value] ?? value) : value;
  const number =
    unit === "ratio"
      ? Math.round(value * 100)
      : (unit === "m" || unit === "px") && Math.abs(value) < 10
        ? Math.round(value * 10) / 10
        : Math.round(value);
  return `${number.toLocaleString("en-US")}${UNITS[unit][language === "zh" ? 1 : 0]}`;
}

export function measureName(name: Measurement["name"], language: Language): string {
  return NAMES[name][language === "zh" ? 1 : 0];
}

/** "≤ 1,000 m", or null where nothing bounds the value. */
export function boundWords({ op, threshold, unit }: Measurement, language: Language): string | null {
  if (threshold === undefined) return null;
  return `${op ? `${SIGNS[op]} ` : ""}${valueWords(threshold, unit, language)}`;
}

/** Whole percents; what is not certain never reads 100, what is not excluded never 0. */
export function percent(probability: number): string {
  if (probability <= 0 || probability >= 1) return `${Math.round(probability) * 100}\u00a0%`;
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))}\u00a0%`;
}
