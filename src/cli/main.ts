import { Command, CommanderError } from "commander";
import { TerralogueError } from "../errors.ts";
import type { CliCommand } from "./command.ts";

const COMMANDS: Record<string, () => Promise<CliCommand>> = {
  demo: async () => (await import("./demo.ts")).demoCommand,
  ingest: async () => (await import("./ingest.ts")).ingestCommand,
  inspect: async () => (await import("./inspect.ts")).inspectCommand,
  ask: async () => (await import("./ask.ts")).askCommand,
  similar: async () => (await import("./similar.ts")).similarCommand,
  parse: async () => (await import("./parse.ts")).parseCommand,
  reason: async () => (await import("./reason.ts")).reasonCommand,
  serve: async () => (await import("./serve.ts")).serveCommand,
  mcp: async () => (await import("./mcp.ts")).mcpCommand,
  caption: async () => (await import("./caption.ts")).captionCommand,
  export: async () => (await import("./export.ts")).exportCommand,
  start: async () => (await import("./start.ts")).startCommand,
  models: async () => (await import("./models.ts")).modelsCommand,
  bench: async () => (await import("./bench.ts")).benchCommand,
  eval: async () => (await import("./eval.ts")).evalCommand,
};

/** Runs `argv` (command name first). Exit code 0, 1 for a fault, 2 for bad arguments. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = "", ...rest] = argv;
  const load = COMMANDS[name];
  if (!load) {
    process.stderr.write(`Unknown command "${name}". Commands: ${Object.keys(COMMANDS).join(", ")}.\n`);
    return 2;
  }
  const cliCommand = await load();
  const command = new Command(`npm run --silent ${cliCommand.name} --`).description(cliCommand.summary).exitOverride();
  command.showHelpAfterError("(add --help for the options)");
  cliCommand.configure(command);
  try {
    await command.parseAsync(rest, { from: "user" });
    return 0;
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
    if (fault instanceof TerralogueError) {
      process.stderr.write(`${fault.message}\n`);
      return fault.code === "bad_arguments" ? 2 : 1;
    }
    process.stderr.write(
      `Unexpected fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`,
    );
    return 1;
  }
}
