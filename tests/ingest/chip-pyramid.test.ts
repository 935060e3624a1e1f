import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Chip } from "../../src/imagery/ports.ts";
import { ChipPyramid } from "../../src/ingest/chip-pyramid.ts";

function chipOf(side: number, seed: number): Chip {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  return {
    width: side,
    height: side,
    rgb: Uint8Array.from({ length: side * side * 3 }, () => next() % 256),
    valid: Uint8Array.from({ length: side * side }, () => (next() % 5 === 0 ? 0 : 1)),
    box: [0, 0, side, side],
    date: null,
  };
}

/** Mean over the valid pixels of one square, by its definition. */
function meanOf(chip: Chip, x0: number, y0: number, factor: number, band: number): number | null {
  const values: number[] = [];
  for (let y = y0; y < y0 + factor; y += 1)
    for (let x = x0; x < x0 + factor; x += 1)
      if (chip.valid[y * chip.width + x] === 1) values.push(chip.rgb[(y * chip.width + x) * 3 + band] as number);
  return values.length > 0 ? Math.round(values.reduce((sum, value) => sum + value, 0) / values.length) : null;
}

describe("a chip's pyramid", () => {
  it("gives parts whose pixels are the means of their squares, at every scale", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(32, 48, 60),
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(1, 2, 4),
        fc.constantFrom(4, 7, 8, 16, 64),
        (side, seed, count, most) => {
          const chip = chipOf(side, seed);
          const pyramid = new ChipPyramid(chip);
          for (let i = 0; i < count; i += 1) {
            const part = pyramid.part(i / count, (count - 1 - i) / count, 1 / count, most, [0, 0, 1, 1]);
            const factor = Math.max(1, Math.ceil(side / count / most));
            expect(part.width).toBe(Math.floor(side / count / factor));
            const [x0, y0] = [Math.round((side * i) / count), Math.round((side * (count - 1 - i)) / count)];
            for (let row = 0; row < part.height; row += 1)
              for (let column = 0; column < part.width; column += 1) {
                const at = row * part.width + column;
                const want = [0, 1, 2].map((band) =>
                  meanOf(chip, x0 + column * factor, y0 + row * factor, factor, band),
                );
                expect(part.valid[at]).toBe(want[0] === null ? 0 : 1);
                if (want[0] !== null) expect([...part.rgb.subarray(at * 3, at * 3 + 3)]).toEqual(want);
              }
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
