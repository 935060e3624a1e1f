import { readModelChoice, type Slot } from "./choice.ts";
import type { ModelOptions } from "./dual-encoder.ts";
import { type OpenModels, openModels } from "./open-models.ts";

/**
 * Opens the models of a workspace: those that its models.json chooses, else the encoder that made the vectors it holds, else what the
 * package does by itself.
 *
 * @param heldEncoder `id@version` of the vectors of the workspace's imagery, null when there are none
 * @throws {TerralogueError} `bad_workspace` for a bad models.json, `not_found` or `model_fault` for a bad model
 */
export async function openWorkspaceModels(
  directory: string,
  heldEncoder: string | null,
  options: ModelOptions & { readonly slots?: readonly Slot[] } = {},
): Promise<OpenModels> {
  const choice = await readModelChoice(directory);
  const held = heldEncoder?.replace(/@[^@]*$/, "");
  return openModels(
    choice.encoder === undefined && held !== undefined ? { ...choice, encoder: held } : choice,
    options,
  );
}
