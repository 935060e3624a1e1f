import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { sqliteChipVectors } from "../../src/store/sqlite/chips.ts";
import { openChipDatabase } from "../../src/store/sqlite/database.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-chips-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("vectors of chips are there again after the workspace was closed; the oldest go when there are too many", () => {
  const first = openChipDatabase(folder);
  sqliteChipVectors(first).put([
    ["a", Float32Array.of(0.5, -1)],
    ["empty", null],
  ]);
  first.close();
  const second = openChipDatabase(folder);
  const chips = sqliteChipVectors(second, 10);
  expect(chips.get("a")).toEqual(Float32Array.of(0.5, -1));
  expect(chips.get("empty")).toBeNull();
  expect(chips.get("b")).toBeUndefined();
  chips.put(Array.from({ length: 10 }, (_, i) => [`n${i}`, Float32Array.of(i)] as const));
  expect(chips.get("a")).toBeUndefined();
  expect(chips.get("n9")).toEqual(Float32Array.of(9));
  second.close();
});
