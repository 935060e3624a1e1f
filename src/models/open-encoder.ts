import { TerralogueError } from "../errors.ts";
import type { ModelOptions } from "./dual-encoder.ts";
import { openTextEncoder as openTextModel } from "./onnx-text-encoder.ts";
import { openModels } from "./open-models.ts";
import type { Encoder, TextEncoder } from "./ports.ts";
import { ofKind } from "./read-manifest.ts";
import { findModel, PACKAGE_MODELS } from "./registry.ts";

/**
 * The encoder of images (and, where it has a text tower, of texts) that a model id or the path of a manifest names; the one that ships
 * without either.
 *
 * @throws {TerralogueError} `not_found` when there is no such model, `model_fault` when it cannot be opened
 */
export async function openEncoder(modelId: string | undefined, options: ModelOptions = {}): Promise<Encoder> {
  const { encoder } = await openModels(
    { directory: PACKAGE_MODELS, paths: [], ...(modelId !== undefined && { encoder: modelId.replace(/@.*$/, "") }) },
    { ...options, slots: ["encoder"] },
  );
  if (!encoder) throw new TerralogueError("not_found", `There is no encoder "${modelId ?? ""}"; see "models list".`);
  return encoder;
}

/**
 * What encodes texts under a model id: a text encoder, or the text tower of a pair; null when it has none.
 *
 * @throws {TerralogueError} as `openEncoder`
 */
export async function openTextEncoder(modelId: string | undefined): Promise<TextEncoder | null> {
  if (modelId !== undefined && modelId !== "statistics") {
    const model = await findModel(modelId, [PACKAGE_MODELS]);
    if (model.manifest.kind === "text_encoder") return openTextModel(ofKind(model, "text_encoder"));
  }
  const encoder = await openEncoder(modelId);
  return (await encodesText(encoder)) ? textTowerOf(encoder) : null;
}

/** One sentence for everything that needs words where the model has none. */
export function noTextTower(encoder: Encoder): string {
  return `The model ${encoder.id} encodes no text; name one with a text tower with --model ID.`;
}

/** Whether the encoder has a text tower. */
export async function encodesText(encoder: Encoder): Promise<boolean> {
  return (await encoder.encodeText("water")) !== null;
}

/** The text tower of an encoder behind the port of text encoders: queries and passages are encoded alike. Equal texts are encoded once. */
export function textTowerOf(encoder: Encoder): TextEncoder {
  const held = new Map<string, Float32Array>();
  const encode = async (texts: readonly string[]) => {
    const { dimensions } = encoder;
    const fresh = [...new Set(texts)].filter((text) => !held.has(text));
    const made = await encodeAll(encoder, fresh);
    for (const [i, text] of fresh.entries()) held.set(text, made.slice(i * dimensions, (i + 1) * dimensions));
    const out = new Float32Array(texts.length * dimensions);
    for (const [i, text] of texts.entries()) out.set(held.get(text) as Float32Array, i * dimensions);
    return out;
  };
  return { id: encoder.id, dimensions: encoder.dimensions, encodeQueries: encode, encodePassages: encode };
}

async function encodeAll(encoder: Encoder, texts: readonly string[]): Promise<Float32Array> {
  if (encoder.encodeTexts) return encoder.encodeTexts(texts);
  const out = new Float32Array(texts.length * encoder.dimensions);
  for (const [i, text] of texts.entries()) {
    const vector = await encoder.encodeText(text);
    if (!vector) throw new TerralogueError("bad_arguments", noTextTower(encoder));
    out.set(vector, i * encoder.dimensions);
  }
  return out;
}
