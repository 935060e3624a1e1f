import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chineseSentence } from "../../ui/src/chinese-sentences.ts";
import { inLanguage } from "../../ui/src/fault-words.ts";
import { faultSentences } from "../fixtures/fault-sentences.ts";

/** Where sentences that reach the page are written; the commands' own and those of models and formulas do not. */
const FOLDERS = [
  "agents",
  "tools",
  ...["answer", "geo", "imagery", "ingest", "query", "retrieval", "server", "store"].map((name) => join("src", name)),
];
const filled = (sentence: string) => sentence.replace(/\{(\d+)\}/g, (_, slot) => `slot-${slot}.x`);

describe("sentences of the service on the Chinese page", () => {
  const sentences = faultSentences(FOLDERS);

  it("are found in the sources at all", () => {
    expect(sentences.length).toBeGreaterThan(150);
    expect(sentences.map(({ sentence }) => sentence)).toContain("There is no file {1}; check the path.");
  });

  it("all have a Chinese one, in which nothing that was filled in is lost", () => {
    const faults = sentences
      // Any sentence at all: what it is made of is listed.
      .filter(({ sentence }) => /[a-z]/.test(sentence.replace(/\{\d+\}/g, "")))
      .flatMap(({ file, sentence }) => {
        const chinese = chineseSentence(filled(sentence));
        if (chinese === null || !/\p{Script=Han}/u.test(chinese)) return [`${file}: ${sentence}`];
        const lost = [...sentence.matchAll(/\{(\d+)\}/g)].filter(([, slot]) => !chinese.includes(`slot-${slot}.x`));
        return lost.length > 0 && !sentence.includes("positions; mend")
          ? [`${file}: ${sentence} loses ${lost.join()}`]
          : [];
      });
    expect(faults).toEqual([]);
  });

  it("include what is wrong with a zip archive and what an ingest notes", () => {
    const zips = readFileSync("src/ingest/zipped-shapefile.ts", "utf8");
    const whats = [...zips.matchAll(/bad\(name, "([^"]+)"/g)].map(([, what]) => `roads.zip ${what}.`);
    expect(whats.length).toBeGreaterThan(5);
    const notes = readdirSync("src/ingest").flatMap((name) =>
      name.endsWith(".ts")
        ? [...readFileSync(join("src/ingest", name), "utf8").matchAll(/(?:[^\w]note|onNote)\(\s*`([^`]+)`/g)].map(
            ([, note]) => (note as string).replace(/\$\{[^}]*\}/g, "7"),
          )
        : [],
    );
    expect(notes.length).toBeGreaterThan(5);
    expect([...whats, ...notes].filter((sentence) => chineseSentence(sentence) === null)).toEqual([]);
  });

  it("keep their own words in English, and where no Chinese ones are known", () => {
    expect(inLanguage("There is no file a.tif; check the path.", "en")).toBe("There is no file a.tif; check the path.");
    expect(inLanguage("There is no file a.tif; check the path.", "zh")).toBe("没有文件 a.tif;请检查路径。");
    expect(inLanguage("Something else.", "zh")).toBe("Something else.");
  });
});
