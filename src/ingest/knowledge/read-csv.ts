import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { TerralogueError } from "../../errors.ts";

/** A record longer than this is taken for one whose quotes do not end. */
const MOST_RECORD_CHARACTERS = 1_000_000;

export interface CsvRecord {
  /** 1-based line of the file on which the record begins. */
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Streams the records of a CSV or TSV file with a header line (RFC 4180: quotes, doubled quotes, line breaks inside quotes).
 * The separator is the one of ",", ";" and tab that the header holds most. Memory does not grow with the file.
 *
 * @throws {TerralogueError} `bad_knowledge` naming the line, for quotes that do not end and records with too many cells
 */
export async function* readCsv(path: string): AsyncGenerator<CsvRecord> {
  const name = basename(path);
  let header: readonly string[] | null = null;
  let separator = ",";
  for await (const { line, text } of recordTexts(path, name)) {
    if (text.trim() === "") continue;
    if (!header) {
      const counts = [",", ";", "\t"].map((one) => [one, text.split(one).length] as const).sort((a, b) => b[1] - a[1]);
      separator = counts[0]?.[0] ?? ",";
      header = cellsOf(text.replace(/^\ufeff/, ""), separator).map((cell) => cell.trim());
      if (new Set(header).size < header.length)
        throw new TerralogueError(
          "bad_knowledge",
          `The header of ${name} names a column twice; give every column its own name.`,
        );
      continue;
    }
    const cells = cellsOf(text, separator);
    if (cells.slice(header.length).some((cell) => cell.trim() !== ""))
      throw new TerralogueError(
        "bad_knowledge",
        `Line ${line} of ${name} has ${cells.length} cells, its header ${header.length}; put text that holds "${separator}" in quotes.`,
      );
    yield { line, values: Object.fromEntries(header.map((column, i) => [column, cells[i] ?? ""])) };
  }
  if (!header) throw new TerralogueError("bad_knowledge", `${name} holds no lines; export it again.`);
}

/** Text of each record: a line, or more lines where quotes span them. */
async function* recordTexts(
  path: string,
  name: string,
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  let held = "";
  let line = 1;
  let start = 1;
  let quotes = 0;
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    const pieces = (chunk as string).split("\n");
    for (const [index, piece] of pieces.entries()) {
      held += piece;
      quotes += piece.split('"').length - 1;
      if (held.length > MOST_RECORD_CHARACTERS)
        throw new TerralogueError(
          "bad_knowledge",
          `Line ${start} of ${name} opens a quote that does not end; close it.`,
        );
      if (index === pieces.length - 1) continue;
      line += 1;
      if (quotes % 2 === 1) {
        held += "\n";
        continue;
      }
      yield { line: start, text: held.replace(/\r$/, "") };
      held = "";
      quotes = 0;
      start = line;
    }
  }
  if (quotes % 2 === 1)
    throw new TerralogueError("bad_knowledge", `Line ${start} of ${name} opens a quote that does not end; close it.`);
  if (held !== "") yield { line: start, text: held.replace(/\r$/, "") };
}

function cellsOf(text: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text[i] as string;
    if (isQuoted) {
      if (unit !== '"') cell += unit;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (unit === '"') isQuoted = true;
    else if (unit === separator) {
      cells.push(cell);
      cell = "";
    } else cell += unit;
  }
  return [...cells, cell];
}
