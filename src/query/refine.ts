import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import { type Draft, noun, type Piece } from "./draft.ts";
import type { Distance, GeoConstraint, Noun, Quantity, Query, Relation, Sort, TimeConstraint } from "./schema.ts";
import type { QueryPatch } from "./turn.ts";

const OPPOSITES: Partial<Record<AttributeId, AttributeId>> = {
  large: "small",
  small: "large",
  dense: "sparse",
  sparse: "dense",
  empty: "full",
  full: "empty",
  bright: "dark",
  dark: "bright",
};
const REVERSED: Partial<Record<Relation["predicate"], Relation["predicate"]>> = {
  north_of: "south_of",
  south_of: "north_of",
  east_of: "west_of",
  west_of: "east_of",
  left_of: "right_of",
  right_of: "left_of",
  above: "below",
  below: "above",
};

/** The changes that bring what a follow-up says into the standing query. Empty when it says nothing that changes it. */
export function patchFromDraft(draft: Draft, standing: Query): QueryPatch {
  return [
    ...swapped(draft, standing),
    ...targetChanged(draft, standing),
    ...relationsChanged(draft, standing),
    ...distanceChanged(draft, standing),
    ...geoChanged(draft, standing),
    ...timeChanged(draft, standing),
    ...orderChanged(draft, standing),
    ...excluded(draft, standing),
    // Last, from the end of each list, so that the places of what stays do not move under the other changes.
    ...removed(draft, standing),
  ];
}

function replace(path: string, value: unknown): QueryPatch[number] {
  return { op: "replace", path, value };
}

function swapped({ swaps }: Draft, standing: Query): QueryPatch {
  return swaps.flatMap(({ from, to }): QueryPatch => {
    const found = standing.relations.flatMap(({ anchors }, index) =>
      anchors.flatMap((anchor, at) =>
        anchor.concept === from ? [replace(`relations.${index}.anchors.${at}.concept`, to)] : [],
      ),
    );
    if (standing.sort?.anchor?.concept === from) found.push(replace("sort.anchor.concept", to));
    if (standing.target.concept === from) return [replace("target.concept", to), ...found];
    return found.length > 0 ? found : swappedForKin(from, to, standing);
  });
}

/** "instead of motorways, railways" after "near motorway exits": what is swapped need not be named in full. */
function swappedForKin(from: ConceptId, to: ConceptId, standing: Query): QueryPatch {
  const isKin = (concept: ConceptId) =>
    concept.startsWith(`${from}_`) || concept.endsWith(`_${from}`) || subsumedConcepts(concept).includes(from);
  const index = standing.relations.findIndex(({ anchors }) => anchors.some(({ concept }) => isKin(concept)));
  if (index < 0 || isKin(standing.target.concept)) return [replace("target.concept", to)];
  const at = standing.relations[index]?.anchors.findIndex(({ concept }) => isKin(concept)) ?? 0;
  return [replace(`relations.${index}.anchors.${at}.concept`, to)];
}

function targetChanged(draft: Draft, standing: Query): QueryPatch {
  const patch: QueryPatch = [];
  const { target } = draft;
  const isOther = target !== null && target.concept !== standing.target.concept;
  const isAnchor = standing.relations.some(({ anchors }) => anchors.some(({ concept }) => concept === target?.concept));
  const said = [...draft.attributes, ...(target?.attributes ?? [])];
  if (isOther && !isAnchor) {
    // What described the old kind of thing ("dense" housing) does not carry over to the new one.
    patch.push(replace("target.concept", target.concept));
    if (standing.target.attributes.length > 0 || said.length > 0)
      patch.push(replace("target.attributes", [...new Set(said)]));
  } else if (said.some((attribute) => !standing.target.attributes.includes(attribute))) {
    const opposed = new Set(said.map((attribute) => OPPOSITES[attribute]));
    const kept = standing.target.attributes.filter((attribute) => !opposed.has(attribute));
    if (kept.length < standing.target.attributes.length)
      patch.push(replace("target.attributes", [...new Set([...kept, ...said])]));
    else
      for (const attribute of new Set(said))
        if (!kept.includes(attribute)) patch.push({ op: "add", path: "target.attributes.-", value: attribute });
  }
  const size = draft.areaM2 ?? target?.areaM2;
  if (size) patch.push(replace("target.areaM2", rebounded(size, standing.target.areaM2, draft.isBareSize)));
  const count = draft.count ?? target?.count;
  if (count && isAnchor && target) {
    standing.relations.forEach(({ anchors }, index) => {
      anchors.forEach(({ concept }, at) => {
        if (concept === target.concept) patch.push(replace(`relations.${index}.anchors.${at}.count`, count));
      });
    });
  } else if (count) patch.push(replace("target.count", count));
  return patch;
}

/** "make it 5 hectares" moves the bound that stands and keeps its direction. */
function rebounded(said: Quantity, standing: Quantity | undefined, isBare: boolean): Quantity {
  return isBare && standing ? { op: standing.op, value: said.value } : said;
}

const NEARNESS: readonly Relation["predicate"][] = ["near", "adjacent", "along", "far_from"];

function relationsChanged(draft: Draft, standing: Query): QueryPatch {
  const reversed = draft.otherSideOf.flatMap((concept) => otherSide(concept, standing));
  const said = [...draft.relations, ...(draft.target?.relations ?? [])].map((relation): QueryPatch[number] => {
    const same = sameLink(standing.relations, relation);
    const index = same < 0 && draft.isInstead ? onlyLike(standing.relations, relation) : same;
    const before = standing.relations[index];
    if (!before) return { op: "add", path: "relations.-", value: relation };
    return replace(`relations.${index}`, { ...relation, anchors: withOldAttributes(relation.anchors, before.anchors) });
  });
  return [...reversed, ...said];
}

/** "near a railway instead": the one relation that is of the same kind. */
function onlyLike(standing: readonly Relation[], { predicate, negated }: Relation): number {
  const kind = (one: Relation["predicate"]) => (NEARNESS.includes(one) ? "near" : one);
  const alike = standing.flatMap((other, index) =>
    kind(other.predicate) === kind(predicate) && other.negated === negated ? [index] : [],
  );
  return alike.length === 1 ? (alike[0] as number) : -1;
}

/** The anchor keeps what was said of it before, unless the follow-up says something of it itself. */
function withOldAttributes(anchors: readonly Noun[], before: readonly Noun[]): Noun[] {
  return anchors.map((anchor, at) => {
    const old = before[at];
    const isBare = anchor.attributes.length === 0 && anchor.relations.length === 0 && !anchor.count && !anchor.areaM2;
    return old && isBare ? { ...old, concept: anchor.concept } : anchor;
  });
}

function otherSide(concept: ConceptId, standing: Query): QueryPatch {
  return standing.relations.flatMap(({ predicate, anchors }, index) => {
    const other = REVERSED[predicate];
    return other && anchors[0]?.concept === concept ? [replace(`relations.${index}.predicate`, other)] : [];
  });
}

/** The standing relation that the new one takes the place of; −1 when it is one more. */
function sameLink(standing: readonly Relation[], { predicate, negated, distanceM, anchors }: Relation): number {
  const kind = (one: Relation["predicate"]) => (NEARNESS.includes(one) ? "near" : one);
  const alike = (other: Relation) =>
    kind(other.predicate) === kind(predicate) && other.anchors[0]?.concept === anchors[0]?.concept;
  const same = standing.findIndex((other) => alike(other) && other.negated === negated);
  if (same >= 0) return same;
  // "near a port" and "not within 100 m of a port" hold together; without the distance one denies the other.
  const denied = standing.findIndex((other) => alike(other));
  const isRing = negated && distanceM !== undefined;
  return isRing ? -1 : denied;
}

function distanceChanged({ distance, distanceOf, isBareDistance }: Draft, standing: Query): QueryPatch {
  if (!distance) return [];
  const index = boundedRelations(standing, distanceOf).at(-1);
  const relation = index === undefined ? undefined : standing.relations[index];
  if (relation && index !== undefined) {
    const op = isBareDistance
      ? relation.predicate === "far_from"
        ? ">="
        : (relation.distanceM?.op ?? "<=")
      : distance.op;
    const said: Distance = { op, value: distance.value };
    const predicate = op === ">=" ? "far_from" : relation.predicate === "adjacent" ? "near" : relation.predicate;
    const moved = predicate !== relation.predicate && !(relation.negated && op === ">=");
    return [
      ...(moved
        ? [replace(`relations.${index}.predicate`, predicate === "far_from" || op === ">=" ? "far_from" : predicate)]
        : []),
      replace(`relations.${index}.distanceM`, said),
    ];
  }
  const place = standing.geo.findLastIndex(({ relation: side }) => side === "near" || side === "far_from");
  return place >= 0 ? [replace(`geo.${place}.distanceM`, distance.value)] : [];
}

/** Relations that a bare distance may speak of: the positive ones that distances bound, else the negated ones. */
export function boundedRelations(query: Query, anchor?: ConceptId): number[] {
  const bounded = query.relations.flatMap(({ predicate, negated, anchors }, index) =>
    NEARNESS.includes(predicate) && (anchor === undefined || anchors[0]?.concept === anchor)
      ? [{ index, negated }]
      : [],
  );
  const positive = bounded.filter(({ negated }) => !negated);
  return (positive.length > 0 ? positive : bounded).map(({ index }) => index);
}

function geoChanged({ geo }: Draft, standing: Query): QueryPatch {
  return geo.map((constraint) => {
    const index = standing.geo.findIndex((other) => takesPlace(constraint, other));
    return index >= 0 ? replace(`geo.${index}`, constraint) : { op: "add", path: "geo.-", value: constraint };
  });
}

/** One cannot be inside two places; otherwise a constraint takes the place of one of the same name. */
function takesPlace(said: GeoConstraint, standing: GeoConstraint): boolean {
  if (said.kind !== standing.kind) return false;
  const inside = (one: GeoConstraint) => (one.relation ?? "inside") === "inside";
  return (said.name ?? "") === (standing.name ?? "") || (inside(said) && inside(standing));
}

function timeChanged({ time, namesChange, bareDate }: Draft, standing: Query): QueryPatch {
  if (!time) return [];
  const before = standing.time;
  if (namesChange || !before) {
    const hasRange = time.from !== undefined || time.to !== undefined;
    const value: TimeConstraint = hasRange || !before ? time : { ...before, kind: time.kind };
    return [replace("time", value)];
  }
  const range =
    bareDate && before.kind !== "as_of"
      ? bareDate
      : { ...(time.from && { from: time.from }), ...(time.to && { to: time.to }) };
  return [replace("time", { kind: before.kind, ...range })];
}

function orderChanged({ sort, limit, bareNumber, isInstead }: Draft, standing: Query): QueryPatch {
  if (bareNumber !== undefined && limit === undefined) {
    if (standing.limit !== undefined && Number.isInteger(bareNumber) && bareNumber > 0)
      return [replace("limit", bareNumber)];
    if (standing.target.count) return [replace("target.count.value", bareNumber)];
  }
  // "the smallest instead" of the three largest: the number stands.
  // "the nearest one" is nearest to what the standing query stands near.
  const order = sort?.by === "distance" && !sort.anchor ? nearestToAnchor(sort, standing) : sort;
  const keepsLimit = isInstead && sort !== undefined && limit === 1 && (standing.limit ?? 1) > 1;
  return [
    ...(order ? [replace("sort", order)] : []),
    ...(limit === undefined || keepsLimit || (sort && !order) ? [] : [replace("limit", limit)]),
  ];
}

function nearestToAnchor(sort: Sort, { relations }: Query): Sort | undefined {
  const anchor = relations.findLast(({ negated, anchors }) => !negated && anchors.length > 0)?.anchors[0];
  return anchor && { ...sort, anchor: { concept: anchor.concept, attributes: anchor.attributes, relations: [] } };
}

function excluded({ exclude: named, excludedAttributes }: Draft, standing: Query): QueryPatch {
  const described = excludedAttributes.map((attribute) => ({
    ...noun(standing.target.concept),
    attributes: [attribute],
  }));
  const exclude = [...named, ...described];
  const known = new Set(standing.exclude.map((one) => JSON.stringify(one)));
  return exclude
    .filter((one) => !known.has(JSON.stringify(one)))
    .map((value) => ({ op: "add" as const, path: "exclude.-", value }));
}

function removed({ removals, sort }: Draft, standing: Query): QueryPatch {
  const gone = { relations: new Set<number>(), geo: new Set<number>(), exclude: new Set<number>() };
  const patch: QueryPatch = [];
  for (const piece of removals) patch.push(...removalOf(piece, standing, gone, sort !== undefined));
  for (const [list, indexes] of Object.entries(gone))
    for (const index of [...indexes].sort((a, b) => b - a)) patch.push({ op: "remove", path: `${list}.${index}` });
  return patch;
}

type Gone = Readonly<Record<"relations" | "geo" | "exclude", Set<number>>>;

function removalOf(piece: Piece, standing: Query, gone: Gone, keepsSort: boolean): QueryPatch {
  switch (piece.kind) {
    case "concept": {
      const before = gone.relations.size + gone.exclude.size;
      standing.relations.forEach(({ anchors }, index) => {
        if (anchors.some(({ concept }) => concept === piece.concept)) gone.relations.add(index);
      });
      standing.exclude.forEach((one, index) => {
        if ("concept" in one && one.concept === piece.concept) gone.exclude.add(index);
      });
      if (standing.sort?.anchor?.concept === piece.concept && !keepsSort) return [{ op: "remove", path: "sort" }];
      if (gone.relations.size + gone.exclude.size > before) return [];
      const nested = nestedRelation(standing, piece.concept);
      if (nested) return [{ op: "remove", path: nested }];
      const edge = standing.geo.findIndex(({ kind }) => kind === "edge_of");
      if (edge >= 0 && ["town", "city", "village"].includes(piece.concept)) {
        gone.geo.add(edge);
        return [];
      }
      return piece.concept === standing.target.concept
        ? []
        : [{ op: "add", path: "exclude.-", value: noun(piece.concept) }];
    }
    case "attribute": {
      if (standing.target.attributes.includes(piece.attribute))
        return [
          replace(
            "target.attributes",
            standing.target.attributes.filter((one) => one !== piece.attribute),
          ),
        ];
      return standing.relations.flatMap(({ anchors }, index) =>
        anchors.flatMap(({ attributes }, at) =>
          attributes.includes(piece.attribute)
            ? [
                replace(
                  `relations.${index}.anchors.${at}.attributes`,
                  attributes.filter((one) => one !== piece.attribute),
                ),
              ]
            : [],
        ),
      );
    }
    case "place":
      standing.geo.forEach(({ name }, index) => {
        if (name?.toLowerCase() === piece.name.toLowerCase()) gone.geo.add(index);
      });
      return [];
    case "slot":
      return slotRemoved(piece.slot, standing, gone);
  }
}

function nestedRelation(standing: Query, concept: ConceptId): string | null {
  for (const [index, { anchors }] of standing.relations.entries())
    for (const [at, { relations }] of anchors.entries()) {
      const inner = relations.findIndex((one) => one.anchors.some((anchor) => anchor.concept === concept));
      if (inner >= 0) return `relations.${index}.anchors.${at}.relations.${inner}`;
    }
  return null;
}

function slotRemoved(slot: Extract<Piece, { kind: "slot" }>["slot"], standing: Query, gone: Gone): QueryPatch {
  const drop = (path: string): QueryPatch[number] => ({ op: "remove", path });
  switch (slot) {
    case "time":
      return standing.time ? [replace("time", null)] : [];
    case "size": {
      const attributes = standing.target.attributes.filter((one) => one !== "large" && one !== "small");
      return [
        ...(standing.target.areaM2 ? [drop("target.areaM2")] : []),
        ...(attributes.length < standing.target.attributes.length ? [replace("target.attributes", attributes)] : []),
      ];
    }
    case "count":
      return standing.target.count ? [drop("target.count")] : [];
    case "sort":
      return standing.sort ? [drop("sort")] : [];
    case "limit":
      return standing.limit === undefined ? [] : [drop("limit")];
    case "all":
      // All of them: what kept the list short, else the bound on their time.
      if (standing.limit !== undefined) return [drop("limit")];
      return standing.time ? [replace("time", null)] : [];
    case "distance":
      return [
        ...standing.relations.flatMap(({ distanceM }, index) =>
          distanceM ? [drop(`relations.${index}.distanceM`)] : [],
        ),
        ...standing.geo.flatMap(({ distanceM }, index) =>
          distanceM === undefined ? [] : [drop(`geo.${index}.distanceM`)],
        ),
      ];
    case "geo":
      standing.geo.forEach((_, index) => {
        gone.geo.add(index);
      });
      return [];
    case "exclude":
      standing.exclude.forEach((_, index) => {
        gone.exclude.add(index);
      });
      return [];
  }
}
