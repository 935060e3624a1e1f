import { openTextEncoder } from "../models/open-encoder.ts";
import type { TextEncoder } from "../models/ports.ts";
import { createBm25 } from "../retrieval/bm25.ts";
import { normalisedSimilarities } from "../retrieval/composed.ts";
import { oneOf, readOptions, required, wholeNumber } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { type CaptionedImage, readCaptionedImages } from "./captioned-images.ts";
import { rowOf, similarities } from "./encode-images.ts";
import { bestRank, recallsOf } from "./retrieval-metrics.ts";

/** How an image's score follows from those of its captions. */
const AGGREGATES = ["best", "mean"] as const;
type Aggregate = (typeof AGGREGATES)[number];
/** How dense and BM25 become one: sum of reciprocal ranks, or of normalised scores. */
const FUSIONS = ["ranks", "sum"] as const;
type Fusion = (typeof FUSIONS)[number];
/** Constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). */
const RANK_CONSTANT = 60;

/**
 * Text-to-text retrieval of images by what was said of them: the first captions of each image ask, the other captions of all images answer. An image
 * is ranked by its captions' best or mean score. On 1,093 validation images of RSICD's training part the best caption came to a mean recall of 87.6 where
 * the mean came to 82.2 (BM25; 88.9 and 71.0 dense), and the sum of normalised scores to 89.6 where reciprocal ranks came to 89.5: hence the defaults.
 *
 * @see "Beyond Pixels" (TRSLLaVA), which retrieves remote-sensing images by captions alone
 */
export const textToTextEvaluation: Measurement = {
  name: "text2text",
  summary:
    "retrieval of images by captions, dense, BM25 and hybrid: --captions FILE --filenames FILE [--queries-per-image 1] [--model ID] [--limit N] [--aggregate best|mean] [--fusion ranks|sum]",
  run: async (args) => {
    const values = readOptions(args, {
      captions: { type: "string" },
      filenames: { type: "string" },
      model: { type: "string" },
      limit: { type: "string" },
      "queries-per-image": { type: "string", default: "1" },
      aggregate: { type: "string", default: "best" },
      fusion: { type: "string", default: "sum" },
    });
    const all = readCaptionedImages(required(values.captions, "captions"), required(values.filenames, "filenames"));
    const limit = wholeNumber(values.limit, "limit") ?? all.length;
    return {
      evaluation: "text2text",
      ...(await measureTextToText(all.slice(0, limit), await openTextEncoder(values.model), {
        queriesPerImage: wholeNumber(values["queries-per-image"], "queries-per-image") ?? 1,
        aggregate: oneOf(values.aggregate, AGGREGATES, "aggregate"),
        fusion: oneOf(values.fusion, FUSIONS, "fusion"),
      })),
    };
  },
};

export interface TextToTextOptions {
  readonly queriesPerImage: number;
  readonly aggregate: Aggregate;
  readonly fusion: Fusion;
}

/** @param encoder null measures BM25 alone */
export async function measureTextToText(
  all: readonly CaptionedImage[],
  encoder: TextEncoder | null,
  { queriesPerImage, aggregate, fusion }: TextToTextOptions,
) {
  const images = all.filter(({ captions }) => captions.length > queriesPerImage);
  const queries = images.flatMap(({ captions }, image) =>
    captions.slice(0, queriesPerImage).map((text) => ({ text, image })),
  );
  const passages = images.flatMap(({ captions }, image) =>
    captions.slice(queriesPerImage).map((text) => ({ text, image })),
  );
  const started = performance.now();
  const bm25 = createBm25(passages.map(({ text }) => text));
  const dense = encoder && {
    dimensions: encoder.dimensions,
    queries: await encoder.encodeQueries(queries.map(({ text }) => text)),
    passages: await encoder.encodePassages(passages.map(({ text }) => text)),
  };
  const imageOf = passages.map(({ image }) => image);
  const ranks = new Map<string, number[]>();
  const put = (method: string, scores: ArrayLike<number>, image: number) => {
    const held = ranks.get(method);
    const rank = bestRank(scores, [image]);
    if (held) held.push(rank);
    else ranks.set(method, [rank]);
  };
  const scratch = new Float64Array(passages.length);
  for (const [q, { text, image }] of queries.entries()) {
    const words = bm25.scores(text);
    const meaning = dense && similarities(rowOf(dense.queries, q, dense.dimensions), dense.passages, scratch);
    for (const one of AGGREGATES) {
      const byWords = perImage(words, imageOf, images.length, one);
      put(`bm25 ${one}`, byWords, image);
      if (!meaning) continue;
      const byMeaning = perImage(meaning, imageOf, images.length, one);
      put(`dense ${one}`, byMeaning, image);
      for (const way of FUSIONS) put(`hybrid ${one} ${way}`, fused(byMeaning, byWords, way), image);
    }
  }
  const own = new Set(passages.map(({ text, image }) => `${image} ${text}`));
  const recalls = (method: string) => {
    const found = ranks.get(method);
    return found ? recallsOf(found) : null;
  };
  return {
    model: encoder?.id ?? null,
    ...(encoder
      ? {}
      : { note: "The model encodes no text: BM25 alone is measured; name one that does with --model ID." }),
    images: images.length,
    queries: queries.length,
    passages: passages.length,
    leftOut: all.length - images.length,
    /** Queries whose very words stand again among the other captions of their image: near to given. */
    verbatim: queries.filter(({ text, image }) => own.has(`${image} ${text}`)).length,
    aggregate,
    fusion,
    dense: recalls(`dense ${aggregate}`),
    bm25: recalls(`bm25 ${aggregate}`),
    hybrid: recalls(`hybrid ${aggregate} ${fusion}`),
    /** Mean recall of every way, for choosing on training data. */
    ways: Object.fromEntries([...ranks].map(([method, found]) => [method, recallsOf(found).mean])),
    seconds: Math.round((performance.now() - started) / 10) / 100,
  };
}

function perImage(
  scores: Float64Array,
  imageOf: readonly number[],
  images: number,
  aggregate: Aggregate,
): Float64Array {
  const out = new Float64Array(images).fill(aggregate === "best" ? Number.NEGATIVE_INFINITY : 0);
  const counts = new Float64Array(images);
  for (const [passage, image] of imageOf.entries()) {
    const score = scores[passage] as number;
    counts[image] = (counts[image] as number) + 1;
    out[image] = aggregate === "best" ? Math.max(out[image] as number, score) : (out[image] as number) + score;
  }
  return aggregate === "best" ? out : out.map((sum, image) => sum / (counts[image] as number));
}

function fused(dense: Float64Array, words: Float64Array, fusion: Fusion): Float64Array {
  const [a, b] = [dense, words].map(fusion === "sum" ? normalisedSimilarities : reciprocalRanks);
  return (a as Float64Array).map((value, i) => value + ((b as Float64Array)[i] as number));
}

/** 1 / (60 + rank) of each score; equal scores share the mean of their ranks. */
function reciprocalRanks(scores: Float64Array): Float64Array {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const out = new Float64Array(scores.length);
  for (let at = 0; at < order.length; ) {
    let end = at + 1;
    while (end < order.length && scores[order[end] as number] === scores[order[at] as number]) end += 1;
    for (let i = at; i < end; i += 1) out[order[i] as number] = 1 / (RANK_CONSTANT + (at + 1 + end) / 2);
    at = end;
  }
  return out;
}
