import { TerralogueError } from "../errors.ts";
import type { Workspace } from "../workspace.ts";
import type { Region, Reply } from "./reply.ts";

/**
 * A region of any earlier reply by its id, `thread.turn.rank`.
 *
 * @throws {TerralogueError} `not_found`
 */
export function findRegion(workspace: Workspace, id: string): { readonly region: Region; readonly reply: Reply } {
  const thread = id.split(".").slice(0, -2).join(".");
  for (const turn of thread === "" ? [] : workspace.threads.turns(thread)) {
    const reply = turn.reply as Reply;
    const region = reply.regions.find((entry) => entry.id === id);
    if (region) return { region, reply };
  }
  throw new TerralogueError(
    "not_found",
    `There is no region "${id.slice(0, 80)}"; its id is in the reply that found it.`,
  );
}
