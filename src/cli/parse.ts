import { TerralogueError } from "../errors.ts";
import type { CliCommand } from "./command.ts";

export const parseCommand: CliCommand = {
  name: "parse",
  summary: "",
  configure: (command) => {
    command.action(() => {
      throw new TerralogueError("unavailable", "This command is not built yet.");
    });
  },
};
