import { z } from "zod";
import { AreaGeometrySchema, QuerySchema } from "../query/schema.ts";

/** What will be done, as data: versioned, hashed, replayable. */
export const PLAN_VERSION = 1;

export const BudgetSchema = z.object({
  /** Coarse tiles handed to the pyramid. */
  tiles: z.number().int().positive(),
  /** Pixels the pyramid may read. */
  pixels: z.number().int().positive(),
  /** Regions returned. */
  regions: z.number().int().positive(),
});
export type Budget = z.infer<typeof BudgetSchema>;

export const PlanSchema = z.object({
  version: z.literal(PLAN_VERSION),
  /** SHA-256 over everything else in the plan. */
  hash: z.string(),
  /** Content hash of the workspace that the plan was made for. */
  workspace: z.string(),
  query: QuerySchema,
  /** Text of the formula whose free variable is x. */
  formula: z.string(),
  /** Search area, WGS84. */
  area: AreaGeometrySchema,
  /** Geometries (WGS84) of the formula's "@" constants: places, drawn areas, excluded regions. */
  constants: z.record(z.string(), z.unknown()),
  /** Outline of the region that results should look like ("like #2 but …"), WGS84. */
  similarTo: AreaGeometrySchema.nullable(),
  /** ISO dates compared for a change query, else the one looked at. */
  dates: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  budget: BudgetSchema,
});
export type Plan = z.infer<typeof PlanSchema>;
