import { z } from "zod";
import { FailureSchema, ProofSchema } from "../logic/proof.ts";
import { AreaGeometrySchema, BboxSchema, IntentSchema } from "../query/schema.ts";
import { AlternativeSchema, TurnSchema } from "../query/turn.ts";
import { BudgetSchema } from "../retrieval/plan.ts";
import { DifferenceSchema } from "./difference.ts";

/** The one object that the CLI, the HTTP API and the tools give back for a turn. */

export const EvidenceSchema = z.object({
  id: z.string(),
  kind: z.enum(["tile", "entity", "passage"]),
  /** What it shows, in a few words. */
  label: z.string(),
  concept: z.string().optional(),
  /** WGS84. */
  geometry: z.unknown().optional(),
  date: z.string().nullable().optional(),
  source: z.string().optional(),
});
export type Evidence = z.infer<typeof EvidenceSchema>;

export const RegionSchema = z.object({
  id: z.string(),
  rank: z.number().int().positive(),
  geometry: AreaGeometrySchema,
  bbox: BboxSchema,
  areaM2: z.number(),
  probability: z.number().min(0).max(1),
  score: z.object({ total: z.number(), parts: z.record(z.string(), z.number()) }),
  caption: z.string(),
  proof: ProofSchema,
  evidence: z.array(EvidenceSchema),
  /** "cloud", "single_date", "coarse_gsd", "map_only" …: why to be careful. */
  flags: z.array(z.string()),
});
export type Region = z.infer<typeof RegionSchema>;

export const NearMissSchema = z.object({
  id: z.string(),
  geometry: AreaGeometrySchema,
  caption: z.string(),
  truth: z.number(),
  failure: FailureSchema,
});
export type NearMiss = z.infer<typeof NearMissSchema>;

export const CitationSchema = z.object({
  /** Number as it stands in the text: [1]. */
  marker: z.number().int().positive(),
  evidence: z.string(),
  kind: z.enum(["passage", "entity", "tile", "region"]),
  title: z.string(),
  quote: z.string(),
  /** Half-open range of the quote in the text of the passage, for citations of passages. */
  quoted: z.object({ start: z.number().int(), end: z.number().int() }).optional(),
  source: z.string(),
  /** Half-open range of `text` that rests on it. */
  start: z.number().int(),
  end: z.number().int(),
});
export type Citation = z.infer<typeof CitationSchema>;

export const OutcomeSchema = z.enum(["ranked", "no_match", "not_covered", "cannot_decide", "answer"]);

export const WorkSchema = z.object({
  tilesScored: z.number(),
  chipsEncoded: z.number(),
  pixelsRead: z.number(),
  predicatesEvaluated: z.number(),
});
export type Work = z.infer<typeof WorkSchema>;

/** Who worded the text, where a language model is set; its sentences were checked against the evidence before they left. */
export const WordingSchema = z.object({
  by: z.enum(["writer", "model", "driver"]),
  /** Sentences of the model that stand. */
  kept: z.number().int(),
  /** Sentences of the model that said what nothing backs, and whose place the writer's own took. */
  repaired: z.number().int(),
  /** Sentences of the model that were left out. */
  dropped: z.number().int(),
  /** Of this turn, read and written. */
  tokens: z.number().int(),
  /** Why the writer's own text stands, where the model was asked: "time-out", "unavailable", "budget", "unfit". */
  fallback: z.string().optional(),
  /** Tools that the model called, with what came of it, where it drove. */
  tools: z
    .array(z.object({ name: z.string(), arguments: z.unknown(), outcome: z.enum(["done", "refused", "failed"]) }))
    .optional(),
});
export type Wording = z.infer<typeof WordingSchema>;

export const ReplySchema = z.object({
  thread: z.string(),
  turn: z.number().int().positive(),
  intent: IntentSchema,
  language: z.enum(["en", "zh"]),
  outcome: OutcomeSchema,
  text: z.string(),
  understood: TurnSchema,
  plan: z
    .object({
      version: z.number(),
      hash: z.string(),
      query: z.unknown(),
      formula: z.string(),
      area: AreaGeometrySchema,
      budget: BudgetSchema,
      dates: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
    })
    .nullable(),
  regions: z.array(RegionSchema),
  citations: z.array(CitationSchema),
  nearMisses: z.array(NearMissSchema),
  /** Readings to choose from, when the message was ambiguous. */
  choices: z.array(AlternativeSchema),
  /** Milliseconds by stage. */
  /** After a refinement: which results of before remain, and why the others left. */
  difference: DifferenceSchema.optional(),
  wording: WordingSchema.optional(),
  timings: z.record(z.string(), z.number()),
  work: WorkSchema,
});
export type Reply = z.infer<typeof ReplySchema>;
