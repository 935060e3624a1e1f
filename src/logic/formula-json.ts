import { z } from "zod";
import { ATTRIBUTE_IDS, CONCEPT_IDS, PREDICATE_IDS } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import type { Formula } from "./formula.ts";

const term = z.string().regex(/^@[\p{L}\p{N}_:.-]+$|^[\p{L}_][\p{L}\p{N}_]*$/u);
const variable = z.string().regex(/^[\p{L}_][\p{L}\p{N}_]*$/u);
const date = z.iso.date();
const unknown = (what: string) => ({
  error: ({ input }: { input?: unknown }) => `${JSON.stringify(input)} is no ${what} of the ontology`,
});

/** A formula as JSON: the shape of `Formula` itself, unknown members refused. */
export const FormulaSchema: z.ZodType<Formula> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("true") }),
    z.strictObject({ kind: z.literal("false") }),
    z.strictObject({ kind: z.literal("concept"), concept: z.enum(CONCEPT_IDS, unknown("concept")), term }),
    z.strictObject({ kind: z.literal("attribute"), attribute: z.enum(ATTRIBUTE_IDS, unknown("attribute")), term }),
    z.strictObject({
      kind: z.literal("area"),
      term,
      op: z.enum(["<", "<=", "=", ">=", ">"]),
      value: z.number(),
    }),
    z.strictObject({
      kind: z.literal("time"),
      change: z.enum(["new", "gone", "grown", "shrunk", "changed", "as_of"]),
      term,
      from: date.optional(),
      to: date.optional(),
    }),
    z.strictObject({
      kind: z.literal("spatial"),
      predicate: z.enum(PREDICATE_IDS, unknown("predicate")),
      terms: z.array(term).min(2),
      distanceM: z.number().optional(),
      soft: z.literal(true).optional(),
    }),
    z.strictObject({ kind: z.literal("equal"), left: term, right: term }),
    z.strictObject({ kind: z.literal("not"), body: FormulaSchema }),
    z.strictObject({ kind: z.literal("and"), parts: z.array(FormulaSchema) }),
    z.strictObject({ kind: z.literal("or"), parts: z.array(FormulaSchema) }),
    z.strictObject({ kind: z.literal("implies"), left: FormulaSchema, right: FormulaSchema }),
    z.strictObject({ kind: z.literal("exists"), variable, body: FormulaSchema }),
    z.strictObject({ kind: z.literal("forall"), variable, body: FormulaSchema }),
    z.strictObject({
      kind: z.literal("count"),
      variable,
      op: z.enum([">=", "<=", "="]),
      n: z.number().int().min(0),
      body: FormulaSchema,
    }),
  ]),
) as z.ZodType<Formula>;

/**
 * Reads a formula from JSON text.
 *
 * @throws {TerralogueError} `bad_question` naming the place in the document and what is wrong there
 */
export function formulaFromJson(text: string): Formula {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TerralogueError("bad_question", "The formula begins with { but is not JSON; check its brackets.", {
      cause,
    });
  }
  const parsed = FormulaSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join(".") || "its root";
  throw new TerralogueError("bad_question", `The formula's JSON is not right at ${place}: ${issue?.message}.`);
}
