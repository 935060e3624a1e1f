import { z } from "zod";
import { TerralogueError } from "../../errors.ts";

/** A question with what a right answer holds and rests on. Only `question` and `answer` are needed of a set of somebody else's. */
export const QuestionLineSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  question: z.string().min(1),
  /** Earlier messages of the conversation, oldest first; those of the assistant are passed over. */
  context: z.array(z.union([z.string(), z.object({ role: z.string(), content: z.string() })])).default([]),
  /** What a right answer holds, alternatives apart by "|"; null for a question that must not be answered. */
  answer: z.union([z.string(), z.number(), z.null()]).transform((value) => (value === null ? null : String(value))),
  /** Ids or names of the landmarks that the answer rests on. */
  sources: z.array(z.string()).default([]),
  world: z.enum(["pack", "imported", "demo"]).default("pack"),
  split: z.enum(["tune", "held"]).optional(),
  type: z.string().optional(),
});
export type QuestionLine = z.infer<typeof QuestionLineSchema>;

/** @throws {TerralogueError} `bad_arguments` naming the line */
export function readQuestions(text: string, file: string): readonly QuestionLine[] {
  return text.split("\n").flatMap((line, index): QuestionLine[] => {
    if (line.trim() === "") return [];
    const fault = (what: string) =>
      new TerralogueError(
        "bad_arguments",
        `Line ${index + 1} of ${file} ${what}; write {"question", "answer", "sources"}.`,
      );
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw fault("is not JSON");
    }
    const parsed = QuestionLineSchema.safeParse(value);
    if (!parsed.success) throw fault(`has a bad "${parsed.error.issues[0]?.path.join(".") || "question"}"`);
    return [{ ...parsed.data, id: parsed.data.id ?? String(index + 1) }];
  });
}
