import { z } from "zod";

/** A day as far as it is known. Years before our era are negative: −518 is 518 BC; there is no year 0. */
const MomentSchema = z.object({
  year: z.number().int(),
  month: z.number().int().min(1).max(12).optional(),
  day: z.number().int().min(1).max(31).optional(),
});
export type Moment = z.infer<typeof MomentSchema>;

/** Units that values are kept in; everything else is converted to one of them. "1" counts things. */
export const BASE_UNITS = ["m", "m2", "m3", "W", "Wh", "t", "TEU", "bbl", "1", "%"] as const;
export const PERIODS = ["year", "day", "hour", "second"] as const;

/** What a fact says, as a value that can be compared. `isAbout`: the source itself says "about", "more than" and the like. */
export const FactValueSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("time"),
    from: MomentSchema,
    /** Last moment of a span ("1830–1848", a century); absent for one moment. */
    to: MomentSchema.optional(),
    /** "1882–", "since 1998": goes on from there. */
    isOpen: z.boolean(),
    isAbout: z.boolean(),
  }),
  z.object({
    kind: z.literal("quantity"),
    /** In `unit`. */
    value: z.number(),
    unit: z.enum(BASE_UNITS),
    per: z.enum(PERIODS).optional(),
    isAbout: z.boolean(),
  }),
  z.object({ kind: z.literal("text"), text: z.string().min(1) }),
]);
export type FactValue = z.infer<typeof FactValueSchema>;
export type TimeValue = Extract<FactValue, { kind: "time" }>;
export type QuantityValue = Extract<FactValue, { kind: "quantity" }>;

/** Orders two values of one kind and unit: negative when `a` is the earlier or smaller. Null where they cannot be compared. */
export function compareValues(a: FactValue, b: FactValue): number | null {
  if (a.kind === "time" && b.kind === "time") return compareMoments(a.from, b.from);
  if (a.kind === "quantity" && b.kind === "quantity")
    return a.unit === b.unit && a.per === b.per ? a.value - b.value : null;
  return null;
}

/** A month that only one side knows decides nothing. */
function compareMoments(a: Moment, b: Moment): number {
  if (a.year !== b.year) return a.year - b.year;
  if (a.month === undefined || b.month === undefined || a.month !== b.month)
    return a.month === undefined || b.month === undefined ? 0 : a.month - b.month;
  return a.day === undefined || b.day === undefined ? 0 : a.day - b.day;
}
