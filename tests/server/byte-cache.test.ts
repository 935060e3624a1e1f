import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { ByteCache } from "../../src/server/lru.ts";

const CAPACITY = 1000;
/** What an entry counts for beside its bytes. */
const OVERHEAD = 64;
const operations = fc.array(
  fc.record({
    key: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    size: fc.option(fc.option(fc.integer({ min: 0, max: 400 }), { nil: "nothing" as const }), { nil: null }),
  }),
  { maxLength: 60 },
);

test.prop([operations])("holds what a plain list of the entries used last would hold", (steps) => {
  const cache = new ByteCache(CAPACITY);
  let list: { key: string; value: Uint8Array | null }[] = [];
  const weight = () => list.reduce((sum, { value }) => sum + (value?.length ?? 0) + OVERHEAD, 0);
  for (const { key, size } of steps) {
    const held = list.find((entry) => entry.key === key);
    if (size === null) {
      expect(cache.get(key)).toBe(held?.value);
      if (held) list = [...list.filter((entry) => entry !== held), held];
    } else {
      const value = size === "nothing" ? null : new Uint8Array(size);
      cache.set(key, value);
      list = [...list.filter((entry) => entry !== held), { key, value }];
      while (weight() > CAPACITY) list.shift();
    }
  }
  for (const key of ["a", "b", "c", "d", "e", "f"])
    expect(cache.get(key)).toBe(list.find((entry) => entry.key === key)?.value);
});
