import { type OnnxSegmenter, openSegmenter } from "./onnx-segmenter.ts";
import { ofKind } from "./read-manifest.ts";
import { findModel, PACKAGE_MODELS } from "./registry.ts";

/** The segmenter that ships. */
export const SHIPPED_SEGMENTER = "terralogue-segmenter";

/**
 * Opens a segmenter with its labels, by id or by its manifest's path; the one that ships without either.
 *
 * @throws {TerralogueError} `not_found` or `model_fault` in one sentence
 */
export async function openLabelSegmenter(id = SHIPPED_SEGMENTER): Promise<OnnxSegmenter> {
  return openSegmenter(ofKind(await findModel(id, [PACKAGE_MODELS]), "segmenter"));
}
