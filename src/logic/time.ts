import type { LifeSpan } from "./entity-table.ts";
import type { Measured } from "./spatial.ts";

type Change = "new" | "gone" | "grown" | "shrunk" | "changed" | "as_of";

/** Growth or shrinkage counts from this relative change of area on. */
const GROWTH = 0.1;

/**
 * Truth of a time predicate. A thing is new when it is first seen after `from` and no later than `to`; gone when it is
 * last seen from `from` on and before `to`; grown or shrunk when its area changed by a tenth or more between the first and the last
 * measurement in the range. A thing without dates is as old as the record: it is neither new nor gone.
 */
export function measureTime(change: Change, thing: LifeSpan, from?: string, to?: string): Measured {
  switch (change) {
    case "new": {
      const { firstSeen } = thing;
      const truth =
        firstSeen !== null && (from === undefined || firstSeen > from) && (to === undefined || firstSeen <= to);
      return dated(truth, firstSeen ?? "before the record", ">", from);
    }
    case "gone": {
      const { lastSeen } = thing;
      const truth =
        lastSeen !== null && (from === undefined || lastSeen >= from) && (to === undefined || lastSeen < to);
      return dated(truth, lastSeen ?? "still there", "<", to);
    }
    case "as_of": {
      const { firstSeen, lastSeen } = thing;
      const truth =
        to === undefined || ((firstSeen === null || firstSeen <= to) && (lastSeen === null || lastSeen >= to));
      return dated(truth, firstSeen ?? "before the record", "<=", to);
    }
    default: {
      const ratio = areaRatio(thing, from, to);
      const moved = ratio === null ? 0 : ratio - 1;
      const lives =
        change === "changed" &&
        [measureTime("new", thing, from, to), measureTime("gone", thing, from, to)].some(({ truth }) => truth > 0);
      const truth =
        lives ||
        (change === "grown" && moved >= GROWTH) ||
        (change === "shrunk" && moved <= -GROWTH) ||
        (change === "changed" && Math.abs(moved) >= GROWTH);
      return {
        truth: Number(truth),
        measured: {
          name: "change",
          value: ratio === null ? "not measured" : Math.round(moved * 1000) / 1000,
          unit: "ratio",
          op: change === "shrunk" ? "<=" : ">=",
          threshold: change === "shrunk" ? -GROWTH : GROWTH,
        },
      };
    }
  }
}

function dated(truth: boolean, value: string, op: "<" | "<=" | ">", threshold: string | undefined): Measured {
  return {
    truth: Number(truth),
    measured: { name: "date", value, unit: "date", ...(threshold !== undefined && { op, threshold }) },
  };
}

/** Last area over first area in the range of dates; null with fewer than two measurements or no first area. */
function areaRatio(thing: LifeSpan, from?: string, to?: string): number | null {
  const history = thing.areaHistory
    .filter(({ date }) => (from === undefined || date >= from) && (to === undefined || date <= to))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
  const first = history[0];
  const last = history.at(-1);
  return first && last && first !== last && first.areaM2 > 0 ? last.areaM2 / first.areaM2 : null;
}
