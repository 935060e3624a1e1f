import sharp from "sharp";
import type { Chip } from "./ports.ts";

/** Side of a chip that stands in a file of its own, in pixels. */
const SIDE = 256;

/** An image file (JPEG, PNG, WebP, TIFF) as a square chip without a place on the map; null when it cannot be read. */
export async function readChipFile(path: string): Promise<Chip | null> {
  const image = await sharp(path)
    .resize(SIDE, SIDE, { fit: "cover" })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => null);
  if (image?.info.channels !== 3) return null;
  return {
    width: SIDE,
    height: SIDE,
    rgb: new Uint8Array(image.data),
    valid: new Uint8Array(SIDE * SIDE).fill(1),
    box: [0, 0, SIDE, SIDE],
    date: null,
  };
}
