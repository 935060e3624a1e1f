import { TerralogueError } from "../errors.ts";
import type { CliCommand } from "./command.ts";

export const exportCommand: CliCommand = {
  name: "export",
  summary: "",
  configure: (command) => {
    command.action(() => {
      throw new TerralogueError("unavailable", "This command is not built yet.");
    });
  },
};
