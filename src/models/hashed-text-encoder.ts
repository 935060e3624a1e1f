import type { TextEncoder } from "./ports.ts";

const DIMENSIONS = 384;

/**
 * A text encoder without weights: words and character trigrams (pairs of characters in Chinese), hashed with a sign into 384
 * buckets, damped by the square root of their count. It finds what is spelt alike, in any language; it knows no synonyms.
 *
 * @see Weinberger et al. 2009, "Feature hashing for large scale multitask learning"
 */
export function createHashedTextEncoder(): TextEncoder {
  const encode = async (texts: readonly string[]) => {
    const out = new Float32Array(texts.length * DIMENSIONS);
    for (const [row, text] of texts.entries()) out.set(vectorOf(text), row * DIMENSIONS);
    return out;
  };
  return { id: "hashed-text@1", dimensions: DIMENSIONS, encodeQueries: encode, encodePassages: encode };
}

function vectorOf(text: string): Float32Array {
  const counts = new Map<string, number>();
  for (const feature of featuresOf(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const vector = new Float32Array(DIMENSIONS);
  for (const [feature, count] of counts) {
    const hash = fnv1a(feature);
    const bucket = (hash >>> 1) % DIMENSIONS;
    vector[bucket] =
      (vector[bucket] as number) + (hash & 1 ? 1 : -1) * Math.sqrt(count) * (feature.startsWith("w:") ? 2 : 1);
  }
  const norm = Math.hypot(...vector);
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}

function* featuresOf(text: string): Generator<string> {
  const folded = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  for (const [run] of folded.matchAll(/\p{Script=Han}+|[\p{L}\p{N}]+/gu)) {
    const units = [...run];
    if (/\p{Script=Han}/u.test(run)) {
      for (const unit of units) yield `c:${unit}`;
      for (let i = 0; i + 1 < units.length; i += 1) yield `w:${units[i]}${units[i + 1]}`;
      continue;
    }
    // Three letters or fewer are mostly grammar, but for numbers and codes.
    if (units.length > 3 || /\d/.test(run)) yield `w:${run}`;
    const padded = ["^", ...units, "$"];
    for (let i = 0; i + 2 < padded.length; i += 1) yield `g:${padded.slice(i, i + 3).join("")}`;
  }
}

/** 32-bit FNV-1a over UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
