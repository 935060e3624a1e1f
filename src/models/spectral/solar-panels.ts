import type { Chip } from "../../imagery/ports.ts";
import type { Segment } from "../ports.ts";
import { flood } from "./pixels.ts";
import { type Rectangle, rectangleAround, ringOf } from "./rectangle.ts";

/** Area in square metres and least side in metres; the contrast of their rows, in grey levels, and how much stronger it is across them than along. */
const PANEL_AREA = [3000, 150_000] as const;
const PANEL_WIDTH = 30;
const ROW_CONTRAST = 3.5;
const ROW_DIRECTION = 3;
const CONFIDENCE = 0.75;

/** Large rectangles of the dull dark blue that rows of panels and the ground between them add up to, striped in full detail. */
export function solarPanels(chip: Chip, picture: Uint8Array, gsd: number): Segment[] {
  const { width, height } = chip;
  const dull = new Uint8Array(width * height);
  for (let i = 0; i < dull.length; i += 1) {
    const [r, g, b] = [picture[i * 3] as number, picture[i * 3 + 1] as number, picture[i * 3 + 2] as number];
    const light = (r + g + b) / 3;
    if (chip.valid[i] === 1 && light > 48 && light < 108 && b - r > 7 && b - r < 34 && Math.abs(b - g) < 16)
      dull[i] = 1;
  }
  const seen = new Uint8Array(width * height);
  const out: Segment[] = [];
  for (let start = 0; start < dull.length; start += 1) {
    if (dull[start] === 0 || seen[start] === 1) continue;
    const members = flood(start, dull, seen, width, height);
    const area = members.length * gsd ** 2;
    if (area < PANEL_AREA[0] || area > PANEL_AREA[1]) continue;
    const shape = rectangleAround(members, width);
    if (shape.fill < 0.72 || Math.min(shape.along, shape.across) * gsd < PANEL_WIDTH) continue;
    const rows = stripes(members, shape, chip);
    if (Math.max(rows.along, rows.across) < ROW_CONTRAST) continue;
    if (Math.max(rows.along, rows.across) < ROW_DIRECTION * Math.min(rows.along, rows.across)) continue;
    out.push({
      concept: "solar_panel",
      confidence: CONFIDENCE,
      polygon: ringOf(shape.corners),
      attributes: ["dark", "blue", "regular", "rectangular"],
    });
  }
  return out;
}

/**
 * How much the brightness of lines along and across a rectangle varies from line to line, the slow part taken off: rows of panels make
 * every other line across them darker, the crowns of a plantation stand in no line.
 */
function stripes(
  members: readonly number[],
  { corners, along, across }: Rectangle,
  { rgb, width }: Chip,
): { readonly along: number; readonly across: number } {
  const [a, b, , d] = corners as readonly (readonly [number, number])[];
  const [ox, oy] = a as readonly [number, number];
  const contrast = ([ex, ey]: readonly [number, number], length: number): number => {
    const [ux, uy] = [(ex - ox) / length, (ey - oy) / length];
    const sums = new Float64Array(Math.ceil(length) + 1);
    const counts = new Uint32Array(sums.length);
    for (const at of members) {
      const x = at % width;
      const bin = Math.floor((x + 0.5 - ox) * ux + ((at - x) / width + 0.5 - oy) * uy);
      if (bin < 0 || bin >= sums.length) continue;
      sums[bin] =
        (sums[bin] as number) +
        ((rgb[at * 3] as number) + (rgb[at * 3 + 1] as number) + (rgb[at * 3 + 2] as number)) / 3;
      counts[bin] = (counts[bin] as number) + 1;
    }
    const lines = Array.from(sums, (sum, i) => ((counts[i] as number) > 8 ? sum / (counts[i] as number) : null));
    let squares = 0;
    let n = 0;
    for (let i = 3; i + 3 < lines.length; i += 1) {
      const near = lines.slice(i - 3, i + 4).filter((value) => value !== null);
      if (near.length < 7) continue;
      squares += ((lines[i] as number) - near.reduce((sum, value) => sum + value, 0) / 7) ** 2;
      n += 1;
    }
    return n > 0 ? Math.sqrt(squares / n) : 0;
  };
  return {
    along: contrast(b as readonly [number, number], along),
    across: contrast(d as readonly [number, number], across),
  };
}
