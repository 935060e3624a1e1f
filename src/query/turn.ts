import { z } from "zod";
import type { LandmarkNames } from "./knowledge/landmark-names.ts";
import { DegreeSchema, KnowledgeQuestionSchema } from "./knowledge/question-schema.ts";
import { AreaGeometrySchema, BboxSchema, IntentSchema, NounSchema, QuerySchema, SpanSchema } from "./schema.ts";

/** One change of the standing query. `path` is a slot such as "relations.0.distanceM" or "time"; a null value drops the slot. */
export const QueryPatchOperationSchema = z.object({
  op: z.enum(["add", "replace", "remove"]),
  path: z.string(),
  value: z.unknown().optional(),
});
export const QueryPatchSchema = z.array(QueryPatchOperationSchema);
export type QueryPatch = z.infer<typeof QueryPatchSchema>;

/** A result that the message points at: "#2", "the second one", "it", "those". `region` is the region id where the state resolves it. */
export const ReferenceSchema = z.object({
  text: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  rank: z.number().int().positive().optional(),
  region: z.string().optional(),
});
export type Reference = z.infer<typeof ReferenceSchema>;

/** What an ask / describe / explain / why_not / compare / count turn wants to know. */
export const QuestionSchema = z.object({
  /** Typed fact or aspect: operator, built, opened, capacity, height, population, area, distance, change, reason, nearby, identity, other. */
  topic: z.string(),
  /** The thing asked about, as written ("the container terminal"); absent when only a region is meant. */
  subject: z.string().optional(),
  /** Gazetteer ids that the subject may be, best first. */
  places: z.array(z.string()),
  /** The kind of thing asked about ("how many tanks", "the one at the port"), when no place has that name. */
  noun: NounSchema.nullable().default(null),
  /** The end of a scale that is asked for among the results: "which of these is oldest?". */
  degree: DegreeSchema.optional(),
  /** What it asks of the landmark knowledge; absent for a question about results. */
  knowledge: KnowledgeQuestionSchema.optional(),
});
export type Question = z.infer<typeof QuestionSchema>;

export const AlternativeSchema = z.object({ label: z.string(), query: QuerySchema });

export const TurnSchema = z.object({
  intent: IntentSchema,
  language: z.enum(["en", "zh"]),
  /** The whole query after this turn (the standing one with the patch applied, for refine); null where the intent needs none. */
  query: QuerySchema.nullable(),
  patch: QueryPatchSchema.nullable(),
  references: z.array(ReferenceSchema),
  question: QuestionSchema.nullable(),
  confidence: z.number().min(0).max(1),
  /** Words that carried meaning but were not understood. */
  unparsed: z.array(SpanSchema),
  /** Two or more readings that would give different results; empty when one is much likelier. */
  alternatives: z.array(AlternativeSchema),
  /** "undo" goes one turn back; "similar_to" is "like #2 but …". */
  action: z.enum(["none", "undo", "similar_to", "reset"]).default("none"),
});
export type Turn = z.infer<typeof TurnSchema>;

/** What understanding needs to know of the conversation. Plain JSON: it is checkpointed. */
export const DialogueStateSchema = z.object({
  language: z.enum(["en", "zh"]).nullable(),
  /** Standing query, null before the first search. */
  query: QuerySchema.nullable(),
  /** Earlier standing queries, oldest first, for undo. */
  history: z.array(QuerySchema),
  /** Regions of the last reply that had any, in rank order. */
  regions: z.array(z.object({ id: z.string(), rank: z.number().int(), caption: z.string() })),
  /** Ids of the landmarks that the last answer was about; none after a search. */
  landmarks: z.array(z.string()).optional(),
  viewport: BboxSchema.nullable(),
  area: AreaGeometrySchema.nullable(),
});
export type DialogueState = z.infer<typeof DialogueStateSchema>;

export const EMPTY_DIALOGUE: DialogueState = {
  language: null,
  query: null,
  history: [],
  regions: [],
  viewport: null,
  area: null,
};

/** One named place of the workspace. Geometry is WGS84 GeoJSON. */
export interface Place {
  readonly id: string;
  readonly names: readonly string[];
  readonly concept: string | null;
  readonly geometry: GeoJSON.Geometry;
  /** 0..1, for disambiguation. */
  readonly importance: number;
}

export interface Gazetteer {
  readonly places: readonly Place[];
  /** Landmarks by their names, for questions about them; absent where nothing is known of any. */
  readonly landmarks?: LandmarkNames;
}

export interface UnderstandContext {
  readonly gazetteer: Gazetteer;
  /** Newest date of the workspace's imagery, ISO; today when there is none. Relative dates resolve against it. */
  readonly newestDate: string;
  /** All imagery dates, oldest first. */
  readonly dates: readonly string[];
}
