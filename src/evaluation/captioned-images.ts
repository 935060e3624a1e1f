import { readFileSync } from "node:fs";
import { TerralogueError } from "../errors.ts";

/** An image of a benchmark with what people said of it. */
export interface CaptionedImage {
  /** File name as the benchmark gives it. */
  readonly name: string;
  readonly captions: readonly string[];
}

const CAPTIONS_AN_IMAGE = 5;

/**
 * Reads captions, one a line, and the file names of their images: one name a caption (repeated from line to line), or one name an image of five
 * captions each. Which of the two it is follows from the numbers of lines. Images come in the order of their first name.
 *
 * @throws {TerralogueError} `not_found` for a missing file, `bad_arguments` when the numbers of lines fit neither or a name is blank
 */
export function readCaptionedImages(captionsPath: string, filenamesPath: string): readonly CaptionedImage[] {
  const captions = linesOf(captionsPath);
  const names = linesOf(filenamesPath);
  const perName = captions.length / names.length;
  if (captions.length === 0 || (perName !== 1 && perName !== CAPTIONS_AN_IMAGE))
    throw new TerralogueError(
      "bad_arguments",
      `${captionsPath} has ${captions.length} captions and ${filenamesPath} ${names.length} file names; give one name a caption, or one an image of ${CAPTIONS_AN_IMAGE} captions each.`,
    );
  const blank = names.indexOf("");
  if (blank >= 0)
    throw new TerralogueError(
      "bad_arguments",
      `Line ${blank + 1} of ${filenamesPath} is blank; each line names an image.`,
    );
  const images = new Map<string, string[]>();
  for (const [i, caption] of captions.entries()) {
    const name = names[Math.floor(i / perName)] as string;
    const held = images.get(name);
    if (held) held.push(caption);
    else images.set(name, [caption]);
  }
  return [...images].map(([name, own]) => ({ name, captions: own }));
}

/**
 * Names of images, one a line.
 *
 * @throws {TerralogueError} `not_found`
 */
export function readNames(path: string): readonly string[] {
  return linesOf(path).filter((line) => line !== "");
}

function linesOf(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new TerralogueError("not_found", `There is no file ${path} that can be read; check the path.`, { cause });
  }
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
