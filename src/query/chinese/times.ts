import type { TimeKind } from "../../../knowledge/ontology/ids.ts";
import { before, dayAfter, monthRange } from "../dates.ts";
import { type Reader, spanOf, wordAt } from "../reader.ts";
import type { Token } from "../tokens.ts";
import { nounAt } from "./nouns.ts";
import { numberAt } from "./quantities.ts";
import {
  AFTER,
  AS_OF,
  CHANGES,
  EARLIER,
  FROM,
  HALVES,
  LATER,
  NO_EARLIER,
  NO_LATER,
  PAST,
  PERIOD,
  RECENTLY,
  SINCE,
  UNITS,
  UNTIL,
  YEAR_ENDS,
  YEAR_STARTS,
  YEARS,
} from "./vocabulary.ts";

/** Life spans and dates: 新建, 2023年以来, 过去两年, 截至2023年. */
export function timeAt(reader: Reader, i: number): number | null {
  const change = CHANGES.get(wordAt(reader, i));
  if (change && reader.tokens[i]?.kind !== "concept") {
    const { draft } = reader;
    const anchor = wordAt(reader, i) === "新" ? nounAt(reader, i + 1) : null;
    if (anchor && AFTER.has(wordAt(reader, anchor.next))) {
      // 新道路附近: life spans of anchors have no place in a Query; the word is reported.
      draft.unparsed.push(spanOf(reader, i, i + 1, "unparsed"));
      return i + 1;
    }
    draft.time = { ...(draft.bareDate ?? draft.time ?? {}), kind: change };
    draft.namesChange = true;
    draft.spans.push(spanOf(reader, i, i + 1, "time"));
    return i + 1;
  }
  return rangeAt(reader, i) ?? pastAt(reader, i);
}

function dateAt(reader: Reader, i: number): Extract<Token, { kind: "date" }> | null {
  const token = reader.tokens[i];
  return token?.kind === "date" ? token : null;
}

/** The bare year in 2020到2022年. */
function yearAt(reader: Reader, i: number): { from: string; to: string } | null {
  const token = reader.tokens[i];
  const isYear = token?.kind === "number" && /^(19|20)\d{2}$/.test(token.text);
  if (!isYear || !UNTIL.has(wordAt(reader, i + 1)) || !dateAt(reader, i + 2)) return null;
  return { from: `${token.text}-01-01`, to: `${token.text}-12-31` };
}

function set(
  reader: Reader,
  from: string | undefined,
  to: string | undefined,
  i: number,
  next: number,
  kind?: TimeKind,
) {
  const { draft } = reader;
  draft.time = { kind: kind ?? draft.time?.kind ?? "new", ...(from && { from }), ...(to && { to }) };
  draft.spans.push(spanOf(reader, i, next, "time"));
  return next;
}

function rangeAt(reader: Reader, i: number): number | null {
  const { draft } = reader;
  const asOf = AS_OF.has(wordAt(reader, i)) ? dateAt(reader, i + 1) : null;
  if (asOf) return set(reader, undefined, asOf.to, i, i + 2, "as_of");
  const isFrom = FROM.has(wordAt(reader, i)) || ["在", "于"].includes(wordAt(reader, i));
  const start = isFrom ? i + 1 : i;
  const date = dateAt(reader, start) ?? yearAt(reader, start);
  if (!date) return null;
  if (HALVES.has(wordAt(reader, start + 1))) {
    const year = date.from.slice(0, 4);
    const isFirst = wordAt(reader, start + 1) === "上半年";
    const range = { from: `${year}-${isFirst ? "01-01" : "07-01"}`, to: `${year}-${isFirst ? "06-30" : "12-31"}` };
    draft.bareDate = draft.namesChange ? null : range;
    return draft.namesChange
      ? set(reader, range.from, range.to, i, start + 2)
      : set(reader, undefined, range.to, i, start + 2, "as_of");
  }
  const isEnd = YEAR_ENDS.has(wordAt(reader, start + 1));
  const next = isEnd || YEAR_STARTS.has(wordAt(reader, start + 1)) ? start + 2 : start + 1;
  const after = wordAt(reader, next);
  if (i > 0 && NO_LATER.has(wordAt(reader, i - 1)))
    return set(reader, undefined, date.to, i, next, draft.namesChange ? undefined : "as_of");
  if (i > 0 && NO_EARLIER.has(wordAt(reader, i - 1))) return set(reader, date.from, undefined, i, next);
  if (wordAt(reader, i - 1) === "比" && ["新", "晚", "新的", "晚的"].includes(after))
    return set(reader, dayAfter(date.to), undefined, i, next + 1);
  const month = UNTIL.has(after) ? numberAt(reader, next + 1) : null;
  if (month && wordAt(reader, month.next) === "月") {
    const last = monthRange(Number(date.from.slice(0, 4)), month.value, 1);
    if (last)
      return set(
        reader,
        date.from,
        last.to,
        i,
        PERIOD.has(wordAt(reader, month.next + 1)) ? month.next + 2 : month.next + 1,
      );
  }
  const until = UNTIL.has(after) ? dateAt(reader, next + 1) : null;
  if (until) {
    const end = PERIOD.has(wordAt(reader, next + 2)) ? next + 3 : next + 2;
    return set(reader, date.from, until.to, i, end);
  }
  if (LATER.has(after)) return set(reader, dayAfter(date.to), draft.time?.to, i, next + 1);
  if (SINCE.has(after)) return set(reader, date.from, undefined, i, next + 1);
  if (EARLIER.has(after)) {
    const kind = draft.namesChange ? undefined : ("as_of" as const);
    return set(reader, draft.time?.from, isEnd ? date.to : before(date.from, 1, "day"), i, next + 1, kind);
  }
  if (FROM.has(wordAt(reader, i))) return set(reader, date.from, undefined, i, next);
  const end = PERIOD.has(after) ? next + 1 : next;
  if (draft.namesChange) return set(reader, date.from, date.to, i, end);
  draft.bareDate = { from: date.from, to: date.to };
  return set(reader, undefined, date.to, i, end, "as_of");
}

/** 过去两年, 近三个月内, 去年, 近期. */
function pastAt(reader: Reader, i: number): number | null {
  const { newestDate } = reader.context;
  const year = YEARS.get(wordAt(reader, i));
  if (year !== undefined) {
    const from = year === 0 ? `${newestDate.slice(0, 4)}-01-01` : before(newestDate, -year, "year");
    return set(reader, from, undefined, i, afterPeriod(reader, i + 1));
  }
  const at = ["在", "从"].includes(wordAt(reader, i)) ? i + 1 : i;
  if (PAST.has(wordAt(reader, at))) {
    const skipped = wordAt(reader, at + 1) === "的" ? at + 2 : at + 1;
    const isFew = ["几", "几个"].includes(wordAt(reader, skipped));
    const number = isFew ? { value: 3, next: skipped + 1 } : numberAt(reader, skipped);
    const isHalf = wordAt(reader, skipped) === "半";
    const unit =
      UNITS.get(wordAt(reader, number?.next ?? skipped)) ??
      (wordAt(reader, number?.next ?? skipped) === "个"
        ? UNITS.get(wordAt(reader, (number?.next ?? skipped) + 1))
        : undefined);
    const unitEnd = (number?.next ?? skipped) + (wordAt(reader, number?.next ?? skipped) === "个" ? 2 : 1);
    if (unit && (number || ["上", "上个", "上一", "前一", "刚过去的", "过去"].includes(wordAt(reader, at)))) {
      const amount = number?.value ?? 1;
      const from = isHalf && unit === "year" ? before(newestDate, 6, "month") : before(newestDate, amount, unit);
      return set(reader, from, undefined, i, afterPeriod(reader, unitEnd));
    }
  }
  const number = numberAt(reader, i);
  const agoUnit = number && UNITS.get(wordAt(reader, number.next));
  if (number && agoUnit && ["前", "以前", "之前"].includes(wordAt(reader, number.next + 1)))
    return set(reader, before(newestDate, number.value, agoUnit), undefined, i, number.next + 2);
  const unit =
    number &&
    (UNITS.get(wordAt(reader, number.next)) ??
      (wordAt(reader, number.next) === "个" ? UNITS.get(wordAt(reader, number.next + 1)) : undefined));
  if (number && unit) {
    const end = number.next + (wordAt(reader, number.next) === "个" ? 2 : 1);
    if (
      ["内", "之内", "以内", "以来", "来", "里"].includes(wordAt(reader, end)) ||
      /[内来里]$/.test(wordAt(reader, end - 1))
    )
      return set(reader, before(newestDate, number.value, unit), undefined, i, afterPeriod(reader, end));
  }
  if (RECENTLY.has(wordAt(reader, i)) && !["靠", "离", "距"].includes(wordAt(reader, i - 1))) {
    reader.draft.time = { kind: "new", ...(reader.draft.time ?? {}) };
    reader.draft.spans.push(spanOf(reader, i, i + 1, "time"));
    return i + 1;
  }
  return null;
}

function afterPeriod(reader: Reader, i: number): number {
  return PERIOD.has(wordAt(reader, i)) || SINCE.has(wordAt(reader, i)) ? i + 1 : i;
}
