import { TerralogueError } from "../errors.ts";
import type { Encoder } from "../models/ports.ts";
import type { CaptionedImage } from "./captioned-images.ts";
import { indexImages, readPicture } from "./image-files.ts";

/** Pictures decoded and encoded together; the next ones are decoded meanwhile. */
const BATCH = 16;

export interface FoundImages {
  readonly images: readonly (CaptionedImage & { readonly path: string })[];
  /** Names without a file. */
  readonly missing: readonly string[];
}

/**
 * The files of captioned images.
 *
 * @param skipMissing go on with the images that are there
 * @throws {TerralogueError} `not_found` when images are missing and are not to be skipped, or none is there
 */
export function findImages(all: readonly CaptionedImage[], directory: string, skipMissing: boolean): FoundImages {
  const files = indexImages(directory);
  const missing: string[] = [];
  const images = all.flatMap((image) => {
    const path = files.find(image.name);
    if (path === null) missing.push(image.name);
    return path === null ? [] : [{ ...image, path }];
  });
  if (missing.length > 0 && (!skipMissing || images.length === 0))
    throw new TerralogueError(
      "not_found",
      `${directory} lacks ${missing.length} of ${all.length} images, the first is ${missing[0]}; ${images.length > 0 ? "add them, or leave them out with --skip-missing" : "check --images"}.`,
    );
  return { images, missing };
}

/**
 * Unit vectors of pictures, row-major [paths × dimensions]. No more than two batches of pictures are in memory.
 *
 * @throws {TerralogueError} `model_fault` when the encoder gives numbers that are none
 */
export async function encodeImages(
  paths: readonly string[],
  encoder: Encoder,
  onProgress: (done: number, label: string) => void,
): Promise<Float32Array> {
  const { dimensions } = encoder;
  const out = new Float32Array(paths.length * dimensions);
  const decode = (from: number) => Promise.all(paths.slice(from, from + BATCH).map(readPicture));
  let next = decode(0);
  for (let at = 0; at < paths.length; at += BATCH) {
    const chips = await next;
    next = decode(at + BATCH);
    // A fault is met when its batch comes; until then it is nobody's.
    next.catch(() => {});
    const vectors = await encoder.encodeChips(chips);
    const bad = vectors.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new TerralogueError(
        "model_fault",
        `The model ${encoder.id} gives no finite vector for ${paths[at + Math.floor(bad / dimensions)]}; check the model.`,
      );
    out.set(vectors, at * dimensions);
    onProgress(Math.min(1, (at + BATCH) / paths.length), `${Math.min(paths.length, at + BATCH)} images`);
  }
  return out;
}

/** Dot products of one row with every row of a row-major matrix: cosines, where all are of unit length. */
export function similarities(query: Float32Array, rows: Float32Array, out: Float64Array): Float64Array {
  const { length } = query;
  for (let row = 0; row < out.length; row += 1) {
    let dot = 0;
    for (let i = 0, at = row * length; i < length; i += 1, at += 1) dot += (query[i] as number) * (rows[at] as number);
    out[row] = dot;
  }
  return out;
}

export function rowOf(rows: Float32Array, row: number, dimensions: number): Float32Array {
  return rows.subarray(row * dimensions, (row + 1) * dimensions);
}
