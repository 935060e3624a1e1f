import { AREA_UNITS, LENGTH_UNITS, WALKING_DISTANCE_M } from "../defaults.ts";
import { type Read, type Reader, spanOf, wordAt } from "../reader.ts";
import type { Distance, Quantity } from "../schema.ts";
import { ABOUT, AFTER_NUMBER, BEYOND, CLASSIFIERS, COMPARISONS, VAGUE_COUNTS, WITHIN } from "./vocabulary.ts";

const WALKS = new Set(["步行距离", "步行可达", "步行十分钟", "步行范围", "走路可到"]);

/** Square metres or metres of the unit at `i`. */
function unitAt(reader: Reader, i: number, units: Readonly<Record<string, number>>): number | undefined {
  return units[wordAt(reader, i)];
}

/** A number; 两公里半 and 半公里 are read with the unit. */
export function numberAt(reader: Reader, i: number): Read<number> | null {
  const token = reader.tokens[i];
  return token?.kind === "number" ? { value: token.value, next: i + 1 } : null;
}

/** A length in metres. */
export function lengthAt(reader: Reader, i: number): Read<number> | null {
  if (WALKS.has(wordAt(reader, i))) return { value: WALKING_DISTANCE_M, next: i + 1 };
  const number = numberAt(reader, i);
  if (!number) return null;
  const at = wordAt(reader, number.next) === "个" ? number.next + 1 : number.next;
  const unit = unitAt(reader, at, LENGTH_UNITS);
  if (unit === undefined || wordAt(reader, at + 1) === "²") return null;
  const isHalf = wordAt(reader, at + 1) === "半" && wordAt(reader, i) !== "半";
  return { value: Math.round((number.value + (isHalf ? 0.5 : 0)) * unit * 1000) / 1000, next: at + (isHalf ? 2 : 1) };
}

/** "500米以内", "不超过2公里", "1公里外"; `isBare` without any of these words. */
export function distanceAt(reader: Reader, i: number): Read<{ distance: Distance; isBare: boolean }> | null {
  let at = i;
  while (ABOUT.has(wordAt(reader, at))) at += 1;
  const comparison = COMPARISONS.get(wordAt(reader, at));
  if (comparison) at += 1;
  while (comparison && ABOUT.has(wordAt(reader, at))) at += 1;
  const length = lengthAt(reader, at);
  if (!length) return null;
  let op: Distance["op"] = comparison === ">" || comparison === ">=" ? ">=" : "<=";
  let { next } = length;
  let isBare = !comparison || comparison === "=";
  if (wordAt(reader, next) === "的" && (WITHIN.has(wordAt(reader, next + 1)) || BEYOND.has(wordAt(reader, next + 1))))
    next += 1;
  while (WITHIN.has(wordAt(reader, next)) || BEYOND.has(wordAt(reader, next))) {
    if (BEYOND.has(wordAt(reader, next)) && !(comparison && op === "<=")) op = ">=";
    isBare = false;
    next += 1;
  }
  return { value: { distance: { op, value: length.value }, isBare }, next };
}

/** "至少三", "5个以上", "多于3座" with the classifier after it; `isStated` is false for a bare number. */
export function quantityAt(reader: Reader, i: number): (Read<Quantity> & { readonly isStated: boolean }) | null {
  const vague = VAGUE_COUNTS.get(wordAt(reader, i));
  if (vague) return { value: vague, next: i + 1, isStated: true };
  const comparison = COMPARISONS.get(wordAt(reader, i));
  let at = comparison ? i + 1 : i;
  if (comparison && wordAt(reader, at) === "有") at += 1;
  const number = numberAt(reader, at);
  if (!number) return null;
  if (LENGTH_UNITS[wordAt(reader, number.next)] !== undefined || AREA_UNITS[wordAt(reader, number.next)] !== undefined)
    return null;
  let { next } = number;
  const early = AFTER_NUMBER.get(wordAt(reader, next));
  if (early) next += 1;
  if (CLASSIFIERS.has(wordAt(reader, next))) next += 1;
  const late = AFTER_NUMBER.get(wordAt(reader, next));
  if (late) next += 1;
  const after = early ?? late;
  return {
    value: { op: comparison ?? after ?? "=", value: number.value },
    next,
    isStated: comparison !== undefined || after !== undefined,
  };
}

/** A Query holds one bound; of 1到2公顷 the lower one is kept and the upper one is left to be reported. */
function rangeAt(reader: Reader, low: Read<number>): Read<{ quantity: Quantity; isBare: boolean }> | null {
  if (!["到", "至", "-", "~"].includes(wordAt(reader, low.next))) return null;
  const high = numberAt(reader, low.next + 1);
  const unit = high && unitAt(reader, high.next, AREA_UNITS);
  if (!high || unit === null || unit === undefined) return null;
  const next = ["之间"].includes(wordAt(reader, high.next + 1)) ? high.next + 2 : high.next + 1;
  reader.draft.unparsed.push(spanOf(reader, low.next + 1, high.next + 1, "unparsed"));
  return { value: { quantity: { op: ">=", value: Math.round(low.value * unit * 100) / 100 }, isBare: false }, next };
}

const AREA_LEADS = new Set(["面积", "占地", "占地面积", "规模", "大小"]);
const AREA_VERBS = new Set(["为", "在", "是", "达", "达到", "约", "有", "要", "大约"]);

/** "面积大于2公顷", "100亩以上". */
export function areaAt(reader: Reader, i: number): Read<{ quantity: Quantity; isBare: boolean }> | null {
  let at = i;
  while (AREA_LEADS.has(wordAt(reader, at))) at += 1;
  while (at > i && AREA_VERBS.has(wordAt(reader, at))) at += 1;
  const comparison = COMPARISONS.get(wordAt(reader, at));
  const number = numberAt(reader, comparison ? at + 1 : at);
  if (!number) return null;
  const unit = unitAt(reader, number.next, AREA_UNITS);
  if (unit === undefined) return comparison ? null : rangeAt(reader, number);
  let next = number.next + 1;
  const isHalf = wordAt(reader, next) === "半";
  if (isHalf) next += 1;
  const after = AFTER_NUMBER.get(wordAt(reader, next));
  if (after) next += 1;
  const op = comparison ?? (after === "<=" && ["以下"].includes(wordAt(reader, next - 1)) ? "<" : after) ?? "=";
  return {
    value: {
      quantity: { op, value: Math.round((number.value + (isHalf ? 0.5 : 0)) * unit * 100) / 100 },
      isBare: !comparison && !after,
    },
    next,
  };
}
