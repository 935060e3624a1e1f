import type { PredicateId } from "../../../knowledge/ontology/ids.ts";
import { phraseAt, phrases, type Read, type Reader, skip, spanOf, wordAt, words } from "../reader.ts";
import type { Distance, Noun } from "../schema.ts";
import { linkAt } from "./links.ts";
import { nounAt, placeAt } from "./nouns.ts";
import { distanceAt } from "./quantities.ts";
import { endsPhrase, push, trailingDistance } from "./relations.ts";

const POSSESSIONS = phrases<boolean>([
  [
    "with|having|have|has|featuring|that have|which have|that has|which has|where there is|where there are|there is|there are|equipped with|accompanied by|complete with|served by|home to|that contain|which contain|boasting|filled with|full of|covered with|covered by|covered in|lined with|packed with|dotted with|studded with|crowded with|populated by|that include|that includes|that features|that feature|that holds|that hold|which holds|which hold",
    false,
  ],
  [
    "without|with no|having no|have no|has no|that lack|which lack|lacking|lack|lacks|that have no|which have no|that has no|which has no|where there is no|where there are no|there is no|there are no|don't have|doesn't have|do not have|does not have|that don't have|that doesn't have|that do not have|that does not have|which don't have|which do not have|not having|with not|devoid of|free of|no|not containing|not any|that contain no|containing no|not having any|with zero|with neither|have neither|has neither",
    true,
  ],
]);
/** "with a river to the north" lies south of the river. */
const SEEN_FROM = (
  [
    ["north", "south_of"],
    ["south", "north_of"],
    ["east", "west_of"],
    ["west", "east_of"],
    ["left", "right_of"],
    ["right", "left_of"],
  ] as const
).map(([side, predicate]): readonly [string, PredicateId] => [
  `to the ${side}|to its ${side}|to their ${side}|on its ${side}|on the ${side}|on its ${side} side|on the ${side} side|to the ${side} of it|to the ${side} of them|on its ${side}ern side`,
  predicate,
]);
const SIDES = phrases<PredicateId>([
  ...SEEN_FROM,
  [
    "beside them|beside it|beside|alongside|alongside it|alongside them|adjacent|adjacent to it|adjacent to them|next to it|next to them|next door|next to|right beside|right next to it|right next to them|by its side|on its side|at its side|at the side|on the side|to the side|by the side|attached|adjoining|right there",
    "adjacent",
  ],
  [
    "nearby|near by|around|around it|around them|close by|near it|near them|close to it|close to them|in the vicinity|in the neighbourhood|in the surroundings|in the area|within reach|in proximity|close at hand|not far away|near|close|in sight|not far off",
    "near",
  ],
  [
    "inside|inside it|inside them|within it|within them|in it|in them|on site|on its grounds|on them|on it|within its grounds|on the premises",
    "contains",
  ],
  ["all around|all around it|all around them|on all sides", "surrounded_by"],
  ["along it|along them", "along"],
]);

/** "with dense housing beside", "with no river within 1 km", "without trees". */
export function possessionAt(reader: Reader, i: number, isGeneric: boolean): number | null {
  const { draft } = reader;
  const where = whereAt(reader, i);
  if (where !== null) return where;
  const opener = phraseAt(reader, i, POSSESSIONS);
  if (!opener) return null;
  const negated = opener.value;
  if (i === 0 && !negated && ["have", "has", "there"].includes(wordAt(reader, i))) return null;
  // "without the ones at the port" excludes results; it is no property of the target.
  if (
    ["without", "with"].includes(wordAt(reader, i)) &&
    /^(the )?(ones|those|one)$/.test(
      `${wordAt(reader, opener.next)} ${wordAt(reader, opener.next + 1)}`.replace(
        /^(the (?:ones?|those)|ones?|those).*/,
        "$1",
      ),
    )
  )
    return null;
  // "with at least three tanks within 500 m" as well as "with, within 500 m, …"
  const lead = leadingSide(reader, opener.next);
  const found = nounAt(reader, lead?.next ?? opener.next);
  if (!found) return null;
  if (!draft.target && isGeneric && !negated) {
    draft.target = found.value;
    reader.lastNoun = found.value;
    draft.spans.push(spanOf(reader, opener.next, found.next, "target.concept"));
    return found.next;
  }
  if (!draft.target && !isGeneric && /^there/.test(wordAt(reader, i)) && !negated) return null;
  const nouns = [found.value];
  let { next } = found;
  while (["and", "or", "nor", ","].includes(wordAt(reader, next))) {
    const more = linkAt(reader, next + 1) ? null : nounAt(reader, skip(reader, next + 1, words("and no without also")));
    if (!more || !endsPhrase(reader, more.next)) break;
    nouns.push(more.value);
    next = more.next;
  }
  const side = lead ?? sideAt(reader, next);
  const after = Math.max(side?.next ?? next, next);
  const predicate = side?.value.predicate ?? "contains";
  const { lastNoun } = reader;
  const isAfterAnchor = reader.tokens[i - 1]?.kind === "concept" && lastNoun !== null && lastNoun !== draft.target;
  const before = draft.relations.length;
  for (const anchor of nouns) {
    const distanceM = side?.value.distance;
    push(
      reader,
      owner(reader, i),
      { predicate, negated, ...(distanceM && { distanceM }), anchors: [anchor] },
      i,
      after,
    );
  }
  const [relation] = draft.relations.slice(before);
  if (relation && isAfterAnchor && !side && nouns.length === 1 && ["with", "without"].includes(wordAt(reader, i)))
    draft.attachments.push({ relation, anchor: lastNoun });
  return after;
}

function owner(reader: Reader, i: number): Noun | null {
  // "housing which contains …" was attached by the relative pronoun before.
  return i >= 0 ? reader.attach : null;
}

interface Side {
  readonly predicate: PredicateId;
  readonly distance: Distance | undefined;
}

const WHERE = phrases<boolean>([
  ["where", false],
  ["where no", true],
]);
const LIE = words("is are lies lie stands stand sits sit");

/** "where a lake is within 500 m", "where no school is nearby". */
function whereAt(reader: Reader, i: number): number | null {
  const opener = phraseAt(reader, i, WHERE);
  const found = opener && nounAt(reader, opener.next);
  const side = found && LIE.has(wordAt(reader, found.next)) ? sideAt(reader, found.next + 1) : null;
  if (!found || !side || !reader.draft.target) return null;
  const { predicate, distance } = side.value;
  const distanceM = distance && { distanceM: distance };
  push(reader, reader.attach, { predicate, negated: opener.value, ...distanceM, anchors: [found.value] }, i, side.next);
  return side.next;
}

/** "with, within 500 m, a school". */
function leadingSide(reader: Reader, i: number): Read<Side> | null {
  const distance = distanceAt(reader, skip(reader, i, words(",")));
  if (!distance?.isStated) return null;
  return { value: { predicate: "near", distance: distance.value }, next: skip(reader, distance.next, words(",")) };
}

function sideAt(reader: Reader, i: number): Read<Side> | null {
  const trailing = trailingDistance(reader, i);
  if (trailing) {
    const isFar = trailing.value.op === ">=";
    return { value: { predicate: isFar ? "far_from" : "near", distance: trailing.value }, next: trailing.next };
  }
  const side = phraseAt(reader, i, SIDES);
  if (!side || nounAt(reader, side.next) || placeAt(reader, side.next)) return null;
  const distance = trailingDistance(reader, side.next);
  return {
    value: { predicate: distance ? "near" : side.value, distance: distance?.value },
    next: distance?.next ?? side.next,
  };
}
