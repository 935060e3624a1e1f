import type { Chip } from "../imagery/ports.ts";
import type { BoxM } from "../store/ports.ts";

/** Sums of colours over squares of pixels, with how many of them are valid. */
interface Sums {
  readonly width: number;
  readonly height: number;
  /** 3 sums a square. */
  readonly rgb: Uint8Array | Uint16Array;
  readonly valid: Uint8Array | Uint16Array;
}

/** Sides of squares whose sums of 8-bit values fit in 16 bits. */
const LARGEST_SQUARE = 16;

/** A chip from which square parts are averaged at any scale: every level sums the one below, so that each pixel is read once. */
export class ChipPyramid {
  readonly #whole: Chip;
  readonly #levels = new Map<number, Sums>();

  constructor(whole: Chip) {
    this.#whole = whole;
  }

  /**
   * The square part that begins at the shares `left` and `top` (0..1) of the chip and is `share` of it wide, averaged over squares of so many pixels that at most
   * `most` a side are left; pixels without data are left out of the means.
   */
  part(left: number, top: number, share: number, most: number, box: BoxM): Chip {
    const { width, height, date } = this.#whole;
    const side = width * share;
    const factor = Math.max(1, Math.ceil(side / most));
    const size = Math.max(1, Math.floor(side / factor));
    const [x0, y0] = [Math.round(width * left), Math.round(height * top)];
    const chip = {
      width: size,
      height: size,
      rgb: new Uint8Array(size * size * 3),
      valid: new Uint8Array(size * size),
      box,
      date,
    };
    const isPower = (factor & (factor - 1)) === 0 && factor <= LARGEST_SQUARE;
    if (factor === 1) copyPart(this.#whole, x0, y0, chip);
    else if (isPower && [width, height, x0, y0].every((value) => value % factor === 0))
      meansOf(this.#level(factor), x0 / factor, y0 / factor, chip);
    else averagePart(this.#whole, x0, y0, factor, chip);
    return chip;
  }

  /** Sums over squares of `factor` pixels a side, a power of two. */
  #level(factor: number): Sums {
    let level = this.#levels.get(factor);
    if (!level) {
      level = factor === 1 ? squaresOfOne(this.#whole) : summed(this.#level(factor / 2));
      this.#levels.set(factor, level);
    }
    return level;
  }
}

function copyPart(whole: Chip, x0: number, y0: number, { width, rgb, valid }: Chip): void {
  for (let row = 0; row < width; row += 1) {
    const from = (y0 + row) * whole.width + x0;
    rgb.set(whole.rgb.subarray(from * 3, (from + width) * 3), row * width * 3);
    valid.set(whole.valid.subarray(from, from + width), row * width);
  }
}

/** Every pixel a square of its own; those without data count nothing. */
function squaresOfOne({ width, height, rgb, valid }: Chip): Sums {
  if (!valid.includes(0)) return { width, height, rgb, valid };
  const counted = rgb.slice();
  for (let pixel = 0; pixel < valid.length; pixel += 1) {
    if (valid[pixel] === 1) continue;
    counted[pixel * 3] = 0;
    counted[pixel * 3 + 1] = 0;
    counted[pixel * 3 + 2] = 0;
  }
  return { width, height, rgb: counted, valid };
}

function summed({ width, height, rgb, valid }: Sums): Sums {
  const [columns, rows] = [Math.floor(width / 2), Math.floor(height / 2)];
  const sums = new Uint16Array(columns * rows * 3);
  const counts = new Uint16Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const upper = 2 * row * width;
    addPairs(valid, upper, upper + width, 1, counts.subarray(row * columns, (row + 1) * columns));
    addPairs(rgb, upper * 3, (upper + width) * 3, 3, sums.subarray(row * columns * 3, (row + 1) * columns * 3));
  }
  return { width: columns, height: rows, rgb: sums, valid: counts };
}

/** Sums of 2 × 2 values of two rows that begin at `above` and `below`, with so many bands beside one another. */
function addPairs(from: Sums["rgb"], above: number, below: number, bands: number, to: Uint16Array): void {
  for (let i = 0, a = above, b = below; i < to.length; a += bands, b += bands) {
    for (let band = 0; band < bands; band += 1, i += 1, a += 1, b += 1)
      to[i] = (from[a] as number) + (from[a + bands] as number) + (from[b] as number) + (from[b + bands] as number);
  }
}

function meansOf(level: Sums, x0: number, y0: number, { width, rgb, valid }: Chip): void {
  for (let row = 0; row < width; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const from = (y0 + row) * level.width + x0 + column;
      const n = level.valid[from] as number;
      if (n === 0) continue;
      const at = row * width + column;
      rgb[at * 3] = Math.round((level.rgb[from * 3] as number) / n);
      rgb[at * 3 + 1] = Math.round((level.rgb[from * 3 + 1] as number) / n);
      rgb[at * 3 + 2] = Math.round((level.rgb[from * 3 + 2] as number) / n);
      valid[at] = 1;
    }
  }
}

/** Squares of any side, wherever they begin. */
function averagePart(whole: Chip, x0: number, y0: number, factor: number, { width, rgb, valid }: Chip): void {
  for (let row = 0; row < width; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let [r, g, b, n] = [0, 0, 0, 0];
      for (let dy = 0; dy < factor; dy += 1) {
        const from = (y0 + row * factor + dy) * whole.width + x0 + column * factor;
        for (let dx = 0; dx < factor; dx += 1) {
          if (whole.valid[from + dx] !== 1) continue;
          r += whole.rgb[(from + dx) * 3] as number;
          g += whole.rgb[(from + dx) * 3 + 1] as number;
          b += whole.rgb[(from + dx) * 3 + 2] as number;
          n += 1;
        }
      }
      if (n === 0) continue;
      const at = row * width + column;
      rgb[at * 3] = Math.round(r / n);
      rgb[at * 3 + 1] = Math.round(g / n);
      rgb[at * 3 + 2] = Math.round(b / n);
      valid[at] = 1;
    }
  }
}
