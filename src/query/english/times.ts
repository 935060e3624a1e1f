import type { TimeKind } from "../../../knowledge/ontology/ids.ts";
import { before, dayAfter } from "../dates.ts";
import { phraseAt, phrases, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import type { Token } from "../tokens.ts";
import { numberAt } from "./quantities.ts";

const CHANGES = phrases<TimeKind>([
  [
    "newly built|newly constructed|newly opened|newly added|newly developed|newly appeared|newly established|newly|recently built|recently constructed|recently opened|recently added|recently appeared|recently completed|recently finished|recently established|brand new|brand - new|new|recent|built|constructed|appeared|developed|started|begun|founded|finished|set up|emerged|added|opened|erected|completed|established|sprung up|sprang up|popped up|cropped up|put up|went up|gone up|came up|come up|showed up|that weren't there before|not there before|created|came into being|new - built|appearing|newest additions",
    "new",
  ],
  [
    "gone|vanished|disappeared|disappear|disappearing|demolished|removed|torn down|razed|former|lost|cleared|cut down|felled|logged|chopped down|cleared away|knocked down|pulled down|bulldozed|no longer exist|no longer exists|no longer there|no longer exist there|ceased to exist|been cleared|destroyed since|dismantled|wiped out|closed down|decommissioned|missing now|went away|gone away|no longer present|no longer visible",
    "gone",
  ],
  [
    "grown|growing|grew|grow|expanded|expanding|expand|enlarged|extended|extending|got bigger|gotten bigger|got larger|become larger|become bigger|became larger|increased|increased in size|increasing in size|gained area|spread|spreading|getting bigger|getting larger|been enlarged|widened|expansion of|growth of|increasing",
    "grown",
  ],
  [
    "shrunk|shrunken|shrinking|shrank|shrink|reduced|got smaller|gotten smaller|become smaller|became smaller|decreased|decreased in size|receded|receding|declined|retreated|retreating|getting smaller|lost area|contracted|dwindled|dwindling|decreasing|diminished",
    "shrunk",
  ],
  [
    "changed|altered|changing|change|transformed|modified|been changed|look different|looks different|changes in|changes to|changes|any change|become different",
    "changed",
  ],
]);
const UNITS: Readonly<Record<string, readonly ["year" | "month" | "week" | "day", number]>> = {
  year: ["year", 1],
  years: ["year", 1],
  yr: ["year", 1],
  yrs: ["year", 1],
  month: ["month", 1],
  months: ["month", 1],
  week: ["week", 1],
  weeks: ["week", 1],
  day: ["day", 1],
  days: ["day", 1],
  decade: ["year", 10],
  decades: ["year", 10],
  quarter: ["month", 3],
};
const RECENTLY = phrases([
  ["recently|lately|of late|in recent years|in recent times|in recent months|over recent years|these days", true],
]);
const SINCE = phrases([
  [
    "since|from|starting from|starting in|beginning in|ever since|since about|since around|from the start of|since the beginning of|since the start of|since early",
    true,
  ],
]);
const AFTER = phrases([["after|later than|newer than|following|post|any time after|past", true]]);
const BEFORE = phrases([
  ["before|prior to|earlier than|older than|until|till|up to|up until|by|no later than|by the end of", true],
]);
const INCLUSIVE = words("until till to by of than");
const AS_OF = phrases([
  [
    "as of|as at|as it was in|as they were in|as it was on|as seen in|as they stood in|dated|in the image of|in the imagery of|on the image of|in the imagery from|in the image from|from the image of|that existed in|which existed in|existing in|that stood in|present in",
    true,
  ],
]);
/** What was not yet there at a date has come since. */
const ABSENT = phrases([
  [
    "weren't there|wasn't there|were not there|was not there|not there|weren't|wasn't|didn't exist|did not exist|not exist|didn't stand|not yet exist|didn't yet exist|not yet built|weren't built|wasn't built|weren't yet built|wasn't yet built|not built|hadn't been built|had not been built|not been built|not yet there|weren't yet there|wasn't yet there|not present|weren't present|wasn't present|absent|missing",
    true,
  ],
]);
const ABSENT_AT = phrases([
  ["before|prior to|earlier than", "before"],
  ["in|on|as of|by|until|till|up to|back in|yet in|during|at the time of", "at"],
]);
const DURING = phrases([
  [
    "in|during|on|over|within|throughout|in the year|during the year|in the course of|some time in|sometime in|in early|in late",
    true,
  ],
]);
const TO = words("to until till - through and up");

/** Life spans and dates: kinds of change, ranges, "since 2023", "in the last two years". */
export function timeAt(reader: Reader, i: number): number | null {
  const change = phraseAt(reader, i, CHANGES);
  if (change && !isVerbOfTransfer(reader, i, change.next)) {
    setLifeSpan(reader, change.value, i, change.next);
    return change.next;
  }
  return absentAt(reader, i) ?? rangeAt(reader, i) ?? lastAt(reader, i);
}

/** "that weren't there in 2023", "did not exist before 2022": new since. */
function absentAt(reader: Reader, i: number): number | null {
  const absent = phraseAt(reader, i, ABSENT);
  const at = absent && phraseAt(reader, absent.next, ABSENT_AT);
  const date = at && dateAt(reader, at.next);
  if (!at || !date) return null;
  reader.draft.namesChange = true;
  const from = at.value === "before" ? date.from : dayAfter(date.to);
  return set(reader, from, undefined, i, afterDate(reader, at.next), "new");
}

/** A kind of change on the ground, with the dates that were read before it. */
export function setLifeSpan({ draft, ...reader }: Reader, kind: TimeKind, from: number, to: number) {
  draft.time = { ...(draft.bareDate ?? draft.time ?? {}), kind };
  draft.namesChange = true;
  draft.spans.push(spanOf({ draft, ...reader }, from, to, "time"));
}

/** "removed #3" and "change the distance" are orders, not changes on the ground. */
function isVerbOfTransfer(reader: Reader, i: number, next: number): boolean {
  return (
    i === 0 &&
    [
      "change",
      "removed",
      "grow",
      "expand",
      "shrink",
      "reduced",
      "add",
      "added",
      "increase",
      "extend",
      "widen",
    ].includes(wordAt(reader, i)) &&
    reader.tokens[next]?.kind !== "concept"
  );
}

function dateAt(reader: Reader, i: number): Extract<Token, { kind: "date" }> | null {
  const token = reader.tokens[skip(reader, i, words("the year"))];
  return token?.kind === "date" ? token : null;
}

function afterDate(reader: Reader, i: number): number {
  return skip(reader, i, words("the year")) + 1;
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
  if (wordAt(reader, i) === "between") {
    const first = dateAt(reader, i + 1);
    const middle = first ? afterDate(reader, i + 1) : 0;
    const second = first && ["and", "to", "-"].includes(wordAt(reader, middle)) ? dateAt(reader, middle + 1) : null;
    if (first && second) return set(reader, first.from, second.to, i, afterDate(reader, middle + 1));
  }
  const since = phraseAt(reader, i, SINCE);
  const from = since && dateAt(reader, since.next);
  if (since && from) {
    const end = afterDate(reader, since.next);
    const until = TO.has(wordAt(reader, end)) ? dateAt(reader, end + 1) : null;
    if (until) return set(reader, from.from, until.to, i, afterDate(reader, end + 1));
    const onwards = skip(reader, end, words("onwards onward on and later"));
    return set(reader, from.from, undefined, i, onwards);
  }
  if (since && isPastUnit(reader, since.next)) return lastAt(reader, since.next);
  const after = phraseAt(reader, i, AFTER);
  const later = after && dateAt(reader, after.next);
  if (after && later) return set(reader, dayAfter(later.to), draft.time?.to, i, afterDate(reader, after.next));
  const asOf = phraseAt(reader, i, AS_OF);
  const at = asOf && dateAt(reader, asOf.next);
  if (asOf && at) return set(reader, undefined, at.to, i, afterDate(reader, asOf.next), "as_of");
  const prior = phraseAt(reader, i, BEFORE);
  const limit = prior && dateAt(reader, prior.next);
  if (prior && limit) {
    const isNoLater = wordAt(reader, i) === "no";
    const isInclusive =
      isNoLater ||
      (INCLUSIVE.has(wordAt(reader, prior.next - 1)) && !["to", "than"].includes(wordAt(reader, prior.next - 1)));
    const to = isInclusive ? limit.to : before(limit.from, 1, "day");
    const kind = draft.namesChange ? undefined : ("as_of" as const);
    return set(reader, draft.time?.from, to, i, afterDate(reader, prior.next), kind);
  }
  const during = phraseAt(reader, i, DURING);
  const whole = during && dateAt(reader, during.next);
  const bare = whole ? null : reader.tokens[i]?.kind === "date" && i > 0 ? dateAt(reader, i) : null;
  const date = whole ?? bare;
  if (date) {
    const end = whole && during ? afterDate(reader, during.next) : i + 1;
    const until = ["to", "-"].includes(wordAt(reader, end)) ? dateAt(reader, end + 1) : null;
    if (until) return set(reader, date.from, until.to, i, afterDate(reader, end + 1));
    if (draft.namesChange) return set(reader, date.from, date.to, i, end);
    draft.bareDate = { from: date.from, to: date.to };
    return set(reader, undefined, date.to, i, end, "as_of");
  }
  return null;
}

function isPastUnit(reader: Reader, i: number): boolean {
  return ["last", "past", "previous"].includes(wordAt(reader, i)) && UNITS[wordAt(reader, i + 1)] !== undefined;
}

/** "since two years ago", "built 3 months ago". */
function agoAt(reader: Reader, i: number): number | null {
  const start = skip(reader, i, words("since from about some over"));
  const number =
    numberAt(reader, start) ?? (["a", "an"].includes(wordAt(reader, start)) ? { value: 1, next: start + 1 } : null);
  const unit = number && UNITS[wordAt(reader, number.next)];
  if (!number || !unit || wordAt(reader, number.next + 1) !== "ago") return null;
  const [name, times] = unit;
  return set(reader, before(reader.context.newestDate, number.value * times, name), undefined, i, number.next + 2);
}

/** "in the past year", "over the last two years", "this year", "within two years". */
function lastAt(reader: Reader, i: number): number | null {
  const ago = agoAt(reader, i);
  if (ago !== null) return ago;
  const recently = phraseAt(reader, i, RECENTLY);
  if (recently) {
    reader.draft.time = { kind: "new", ...(reader.draft.time ?? {}) };
    reader.draft.spans.push(spanOf(reader, i, recently.next, "time"));
    return recently.next;
  }
  const at = skip(reader, i, words("in over during within throughout from for the"));
  if (!["past", "last", "previous", "preceding", "this"].includes(wordAt(reader, at))) return null;
  const { newestDate } = reader.context;
  if (wordAt(reader, at) === "this") {
    return wordAt(reader, at + 1) === "year"
      ? set(reader, `${newestDate.slice(0, 4)}-01-01`, undefined, i, at + 2)
      : null;
  }
  const couple = wordAt(reader, at + 1) === "few" ? { value: 3, next: at + 2 } : null;
  const number = couple ?? numberAt(reader, at + 1);
  const unit = UNITS[wordAt(reader, number?.next ?? at + 1)];
  if (!unit) return null;
  const [name, times] = unit;
  return set(
    reader,
    before(newestDate, (number?.value ?? 1) * times, name),
    undefined,
    i,
    (number?.next ?? at + 1) + 1,
  );
}
