import { TerralogueError } from "../errors.ts";
import type { CliCommand } from "./command.ts";

export const reasonCommand: CliCommand = {
  name: "reason",
  summary: "",
  configure: (command) => {
    command.action(() => {
      throw new TerralogueError("unavailable", "This command is not built yet.");
    });
  },
};
