import type { Command } from "commander";

/** One file a command in this folder exports one of these; src/cli/main.ts lists them. */
export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** Adds arguments and options to the commander command and sets its action. The action may throw TerralogueError. */
  configure(command: Command): void;
}
