import { rename, writeFile } from "node:fs/promises";
import { EXPORT_FORMATS, type ExportFormat, exportThread } from "../answer/export.ts";
import { TerralogueError } from "../errors.ts";
import { openWorkspace } from "../open-workspace.ts";
import type { CliCommand } from "./command.ts";

export const exportCommand: CliCommand = {
  name: "export",
  summary: "Writes the regions of a thread's last search to a file.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace that holds the thread")
      .requiredOption("--thread <id>", "thread to export")
      .requiredOption("--format <format>", `one of ${EXPORT_FORMATS.join(", ")}`)
      .requiredOption("--out <file>", "file to write")
      .action(
        async ({
          workspace: directory,
          thread,
          format,
          out,
        }: {
          workspace: string;
          thread: string;
          format: string;
          out: string;
        }) => {
          if (!(EXPORT_FORMATS as readonly string[]).includes(format))
            throw new TerralogueError(
              "bad_arguments",
              `There is no format "${format}"; choose one of ${EXPORT_FORMATS.join(", ")}.`,
            );
          const workspace = await openWorkspace(directory);
          try {
            const text = exportThread(workspace.threads.turns(thread), thread, format as ExportFormat);
            const draft = `${out}.partial-${process.pid}`;
            await writeFile(draft, text).catch((cause: unknown) => {
              throw new TerralogueError("bad_arguments", `${out} cannot be written; check the folder.`, { cause });
            });
            await rename(draft, out);
            process.stdout.write(`Wrote ${out}.\n`);
          } finally {
            workspace.close();
          }
        },
      );
  },
};
