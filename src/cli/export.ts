import { rename, writeFile } from "node:fs/promises";
import { EXPORT_FORMATS, type ExportFormat, exportThread } from "../answer/export.ts";
import { exportGeoPackage } from "../answer/export-geopackage.ts";
import { TerralogueError } from "../errors.ts";
import { openWorkspace } from "../open-workspace.ts";
import type { CliCommand } from "./command.ts";

const FORMATS: readonly string[] = [...EXPORT_FORMATS, "gpkg"];

export const exportCommand: CliCommand = {
  name: "export",
  summary: "Writes the regions of a thread's last search to a file.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace that holds the thread")
      .requiredOption("--thread <id>", "thread to export")
      .requiredOption("--format <format>", `one of ${FORMATS.join(", ")}`)
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
          if (!FORMATS.includes(format))
            throw new TerralogueError(
              "bad_arguments",
              `There is no format "${format}"; choose one of ${FORMATS.join(", ")}.`,
            );
          const workspace = await openWorkspace(directory);
          try {
            const turns = workspace.threads.turns(thread);
            const content =
              format === "gpkg" ? exportGeoPackage(turns, thread) : exportThread(turns, thread, format as ExportFormat);
            const draft = `${out}.partial-${process.pid}`;
            await writeFile(draft, content).catch((cause: unknown) => {
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
