import type { PredicateId } from "../../../knowledge/ontology/ids.ts";
import { type Read, type Reader, wordAt } from "../reader.ts";
import type { Distance, GeoConstraint, Noun, Relation } from "../schema.ts";
import { distanceAt } from "./quantities.ts";
import { AFTER, HAS, HAS_NO, SPREAD } from "./vocabulary.ts";

/** How the target lies to an anchor. */
export interface Side {
  readonly predicate: PredicateId;
  readonly distance: Distance | undefined;
  /** 港口外: the contrary of inside. */
  readonly isOutside?: boolean;
}
const OUTSIDE = new Set(["以外", "之外", "外", "外面", "外侧", "外部"]);

/** Words after an anchor that say how the target lies to it: 附近, 以北2公里, 500米以内. */
export function suffixAt(reader: Reader, i: number): Read<Side> | null {
  const isLinked =
    wordAt(reader, i) === "的" && (AFTER.has(wordAt(reader, i + 1)) || distanceAt(reader, i + 1) !== null);
  const at = isLinked && isSide(reader, i + 1) ? i + 1 : i;
  const distance = distanceAt(reader, at);
  if (distance && !distance.value.isBare)
    return { value: sideOf("near", distance.value.distance), next: afterSpread(reader, distance.next) };
  if (OUTSIDE.has(wordAt(reader, at)))
    return { value: { predicate: "inside", distance: undefined, isOutside: true }, next: at + 1 };
  const predicate = AFTER.get(wordAt(reader, at));
  if (!predicate) return null;
  const after = distanceAt(reader, at + 1);
  if (after && !HAS.has(wordAt(reader, after.next)) && !HAS_NO.has(wordAt(reader, after.next)))
    return {
      value: sideOf(predicate === "adjacent" ? "near" : predicate, after.value.distance),
      next: afterSpread(reader, after.next),
    };
  return { value: { predicate, distance: undefined }, next: afterSpread(reader, at + 1) };
}

/** In 河流的北京 the 北 is no side; a side ends the phrase. */
function isSide(reader: Reader, i: number): boolean {
  if (distanceAt(reader, i)) return true;
  const next = reader.tokens[i + 1];
  return wordAt(reader, i).length > 1 || next === undefined || next.text === "的" || next.kind === "mark";
}

export function sideOf(predicate: PredicateId, distance: Distance): Side {
  return predicate === "near" && distance.op === ">=" ? { predicate: "far_from", distance } : { predicate, distance };
}

export function afterSpread(reader: Reader, i: number): number {
  return SPREAD.has(wordAt(reader, i)) ? i + 1 : i;
}

/** A place with how the target lies to it. */
export function geoOf(
  name: string,
  { predicate, distance, isOutside = false }: Side,
  isNegated: boolean,
): GeoConstraint {
  const negated = isNegated !== isOutside;
  const isDirection = ["north_of", "south_of", "east_of", "west_of"].includes(predicate);
  const isFar = (predicate === "far_from") !== negated;
  const relation = isDirection
    ? (predicate as "north_of")
    : predicate === "inside"
      ? negated
        ? "outside"
        : "inside"
      : isFar
        ? "far_from"
        : "near";
  return { kind: "place", name, relation, ...(distance && { distanceM: distance.value }) };
}

export function relationOf(
  { predicate, distance, isOutside = false }: Side,
  isNegated: boolean,
  anchors: Noun[],
): Relation {
  const negated = isNegated !== isOutside;
  const bound = distance && (predicate === "far_from" ? { op: ">=" as const, value: distance.value } : distance);
  return { predicate, negated, ...(bound && { distanceM: bound }), anchors };
}
