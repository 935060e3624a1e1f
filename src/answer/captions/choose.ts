import type { AttributeId } from "../../../knowledge/ontology/ids.ts";
import { areOfOneKind, coverOf, salienceOf } from "./concepts.ts";
import type {
  AppearanceFact,
  CaptionFacts,
  ChangeFact,
  CoverFact,
  GroupFact,
  LineFact,
  RelationFact,
  SurroundingFact,
} from "./facts.ts";
import { weight } from "./groups.ts";

/** What of the facts is said, in any language. */

/** A holder that takes this share of the area is what the area is. */
const HOLDER_HEAD = 0.25;
/** Ground is named first from this share on, and a second kind with it. */
const COVER_HEAD = 0.25;
const SECOND_COVER = 0.15;
/** With less mapped ground than this, how it looks is told. */
const LITTLE_MAPPED = 0.3;
/** Things under this weight are not told in a line, and under this one not at all. */
const LEAST_IN_LINE = 0.35;
const LEAST_IN_OBJECTS = 0.15;
/** An attribute that this share of a group has is the group's. */
const MOST_SHARE = 0.6;
/** Imaged shares under this are told. */
const PARTLY_COVERED = 0.9;

export type Head =
  | { readonly kind: "group"; readonly group: GroupFact }
  | { readonly kind: "cover"; readonly items: readonly CoverFact[] }
  | { readonly kind: "ground"; readonly appearance: AppearanceFact; readonly isBare: boolean }
  | { readonly kind: "lines" }
  | { readonly kind: "nothing" };

export type Tail =
  | { readonly kind: "relation"; readonly fact: RelationFact }
  | { readonly kind: "surrounding"; readonly fact: SurroundingFact };

/** The pieces that a line may have beside its head, the most telling first; as many are said as fit. */
export type LinePiece =
  | { readonly kind: "thing"; readonly group: GroupFact }
  | { readonly kind: "line"; readonly line: LineFact }
  | { readonly kind: "tail"; readonly tail: Tail }
  | { readonly kind: "change"; readonly change: ChangeFact }
  | { readonly kind: "quality"; readonly coverage: number; readonly evidence: readonly string[] };

export interface LineChoice {
  readonly head: Head;
  readonly pieces: readonly LinePiece[];
}

/** Ground that the things on it tell better. */
const BUILT: ReadonlySet<string> = new Set(["industry", "commerce", "buildings", "paved"]);

export function chooseLine(facts: CaptionFacts): LineChoice {
  const head = headOf(facts);
  const headConcepts: readonly string[] =
    head.kind === "cover" ? head.items.map(({ cover }) => cover) : head.kind === "group" ? [head.group.concept] : [];
  const centres = facts.groups.flatMap(({ arrangement }) =>
    arrangement?.kind === "around" ? arrangement.anchor.evidence : [],
  );
  const things = facts.groups.filter(
    (group) =>
      weight(group) >= LEAST_IN_LINE &&
      !isOnly(group, centres) &&
      !(head.kind === "group" && head.group === group) &&
      !headConcepts.includes(coverOf(group.concept) ?? ""),
  );
  const lines = toldLines(facts);
  const line = lines.find(({ concept, names }) => salienceOf(concept) >= 0.5 || names !== null) ?? lines[0];
  const tail = tailOf(facts, head);
  const change = facts.changes.find(({ concept }) => salienceOf(concept) >= 0.4);
  const first: LinePiece[] = things.slice(0, 1).map((group) => ({ kind: "thing", group }));
  const others: LinePiece[] = things.slice(1, 3).map((group) => ({ kind: "thing", group }));
  const imaged = facts.quality;
  return {
    head,
    pieces: [
      ...(imaged && imaged.coverage < 0.5
        ? [{ kind: "quality", coverage: imaged.coverage, evidence: imaged.evidence } as const]
        : []),
      ...first,
      ...(change ? [{ kind: "change", change } as const] : []),
      ...others.slice(0, 1),
      ...(line ? [{ kind: "line", line } as const] : []),
      ...(tail ? [{ kind: "tail", tail } as const] : []),
      ...others.slice(1),
    ],
  };
}

/** Whether it is nothing but what others stand around, which is told with them. */
function isOnly(group: GroupFact, centres: readonly string[]): boolean {
  return group.evidence.every((id) => centres.includes(id));
}

/** A shore is told by its sea. */
function toldLines({ lines, cover }: CaptionFacts): readonly LineFact[] {
  return lines.filter((line) => !(line.concept === "coast" && cover.some(({ concept }) => concept === "sea")));
}

function headOf({ groups, cover, appearance, lines }: CaptionFacts): Head {
  const holder = groups.find(({ share, count }) => share >= HOLDER_HEAD && count === 1);
  const [first] = cover;
  if (holder && !(first && first.share > 2 * holder.share)) return { kind: "group", group: holder };
  if (first && first.share >= COVER_HEAD && !BUILT.has(first.cover)) {
    const second = cover.slice(1).find(({ share, cover: kind }) => share >= SECOND_COVER && !BUILT.has(kind));
    return { kind: "cover", items: second ? [first, second] : [first] };
  }
  const top = groups.find((group) => weight(group) >= LEAST_IN_LINE);
  const taken = groups.reduce((sum, { share }) => sum + share, 0);
  // Things that fill the area are the area; else it is the ground with things on it.
  if (top && (taken >= HOLDER_HEAD || (!appearance && !first))) return { kind: "group", group: top };
  if (appearance) {
    const isBare = groups.length === 0 && cover.length === 0 && lines.length === 0;
    return { kind: "ground", appearance, isBare };
  }
  if (first) return { kind: "cover", items: [first] };
  return lines.length > 0 ? { kind: "lines" } : { kind: "nothing" };
}

/** The distance that says most: of the head or the first thing told, else to what lies near the area. */
function tailOf({ relations, surroundings, groups }: CaptionFacts, head: Head): Tail | null {
  const told = head.kind === "group" ? head.group : groups[0];
  const relation = relations.find(({ subject }) => told?.evidence.some((id) => subject.evidence.includes(id)));
  if (head.kind === "group" && relation) return { kind: "relation", fact: relation };
  const near =
    surroundings.find(({ kind, distanceM }) => kind === "traffic" && distanceM <= 1500) ??
    surroundings.find(({ kind }) => kind === "settlement") ??
    surroundings.find(({ kind }) => kind === "place") ??
    surroundings.find(({ kind }) => kind === "water") ??
    surroundings[0];
  return near ? { kind: "surrounding", fact: near } : null;
}

export interface ObjectsChoice {
  readonly cover: readonly CoverFact[];
  /** Told where little of the ground is mapped. */
  readonly appearance: AppearanceFact | null;
  readonly groups: readonly GroupFact[];
  readonly lines: readonly LineFact[];
  readonly changes: readonly ChangeFact[];
  readonly coverage: number | null;
  readonly singleDate: boolean;
}

const MOST_COVERS = 4;
const MOST_GROUPS = 6;
const MOST_LINES = 4;
const MOST_CHANGES = 4;

export function chooseObjects(facts: CaptionFacts): ObjectsChoice {
  const mapped = facts.cover.reduce((sum, { share }) => sum + share, 0);
  return {
    cover: facts.cover.slice(0, MOST_COVERS),
    appearance: mapped < LITTLE_MAPPED ? facts.appearance : null,
    groups: facts.groups.filter((group) => weight(group) >= LEAST_IN_OBJECTS).slice(0, MOST_GROUPS),
    lines: toldLines(facts).slice(0, MOST_LINES),
    changes: facts.changes.slice(0, MOST_CHANGES),
    coverage: facts.quality && facts.quality.coverage < PARTLY_COVERED ? facts.quality.coverage : null,
    singleDate: facts.quality?.singleDate === true && facts.date !== null,
  };
}

export interface LayoutChoice {
  /** With a position that says something: not of what fills the area. */
  readonly groups: readonly GroupFact[];
  /** Holders whose parts are arranged. */
  readonly inside: readonly { readonly holder: GroupFact; readonly part: GroupFact }[];
  readonly lines: readonly LineFact[];
  readonly relations: readonly RelationFact[];
  readonly surroundings: readonly SurroundingFact[];
}

const MOST_PLACED = 4;
const MOST_INSIDE = 2;
const MOST_SURROUNDINGS = 4;

export function chooseLayout(facts: CaptionFacts): LayoutChoice {
  const centres = facts.groups.flatMap(({ arrangement }) =>
    arrangement?.kind === "around" ? arrangement.anchor.evidence : [],
  );
  const placed = facts.groups.filter(
    (group) =>
      weight(group) >= LEAST_IN_LINE &&
      !isOnly(group, centres) &&
      group.share < 0.5 &&
      (group.count === 1 || group.arrangement !== null || group.position.kind !== "throughout"),
  );
  return {
    groups: placed.slice(0, MOST_PLACED),
    inside: facts.groups
      .filter(({ count }) => count === 1)
      .flatMap((holder) => {
        const part = holder.parts.find(({ arrangement }) => arrangement !== null && arrangement.kind !== "scattered");
        return part ? [{ holder, part }] : [];
      })
      .slice(0, MOST_INSIDE),
    lines: facts.lines.filter(({ axis }) => axis !== null).slice(0, 3),
    relations: facts.relations.slice(0, 3),
    surroundings: facts.surroundings
      .filter(({ kind }) => kind !== "road" || facts.lines.length === 0)
      .slice(0, MOST_SURROUNDINGS),
  };
}

/** The things that tell best what a region holds: the parts of the estate that it is, else what lies in it. */
export function chooseContents({ groups }: CaptionFacts, isOne: boolean): readonly GroupFact[] {
  const holder = groups.find(({ share, parts, count }) => share >= 0.5 && parts.length > 0 && count === 1);
  if (isOne && !holder) return [];
  const things = (holder?.parts ?? groups).filter((group) => weight(group) >= LEAST_IN_LINE);
  const [first] = things;
  return first?.arrangement?.kind === "around" ? [first] : things.slice(0, 2);
}

/** Attributes that most of a group have, at most two; and those that some have, with their number. */
export function attributesOf({ attributes, count }: Pick<GroupFact, "attributes" | "count">): {
  readonly shared: readonly AttributeId[];
  readonly some: readonly { readonly attribute: AttributeId; readonly count: number }[];
} {
  const isShared = (one: { readonly count: number }) => one.count >= MOST_SHARE * count;
  return {
    shared: attributes
      .filter(isShared)
      .slice(0, 2)
      .map(({ attribute }) => attribute),
    some: count > 2 ? attributes.filter((one) => !isShared(one)).slice(0, 2) : [],
  };
}

/** Whether buildings are those that are left beside kinds of buildings that were told before. */
export function areOthers(group: GroupFact, before: readonly GroupFact[]): boolean {
  return (
    group.concept === "building" &&
    before.some((other) => other.concept !== "building" && areOfOneKind("building", other.concept))
  );
}
