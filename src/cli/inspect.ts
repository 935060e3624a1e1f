import { TerralogueError } from "../errors.ts";
import type { CliCommand } from "./command.ts";

export const inspectCommand: CliCommand = {
  name: "inspect",
  summary: "",
  configure: (command) => {
    command.action(() => {
      throw new TerralogueError("unavailable", "This command is not built yet.");
    });
  },
};
