import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PACKAGE_ROOT } from "../src/package-root.ts";

const FrontMatterSchema = z.object({ id: z.string().regex(/^[a-z-]+$/), version: z.coerce.number().int().positive() });

export interface Prompt {
  readonly id: string;
  readonly version: number;
  readonly text: string;
}

/**
 * Reads prompts/ID.md: front matter with id and version, then the text.
 *
 * @throws {Error} when the file is missing or its front matter does not fit
 */
export function loadPrompt(id: string): Prompt {
  const file = readFileSync(join(PACKAGE_ROOT, "prompts", `${id}.md`), "utf8");
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file);
  if (!match) throw new Error(`The prompt ${id} has no front matter.`);
  const fields = Object.fromEntries((match[1] as string).split("\n").map((line) => line.split(/:\s*/, 2)));
  const { version, id: stated } = FrontMatterSchema.parse(fields);
  if (stated !== id) throw new Error(`The prompt ${id} calls itself ${stated}.`);
  return { id, version, text: (match[2] as string).trim() };
}
