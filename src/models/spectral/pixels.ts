import type { Chip } from "../../imagery/ports.ts";

/** Mean of 3 × 3 pixels, band by band. */
export function smooth({ width, height, rgb }: Pick<Chip, "width" | "height" | "rgb">): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y += 1) {
    const y0 = Math.max(0, y - 1);
    const y1 = Math.min(height - 1, y + 1);
    for (let x = 0; x < width; x += 1) {
      const x0 = Math.max(0, x - 1);
      const x1 = Math.min(width - 1, x + 1);
      let [r, g, b, n] = [0, 0, 0, 0];
      for (let j = y0; j <= y1; j += 1) {
        for (let i = x0; i <= x1; i += 1) {
          const at = (j * width + i) * 3;
          r += rgb[at] as number;
          g += rgb[at + 1] as number;
          b += rgb[at + 2] as number;
          n += 1;
        }
      }
      const to = (y * width + x) * 3;
      out[to] = r / n;
      out[to + 1] = g / n;
      out[to + 2] = b / n;
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
