import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/demo/random.ts";
import { VectorScan } from "../../src/store/vector-scan.ts";

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, x, y] = [0, 0, 0];
  for (const [k, value] of a.entries()) {
    dot += value * (b[k] as number);
    x += value * value;
    y += (b[k] as number) ** 2;
  }
  return dot / Math.sqrt(x * y);
}

/** Every row's cosine, best first: what a scan must agree with. */
function byLoop(vectors: Float32Array, dimensions: number, query: Float32Array) {
  return Array.from({ length: vectors.length / dimensions }, (_, row) => ({
    row,
    similarity: cosine(vectors.subarray(row * dimensions, (row + 1) * dimensions), query),
  })).sort((a, b) => b.similarity - a.similarity || a.row - b.row);
}

const random = (seed: number, length: number) => {
  const source = new Random(seed);
  return Float32Array.from({ length }, () => source.next() - 0.5);
};

describe("a scan of vectors", () => {
  it("finds what a loop over all of them finds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(1000),
        (rows, limit, seed) => {
          const vectors = random(seed, rows * 16);
          const query = random(seed + 1, 16);
          const found = new VectorScan(vectors, 16).nearest(query, limit);
          const all = byLoop(vectors, 16, query);
          expect(found).toHaveLength(Math.min(limit, rows));
          for (const [i, { similarity }] of found.entries())
            expect(similarity).toBeCloseTo((all[i] as { similarity: number }).similarity, 4);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("looks at the rows given alone", () => {
    const vectors = random(3, 50 * 16);
    const query = random(4, 16);
    const among = [4, 8, 15, 16, 23, 42];
    const expected = byLoop(vectors, 16, query).filter(({ row }) => among.includes(row));
    expect(new VectorScan(vectors, 16).nearest(query, 3, among).map(({ row }) => row)).toEqual(
      expected.slice(0, 3).map(({ row }) => row),
    );
    expect(new VectorScan(vectors, 16).nearest(query, 3, [])).toEqual([]);
  });

  it("finds the same best in a matrix so large that it goes over eight-bit copies", () => {
    const vectors = random(5, 30_000 * 64);
    // Lengths differ, as those of rasters' maxima do: only the direction counts.
    for (let k = 0; k < 64; k += 1) vectors[777 * 64 + k] = 3 * (vectors[777 * 64 + k] as number);
    const scan = new VectorScan(vectors, 64);
    for (const seed of [6, 7, 8]) {
      const query = random(seed, 64);
      const expected = byLoop(vectors, 64, query).slice(0, 10);
      expect(scan.nearest(query, 10).map(({ row }) => row)).toEqual(expected.map(({ row }) => row));
    }
    expect(scan.nearest(scan.row(777), 1)[0]).toMatchObject({ row: 777 });
  });

  it("holds nothing when there is nothing", () => {
    expect(new VectorScan(new Float32Array(0), 0).nearest(Float32Array.of(1), 5)).toEqual([]);
  });
});
