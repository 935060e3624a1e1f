import { z } from "zod";

/** One node of a proof: the sub-formula as text, its truth, what was measured and against which threshold, and who witnesses it. */
export interface ProofNode {
  readonly formula: string;
  readonly kind: string;
  /** 0..1 under the semantics of the call. */
  readonly truth: number;
  /** Measured quantity beside its threshold, e.g. { name: "distance", value: 312, unit: "m", op: "<=", threshold: 500 }. */
  readonly measured?: Measurement;
  /** Entity ids bound to the quantified variables at this node. */
  readonly witnesses: readonly string[];
  readonly children: readonly ProofNode[];
}

export const MeasurementSchema = z.object({
  name: z.enum(["distance", "area", "count", "bearing", "overlap", "enclosure", "date", "confidence", "change"]),
  value: z.union([z.number(), z.string()]),
  unit: z.enum(["m", "m2", "px", "count", "degrees", "ratio", "date"]),
  op: z.enum(["<", "<=", "=", ">=", ">"]).optional(),
  threshold: z.union([z.number(), z.string()]).optional(),
});
export type Measurement = z.infer<typeof MeasurementSchema>;

export const ProofNodeSchema: z.ZodType<ProofNode> = z.lazy(() =>
  z.object({
    formula: z.string(),
    kind: z.string(),
    truth: z.number(),
    measured: MeasurementSchema.optional(),
    witnesses: z.array(z.string()),
    children: z.array(ProofNodeSchema),
  }),
);

/** Where a candidate fails, by how much, and the smallest single change of the query that would admit it. */
export const FailureSchema = z.object({
  formula: z.string(),
  measured: MeasurementSchema.optional(),
  /** Positive: how far the measured value is from its threshold, in the measurement's unit. */
  margin: z.number().optional(),
  /** The smallest single change of the query at this part, and whether it alone would admit the candidate. */
  change: z
    .object({
      kind: z.enum(["distance", "count", "area", "drop"]),
      value: z.number().optional(),
      admits: z.boolean(),
    })
    .optional(),
  /** The entity that was measured: the nearest that would do, or the one that forbids. */
  witness: z.string().optional(),
  repair: z.string().optional(),
  explanation: z.string(),
});
export type Failure = z.infer<typeof FailureSchema>;

export const ProofSchema = z.object({
  truth: z.number().min(0).max(1),
  tree: ProofNodeSchema,
  witnesses: z.array(z.string()),
  failure: FailureSchema.nullable(),
});
export type Proof = z.infer<typeof ProofSchema>;
