import { readFile } from "node:fs/promises";
import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import type { Chip } from "../imagery/ports.ts";
import { type Preprocess, PreprocessSchema } from "./manifest.ts";
import { resizeRgb } from "./resize.ts";

const SizeSchema = z.union([
  z.int(),
  z.object({ shortest_edge: z.int() }),
  z.object({ width: z.int(), height: z.int() }),
]);
const TripleSchema = z.union([
  z.tuple([z.number(), z.number(), z.number()]),
  z.number().transform((value): [number, number, number] => [value, value, value]),
]);

/** The fields of Hugging Face's preprocessor_config.json that matter; others are left alone, as there. */
const ProcessorFileSchema = z.object({
  do_resize: z.boolean().default(true),
  size: SizeSchema.default(224),
  resample: z.int().default(3),
  do_center_crop: z.boolean().default(false),
  crop_size: SizeSchema.optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: TripleSchema.default([0.5, 0.5, 0.5]),
  image_std: TripleSchema.default([0.5, 0.5, 0.5]),
  do_flip_channel_order: z.boolean().default(false),
});

/** Pillow's numbers of resampling filters. */
const RESAMPLE: Readonly<Record<number, Preprocess["resample"]>> = {
  0: "nearest",
  1: "lanczos",
  2: "bilinear",
  3: "bicubic",
  4: "box",
};

/**
 * Reads a preprocessor_config.json of Hugging Face. A bare number as `size` is the short side where a centre crop follows, else both sides.
 *
 * @throws {TerralogueError} `model_fault` naming the file and the field
 */
export async function readPreprocessor(path: string): Promise<Preprocess> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null)
    throw new TerralogueError("model_fault", `There is no ${path}; fetch the model again or give preprocess inline.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TerralogueError("model_fault", `${path} is not JSON; fetch it again.`, { cause });
  }
  const read = ProcessorFileSchema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new TerralogueError(
      "model_fault",
      `${path}: the field ${issue?.path.join(".")} is not right (${issue?.message}); mend it or give preprocess inline in the manifest.`,
    );
  }
  const file = read.data;
  const resample = RESAMPLE[file.resample];
  if (!resample)
    throw new TerralogueError(
      "model_fault",
      `${path}: resample ${file.resample} is not supported; give 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic or 4 box.`,
    );
  const parsed = PreprocessSchema.safeParse({
    resize: file.do_resize ? sizeOf(file.size, file.do_center_crop) : null,
    resample,
    crop: file.do_center_crop ? squareOf(file.crop_size ?? file.size) : null,
    rescale: file.do_rescale ? file.rescale_factor : 1,
    mean: file.do_normalize ? file.image_mean : [0, 0, 0],
    std: file.do_normalize ? file.image_std : [1, 1, 1],
    channels: file.do_flip_channel_order ? "bgr" : "rgb",
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TerralogueError(
    "model_fault",
    `${path} leads to a wrong ${issue?.path.join(".")} (${issue?.message}); mend it or give preprocess inline in the manifest.`,
  );
}

function sizeOf(size: z.infer<typeof SizeSchema>, isCropped: boolean) {
  if (typeof size !== "number")
    return "shortest_edge" in size ? { shortest_edge: size.shortest_edge } : { ...squareOf(size) };
  return isCropped ? { shortest_edge: size } : { width: size, height: size };
}

function squareOf(size: z.infer<typeof SizeSchema>): { width: number; height: number } {
  if (typeof size === "number") return { width: size, height: size };
  if ("shortest_edge" in size) return { width: size.shortest_edge, height: size.shortest_edge };
  return { width: size.width, height: size.height };
}

/** Width and height of what a square chip becomes, or null where chips keep their own size. */
export function outputSize({ resize, crop }: Preprocess): { readonly width: number; readonly height: number } | null {
  if (crop) return crop;
  if (!resize) return null;
  return "shortest_edge" in resize ? { width: resize.shortest_edge, height: resize.shortest_edge } : resize;
}

/** Pictures as an image graph takes them: [chips × 3 × height × width], row-major. */
export interface ImageBatch {
  readonly data: Float32Array;
  readonly dims: readonly [number, number, number, number];
}

/**
 * Chips to one batch.
 *
 * @throws {TerralogueError} `model_fault` when chips come out in different sizes (no crop, and chips of different shapes)
 */
export function toBatch(chips: readonly Pick<Chip, "width" | "height" | "rgb">[], steps: Preprocess): ImageBatch {
  const pictures = chips.map((chip) => cropped(resized(chip, steps), steps));
  const { width, height } = pictures[0] ?? { width: 0, height: 0 };
  const plane = width * height;
  const data = new Float32Array(pictures.length * 3 * plane);
  const tables = tablesOf(steps);
  for (const [i, picture] of pictures.entries()) {
    if (picture.width !== width || picture.height !== height)
      throw new TerralogueError(
        "model_fault",
        `Chips of one batch come out as ${width} × ${height} and ${picture.width} × ${picture.height} pixels; set preprocess.crop or an exact preprocess.resize in the manifest.`,
      );
    toPlanes(picture.rgb, plane, tables, steps.channels, data, i * 3 * plane);
  }
  return { data, dims: [pictures.length, 3, height, width] };
}

/** Normalised value of each byte, a table a channel (red, green, blue in the order that the model takes them). */
export function tablesOf({
  rescale,
  mean,
  std,
}: Pick<Preprocess, "rescale" | "mean" | "std">): readonly Float32Array[] {
  return [0, 1, 2].map((channel) =>
    Float32Array.from(
      { length: 256 },
      (_, value) => (value * rescale - (mean[channel] as number)) / (std[channel] as number),
    ),
  );
}

/** Interleaved bytes to three planes of normalised values at `offset` of `out`. */
export function toPlanes(
  rgb: Uint8Array,
  plane: number,
  tables: readonly Float32Array[],
  channels: Preprocess["channels"],
  out: Float32Array,
  offset: number,
): void {
  for (let channel = 0; channel < 3; channel += 1) {
    const table = tables[channel] as Float32Array;
    let to = offset + channel * plane;
    for (let at = channels === "rgb" ? channel : 2 - channel; at < plane * 3; at += 3) {
      out[to] = table[rgb[at] as number] as number;
      to += 1;
    }
  }
}

type Picture = Pick<Chip, "width" | "height" | "rgb">;

function resized({ width, height, rgb }: Picture, { resize, resample }: Preprocess): Picture {
  if (!resize) return { width, height, rgb };
  const to = "shortest_edge" in resize ? shortSide(width, height, resize.shortest_edge) : resize;
  return { ...to, rgb: resizeRgb(rgb, width, height, to.width, to.height, resample) };
}

function shortSide(width: number, height: number, side: number): { width: number; height: number } {
  const short = Math.min(width, height);
  const long = Math.trunc((side * Math.max(width, height)) / short);
  return width <= height ? { width: side, height: long } : { width: long, height: side };
}

/** The middle of a picture; smaller ones are set on black, as Hugging Face does. */
function cropped(picture: Picture, { crop }: Preprocess): Picture {
  if (!crop || (crop.width === picture.width && crop.height === picture.height)) return picture;
  const left = Math.floor((picture.width - crop.width) / 2);
  const top = Math.floor((picture.height - crop.height) / 2);
  const rgb = new Uint8Array(crop.width * crop.height * 3);
  const from = Math.max(0, left);
  const to = Math.min(picture.width, left + crop.width);
  for (let y = Math.max(0, top); y < Math.min(picture.height, top + crop.height); y += 1) {
    const row = (y * picture.width + from) * 3;
    rgb.set(picture.rgb.subarray(row, row + (to - from) * 3), ((y - top) * crop.width + from - left) * 3);
  }
  return { ...crop, rgb };
}
