import sharp from "sharp";
import { TerralogueError } from "../errors.ts";

/** One query of a contact sheet and what was found, best first. */
export interface SheetRow {
  readonly title: string;
  readonly images: readonly { readonly path: string; readonly isRight: boolean; readonly label: string }[];
}

const [SIDE, BORDER, GAP, TITLE, LABEL] = [150, 5, 8, 30, 18];
const [RIGHT, WRONG] = ["#1a9850", "#d73027"];
/** Characters of a title that fit beside eight images. */
const LONGEST_TITLE = 140;

/**
 * Writes a picture of queries and what was found for them: the query's words, below them the images in their order, with a green border where
 * they are right and a red one where not. For looking at; it shows others' images, so keep it to yourself.
 *
 * @throws {TerralogueError} `bad_arguments` when the file cannot be written
 */
export async function writeContactSheet(path: string, rows: readonly SheetRow[]): Promise<void> {
  const cell = SIDE + 2 * BORDER;
  const rowHeight = TITLE + cell + LABEL + GAP;
  const columns = Math.max(1, ...rows.map(({ images }) => images.length));
  const width = GAP + columns * (cell + GAP);
  const height = Math.max(1, rows.length) * rowHeight + GAP;
  const layers: { input: Buffer; left: number; top: number }[] = [];
  const words: string[] = [];
  for (const [r, { title, images }] of rows.entries()) {
    const top = GAP + r * rowHeight;
    words.push(`<text x="${GAP}" y="${top + 20}" font-size="15">${escaped(shortened(title))}</text>`);
    for (const [c, { path: file, isRight, label }] of images.entries()) {
      const left = GAP + c * (cell + GAP);
      const colour = isRight ? RIGHT : WRONG;
      words.push(
        `<rect x="${left}" y="${top + TITLE}" width="${cell}" height="${cell}" fill="${colour}"/>`,
        `<text x="${left}" y="${top + TITLE + cell + 13}" font-size="11" fill="${colour}">${escaped(label)}</text>`,
      );
      const input = await sharp(file).resize(SIDE, SIDE, { fit: "cover" }).flatten().jpeg().toBuffer();
      layers.push({ input, left: left + BORDER, top: top + TITLE + BORDER });
    }
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>${words.join("")}</svg>`;
  try {
    await sharp(Buffer.from(svg)).composite(layers).flatten().jpeg({ quality: 85 }).toFile(path);
  } catch (cause) {
    throw new TerralogueError("bad_arguments", `The contact sheet ${path} cannot be written; check the folder.`, {
      cause,
    });
  }
}

function shortened(title: string): string {
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
