import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { fromHalf, toHalf } from "../../src/models/onnx/float16.ts";
import { cutTile, tileSpans } from "../../src/models/onnx/tiles.ts";
import { paintedChip } from "../fixtures/models.ts";

it("every half-precision number survives the way there and back", () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
  const back = toHalf(fromHalf(bits));
  expect(bits.findIndex((half, i) => back[i] !== half)).toBe(-1);
  expect([...fromHalf(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x3555))]).toEqual([
    1,
    -2,
    65_504,
    2 ** -24,
    Math.fround(0.333251953125),
  ]);
  expect([...toHalf(Float32Array.of(65_520, -1e9, 1e-9, Number.NaN))].map((half) => half.toString(16))).toEqual([
    "7c00",
    "fc00",
    "0",
    "7e00",
  ]);
});

test.prop([fc.float({ min: -65_000, max: 65_000, noNaN: true })])("numbers go to the nearest half", (value) => {
  const [half = 0] = toHalf(Float32Array.of(value));
  const apart = (bits: number) => Math.abs((fromHalf(Uint16Array.of(bits))[0] as number) - Math.fround(value));
  expect(apart(half)).toBeLessThanOrEqual(Math.min(apart(half + 1), apart((half & 0x7fff) === 0 ? half : half - 1)));
});

test.prop([
  fc.integer({ min: 1, max: 700 }),
  fc.constantFrom(32, 64, 96, 128, 256),
  fc.integer({ min: 0, max: 15 }),
  fc.constantFrom(1, 2, 4, 8),
])("tiles' cores cover an axis once, away from inner borders", (length, tile, margin, multiple) => {
  fc.pre(tile - 2 * margin >= multiple);
  const spans = tileSpans(length, tile, margin, multiple);
  expect(spans[0]?.coreFrom).toBe(0);
  expect(spans.at(-1)?.coreTo).toBe(length);
  expect((spans.at(-1)?.start ?? 0) + tile).toBeGreaterThanOrEqual(length);
  const faults = spans.filter(({ start, coreFrom, coreTo }, i) => {
    const isFirst = i === 0;
    const isLast = i === spans.length - 1;
    return (
      start % multiple !== 0 ||
      coreTo <= coreFrom ||
      (!isFirst && (coreFrom !== spans[i - 1]?.coreTo || coreFrom % multiple !== 0)) ||
      (!isFirst && coreFrom - start < margin - multiple) ||
      (!isLast && start + tile - coreTo < margin)
    );
  });
  expect(faults).toEqual([]);
});

it("a tile over the edge repeats the edge", () => {
  const tile = cutTile(
    paintedChip(3, 2, (x, y) => [x * 10 + y, 0, 0]),
    1,
    1,
    4,
    3,
  );
  expect([...tile].filter((_, i) => i % 3 === 0)).toEqual([11, 21, 21, 21, 11, 21, 21, 21, 11, 21, 21, 21]);
});
