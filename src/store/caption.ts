import { z } from "zod";

/** A piece of a caption with what it rests on. Pieces carry their own spaces and punctuation: a text is exactly its clauses joined. */
export const CaptionClauseSchema = z.object({
  text: z.string().min(1),
  /** Entity ids, `tile:ID@date#statistic`, place ids, or `area:…` for what is said of nothing being there. */
  evidence: z.array(z.string().min(1)).min(1),
});
export type CaptionClause = z.infer<typeof CaptionClauseSchema>;

export const CaptionLevelSchema = z
  .object({ text: z.string().min(1), clauses: z.array(CaptionClauseSchema).min(1) })
  .refine(({ text, clauses }) => text === clauses.map((clause) => clause.text).join(""), {
    message: "The text must be its clauses joined.",
  });
export type CaptionLevel = z.infer<typeof CaptionLevelSchema>;

/** What a place looks like, in three granularities. */
export const CaptionSchema = z.object({
  /** One line without a full stop, of about 25 words at most. */
  line: CaptionLevelSchema,
  /** What there is: cover, things with counts and attributes, changes. */
  objects: CaptionLevelSchema,
  /** Where it is: positions, arrangement, relations with distances, surroundings. */
  layout: CaptionLevelSchema,
  language: z.enum(["en", "zh"]),
  /** ISO date of the imagery that it speaks of; null without dated imagery. */
  date: z.string().nullable(),
});
export type Caption = z.infer<typeof CaptionSchema>;
