import { endianness } from "node:os";
import { type BaseDecoder, type GeoTIFFImage, getDecoder, type TypedArray } from "geotiff";

const IS_LITTLE_ENDIAN = endianness() === "LE";

/**
 * Samples of the window [x0, y0, x1, y1) of an image, pixel by pixel with all bands of each, as `readRasters` gives them. Where the
 * file's blocks lie in memory as the samples do (one kind of sample of 8, 16 or 32 bits, bands interleaved, the machine's byte order),
 * whole rows of a decoded block are copied instead of one sample at a time.
 *
 * @throws what the library throws of a block that cannot be fetched or decoded
 */
export async function readSamples(
  image: GeoTIFFImage,
  window: readonly [number, number, number, number],
  signal?: AbortSignal,
): Promise<ArrayLike<number>> {
  if (!hasPlainBlocks(image))
    return image.readRasters({ window: [...window], interleave: true, ...(signal && { signal }) });
  const [x0, y0, x1, y1] = window;
  const decoder = await decoderOf(image);
  const bands = image.getSamplesPerPixel();
  const [blockWidth, blockHeight] = [image.getTileWidth(), image.getTileHeight()];
  const width = x1 - x0;
  const out = arrayOf(image, width * (y1 - y0) * bands);
  const copyBlock = async (bx: number, by: number) => {
    const { data } = await image.getTileOrStrip(bx, by, 0, decoder, signal);
    const block = arrayOf(image, data);
    const left = bx * blockWidth;
    const [fromX, toX] = [Math.max(x0, left), Math.min(x1, left + blockWidth)];
    const toY = Math.min(y1, (by + 1) * blockHeight);
    for (let y = Math.max(y0, by * blockHeight); y < toY; y += 1) {
      const from = ((y - by * blockHeight) * blockWidth + fromX - left) * bands;
      const to = from + (toX - fromX) * bands;
      if (to > block.length) throw new RangeError("a block ends before its pixels do");
      out.set(block.subarray(from, to), ((y - y0) * width + fromX - x0) * bands);
    }
  };
  const blocks: Promise<void>[] = [];
  for (let by = Math.floor(y0 / blockHeight); by * blockHeight < y1; by += 1)
    for (let bx = Math.floor(x0 / blockWidth); bx * blockWidth < x1; bx += 1) blocks.push(copyBlock(bx, by));
  await Promise.all(blocks);
  return out;
}

/** An array of the image's kind of sample: of so many samples, or over decoded bytes. */
const arrayOf = (image: GeoTIFFImage, from: number | ArrayBufferLike): TypedArray => image.getArrayForSample(0, from);

function hasPlainBlocks(image: GeoTIFFImage): boolean {
  const bits = image.getBitsPerSample(0);
  const isSame = Array.from({ length: image.getSamplesPerPixel() }).every(
    (_, band) => image.getBitsPerSample(band) === bits && image.getSampleFormat(band) === image.getSampleFormat(0),
  );
  const isWhole = bits === 8 || ((bits === 16 || bits === 32) && image.littleEndian === IS_LITTLE_ENDIAN);
  const isHalf = bits === 16 && image.getSampleFormat(0) === 3;
  return image.planarConfiguration === 1 && isSame && isWhole && !isHalf;
}

const decoders = new WeakMap<GeoTIFFImage, Promise<BaseDecoder>>();

/** The library's decoder for an image. It tells the parameters to a pool only, so one is passed to a reading of no pixel. */
function decoderOf(image: GeoTIFFImage): Promise<BaseDecoder> {
  let decoder = decoders.get(image);
  if (!decoder) {
    decoder = new Promise<BaseDecoder>((resolve, reject) => {
      const pool = {
        bindParameters: (...parameters: Parameters<typeof getDecoder>) => {
          const made = getDecoder(...parameters);
          made.then(resolve, reject);
          return made;
        },
      };
      image.readRasters({ window: [0, 0, 0, 0], pool: pool as never }).catch(reject);
    });
    decoder.catch(() => decoders.delete(image));
    decoders.set(image, decoder);
  }
  return decoder;
}
