import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { CONCEPT_NAMES } from "../../knowledge/ontology/lexicon.ts";
import { normalise } from "./tokens.ts";

/** Share of common letter pairs that two names need to be called near. */
const LEAST_LIKENESS = 0.4;

/**
 * Concepts whose names look most like words that nothing knows ("no bakerys", 面包店), best first; empty when none does.
 *
 * @param most how many at most (default 3)
 */
export function nearestConcepts(word: string, most = 3): ConceptId[] {
  const plain = normalise(word).trim();
  const isChinese = /\p{Script=Han}/u.test(plain);
  const words = [plain, ...plain.split(" ").filter((one) => one.length >= 4)].map(pairs);
  const scored = (Object.entries(CONCEPT_NAMES) as [ConceptId, (typeof CONCEPT_NAMES)[ConceptId]][]).map(
    ([concept, names]) => {
      const score = Math.max(...(isChinese ? names.zh : names.en).map((name) => best(words, name)));
      return { concept, score };
    },
  );
  return scored
    .filter(({ score }) => score >= LEAST_LIKENESS)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ concept }) => concept);
}

function best(words: readonly ReadonlySet<string>[], name: string): number {
  const own = pairs(name);
  return Math.max(...words.map((word) => likeness(word, own)));
}

/** Neighbouring letters with the ends marked: "pit" is " p", "pi", "it", "t ". */
function pairs(text: string): Set<string> {
  const padded = ` ${text} `;
  return new Set(Array.from({ length: padded.length - 1 }, (_, i) => padded.slice(i, i + 2)));
}

/** Dice's coefficient of two sets of pairs. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const pair of a) if (b.has(pair)) common += 1;
  return (2 * common) / (a.size + b.size);
}
