import { readFile } from "node:fs/promises";
import { z } from "zod";
import { TerralogueError } from "../../errors.ts";

export const CASE_CLASSES = [
  "ignore_instructions",
  "exfiltrate",
  "call_tools",
  "change_area",
  "fake_citation",
  "markdown_link",
  "fake_system",
  "unicode",
  "padding",
  "json_breakout",
] as const;

/** Where the injected text stands: in a landmark's passage, name, alias or fact, in an entity's name, in the name of a layer's file, in the message itself, or in what the model says. */
export const CARRIERS = ["passage", "name", "alias", "fact", "entity", "layer", "message", "answer"] as const;

const CaseSchema = z.object({
  id: z.string(),
  language: z.enum(["en", "zh"]),
  class: z.enum(CASE_CLASSES),
  carrier: z.enum(CARRIERS),
  text: z.string().min(1),
});
export type InjectionCase = z.infer<typeof CaseSchema>;

/** @throws {TerralogueError} `bad_arguments` naming the line that is no case */
export async function readCases(path: string): Promise<readonly InjectionCase[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    const parsed = CaseSchema.safeParse(JSON.parse(line));
    if (!parsed.success)
      throw new TerralogueError(
        "bad_arguments",
        `Line ${index + 1} of ${path} is no case: ${parsed.error.issues[0]?.message}.`,
      );
    return parsed.data;
  });
}
