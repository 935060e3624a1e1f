import { TerralogueError } from "../errors.ts";
import type { Measurement } from "../evaluation/benchmark.ts";
import type { CliCommand } from "./command.ts";

/** The `bench` and `eval` commands: a name, then that measurement's own arguments; the result goes to stdout as JSON. */
export function measurementCommand(
  name: string,
  summary: string,
  measurements: Record<string, () => Promise<Measurement>>,
): CliCommand {
  return {
    name,
    summary,
    configure: (command) => {
      command
        .argument("<name>", `one of: ${Object.keys(measurements).join(", ")}`)
        .argument("[arguments...]", "arguments of the measurement (--help after the name tells them)")
        .allowUnknownOption()
        .passThroughOptions()
        .enablePositionalOptions()
        .action(async (chosen: string, args: string[]) => {
          const load = measurements[chosen];
          if (!load) {
            throw new TerralogueError(
              "bad_arguments",
              `There is no ${name} "${chosen}"; choose one of: ${Object.keys(measurements).join(", ")}.`,
            );
          }
          const measurement = await load();
          if (args.includes("--help") || args.includes("-h")) {
            process.stdout.write(`${measurement.name}: ${measurement.summary}\n`);
            return;
          }
          const result = await measurement.run(args.filter((argument) => argument !== "--json"));
          process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
        });
    },
  };
}
