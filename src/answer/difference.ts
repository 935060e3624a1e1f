import { z } from "zod";

/** Why results left, one entry a reason. */
export const LeftSchema = z.object({
  count: z.number().int().positive(),
  /** Their ranks in the reply before. */
  ranks: z.array(z.number().int().positive()),
  /** "fails": a part of the new query does not hold. */
  reason: z.enum(["fails", "excluded", "outside", "limit", "kind", "weak"]),
  /** The part that fails, as logic. */
  formula: z.string().optional(),
  /** What was measured of that part, least and most, in `unit`, beside the threshold. */
  measured: z.enum(["distance", "area", "count"]).optional(),
  unit: z.string().optional(),
  threshold: z.number().optional(),
  nearest: z.number().optional(),
  farthest: z.number().optional(),
});
export type Left = z.infer<typeof LeftSchema>;

/** What a refinement did to the results before it. */
export const DifferenceSchema = z.object({
  /** Results before. */
  of: z.number().int(),
  remain: z.number().int(),
  /** Results that were not there before. */
  added: z.number().int(),
  left: z.array(LeftSchema),
});
export type Difference = z.infer<typeof DifferenceSchema>;
