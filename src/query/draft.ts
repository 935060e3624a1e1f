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
  sort: Sort | undefined;
  limit: number | undefined;
  exclude: Exclusion[];
  /** A distance that belongs to no noun: "only within 500 m". */
  distance: Distance | undefined;
  /** Results by rank: "#2". */
  ranks: { rank: number; start: number; end: number; text: string }[];
  /** "only those", "它们": the message speaks of what was found. */
  pointsBack: boolean;
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
    sort: undefined,
    limit: undefined,
    exclude: [],
    distance: undefined,
    ranks: [],
    pointsBack: false,
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
  return {
    target: {
      concept: target.concept,
      attributes: [...new Set([...draft.attributes, ...target.attributes])],
      ...((target.count ?? draft.count) && { count: target.count ?? draft.count }),
      ...((target.areaM2 ?? draft.areaM2) && { areaM2: target.areaM2 ?? draft.areaM2 }),
    },
    relations: [...draft.relations, ...target.relations],
    geo: draft.geo,
    time: draft.time,
    exclude: draft.exclude,
    ...(draft.sort && { sort: draft.sort }),
    ...(draft.limit !== undefined && { limit: draft.limit }),
    spans: draft.spans,
  };
}
