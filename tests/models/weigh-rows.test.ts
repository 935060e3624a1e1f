import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import wabt from "wabt";
import { MODULE, weighRows } from "../../src/models/weigh-rows.ts";

it("is what its text assembles to", async () => {
  const text = readFileSync(new URL("../../src/models/weigh-rows.wat", import.meta.url), "utf8");
  const module = (await wabt()).parseWat("weigh-rows.wat", text, { simd: true });
  module.validate();
  expect(Buffer.from(module.toBinary({}).buffer).toString("base64")).toBe(MODULE);
});

it("sums rows by their weights, rounds and cuts, for any number of columns and of taps", () => {
  const weight = fc.integer({ min: -(2 ** 21), max: 2 ** 23 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 37 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.record({ first: fc.nat(8), weights: fc.array(weight, { minLength: 1, maxLength: 4 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.integer({ min: 1, max: 1e6 }),
      (stride, rows, wanted, seed) => {
        const bytes = Uint8Array.from(
          { length: rows * stride },
          (_, i) => (Math.imul(i + seed, 2_654_435_761) >>> 13) & 255,
        );
        const each = wanted.map(({ first, weights }) => {
          const start = Math.min(first, rows - 1);
          return { start, weights: weights.slice(0, rows - start) };
        });
        const width = 4;
        const taps = {
          first: Int32Array.from(each, ({ start }) => start),
          count: Int32Array.from(each, ({ weights }) => weights.length),
          weights: Int32Array.from(each.flatMap(({ weights }) => [...weights, 0, 0, 0, 0].slice(0, width))),
          width,
        };
        const expected = each.flatMap(({ start, weights }) =>
          Array.from({ length: stride }, (_, i) => {
            const sum = weights.reduce(
              (all, value, k) => all + value * (bytes[(start + k) * stride + i] as number),
              2 ** 21,
            );
            return Math.max(0, Math.min(255, Math.floor((sum | 0) / 2 ** 22)));
          }),
        );
        expect([...weighRows(bytes, stride, taps)]).toEqual(expected);
      },
    ),
  );
});
