import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import { arrangementOf, median } from "./arrangement.ts";
import { isHolder, salienceOf } from "./concepts.ts";
import { shareOf } from "./cover.ts";
import { positionOf, unionBox } from "./directions.ts";
import type { GroupFact, SharedAttribute } from "./facts.ts";
import { cellAt, type Lattice } from "./lattice.ts";
import { holdsPoint, type Thing } from "./things.ts";

/** A thing whose middle lies outside still counts when it takes this share of the area, or lies in it by this share of its own. */
const LEAST_OF_AREA = 0.02;
const LEAST_INSIDE = 0.3;
/** A thing that lies in the area by less than this share is told as a part. */
const WHOLE_FROM = 0.7;
/** Outlines smaller than this number of cells are judged by their middle alone. */
const LEAST_CELLS = 25;
/** Ids of one group, in order. */
const MOST_EVIDENCE = 24;
const MOST_NAMES = 3;
/** What each doubling of their number adds to the weight of parts. */
const PER_DOUBLING = 0.08;
/** Told as attributes of things: what can be seen. Sizes that the concept states already are left out. */
const SEEN_ATTRIBUTES: ReadonlySet<AttributeId> = new Set([
  "white",
  "bright",
  "dark",
  "red",
  "blue",
  "green",
  "brown",
  "grey",
  "large",
  "long",
  "round",
  "elongated",
  "curved",
  "damaged",
  "flooded",
  "empty",
  "abandoned",
]);
const COLOURS: ReadonlySet<AttributeId> = new Set(["white", "dark", "red", "blue", "green", "brown", "grey"]);
const LARGE_BY_KIND: ReadonlySet<ConceptId> = new Set([
  "large_roof",
  "warehouse",
  "factory",
  "shopping_mall",
  "stadium",
  "airport",
  "port",
]);
/** Kinds that others of a group stand around. */
const CENTRES: ReadonlySet<ConceptId> = new Set([
  "truck_yard",
  "parking_lot",
  "square",
  "pond",
  "lake",
  "soccer_field",
  "roundabout",
]);

export interface Member {
  readonly thing: Thing;
  readonly share: number;
  readonly isPartial: boolean;
}

/** Things and holders that lie in the area, by their middle or by what they take of it. */
export function membersOf(things: readonly Thing[], lattice: Lattice): Member[] {
  const cellM2 = lattice.cell[0] * lattice.cell[1];
  return things.flatMap((thing): Member[] => {
    if (thing.role !== "object" && thing.role !== "holder") return [];
    const isIn = cellAt(lattice, ...thing.middle) >= 0;
    if (thing.areaM2 < LEAST_CELLS * cellM2)
      return isIn ? [{ thing, share: thing.areaM2 / (lattice.size * cellM2), isPartial: false }] : [];
    const { inside, ofArea } = shareOf(thing, lattice);
    if (!isIn && ofArea < LEAST_OF_AREA && inside < LEAST_INSIDE) return [];
    return ofArea > 0 ? [{ thing, share: ofArea, isPartial: inside < WHOLE_FROM }] : [];
  });
}

export interface GroupContext {
  readonly lattice: Lattice;
  readonly areaM2: number;
  readonly lines: readonly Thing[];
  readonly isNew: (thing: Thing) => boolean;
}

/** Groups by kind, the most telling first; what lies in a holder is its part. A holder in a larger one is a part of that. */
export function groupFacts(members: readonly Member[], context: GroupContext): GroupFact[] {
  const holders = members
    .filter(({ thing }) => thing.role === "holder")
    .sort((a, b) => b.thing.areaM2 - a.thing.areaM2);
  const holderOf = new Map<Thing, Thing>();
  for (const { thing } of members) {
    const holder = holders.find(
      (one) =>
        one.thing !== thing && one.thing.areaM2 > thing.areaM2 && holdsPoint(one.thing.geometry, ...thing.middle),
    );
    if (holder) holderOf.set(thing, holder.thing);
  }
  const outer = members.filter(({ thing }) => !holderOf.has(thing));
  const partsOf = (things: readonly Thing[]) =>
    grouped(
      members.filter(({ thing }) => things.includes(holderOf.get(thing) as Thing)),
      context,
      () => [],
      // What a place is full of tells it best: houses of an estate, roofs of a park.
      (group) => weight(group) + PER_DOUBLING * Math.log2(group.count),
    );
  return grouped(outer, context, partsOf, weight);
}

function grouped(
  members: readonly Member[],
  context: GroupContext,
  partsOf: (things: readonly Thing[]) => GroupFact[],
  weigh: (group: GroupFact) => number,
): GroupFact[] {
  const byConcept = new Map<ConceptId, Member[]>();
  for (const member of members) {
    const { concept } = member.thing;
    const held = byConcept.get(concept);
    if (held) held.push(member);
    else byConcept.set(concept, [member]);
  }
  const centres = members.filter(({ thing }) => CENTRES.has(thing.concept)).map(({ thing }) => thing);
  return foldedKinds([...byConcept.keys()])
    .map(({ concept, narrower }) => {
      const all = [concept, ...narrower].flatMap((kind) => byConcept.get(kind) ?? []);
      const ofWhich = narrower.map((kind) => ({
        concept: kind,
        count: byConcept.get(kind)?.length ?? 0,
        evidence: evidenceOf(byConcept.get(kind) ?? []),
      }));
      return groupOf(concept, all, ofWhich, centres, context, partsOf);
    })
    .sort((a, b) => weigh(b) - weigh(a) || b.count - a.count || (a.concept < b.concept ? -1 : 1));
}

/** Salience, raised by number, by share of the area and by a name. */
export function weight({ concept, count, share, names, isPartial }: GroupFact): number {
  return (
    salienceOf(concept) +
    0.06 * Math.min(3, Math.log2(Math.max(1, count))) +
    0.4 * Math.min(0.5, share) +
    (names.length > 0 ? 0.12 : 0) -
    (isPartial ? 0.1 : 0)
  );
}

/**
 * Kinds to tell of: a kind takes in the narrower kinds that are there too, so that no thing is told of twice; only buildings and
 * landmarks do not, since what is known better of them says more, nor do areas that hold things.
 */
function foldedKinds(
  concepts: readonly ConceptId[],
): { readonly concept: ConceptId; readonly narrower: readonly ConceptId[] }[] {
  const takenInto = new Map<ConceptId, ConceptId>();
  for (const wide of concepts) {
    if (wide === "building" || wide === "landmark" || isHolder(wide)) continue;
    for (const narrow of subsumedConcepts(wide)) if (concepts.includes(narrow)) takenInto.set(narrow, wide);
  }
  const root = (concept: ConceptId): ConceptId => {
    const wider = takenInto.get(concept);
    return wider === undefined ? concept : root(wider);
  };
  return concepts
    .filter((concept) => !takenInto.has(concept))
    .map((concept) => ({
      concept,
      narrower: concepts.filter((other) => other !== concept && root(other) === concept).sort(),
    }));
}

function groupOf(
  concept: ConceptId,
  members: readonly Member[],
  ofWhich: GroupFact["ofWhich"],
  centres: readonly Thing[],
  { lattice, areaM2, lines, isNew }: GroupContext,
  partsOf: (things: readonly Thing[]) => GroupFact[],
): GroupFact {
  const things = members.map(({ thing }) => thing);
  const areas = things.flatMap((thing) => (thing.areaM2 > 0 ? [thing.areaM2] : []));
  const others = centres.filter((centre) => !things.includes(centre));
  return {
    concept,
    count: things.length,
    evidence: evidenceOf(members),
    names: things
      .flatMap(({ names, concept: kind }) => (names ? [{ ...names, concept: kind }] : []))
      .slice(0, MOST_NAMES),
    attributes: sharedAttributes(concept, things),
    ofWhich,
    medianAreaM2: areas.length > 0 ? median(areas) : null,
    share: Math.min(
      1,
      members.reduce((sum, { share }) => sum + share, 0),
    ),
    isPartial: members.length === 1 && (members[0] as Member).isPartial,
    parts: partsOf(things.filter(({ role }) => role === "holder")),
    arrangement: arrangementOf(things, others, lines, areaM2),
    position: positionOf(unionBox(things.map(({ box }) => box)), lattice.box),
    newCount: things.filter(isNew).length,
  };
}

function evidenceOf(members: readonly Member[]): string[] {
  return members.flatMap(({ thing }) => thing.ids).slice(0, MOST_EVIDENCE);
}

function sharedAttributes(concept: ConceptId, things: readonly Thing[]): SharedAttribute[] {
  const counts = new Map<AttributeId, number>();
  for (const { attributes } of things) {
    const colours = attributes.filter((attribute) => COLOURS.has(attribute));
    for (const attribute of attributes) {
      if (!SEEN_ATTRIBUTES.has(attribute)) continue;
      if (attribute === "large" && LARGE_BY_KIND.has(concept)) continue;
      // What is white is bright.
      if (attribute === "bright" && colours.length > 0) continue;
      counts.set(attribute, (counts.get(attribute) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= Math.min(2, things.length))
    .map(([attribute, count]) => ({ attribute, count }))
    .sort((a, b) => b.count - a.count || (a.attribute < b.attribute ? -1 : 1));
}
