import { z } from "zod";
import { FACT_PROPERTY_IDS } from "../../knowledge/fact-properties.ts";

const AskedSchema = z.enum([...FACT_PROPERTY_IDS, "country", "coordinates", "location", "kind"]);

/** Which end of a scale is asked for, and the properties that may be the scale, best first. */
export const DegreeSchema = z.object({
  direction: z.enum(["most", "least"]),
  properties: z.array(z.enum(FACT_PROPERTY_IDS)),
});

/** A question to the landmark knowledge, as read from its words. */
export const KnowledgeQuestionSchema = z.object({
  /**
   * fact: properties of the landmarks named · identity: what one is · compare: which of those named has more · superlative: which
   * of a kind has most · among: which of those that the conversation was about has most · list and count: those of a kind in a country or with a name in their facts · nearby: those within a
   * radius · distance: between two · passage: anything else of a landmark.
   */
  form: z.enum([
    "fact",
    "identity",
    "compare",
    "superlative",
    "among",
    "list",
    "count",
    "nearby",
    "distance",
    "passage",
  ]),
  asks: z.array(z.object({ topic: AskedSchema, properties: z.array(AskedSchema) })),
  /** Landmarks that each name may be, in the order of the message. */
  named: z.array(z.object({ text: z.string(), landmarks: z.array(z.string()), isWhole: z.boolean() })),
  /** The landmarks are those that the conversation was about, not named in this message. */
  isFollowUp: z.boolean(),
  degree: DegreeSchema.nullable(),
  concept: z.string().nullable(),
  /** ISO codes. */
  countries: z.array(z.string()),
  radiusM: z.number().positive().nullable(),
  /** Words that the facts of those listed or counted hold: an operator, an architect, a river. */
  value: z.string().nullable(),
  /** A name that no landmark has, as written; then nothing may be answered of another. */
  unknown: z.string().nullable(),
  /** Where the message puts the landmark named, folded; what is known of the landmark must say so too. */
  place: z.string().nullable(),
  /** Words that say something and belong to none of the above, folded. */
  rest: z.array(z.string()),
});
export type KnowledgeQuestion = z.infer<typeof KnowledgeQuestionSchema>;
