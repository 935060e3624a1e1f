import { type ModelChoice, modelPlaces, type Slot } from "./choice.ts";
import { type DualEncoder, type ModelOptions, openDualEncoder } from "./dual-encoder.ts";
import { createHashedTextEncoder } from "./hashed-text-encoder.ts";
import { openDetector } from "./onnx-detector.ts";
import { openGeoEncoder } from "./onnx-geo-encoder.ts";
import { openSegmenter } from "./onnx-segmenter.ts";
import { openTextEncoder } from "./onnx-text-encoder.ts";
import type { BandEncoder, Detector, Encoder, Segmenter, TextEncoder } from "./ports.ts";
import { ofKind, presence } from "./read-manifest.ts";
import { findModel, listModels } from "./registry.ts";
import { createSpectralSegmenter } from "./spectral-segmenter.ts";
import { createStatisticsEncoder } from "./statistics-encoder.ts";
import { createWaterRules } from "./water-rules.ts";

/** What is used where a workspace chooses nothing: the first whose files are there. */
export const DEFAULT_MODELS: Readonly<Record<Slot, readonly string[]>> = {
  encoder: ["terralogue-clip", "statistics"],
  textEncoder: ["hashed-text"],
  segmenter: ["terralogue-segmenter", "spectral-rules"],
  detector: [],
  geoEncoder: [],
};

/**
 * The rules for large roofs, truck yards and solar panels look beside the segmenter that ships, which knows more kinds but these less surely, and those for water
 * look at imagery that is coarser than it was made for; beside another one that a person chose they do not.
 */
export function rulesBeside(segmenter: Segmenter | null): readonly Segmenter[] {
  return segmenter?.id.startsWith("terralogue-segmenter@") ? [createSpectralSegmenter(), createWaterRules()] : [];
}

/** Models without files, by the id that chooses them. */
export const BUILT_IN = {
  statistics: { slot: "encoder", title: "Colour and texture statistics, without a trained model" },
  "hashed-text": { slot: "textEncoder", title: "Words and groups of letters, hashed, without a trained model" },
  "spectral-rules": { slot: "segmenter", title: "Roofs, truck yards and solar panels by rules on colour and shape" },
} as const satisfies Readonly<Record<string, { slot: Slot; title: string }>>;

export interface OpenModels {
  readonly encoder: Encoder | null;
  readonly textEncoder: TextEncoder | null;
  readonly segmenter: Segmenter | null;
  readonly detector: Detector | null;
  readonly geoEncoder: BandEncoder | null;
  close(): Promise<void>;
}

/** Id of the model that a choice comes to in each slot, null for none. */
export async function settleChoice(choice: ModelChoice): Promise<Readonly<Record<Slot, string | null>>> {
  const entries = await listModels(modelPlaces(choice));
  const isThere = async (id: string) => {
    if (id in BUILT_IN) return true;
    const model = entries.find((entry) => entry.model?.manifest.id === id)?.model;
    return model ? (await presence(model)).isComplete : false;
  };
  const settled: Partial<Record<Slot, string | null>> = {};
  for (const slot of Object.keys(DEFAULT_MODELS) as Slot[]) {
    const chosen = choice[slot];
    if (chosen !== undefined) {
      settled[slot] = chosen;
      continue;
    }
    settled[slot] = null;
    for (const id of DEFAULT_MODELS[slot]) {
      if (!(await isThere(id))) continue;
      settled[slot] = id;
      break;
    }
  }
  return settled as Record<Slot, string | null>;
}

/**
 * Opens what a workspace uses, each model once; slots that are not wanted stay closed.
 *
 * @throws {TerralogueError} `not_found` or `model_fault` in one sentence; nothing stays open then
 */
export async function openModels(
  choice: ModelChoice,
  options: ModelOptions & { readonly slots?: readonly Slot[] } = {},
): Promise<OpenModels> {
  const settled = await settleChoice(choice);
  const places = modelPlaces(choice);
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const one of closing.splice(0)) await one();
  };
  const opened = async <T extends { close?(): Promise<void> }>(slot: Slot, open: (id: string) => Promise<T>) => {
    const id = settled[slot];
    if (id === null || (options.slots && !options.slots.includes(slot))) return null;
    const port = await open(id);
    if (port.close) closing.push(() => (port.close as () => Promise<void>)());
    return port;
  };
  try {
    return {
      encoder: await opened<Encoder>("encoder", async (id) =>
        id === "statistics"
          ? createStatisticsEncoder()
          : openDualEncoder(ofKind(await findModel(id, places), "dual_encoder"), options),
      ),
      textEncoder: await opened<TextEncoder>("textEncoder", async (id) => {
        if (id === "hashed-text") return createHashedTextEncoder();
        const model = await findModel(id, places);
        // The text tower of a pair encodes texts as well.
        return model.manifest.kind === "dual_encoder"
          ? textTower(await openDualEncoder(ofKind(model, "dual_encoder"), options))
          : openTextEncoder(ofKind(model, "text_encoder"), options);
      }),
      segmenter: await opened<Segmenter>("segmenter", async (id) =>
        id === "spectral-rules"
          ? createSpectralSegmenter()
          : openSegmenter(ofKind(await findModel(id, places), "segmenter"), options),
      ),
      detector: await opened("detector", async (id) =>
        openDetector(ofKind(await findModel(id, places), "detector"), options),
      ),
      geoEncoder: await opened("geoEncoder", async (id) =>
        openGeoEncoder(ofKind(await findModel(id, places), "geo_encoder"), options),
      ),
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

function textTower(pair: DualEncoder): TextEncoder {
  const encode: TextEncoder["encodeQueries"] = (texts, signal) => pair.encodeTexts(texts, signal);
  const { id, dimensions, close } = pair;
  return { id, dimensions, encodeQueries: encode, encodePassages: encode, close };
}
