import { type ParseArgsConfig, parseArgs } from "node:util";
import { TerralogueError } from "../errors.ts";

/**
 * Options of a measurement.
 *
 * @throws {TerralogueError} `bad_arguments` naming the options that there are
 */
export function readOptions<const T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    throw new TerralogueError(
      "bad_arguments",
      `${(cause as Error).message.split(". ")[0]}; the options are ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(", ")}.`,
      { cause },
    );
  }
}

/** @throws {TerralogueError} `bad_arguments` */
export function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new TerralogueError("bad_arguments", `--${name} is missing; give it.`);
  return value;
}

/** @throws {TerralogueError} `bad_arguments` unless it is a whole number from 1 on, or left out */
export function wholeNumber(value: string | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new TerralogueError("bad_arguments", `--${name} is a whole number from 1 on, not "${value}".`);
  return number;
}

/** @throws {TerralogueError} `bad_arguments` unless it is a number above 0 and up to 1 */
export function shareOf(value: string): number {
  const share = Number(value);
  if (!(share > 0 && share <= 1))
    throw new TerralogueError("bad_arguments", `--share is a number above 0 and up to 1, not "${value}".`);
  return share;
}

/** @throws {TerralogueError} `bad_arguments` unless it is one of them */
export function oneOf<const T extends string>(value: string, all: readonly T[], name: string): T {
  const found = all.find((one) => one === value);
  if (found === undefined)
    throw new TerralogueError("bad_arguments", `--${name} is one of ${all.join(", ")}, not "${value}".`);
  return found;
}

const EVERY_MS = 3000;

/** Says on the error stream how far the work is, every few seconds. */
export function progressLines(title: string): (done: number, label: string) => void {
  let lastAt = Date.now();
  return (done, label) => {
    if (Date.now() - lastAt < EVERY_MS) return;
    lastAt = Date.now();
    process.stderr.write(`${title}: ${Math.round(done * 100)} %, ${label}\n`);
  };
}
