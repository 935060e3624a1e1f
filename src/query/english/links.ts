import type { PredicateId } from "../../../knowledge/ontology/ids.ts";
import { phraseAt, phrases, type Reader, skip, wordAt, words } from "../reader.ts";
import type { Distance } from "../schema.ts";
import { distanceAt } from "./quantities.ts";
import { AFTER_NEGATION, NEGATIONS } from "./vocabulary.ts";

const DIRECTIONS: readonly (readonly [string, PredicateId])[] = (["north", "south", "east", "west"] as const).map(
  (side): readonly [string, PredicateId] => [
    `${side} of|to the ${side} of|on the ${side} side of|on the ${side}ern side of|due ${side} of|just ${side} of|${side}wards of|${side}ward of|at the ${side} of|lying ${side} of|${side} from|directly ${side} of|to ${side} of|in the ${side} of`,
    `${side}_of`,
  ],
);

/** Relation phrases. "inside a river" and the like are left to the reasoner to refute. */
export const RELATIONS = phrases<PredicateId>([
  ...DIRECTIONS,
  [
    "on the edge of|at the edge of|on the edges of|at the edges of|on the fringe of|on the border of|at the border of|in the immediate vicinity of|next to|right next to|directly next to|immediately next to|adjacent to|directly adjacent to|immediately adjacent to|right by|right beside|directly beside|immediately beside|bordering on|bordering|borders|border|adjoining|adjoins|adjoin|abutting|abuts|abut|in front of|behind|at the back of|at the rear of|at the side of|by the side of|at the foot of|beside|besides|flanking|flanked by|fronting|touching|touches|touch|backing onto|facing|opposite|attached to|side by side with|neighbouring|neighboring|next door to|sharing a border with|contiguous with|contiguous to|right on",
    "adjacent",
  ],
  [
    "in the vicinity of|in the neighbourhood of|in the neighborhood of|in the area of|in the proximity of|in proximity to|in close proximity to|proximate to|a short distance from|a short way from|not far from|not too far from|not far away from|close to|close by|near to|near by|nearby to|nearer to|nearer|closer to|near|nearby|around|by|at|just off|off|within sight of|within reach of|within easy reach of|a stone's throw from|accessible from|overlooking|close|next|surrounding|round the|round a",
    "near",
  ],
  [
    "on the banks of|on the bank of|along the banks of|along the bank of|on the shore of|on the shores of|along the shore of|along the edge of|along the side of|along the course of|along both sides of|on both sides of|lining|lines|line|following|follow|follows|running along|strung along|strung out along|lined along|spread along|alongside|along|all along|on the waterfront of|hugging|parallel to|running parallel to",
    "along",
  ],
  [
    "a long way from|a long way away from|at a distance from|far away from|far from|away from|well away from|remote from|distant from|a good distance from|far off from|nowhere near|not close to|isolated from|further from|farther from|further away from|farther away from|more distant from",
    "far_from",
  ],
  [
    "surrounded by|surrounded entirely by|surrounded completely by|surrounded fully by|surrounded wholly by|surrounded mostly by|surrounded on all sides by|enclosed on all sides by|surrounded on every side by|surrounded on three sides by|entirely enclosed by|completely surrounded by|fully surrounded by|entirely surrounded by|encircled by|enclosed by|ringed by|hemmed in by|bounded by|in the middle of|in the midst of|amid|amidst|among|amongst|encompassed by|surrounded with|nestled in|nestled among|wrapped by|enclosed within",
    "surrounded_by",
  ],
  [
    "on the left of|to the left of|on the left side of|on the left hand side of|left of|on the left-hand side of|on the left - hand side of",
    "left_of",
  ],
  [
    "on the right of|to the right of|on the right side of|on the right hand side of|right of|on the right-hand side of|on the right - hand side of",
    "right_of",
  ],
  [
    "leading to|leads to|lead to|connected to|connected with|connected by|linked to|linked with|linked by|joined to|joined with|connecting to|connects to|connect to|connecting|hooked up to",
    "connected_to",
  ],
  ["in between|located between|situated between|sandwiched between|lying between|between|wedged between", "between"],
  [
    "inside of|inside|in the centre of|in the center of|at the centre of|at the center of|at the heart of|in the heart of|in the core of|located in|situated in|within the boundaries of|within the bounds of|within the limits of|within the grounds of|within the confines of|within|in|on|on top of|in the grounds of|part of|belonging to|on the premises of|located inside|into|situated within|located within",
    "inside",
  ],
  [
    "crossing|crosses|cross|crossed by|spanned by|bridged by|through|over|across|spanning|spans|span|bridging|intersecting|intersects|intersect|passing over|that go over|passing through|going through|goes through|go through|runs through|run through|leading through|cut through|cuts through|winding through|flowing through|flows through|pass through|passes through|running through|cutting through|cutting across|traversing|traverse",
    "crosses",
  ],
  [
    "containing|contain|contains|including|include|includes|holding|hold|holds|hosting|that house|featuring|enclosing|made up of",
    "contains",
  ],
  ["above", "above"],
  ["below|beneath|underneath|under", "below"],
]);

/** Participles that speak of the noun right before them: "a lake surrounded by forest". */
export const PARTICIPLES: ReadonlySet<string> = words(
  "surrounded encircled enclosed ringed crossing containing spanning intersecting including connected linked crossed flanked",
);

const CORNERS = (["north", "south"] as const).flatMap((first) =>
  (["east", "west"] as const).map((second): readonly [string, readonly [PredicateId, PredicateId]] => {
    const names = [`${first}${second}`, `${first} ${second}`, `${first} - ${second}`];
    const phrasesOf = (name: string) =>
      `${name} of|to the ${name} of|on the ${name} side of|in the ${name} of|due ${name} of|${name}ern side of|just ${name} of`;
    return [names.map(phrasesOf).join("|"), [`${first}_of`, `${second}_of`]];
  }),
);
/** "northeast of": north and east of it. */
export const DIAGONALS = phrases(CORNERS);

export interface Link {
  readonly predicate: PredicateId;
  readonly negated: boolean;
  readonly distance: Distance | undefined;
  readonly next: number;
}

const OUTSIDE = phrases([
  ["outside of|outside|out of|beyond the limits of|beyond the boundaries of|beyond the bounds of", true],
]);
const DISTANCE_TO = words("of from to around off");
const ADVERBS = words(
  "right directly immediately very quite fairly reasonably pretty so really located situated positioned lying standing sitting just too set",
);

/** [not] (distance [of|from|to] | distance direction | relation). */
export function linkAt(reader: Reader, i: number): Link | null {
  const positive = positiveLink(reader, i);
  if (positive) return positive;
  let at = i;
  if (
    ["are", "is", "do", "does", "must", "should", "be", "being"].includes(wordAt(reader, at)) &&
    NEGATIONS.has(wordAt(reader, at + 1))
  )
    at += 1;
  if (!NEGATIONS.has(wordAt(reader, at))) {
    const past = skip(reader, i, ADVERBS);
    const link = past > i ? positiveLink(reader, past) : null;
    return link;
  }
  at = skip(reader, at, NEGATIONS);
  const link = positiveLink(reader, at) ?? positiveLink(reader, skip(reader, at, AFTER_NEGATION));
  return link && { ...link, negated: !link.negated };
}

function positiveLink(reader: Reader, i: number): Link | null {
  const distance = distanceAt(reader, i);
  if (distance) {
    const { op } = distance.value;
    const direction = phraseAt(reader, distance.next, RELATIONS);
    if (direction && /_of$/.test(direction.value))
      return { predicate: direction.value, negated: false, distance: distance.value, next: direction.next };
    let next = distance.next;
    const before = wordAt(reader, next - 1);
    if (DISTANCE_TO.has(wordAt(reader, next))) next += 1;
    else if (!DISTANCE_TO.has(before)) return null;
    return { predicate: op === ">=" ? "far_from" : "near", negated: false, distance: distance.value, next };
  }
  const outside = phraseAt(reader, i, OUTSIDE);
  if (outside) return { predicate: "inside", negated: true, distance: undefined, next: outside.next };
  const relation = phraseAt(reader, i, RELATIONS);
  return relation && { negated: false, predicate: relation.value, distance: undefined, next: relation.next };
}
