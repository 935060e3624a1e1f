import type {
  Distance,
  Exclusion,
  GeoConstraint,
  Noun,
  Quantity,
  Query,
  Relation,
  Sort,
  Span,
  TimeConstraint,
} from "./schema.ts";

/** A piece of the standing query that a follow-up speaks of. */
export type Piece =
  | { readonly kind: "concept"; readonly concept: Noun["concept"] }
  | { readonly kind: "attribute"; readonly attribute: Noun["attributes"][number] }
  | { readonly kind: "place"; readonly name: string }
  | {
      readonly kind: "slot";
      readonly slot: "time" | "size" | "distance" | "geo" | "sort" | "limit" | "count" | "exclude" | "all";
    };

/** What a grammar has read of one message, before it is a Query or a change of one. */
export interface Draft {
  target: Noun | null;
  /** Attributes, count and size met before or without a target. */
  attributes: Noun["attributes"];
  count: Quantity | undefined;
  areaM2: Quantity | undefined;
  relations: Relation[];
  geo: GeoConstraint[];
  time: TimeConstraint | null;
  /** The message names a kind of change; without, a range of dates changes only the dates of the standing query. */
  namesChange: boolean;
  /** A date without "since" or "before": a moment, or the range of a change that is named later. */
  bareDate: { from: string; to: string } | null;
  sort: Sort | undefined;
  limit: number | undefined;
  exclude: Exclusion[];
  /** "no small ones": results of the standing kind with one of these attributes are left out. */
  excludedAttributes: Noun["attributes"];
  /** A distance that belongs to no noun: "only within 500 m". */
  distance: Distance | undefined;
  /** The distance came without "within" or "more than". */
  isBareDistance: boolean;
  /** The size came without "larger than" or the like. */
  isBareSize: boolean;
  /** "the other side of the river". */
  otherSideOf: Noun["concept"][];
  /** "instead", 改成: what is said takes the place of its like. */
  isInstead: boolean;
  /** "make it 5": a number without a unit or a noun. */
  bareNumber: number | undefined;
  /** What a bare distance is measured to: "make the port distance 3 km". */
  distanceOf: Noun["concept"] | undefined;
  /** Pieces to drop: "drop the river bit". */
  removals: Piece[];
  /** Concepts to exchange: "railways instead of motorways". */
  swaps: { from: Noun["concept"]; to: Noun["concept"] }[];
  /** The rest of the standing query is given up: "something else", "new search". */
  startsOver: boolean;
  /** Results by rank: "#2". */
  ranks: { rank: number; start: number; end: number; text: string }[];
  /** "only those", "它们": the message speaks of what was found. */
  pointsBack: boolean;
  /** Readings that the words allow just as well: the same message with one anchor exchanged. */
  disjunctions: { relation: Relation; other: Relation }[];
  /** "near a park with a pond": a relation of the target that may as well be one of the anchor before it. */
  attachments: { relation: Relation; anchor: Noun }[];
  spans: Span[];
  unparsed: Span[];
}

export function emptyDraft(): Draft {
  return {
    target: null,
    attributes: [],
    count: undefined,
    areaM2: undefined,
    relations: [],
    geo: [],
    time: null,
    namesChange: false,
    bareDate: null,
    sort: undefined,
    limit: undefined,
    exclude: [],
    excludedAttributes: [],
    distance: undefined,
    isBareDistance: false,
    isBareSize: false,
    otherSideOf: [],
    isInstead: false,
    bareNumber: undefined,
    distanceOf: undefined,
    removals: [],
    swaps: [],
    startsOver: false,
    ranks: [],
    pointsBack: false,
    disjunctions: [],
    attachments: [],
    spans: [],
    unparsed: [],
  };
}

export function noun(concept: Noun["concept"]): Noun {
  return { concept, attributes: [], relations: [] };
}

/** The draft as a whole Query; null without a target. */
export function draftQuery(draft: Draft): Query | null {
  const { target } = draft;
  if (!target) return null;
  const count = target.count ?? draft.count;
  const areaM2 = target.areaM2 ?? draft.areaM2;
  return {
    target: {
      concept: target.concept,
      attributes: [...new Set([...draft.attributes, ...target.attributes])],
      ...(count && { count }),
      ...(areaM2 && { areaM2 }),
    },
    relations: [...draft.relations, ...target.relations],
    geo: draft.geo,
    time: draft.time,
    exclude: [
      ...draft.exclude,
      ...draft.excludedAttributes.map((attribute) => ({ ...noun(target.concept), attributes: [attribute] })),
    ],
    ...(draft.sort && { sort: draft.sort }),
    ...(draft.limit !== undefined && { limit: draft.limit }),
    spans: draft.spans,
  };
}
