import { readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import sharp from "sharp";
import { TerralogueError } from "../errors.ts";
import type { Chip } from "../imagery/ports.ts";

const PICTURE = /\.(jpe?g|png|tiff?|webp|gif|avif)$/i;

/** Pictures of a folder and its sub-folders, found by name. */
export interface ImageFiles {
  readonly count: number;
  /** All of them, in the order of their paths. */
  readonly paths: readonly string[];
  /**
   * Path of the picture of that name in any case; where there is none, of the one with the same name but another ending: some
   * benchmarks name .tif what is given out as .jpg.
   *
   * @returns null when there is none
   * @throws {TerralogueError} `bad_arguments` when two pictures in different folders could be meant
   */
  find(name: string): string | null;
}

/** @throws {TerralogueError} `not_found` when there is no such folder, or no picture in it */
export function indexImages(directory: string): ImageFiles {
  const byName = new Map<string, string[]>();
  const byStem = new Map<string, string[]>();
  const paths = picturesIn(directory);
  for (const path of paths) {
    add(byName, basename(path).toLowerCase(), path);
    add(byStem, stemOf(path), path);
  }
  if (paths.length === 0)
    throw new TerralogueError("not_found", `There is no picture in ${directory} or its folders; check --images.`);
  return {
    count: paths.length,
    paths,
    find: (name) => {
      const found = byName.get(basename(name).toLowerCase()) ?? byStem.get(stemOf(name)) ?? [];
      if (found.length > 1)
        throw new TerralogueError(
          "bad_arguments",
          `The image ${name} could be ${found[0]} or ${found[1]}; give a folder in which names do not repeat.`,
        );
      return found[0] ?? null;
    },
  };
}

function picturesIn(directory: string): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  } catch (cause) {
    throw new TerralogueError("not_found", `There is no folder ${directory}; check --images.`, { cause });
  }
  return names
    .filter((name) => PICTURE.test(name))
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .sort();
}

function stemOf(name: string): string {
  return basename(name, extname(name)).toLowerCase();
}

function add(map: Map<string, string[]>, key: string, path: string): void {
  const held = map.get(key);
  if (held) held.push(path);
  else map.set(key, [path]);
}

/**
 * A picture as a chip: 8-bit RGB, transparency laid over black. It lies nowhere: its box is its size in pixels.
 *
 * @throws {TerralogueError} `bad_raster` when it cannot be decoded
 */
export async function readPicture(path: string): Promise<Chip> {
  try {
    const { data, info } = await sharp(path)
      .flatten({ background: "black" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const rgb = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i += 1)
      for (let band = 0; band < 3; band += 1)
        rgb[i * 3 + band] = data[i * channels + Math.min(band, channels - 1)] as number;
    return {
      width,
      height,
      rgb,
      valid: new Uint8Array(width * height).fill(1),
      box: [0, 0, width, height],
      date: null,
    };
  } catch (cause) {
    throw new TerralogueError(
      "bad_raster",
      `The picture ${path} cannot be decoded; it may be damaged, copy it again.`,
      {
        cause,
      },
    );
  }
}
