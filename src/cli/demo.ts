import { InvalidArgumentError } from "commander";
import type { Landform } from "../demo/scene.ts";
import { LANDFORMS } from "../demo/scene.ts";
import { paintWorld } from "../demo/write-demo.ts";
import { TerralogueError } from "../errors.ts";
import type { CliCommand } from "./command.ts";
import { progressBar } from "./progress.ts";

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("It must be a whole number.");
  return value;
}

export const demoCommand: CliCommand = {
  name: "demo",
  summary: "Paints a fictional district on two dates, with its map, landmarks and truth.",
  configure: (command) => {
    command
      .requiredOption("--out <dir>", "folder to write")
      .option("--seed <n>", "which world", wholeNumber, 7)
      .option("--landform <kind>", `one of ${LANDFORMS.join(", ")}`, "harbour")
      .option("--size <metres>", "side of the square, 1000 to 16000", wholeNumber, 4000)
      .option("--json", "print the summary as JSON")
      .action(async (options: { out: string; seed: number; landform: string; size: number; json?: boolean }) => {
        if (!(LANDFORMS as readonly string[]).includes(options.landform)) {
          throw new TerralogueError(
            "bad_arguments",
            `There is no landform "${options.landform}"; choose one of ${LANDFORMS.join(", ")}.`,
          );
        }
        const bar = progressBar("Painting the demo world");
        const summary = await paintWorld({
          ...options,
          landform: options.landform as Landform,
          onProgress: bar.update,
        });
        bar.end();
        if (options.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
        else
          process.stdout.write(
            `A ${summary.landform} world of ${summary.size} m, seed ${summary.seed}, is in ${summary.directory} (${summary.images.map(({ date }) => date).join(" and ")}).\nNext: npm run --silent ingest -- --workspace DIR --image ${summary.images.map(({ path }) => path).join(" ")} --vectors ${summary.layers} --knowledge ${summary.knowledge}\n`,
          );
      });
  },
};
