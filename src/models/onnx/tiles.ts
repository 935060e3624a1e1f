/** Part of an axis: a tile that is read, and the part of it whose results are used. Half-open. */
export interface Span {
  readonly start: number;
  readonly coreFrom: number;
  readonly coreTo: number;
}

/** Networks that reduce by up to this factor inside see tiles that begin at its multiples as they would the whole picture. */
const ALIGNMENT = 32;

/**
 * Tiles along an axis of `length` pixels. Cores cover the axis without gap or overlap and keep `margin` pixels from every border of their
 * tile at which another tile follows. The last tile may reach over the end.
 *
 * @param multiple input pixels per output pixel: starts and cores are multiples of it
 */
export function tileSpans(length: number, tile: number, margin: number, multiple: number): readonly Span[] {
  if (length <= tile) return [{ start: 0, coreFrom: 0, coreTo: length }];
  const free = tile - 2 * margin;
  const unit = free >= ALIGNMENT && ALIGNMENT % multiple === 0 ? ALIGNMENT : multiple;
  const step = Math.max(multiple, Math.floor(free / unit) * unit);
  const starts = [0];
  while ((starts.at(-1) as number) + tile < length) {
    const last = Math.ceil((length - tile) / unit) * unit;
    starts.push(Math.min((starts.at(-1) as number) + step, last));
  }
  const borders = starts.slice(1).map((next, i) => {
    const shared = (starts[i] as number) + tile - next;
    return next + Math.floor(shared / 2 / multiple) * multiple;
  });
  return starts.map((start, i) => ({
    start,
    coreFrom: i === 0 ? 0 : (borders[i - 1] as number),
    coreTo: i === starts.length - 1 ? length : (borders[i] as number),
  }));
}

/**
 * A square of a picture; pixels over its edge repeat the edge.
 *
 * @param rgb 3 bytes a pixel, row-major
 */
export function cutTile(
  picture: { readonly width: number; readonly height: number; readonly rgb: Uint8Array },
  left: number,
  top: number,
  width: number,
  height: number,
): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const inside = Math.max(0, Math.min(width, picture.width - left));
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(picture.height - 1, top + y) * picture.width;
    const from = (row + left) * 3;
    out.set(picture.rgb.subarray(from, from + inside * 3), y * width * 3);
    const edge = (row + picture.width - 1) * 3;
    for (let x = inside; x < width; x += 1) out.set(picture.rgb.subarray(edge, edge + 3), (y * width + x) * 3);
  }
  return out;
}
