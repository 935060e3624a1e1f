import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import { IntentSchema } from "../query/schema.ts";

/**
 * One message with what it means. Only the slots that the gold query holds are compared; a gold query of null says that
 * the message must yield none.
 */
export const UtteranceSchema = z.object({
  id: z.string().optional(),
  /** The same message in the other language. */
  twin: z.string().optional(),
  split: z.enum(["tune", "unseen"]).optional(),
  language: z.enum(["en", "zh"]).optional(),
  type: z.string().optional(),
  text: z.string(),
  /** Earlier messages of the conversation, oldest first; they are read by the parser before the text is. */
  context: z.array(z.string()).default([]),
  gold: z.looseObject({
    intent: IntentSchema.optional(),
    query: z.record(z.string(), z.unknown()).nullable().optional(),
    question: z.record(z.string(), z.unknown()).optional(),
    unparsed: z.array(z.string()).optional(),
  }),
});
export type Utterance = z.infer<typeof UtteranceSchema>;

/**
 * Utterances of a JSON-lines text, one a line; empty lines are passed over.
 *
 * @throws {TerralogueError} `bad_arguments` naming the line that is no utterance
 */
export function readUtterances(text: string, file: string): Utterance[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new TerralogueError("bad_arguments", `Line ${index + 1} of ${file} is not JSON.`);
    }
    const utterance = UtteranceSchema.safeParse(value);
    if (!utterance.success) {
      const issue = utterance.error.issues[0];
      throw new TerralogueError(
        "bad_arguments",
        `Line ${index + 1} of ${file} is no utterance: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
      );
    }
    return [utterance.data];
  });
}
