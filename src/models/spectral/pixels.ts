import type { Chip } from "../../imagery/ports.ts";

/** Mean of 3 × 3 pixels, band by band; of those that there are at the edges. Sums over columns, then over rows. */
export function smooth({ width, height, rgb }: Pick<Chip, "width" | "height" | "rgb">): Uint8Array {
  const stride = width * 3;
  const across = new Uint16Array(rgb.length);
  for (let y = 0; y < height; y += 1) {
    for (let i = y * stride; i < (y + 1) * stride; i += 1) {
      const left = i - 3 >= y * stride ? (rgb[i - 3] as number) : 0;
      const right = i + 3 < (y + 1) * stride ? (rgb[i + 3] as number) : 0;
      across[i] = left + (rgb[i] as number) + right;
    }
  }
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y += 1) {
    const rows = 1 + Number(y > 0) + Number(y + 1 < height);
    for (let column = 0; column < width; column += 1) {
      const n = rows * (1 + Number(column > 0) + Number(column + 1 < width));
      for (let i = y * stride + column * 3; i < y * stride + column * 3 + 3; i += 1) {
        const above = y > 0 ? (across[i - stride] as number) : 0;
        const below = y + 1 < height ? (across[i + stride] as number) : 0;
        out[i] = (above + (across[i] as number) + below) / n;
      }
    }
  }
  return out;
}

/** Pixels of a mask whose eight neighbours are all in it; none at the edges. */
export function eroded(mask: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(mask.length);
  for (let i = 1; i + 1 < mask.length; i += 1)
    rows[i] = (mask[i - 1] as number) & (mask[i] as number) & (mask[i + 1] as number);
  const out = new Uint8Array(mask.length);
  for (let y = 1; y + 1 < height; y += 1) {
    for (let i = y * width + 1; i + 1 < (y + 1) * width; i += 1)
      out[i] = (rows[i - width] as number) & (rows[i] as number) & (rows[i + width] as number);
  }
  return out;
}

/** Pixels of one class connected to the start whose colour stays near the region's mean. */
export function grow(
  start: number,
  classes: Uint8Array,
  picture: Uint8Array,
  seen: Uint8Array,
  width: number,
  height: number,
  tolerance = 54,
): number[] {
  const kind = classes[start];
  const members = [start];
  seen[start] = 1;
  let [r, g, b] = [picture[start * 3] as number, picture[start * 3 + 1] as number, picture[start * 3 + 2] as number];
  for (let head = 0; head < members.length; head += 1) {
    const at = members[head] as number;
    const x = at % width;
    const y = (at - x) / width;
    const neighbours = [
      x > 0 ? at - 1 : -1,
      x + 1 < width ? at + 1 : -1,
      y > 0 ? at - width : -1,
      y + 1 < height ? at + width : -1,
    ];
    for (const next of neighbours) {
      if (next < 0 || seen[next] === 1 || classes[next] !== kind) continue;
      const n = members.length;
      const far =
        Math.abs((picture[next * 3] as number) - r / n) +
        Math.abs((picture[next * 3 + 1] as number) - g / n) +
        Math.abs((picture[next * 3 + 2] as number) - b / n);
      if (far > tolerance) continue;
      seen[next] = 1;
      members.push(next);
      r += picture[next * 3] as number;
      g += picture[next * 3 + 1] as number;
      b += picture[next * 3 + 2] as number;
    }
  }
  return members;
}

export function flood(start: number, mask: Uint8Array, seen: Uint8Array, width: number, height: number): number[] {
  const members = [start];
  seen[start] = 1;
  for (let head = 0; head < members.length; head += 1) {
    const at = members[head] as number;
    const x = at % width;
    const y = (at - x) / width;
    for (const next of [
      x > 0 ? at - 1 : -1,
      x + 1 < width ? at + 1 : -1,
      y > 0 ? at - width : -1,
      y + 1 < height ? at + width : -1,
    ]) {
      if (next < 0 || seen[next] === 1 || mask[next] === 0) continue;
      seen[next] = 1;
      members.push(next);
    }
  }
  return members;
}

/** Maximum over a square window, rows then columns by running counts. */
function windowed(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const pass = (
    input: Uint8Array,
    count: number,
    length: number,
    at: (line: number, i: number) => number,
  ): Uint8Array => {
    const out = new Uint8Array(input.length);
    for (let line = 0; line < count; line += 1) {
      let sum = 0;
      for (let i = -radius; i < length; i += 1) {
        const enter = i + radius;
        if (enter < length) sum += input[at(line, enter)] as number;
        const leave = i - radius - 1;
        if (leave >= 0) sum -= input[at(line, leave)] as number;
        if (i >= 0) out[at(line, i)] = sum > 0 ? 1 : 0;
      }
    }
    return out;
  };
  return pass(
    pass(mask, height, width, (y, x) => y * width + x),
    width,
    height,
    (x, y) => y * width + x,
  );
}

export const dilate = (mask: Uint8Array, width: number, height: number, radius: number) =>
  windowed(mask, width, height, radius);
