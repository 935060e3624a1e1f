import { TerralogueError } from "../errors.ts";
import type { Chip } from "../imagery/ports.ts";
import { openDualEncoder } from "./dual-encoder.ts";
import { fileHash } from "./file-hash.ts";
import type { GeoEncoderManifest, Manifest } from "./manifest.ts";
import { openGraph, type TensorInfo } from "./onnx/graph.ts";
import { openDetector } from "./onnx-detector.ts";
import { emptyWindow, openGeoEncoder } from "./onnx-geo-encoder.ts";
import { openSegmenter } from "./onnx-segmenter.ts";
import { openTextEncoder } from "./onnx-text-encoder.ts";
import { filesOf, type Model, ofKind, presentFile } from "./read-manifest.ts";

/** What a look at a model found. */
export interface ModelReport {
  readonly id: string;
  readonly kind: Manifest["kind"];
  readonly graphs: readonly {
    readonly role: string;
    readonly path: string;
    readonly inputs: readonly TensorInfo[];
    readonly outputs: readonly TensorInfo[];
  }[];
  /** One inference each, the second of two, on a made sample. */
  readonly samples: readonly { readonly what: string; readonly result: string; readonly milliseconds: number }[];
  /** What is not wrong but should be known. */
  readonly remarks: readonly string[];
}

/**
 * Looks at everything that can be wrong with a model: files, sizes and hashes, graphs, names, shapes, values of an inference.
 *
 * @throws {TerralogueError} `model_fault`: the first thing that is wrong, in one sentence
 */
export async function checkModel(model: Model): Promise<ModelReport> {
  const remarks: string[] = [];
  const graphs: ModelReport["graphs"][number][] = [];
  for (const { role, file } of filesOf(model)) {
    const path = await presentFile(model, role, file);
    if (file.sha256 === undefined)
      remarks.push(`${file.path} has no sha256 in the manifest, so that a change of it would go unseen`);
    else if ((await fileHash(path)) !== file.sha256)
      throw new TerralogueError(
        "model_fault",
        `The ${role} file ${path} of the model ${model.manifest.id} is another than its manifest's sha256 says; fetch it again or correct the manifest.`,
      );
    if (!/\.onnx$/i.test(file.path)) continue;
    const graph = await openGraph(path);
    graphs.push({ role, path, inputs: graph.inputs, outputs: graph.outputs });
    await graph.close();
  }
  return { id: model.ref, kind: model.manifest.kind, graphs, samples: await samplesOf(model), remarks };
}

type Sample = ModelReport["samples"][number];

async function samplesOf(model: Model): Promise<readonly Sample[]> {
  switch (model.manifest.kind) {
    case "dual_encoder": {
      const encoder = await openDualEncoder(ofKind(model, "dual_encoder"));
      try {
        const chip = sampleChip(encoder.chipSize?.width ?? 224, 1);
        const { dimensions } = encoder;
        return [
          await timed(`a chip of ${chip.width} × ${chip.height} pixels`, `${dimensions} numbers`, () =>
            encoder.encodeChips([chip]),
          ),
          await timed("a text", `${dimensions} numbers`, () => encoder.encodeTexts(["a river with a bridge"])),
        ];
      } finally {
        await encoder.close();
      }
    }
    case "text_encoder": {
      const encoder = await openTextEncoder(ofKind(model, "text_encoder"));
      try {
        return [
          await timed("a text", `${encoder.dimensions} numbers`, () =>
            encoder.encodeQueries(["a river with a bridge"]),
          ),
        ];
      } finally {
        await encoder.close();
      }
    }
    case "segmenter": {
      const { manifest } = ofKind(model, "segmenter");
      const segmenter = await openSegmenter(ofKind(model, "segmenter"));
      try {
        const chip = sampleChip(manifest.tileSize, manifest.targetGsd ?? manifest.gsd.min);
        let areas = 0;
        const sample = await timed(`a chip of ${chip.width} × ${chip.height} pixels`, "", async () => {
          areas = (await segmenter.segment(chip)).length;
        });
        return [{ ...sample, result: `${manifest.classes.length} classes, ${areas} areas` }];
      } finally {
        await segmenter.close();
      }
    }
    case "detector": {
      const { manifest } = ofKind(model, "detector");
      const detector = await openDetector(ofKind(model, "detector"));
      try {
        const chip = sampleChip(manifest.tileSize ?? manifest.inputSize, manifest.gsd?.min ?? 1);
        let boxes = 0;
        const sample = await timed(`a chip of ${chip.width} × ${chip.height} pixels`, "", async () => {
          boxes = (await detector.detect(chip)).length;
        });
        return [{ ...sample, result: `${manifest.classes.length} classes, ${boxes} boxes` }];
      } finally {
        await detector.close();
      }
    }
    case "geo_encoder": {
      const encoder = await openGeoEncoder(ofKind(model, "geo_encoder"));
      try {
        const window = sampleWindow(ofKind(model, "geo_encoder").manifest);
        const what = `a window of ${window.width} × ${window.height} pixels with ${encoder.bands.length} bands`;
        return [await timed(what, `${encoder.dimensions} numbers`, () => encoder.encodeWindows([window]))];
      } finally {
        await encoder.close();
      }
    }
  }
}

/** The first run warms up; the second is timed. */
async function timed(what: string, result: string, run: () => Promise<unknown>): Promise<Sample> {
  await run();
  const started = performance.now();
  await run();
  return { what, result, milliseconds: Math.round((performance.now() - started) * 10) / 10 };
}

/** Slopes of red and green over blue stripes: nothing on earth, but neither even nor empty. */
export function sampleChip(side: number, gsd: number): Chip {
  const rgb = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      rgb.set(
        [40 + Math.floor((x * 180) / side), 40 + Math.floor((y * 180) / side), (x >> 2) % 2 === 0 ? 60 : 180],
        (y * side + x) * 3,
      );
  return {
    width: side,
    height: side,
    rgb,
    valid: new Uint8Array(side * side).fill(1),
    box: [0, 0, side * gsd, side * gsd],
    date: null,
  };
}

/** Every band half a deviation around its mean, so that values are those that the model was made for. */
function sampleWindow(manifest: GeoEncoderManifest) {
  const window = emptyWindow(manifest);
  for (const { name, mean, std } of manifest.bands)
    window.bands[name]?.forEach((_, i, plane) => {
      plane[i] = (mean + std * (((i * 7) % 11) / 11 - 0.5) - manifest.offset) / (manifest.scale || 1);
    });
  return { ...window, valid: window.valid.fill(1) };
}
