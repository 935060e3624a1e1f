import { describe, expect, it } from "vitest";
import { createBm25, terms } from "../../src/retrieval/bm25.ts";

describe("BM25", () => {
  it("comes out as worked by hand", () => {
    // Three documents of 3, 2 and 4 words: the mean is 3.
    const index = createBm25(["red plane runway", "red pond", "pond pond trees road"]);
    // "pond" stands in two of three: idf = ln(1 + 1.5/2.5).
    const idf = Math.log(1 + 1.5 / 2.5);
    const scores = index.scores("ponds");
    expect(scores[0]).toBe(0);
    expect(scores[1]).toBeCloseTo((idf * 1 * 2.2) / (1 + 1.2 * (0.25 + (0.75 * 2) / 3)), 12);
    expect(scores[2]).toBeCloseTo((idf * 2 * 2.2) / (2 + 1.2 * (0.25 + (0.75 * 4) / 3)), 12);
    // "plane" stands in one: idf = ln(1 + 2.5/1.5); the document has the mean length.
    expect(index.scores("plane unicorn")[0]).toBeCloseTo(Math.log(1 + 2.5 / 1.5), 12);
    expect([...index.scores("unicorn")]).toEqual([0, 0, 0]);
    expect([...createBm25([]).scores("pond")]).toEqual([]);
  });

  it.each([
    ["planes", "plane"],
    ["buildings", "building"],
    ["churches", "church"],
    ["cities", "city"],
    ["located", "locate"],
    ["running", "run"],
    ["surrounded", "surrounding"],
    ["Bridges", "bridge"],
  ])("takes %s and %s for one word", (a, b) => {
    expect(terms(a)).toEqual(terms(b));
  });

  it.each([
    ["red", "reed"],
    ["grass", "gras"],
    ["bus", "bu"],
    ["king", "k"],
    ["sea", "seas2"],
    ["spring", "spr"],
  ])("keeps %s and %s apart", (a, b) => {
    expect(terms(a)).not.toEqual(terms(b));
  });

  it("finds Chinese by pairs of characters, beside English words and numbers", () => {
    expect(terms("港口附近有3个Tanks")).toEqual(["港口", "口附", "附近", "近有", "3", "个", "tank"]);
    const index = createBm25(["港口旁边的仓库", "机场的跑道"]);
    const scores = index.scores("跑道");
    expect(scores[1]).toBeGreaterThan(0);
    expect(scores[0]).toBe(0);
  });
});
