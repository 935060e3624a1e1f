import { AREA_UNITS, LENGTH_UNITS, WALKING_DISTANCE_M, WALKING_METRES_PER_MINUTE } from "../defaults.ts";
import { phraseAt, phrases, type Read, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import type { ComparisonOp, Distance, Quantity } from "../schema.ts";

const COMPARISONS = phrases<ComparisonOp>([
  [
    "at least|no fewer than|no less than|not less than|not fewer than|a minimum of|minimum|no smaller than|not smaller than|at the least|>=|≥|upwards of",
    ">=",
  ],
  [
    "at most|no more than|not more than|up to|a maximum of|maximum|no larger than|no bigger than|<=|≤|not larger than|not bigger than",
    "<=",
  ],
  [
    ">|more than|greater than|larger than|bigger than|over|above|exceeding|in excess of|that exceed|that exceeds|larger then|bigger then|upward of",
    ">",
  ],
  ["<|fewer than|less than|smaller than|under|below|smaller then", "<"],
  ["exactly|precisely|just exactly|equal to", "="],
]);
const OR_MORE = phrases<ComparisonOp>([
  ["or more|or larger|or bigger|or over|or above|and above|and up|or greater|plus|at least|+|minimum", ">="],
  ["or fewer|or less|or smaller|or under|or below|at most|maximum|tops", "<="],
]);
/** Plurals of no stated number (see docs/understanding.md). */
const VAGUE = phrases<Quantity>([
  ["multiple|more than one|two or more", { op: ">=", value: 2 }],
  ["several|a number of|a group of|a cluster of", { op: ">=", value: 3 }],
  ["a pair of", { op: "=", value: 2 }],
]);
const FEW = phrases([["a few|few|several", true]]);
const COUNTED_BY_A = words("couple dozen hundred half thousand");
const APPROXIMATELY = words("about approximately roughly approx around some a an the ~ of just");
const AFTER_LENGTH = words("radius distance away range walk or less closer nearer at most");

/** "3", "two hundred", "a couple of", "half a". */
export function numberAt(reader: Reader, i: number): Read<number> | null {
  const few = phraseAt(reader, i, FEW);
  const scale = few && { hundred: 100, thousand: 1000 }[wordAt(reader, few.next)];
  if (few && scale) return { value: 3 * scale, next: few.next + 1 };
  const at = wordAt(reader, i) === "a" && COUNTED_BY_A.has(wordAt(reader, i + 1)) ? i + 1 : i;
  const token = reader.tokens[at];
  if (token?.kind !== "number") return null;
  let { value } = token;
  let next = at + 1;
  const isTens = value >= 20 && value <= 90 && value % 10 === 0 && !/\d/.test(token.text);
  const unitAt = wordAt(reader, next) === "-" ? next + 1 : next;
  const unit = reader.tokens[unitAt];
  if (isTens && unit?.kind === "number" && unit.value >= 1 && unit.value <= 9 && !/\d/.test(unit.text))
    [value, next] = [value + unit.value, unitAt + 1];
  if (wordAt(reader, next) === "hundred" && value < 100) [value, next] = [value * 100, next + 1];
  else if (wordAt(reader, next) === "thousand") [value, next] = [value * 1000, next + 1];
  else if (wordAt(reader, next) === "million") [value, next] = [value * 1_000_000, next + 1];
  if (wordAt(reader, next) === "of" && ["couple", "dozen"].includes(token.text)) next += 1;
  if (wordAt(reader, next) === "and" && wordAt(reader, next + 1) === "a" && wordAt(reader, next + 2) === "half")
    [value, next] = [value + 0.5, next + 3];
  if (["a", "an"].includes(wordAt(reader, next)) && token.text === "half") next += 1;
  return { value, next };
}

/** "at least 3", "exactly two", "5 or more", "several". `isStated` is false for a bare number. */
export function quantityAt(reader: Reader, i: number): (Read<Quantity> & { readonly isStated: boolean }) | null {
  const vague = phraseAt(reader, i, VAGUE);
  if (vague) return { ...vague, isStated: true };
  const comparison = phraseAt(reader, i, COMPARISONS);
  const number = numberAt(reader, skip(reader, comparison?.next ?? i, comparison ? APPROXIMATELY : new Set()));
  if (!number) return null;
  if (comparison) return { value: { op: comparison.value, value: number.value }, next: number.next, isStated: true };
  const after = phraseAt(reader, number.next, OR_MORE);
  return after
    ? { value: { op: after.value, value: number.value }, next: after.next, isStated: true }
    : { value: { op: "=", value: number.value }, next: number.next, isStated: false };
}

const WALKS = phrases([
  [
    "walking distance|in walking distance|in easy walking distance|easy walking distance|walkable distance|a short walk|a walk|a ten minute walk|a 10 minute walk|a 10 - minute walk|10 minutes walk|10 minutes' walk",
    WALKING_DISTANCE_M,
  ],
]);

/** A length in metres. */
export function lengthAt(reader: Reader, i: number): Read<number> | null {
  const walk = phraseAt(reader, i, WALKS);
  if (walk) return walk;
  const article = ["a", "an", "one"].includes(wordAt(reader, i)) ? LENGTH_UNITS[wordAt(reader, i + 1)] : undefined;
  if (article !== undefined && wordAt(reader, i + 1).length > 2) return { value: article, next: i + 2 };
  if (wordAt(reader, i) === "a" && wordAt(reader, i + 1) === "quarter") {
    const at = skip(reader, i + 2, words("of a"));
    const unit = LENGTH_UNITS[wordAt(reader, at)];
    if (unit !== undefined) return { value: rounded(unit / 4), next: at + 1 };
  }
  const number = numberAt(reader, i);
  if (!number) return null;
  const minutes = skip(reader, number.next, words("- minute minutes min mins ' of"));
  if (minutes > number.next && ["walk", "walking", "foot"].includes(wordAt(reader, minutes)))
    return { value: rounded(number.value * WALKING_METRES_PER_MINUTE), next: minutes + 1 };
  const at = wordAt(reader, number.next) === "-" ? number.next + 1 : number.next;
  const unit = LENGTH_UNITS[wordAt(reader, at)];
  if (unit === undefined || squaredAt(reader, at)) return null;
  return { value: rounded(number.value * unit), next: at + 1 };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const DISTANCE_OPS = phrases<Distance["op"]>([
  [
    "<=|≤|<|no more than|not more than|no further than|no farther than|not further than|not farther than|at most|less than|fewer than|closer than|nearer than|within a radius of|inside a radius of|within the radius of|within a distance of|within about|within|under|up to|in a radius of|inside|about|around|approximately|roughly|at a distance of|not over|below|to within|to|to under|a maximum of|max|maximum|smaller than|shorter than|no over|is at most",
    "<=",
  ],
  [
    ">=|≥|>|more than|at least|further than|farther than|over|beyond|no closer than|no nearer than|no less than|not less than|not closer than|outside|upwards of|greater than|in excess of|a minimum of|minimum|longer than|larger than|bigger than",
    ">=",
  ],
]);

/** "within 500 m", "less than 2 km away", "more than 1 mile"; `isStated` is false for a bare length. */
export function distanceAt(reader: Reader, i: number): (Read<Distance> & { readonly isStated: boolean }) | null {
  const opener = phraseAt(reader, i, DISTANCE_OPS);
  if (opener) {
    const at = skip(reader, opener.next, words("about approximately roughly approx around ~ just only"));
    const length = lengthAt(reader, at) ?? lengthAt(reader, skip(reader, at, words("a an the")));
    if (length)
      return {
        value: { op: opener.value, value: length.value },
        next: afterLength(reader, length.next),
        isStated: true,
      };
  }
  const bare = lengthAt(reader, i);
  if (!bare) return null;
  const least = phraseAt(reader, bare.next, OR_MORE);
  return {
    value: { op: least?.value === ">=" ? ">=" : "<=", value: bare.value },
    next: afterLength(reader, least?.next ?? bare.next),
    isStated: least !== null,
  };
}

function afterLength(reader: Reader, i: number): number {
  return skip(reader, i, AFTER_LENGTH);
}

const SQUARED: Readonly<Record<string, number>> = {
  "square metres": 1,
  "square meters": 1,
  "square metre": 1,
  "square meter": 1,
  "sq m": 1,
  "sq metres": 1,
  "sq meters": 1,
  "square kilometres": 1e6,
  "square kilometers": 1e6,
  "square kilometre": 1e6,
  "square kilometer": 1e6,
  "sq km": 1e6,
  "square km": 1e6,
  "square m": 1,
  "square feet": 0.09290304,
  "sq ft": 0.09290304,
  "square mile": 2_589_988.110336,
  "square miles": 2_589_988.110336,
};

function squaredAt(reader: Reader, i: number): boolean {
  return wordAt(reader, i + 1) === "^" || wordAt(reader, i + 1) === "²";
}

const AREA_LEADS = phrases([
  [
    "with an area of|with area|with an area|with a size of|with a footprint of|with a footprint|an area of|area|covering|that cover|that covers|which cover|which covers|covers|cover|occupying|that occupy|that occupies|measuring|spanning|of|sized|whose area is|whose area exceeds|having an area of|have an area of|has an area of",
    true,
  ],
]);
const AREA_TAILS = phrases([["in size|in area|in extent|of area|of land|large|big", true]]);

/** "larger than 2 hectares", "of at least 5,000 m²", "2 km² or more"; `isBare` without a comparison. */
export function areaAt(reader: Reader, i: number): Read<{ quantity: Quantity; isBare: boolean }> | null {
  const lead = phraseAt(reader, i, AREA_LEADS);
  const start = lead?.next ?? i;
  const between = betweenAreas(reader, start);
  if (between) return between;
  const quantity = quantityAt(reader, start) ?? singleUnit(reader, start);
  if (!quantity) return null;
  const unit = areaUnitAt(reader, quantity.next);
  if (!unit) return null;
  const more = quantity.isStated ? null : phraseAt(reader, unit.next, OR_MORE);
  const tail = phraseAt(reader, more?.next ?? unit.next, AREA_TAILS);
  return {
    value: {
      quantity: { op: more?.value ?? quantity.value.op, value: squareMetres(quantity.value.value, unit.value) },
      isBare: !quantity.isStated && !more,
    },
    next: tail?.next ?? more?.next ?? unit.next,
  };
}

function squareMetres(value: number, unit: number): number {
  return Math.round(value * unit * 100) / 100;
}

function areaUnitAt(reader: Reader, i: number): Read<number> | null {
  const at = wordAt(reader, i) === "-" ? i + 1 : i;
  const two = SQUARED[`${wordAt(reader, at)} ${wordAt(reader, at + 1)}`];
  if (two !== undefined) return { value: two, next: at + 2 };
  const unit = AREA_UNITS[wordAt(reader, at)];
  if (unit !== undefined) return { value: unit, next: at + 1 };
  const length = LENGTH_UNITS[wordAt(reader, at)];
  if (length === undefined || !squaredAt(reader, at)) return null;
  return { value: length * length, next: at + (wordAt(reader, at + 1) === "^" ? 3 : 2) };
}

/** A Query holds one bound; of "between 2 and 5 hectares" the lower one is kept and the upper one is left to be reported. */
function betweenAreas(reader: Reader, i: number): Read<{ quantity: Quantity; isBare: boolean }> | null {
  const isLed = ["between", "from"].includes(wordAt(reader, i));
  const low = numberAt(reader, isLed ? i + 1 : i);
  const own = low && areaUnitAt(reader, low.next);
  const middle = own?.next ?? low?.next ?? i;
  const joints = wordAt(reader, i) === "between" ? ["and"] : ["to", "-"];
  const high = low && joints.includes(wordAt(reader, middle)) ? numberAt(reader, middle + 1) : null;
  const unit = high && areaUnitAt(reader, high.next);
  if (!low || !high || !unit) return null;
  reader.draft.unparsed.push(spanOf(reader, middle + 1, unit.next, "unparsed"));
  return {
    value: { quantity: { op: ">=", value: squareMetres(low.value, own?.value ?? unit.value) }, isBare: false },
    next: unit.next,
  };
}

/** "more than a hectare". */
function singleUnit(reader: Reader, i: number) {
  const comparison = phraseAt(reader, i, COMPARISONS);
  if (!comparison || !["a", "an"].includes(wordAt(reader, comparison.next))) return null;
  return { value: { op: comparison.value, value: 1 }, next: comparison.next + 1, isStated: true };
}

/** Does a unit of length or area follow the number that ends before `i`? */
export function isUnitAt(reader: Reader, i: number): boolean {
  const at = wordAt(reader, i) === "-" ? i + 1 : i;
  return LENGTH_UNITS[wordAt(reader, at)] !== undefined || areaUnitAt(reader, i) !== null;
}
