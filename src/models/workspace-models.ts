import { modelPlaces, readModelChoice, type Slot } from "./choice.ts";
import type { ModelOptions } from "./dual-encoder.ts";
import { BUILT_IN, type OpenModels, openModels } from "./open-models.ts";
import { listModels } from "./registry.ts";

/**
 * Opens the models of a workspace: those that its models.json chooses, else the encoder that made the vectors it holds where that is
 * known, else what the package does by itself.
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
  if (choice.encoder !== undefined || heldEncoder === null) return openModels(choice, options);
  const held = heldEncoder.replace(/@[^@]*$/, "");
  const known = await listModels(modelPlaces(choice));
  const isKnown = held in BUILT_IN || known.some(({ model }) => model?.manifest.id === held);
  return openModels(isKnown ? { ...choice, encoder: held } : choice, options);
}
