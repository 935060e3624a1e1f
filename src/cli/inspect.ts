import { openWorkspace } from "../open-workspace.ts";
import { catalogueOf } from "../store/catalogue.ts";
import type { CliCommand } from "./command.ts";

export const inspectCommand: CliCommand = {
  name: "inspect",
  summary: "Shows what is in a workspace.",
  configure: (command) => {
    command
      .requiredOption("--workspace <dir>", "workspace to look into")
      .option("--json", "print it as JSON")
      .action(async (options: { workspace: string; json?: boolean }) => {
        const workspace = await openWorkspace(options.workspace);
        try {
          const catalogue = catalogueOf(workspace);
          if (options.json) {
            process.stdout.write(`${JSON.stringify(catalogue, null, 2)}\n`);
            return;
          }
          const tilesOf = (date: string | null) =>
            catalogue.tiles.filter((tile) => tile.date === date).map(({ scale, count }) => `${count} × ${scale} m`);
          const lines = [
            `workspace  ${catalogue.directory} (${catalogue.crs}, ${(catalogue.bytes / 1e6).toFixed(1)} MB)`,
            `content    ${catalogue.fingerprint}`,
            `schema     version ${catalogue.schemaVersion}`,
            ...catalogue.sources.map(
              ({ kind, file, date, fingerprint }) =>
                `source     ${kind} ${file}${date ? ` (${date})` : ""}, ${fingerprint.slice(0, 12)}`,
            ),
            ...catalogue.encoders.map(
              ({ id, dimensions, vectors }) => `encoder    ${id}: ${vectors} tiles, ${dimensions} dimensions`,
            ),
            `segmenter  ${catalogue.segmenter ?? "none"}`,
            ...catalogue.mosaics.map(
              (mosaic) =>
                `mosaic     ${mosaic.date ?? "undated"}: ${mosaic.images} ${mosaic.images === 1 ? "image" : "images"}, ${mosaic.bands} bands, ${mosaic.gsd} m per pixel; tiles ${tilesOf(mosaic.date).join(", ") || "none"}`,
            ),
            `entities   ${catalogue.entities.map(({ concept, count }) => `${concept} ${count}`).join(", ") || "none"}`,
            `knowledge  ${catalogue.landmarks} landmarks, ${catalogue.passages} passages`,
            `threads    ${catalogue.threads}`,
          ];
          process.stdout.write(`${lines.join("\n")}\n`);
        } finally {
          workspace.close();
        }
      });
  },
};
