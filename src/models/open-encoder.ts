import { TerralogueError } from "../errors.ts";
import type { Encoder, TextEncoder } from "./ports.ts";
import { createStatisticsEncoder } from "./statistics-encoder.ts";

/**
 * The encoder of images (and, where it has a text tower, of texts) that a model id names; the default one without an id.
 *
 * @throws {TerralogueError} `bad_arguments` when no model has that id
 */
export async function openEncoder(modelId: string | undefined): Promise<Encoder> {
  const statistics = createStatisticsEncoder();
  if (modelId === undefined || modelId === "statistics" || modelId === statistics.id) return statistics;
  throw new TerralogueError("bad_arguments", `There is no model "${modelId}"; choose one of: statistics.`);
}

/**
 * What encodes texts under a model id: its text tower; null when it has none.
 *
 * @throws {TerralogueError} as `openEncoder`
 */
export async function openTextEncoder(modelId: string | undefined): Promise<TextEncoder | null> {
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
    const out = new Float32Array(texts.length * dimensions);
    for (const [i, text] of texts.entries()) {
      let vector = held.get(text);
      if (!vector) {
        const encoded = await encoder.encodeText(text);
        if (!encoded) throw new TerralogueError("bad_arguments", noTextTower(encoder));
        vector = encoded;
        held.set(text, vector);
      }
      out.set(vector, i * dimensions);
    }
    return out;
  };
  return { id: encoder.id, dimensions: encoder.dimensions, encodeQueries: encode, encodePassages: encode };
}
