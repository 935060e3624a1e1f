import { z } from "zod";
import {
  ATTRIBUTE_IDS,
  CONCEPT_IDS,
  GEO_KINDS,
  INTENTS,
  PREDICATE_IDS,
  TIME_KINDS,
} from "../../knowledge/ontology/ids.ts";

/** What a message asks for, as data. Distances are metres, areas square metres, dates ISO (YYYY-MM-DD), positions WGS84 lon/lat. */

export const ConceptIdSchema = z.enum(CONCEPT_IDS as [string, ...string[]]) as unknown as z.ZodType<
  (typeof CONCEPT_IDS)[number]
>;
export const AttributeIdSchema = z.enum(ATTRIBUTE_IDS);
export const PredicateIdSchema = z.enum(PREDICATE_IDS);
export const IntentSchema = z.enum(INTENTS);

export const ComparisonOpSchema = z.enum(["<", "<=", "=", ">=", ">"]);
export type ComparisonOp = z.infer<typeof ComparisonOpSchema>;

export const QuantitySchema = z.object({ op: ComparisonOpSchema, value: z.number() });
export type Quantity = z.infer<typeof QuantitySchema>;

export const DistanceSchema = z.object({ op: z.enum(["<=", ">="]), value: z.number().nonnegative() });
export type Distance = z.infer<typeof DistanceSchema>;

/** West, south, east, north in degrees. */
export const BboxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Bbox = z.infer<typeof BboxSchema>;

const PositionSchema = z.array(z.number()).min(2);
export const AreaGeometrySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Polygon"), coordinates: z.array(z.array(PositionSchema)) }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(z.array(z.array(PositionSchema))) }),
]);
export type AreaGeometry = z.infer<typeof AreaGeometrySchema>;

export interface Noun {
  concept: z.infer<typeof ConceptIdSchema>;
  attributes: z.infer<typeof AttributeIdSchema>[];
  count?: Quantity;
  areaM2?: Quantity;
  relations: Relation[];
}

export interface Relation {
  predicate: z.infer<typeof PredicateIdSchema>;
  negated: boolean;
  /** Absent: the predicate's documented default applies (src/query/defaults). */
  distanceM?: Distance;
  /** One anchor; two or more for `between`. */
  anchors: Noun[];
}

export const RelationSchema: z.ZodType<Relation> = z.lazy(() =>
  z.object({
    predicate: PredicateIdSchema,
    negated: z.boolean(),
    distanceM: DistanceSchema.optional(),
    anchors: z.array(NounSchema).min(1),
  }),
);

export const NounSchema: z.ZodType<Noun> = z.lazy(() =>
  z.object({
    concept: ConceptIdSchema,
    attributes: z.array(AttributeIdSchema),
    count: QuantitySchema.optional(),
    areaM2: QuantitySchema.optional(),
    relations: z.array(RelationSchema),
  }),
);

export const TargetSchema = z.object({
  concept: ConceptIdSchema,
  attributes: z.array(AttributeIdSchema),
  count: QuantitySchema.optional(),
  areaM2: QuantitySchema.optional(),
});
export type Target = z.infer<typeof TargetSchema>;

export const GeoRelationSchema = z.enum([
  "inside",
  "outside",
  "near",
  "far_from",
  "north_of",
  "south_of",
  "east_of",
  "west_of",
]);

export const GeoConstraintSchema = z.object({
  kind: z.enum(GEO_KINDS),
  /** Place name as written, for `place` and `edge_of`. */
  name: z.string().optional(),
  /** Default "inside". */
  relation: GeoRelationSchema.optional(),
  distanceM: z.number().nonnegative().optional(),
  bbox: BboxSchema.optional(),
  polygon: AreaGeometrySchema.optional(),
});
export type GeoConstraint = z.infer<typeof GeoConstraintSchema>;

export const TimeConstraintSchema = z.object({
  kind: z.enum(TIME_KINDS),
  from: z.string().optional(),
  to: z.string().optional(),
});
export type TimeConstraint = z.infer<typeof TimeConstraintSchema>;

export const SortSchema = z.object({
  by: z.enum(["probability", "area", "distance", "count", "date"]),
  order: z.enum(["ascending", "descending"]),
  /** What the distance is to, when `by` is "distance". */
  anchor: NounSchema.optional(),
});
export type Sort = z.infer<typeof SortSchema>;

/** Half-open [start, end) in UTF-16 units of the message; `slot` is a path such as "target.concept" or "relations.0.distanceM". */
export const SpanSchema = z.object({
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
  slot: z.string(),
});
export type Span = z.infer<typeof SpanSchema>;

export const ExclusionSchema = z.union([NounSchema, z.object({ region: z.string() })]);
export type Exclusion = z.infer<typeof ExclusionSchema>;

export const QuerySchema = z.object({
  target: TargetSchema,
  relations: z.array(RelationSchema),
  geo: z.array(GeoConstraintSchema),
  time: TimeConstraintSchema.nullable(),
  exclude: z.array(ExclusionSchema),
  sort: SortSchema.optional(),
  limit: z.number().int().positive().optional(),
  spans: z.array(SpanSchema),
});
export type Query = z.infer<typeof QuerySchema>;
