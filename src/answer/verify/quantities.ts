import { COUNTING_WORDS } from "../../query/english/number-words.ts";

export type QuantityUnit = "m" | "m2" | "px" | "percent" | "degrees" | "bare";

/** A number in words or digits. `value` is in metres, square metres, percent or degrees; `step` is what its last printed digit is worth. */
export interface Quantity {
  readonly value: number;
  readonly unit: QuantityUnit;
  readonly step: number;
}

/** A number of the evidence. `role`: what its thing is itself said to be (its caption and size), or how probable it is; else a bound or a part. */
export interface KnownQuantity extends Quantity {
  readonly role?: "own" | "probability";
}

export interface QuantityInText extends Quantity {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const UNITS: readonly (readonly [RegExp, QuantityUnit, number])[] = [
  [/^\s*(?:km²|km2|sq(?:uare)? ?km|square kilomet(?:re|er)s?|平方公里|平方千米)/i, "m2", 1_000_000],
  [/^\s*(?:m²|m2|sq ?m|square met(?:re|er)s?|平方米|平米)/i, "m2", 1],
  [/^\s*(?:ha(?![\p{L}])|hectares?|公顷)/iu, "m2", 10_000],
  [/^\s*亩/, "m2", 2000 / 3],
  [/^\s*(?:km(?![\p{L}])|kilomet(?:re|er)s?|公里|千米)/iu, "m", 1000],
  [/^\s*(?:px(?![\p{L}])|pixels?|像素)/iu, "px", 1],
  [/^\s*(?:m(?![\p{L}\p{N}²])|met(?:re|er)s?(?![\p{L}])|米)/iu, "m", 1],
  [/^\s*(?:%|per ?cent|percent|％)/i, "percent", 1],
  [/^\s*(?:°|degrees?(?![\p{L}])|度)/iu, "degrees", 1],
];
const SCALES: readonly (readonly [RegExp, number])[] = [
  [/^\s*亿/, 1e8],
  [/^\s*万/, 1e4],
  [/^\s*千(?!米)/, 1e3],
  [/^\s*billion(?![\p{L}])/iu, 1e9],
  [/^\s*million(?![\p{L}])/iu, 1e6],
  [/^\s*thousand(?![\p{L}])/iu, 1e3],
];
const DIGITS = /(?<![\p{Script=Latin}\p{N}.]|\d,)(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?![\p{N}])/gu;
const HAN_DIGITS = /[０-９〇零一二两三四五六七八九十百千万亿半]+/gu;
/** What stands behind a Chinese numeral that counts or measures; elsewhere it is part of a word. */
const COUNTED =
  /^\s*(?:个|处|座|条|家|块|片|栋|栏|次|项|种|类|组|倍|公里|千米|米|公顷|平方|亩|度|像素|%|％|年|月|日|期|架|艘|辆|段|幢|所|名|人|吨|元)/;
const ENGLISH_WORDS = new RegExp(`(?<![\\p{L}-])(?:${Object.keys(COUNTING_WORDS).join("|")})(?![\\p{L}-])`, "giu");

/** Every number of a text, with its unit: "1,240 m", "6.1 ha", "1.2万", "三个", "百分之三十", "two", in the order in which they stand. */
export function quantitiesIn(text: string): readonly QuantityInText[] {
  const found: QuantityInText[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const [digits] = match;
    const decimals = digits.split(".")[1]?.length ?? 0;
    found.push(measured(text, match.index, digits, Number(digits.replaceAll(",", "")), 10 ** -decimals));
  }
  for (const match of text.matchAll(HAN_DIGITS)) {
    const [digits] = match;
    if (found.some(({ start, end }) => match.index < end && match.index + digits.length > start)) continue;
    const rest = text.slice(match.index + digits.length);
    const isPercent = text.slice(0, match.index).endsWith("百分之");
    if (!isPercent && (!COUNTED.test(rest) || digits === "一" || digits === "半")) continue;
    const value = hanNumber(digits);
    if (value === null) continue;
    found.push(
      isPercent
        ? { value, unit: "percent", step: 1, text: digits, start: match.index, end: match.index + digits.length }
        : measured(text, match.index, digits, value, 1),
    );
  }
  for (const match of text.matchAll(ENGLISH_WORDS)) {
    const value = COUNTING_WORDS[match[0].toLowerCase()];
    if (value !== undefined) found.push(measured(text, match.index, match[0], value, 1));
  }
  return found.sort((a, b) => a.start - b.start);
}

function measured(text: string, start: number, digits: string, value: number, step: number): QuantityInText {
  let end = start + digits.length;
  let factor = 1;
  for (const [scale, worth] of SCALES) {
    const match = scale.exec(text.slice(end));
    if (!match) continue;
    factor *= worth;
    end += match[0].length;
    break;
  }
  for (const [pattern, unit, worth] of UNITS) {
    const match = pattern.exec(text.slice(end));
    if (!match) continue;
    end += match[0].length;
    return {
      value: value * factor * worth,
      unit,
      step: step * factor * worth,
      text: text.slice(start, end),
      start,
      end,
    };
  }
  return { value: value * factor, unit: "bare", step: step * factor, text: text.slice(start, end), start, end };
}

const HAN_VALUES: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const HAN_UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };

/** "三百二十" is 320, "二〇二四" 2024, "两万" 20000; null for what is no number. */
export function hanNumber(text: string): number | null {
  const plain = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  if (/^\d+$/.test(plain)) return Number(plain);
  if (/^[〇零一二三四五六七八九]{2,}$/.test(plain)) return Number([...plain].map((sign) => HAN_VALUES[sign]).join(""));
  let total = 0;
  let section = 0;
  let digit: number | null = null;
  for (const sign of plain) {
    const value = HAN_VALUES[sign];
    const unit = HAN_UNITS[sign];
    if (value !== undefined) digit = value;
    else if (unit !== undefined) {
      section += (digit ?? 1) * unit;
      digit = null;
    } else if (sign === "万" || sign === "亿") {
      const base = section + (digit ?? 0);
      if (base === 0 && total === 0) return null;
      total = sign === "万" ? total + base * 1e4 : (total + base) * 1e8;
      section = 0;
      digit = null;
    } else return null;
  }
  return total + section + (digit ?? 0);
}

/** Does a number as printed say what was measured, to its last printed digit? */
export function says(printed: Quantity, known: Quantity): boolean {
  if (printed.unit !== known.unit) return false;
  return Math.abs(printed.value - known.value) <= printed.step / 2 + 1e-9 * Math.max(1, Math.abs(known.value));
}
