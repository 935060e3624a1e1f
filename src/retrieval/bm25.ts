import { indexWords } from "../store/sqlite/knowledge.ts";

const K1 = 1.2;
const B = 0.75;

export interface Bm25 {
  /** Score of every document, 0 and more, in the order in which they were given. */
  scores(query: string): Float64Array;
}

interface Posting {
  readonly document: number;
  readonly count: number;
}

/**
 * Okapi BM25 over short texts in memory, with k1 = 1.2 and b = 0.75 and an idf that is never negative: ln(1 + (N − n + 0.5)/(n + 0.5)). A word that
 * stands twice in the query counts twice.
 *
 * @see Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009
 */
export function createBm25(documents: readonly string[]): Bm25 {
  const postings = new Map<string, Posting[]>();
  const lengths = new Float64Array(documents.length);
  for (const [document, text] of documents.entries()) {
    const counts = new Map<string, number>();
    for (const term of terms(text)) {
      counts.set(term, (counts.get(term) ?? 0) + 1);
      lengths[document] = (lengths[document] as number) + 1;
    }
    for (const [term, count] of counts) {
      const held = postings.get(term);
      if (held) held.push({ document, count });
      else postings.set(term, [{ document, count }]);
    }
  }
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, documents.length);
  return {
    scores: (query) => {
      const scores = new Float64Array(documents.length);
      for (const term of terms(query)) {
        const found = postings.get(term);
        if (!found) continue;
        const idf = Math.log(1 + (documents.length - found.length + 0.5) / (found.length + 0.5));
        for (const { document, count } of found) {
          const norm = 1 - B + (B * (lengths[document] as number)) / meanLength;
          scores[document] = (scores[document] as number) + (idf * count * (K1 + 1)) / (count + K1 * norm);
        }
      }
      return scores;
    },
  };
}

/** Words as they are compared: lower case, English ones by their stem, Chinese runs as overlapping pairs of characters. */
export function terms(text: string): readonly string[] {
  const words = indexWords(text.normalize("NFKC").toLowerCase()).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map(lightStem);
}

/**
 * The word without its inflection, cautiously: plurals, and -ing and -ed where four letters with a vowel are left; then a doubled last consonant
 * and a silent e are undone, so that "planes" and "plane", "located" and "locate", "running" and "run" are one.
 */
function lightStem(word: string): string {
  if (!/^[a-z]+$/.test(word)) return word;
  let stem = word;
  if (/[^aeiou]ies$/.test(stem) && stem.length > 4) stem = `${stem.slice(0, -3)}y`;
  else if (/(?:s|x|z|ch|sh)es$/.test(stem) && stem.length > 4) stem = stem.slice(0, -2);
  else if (/[^su]s$/.test(stem) && stem.length > 3) stem = stem.slice(0, -1);
  const inflected = /^(.*[aeiouy].*?)(?:ing|ed)$/.exec(stem);
  if (inflected && (inflected[1] as string).length >= 4) stem = inflected[1] as string;
  stem = stem.replace(/([bdfgmnprt])\1$/, "$1");
  return stem.length > 4 ? stem.replace(/e$/, "") : stem;
}
