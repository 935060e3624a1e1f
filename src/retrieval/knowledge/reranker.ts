import weights from "./reranker-weights.json" with { type: "json" };

/**
 * What the re-ranker sees of a text and a landmark. `named`: the name stands in the text (1), a shortened one (0.6) · `overlap`:
 * share of the words of its best name · `aliasOnly`: named by an alias · `fact`: it has a fact that is asked for · `concept` and
 * `country`: as asked · `near`: to the focus · `bm25`, `fused`: as shares of the best · `dense`, `chip`: cosines · `importance`.
 */
export const FEATURES = [
  "named",
  "overlap",
  "aliasOnly",
  "fact",
  "concept",
  "country",
  "near",
  "bm25",
  "dense",
  "fused",
  "chip",
  "importance",
] as const;
export type FeatureVector = readonly number[];

export interface RerankerWeights {
  readonly version: number;
  readonly made: string;
  readonly bias: number;
  readonly weights: Readonly<Record<(typeof FEATURES)[number], number>>;
}
export const RERANKER: RerankerWeights = weights;

/** Probability, by the logistic learned on the tuning questions, that the text is about the landmark. */
export function rerankerScore(features: FeatureVector, model: RerankerWeights = RERANKER): number {
  const sum = FEATURES.reduce(
    (total, feature, i) => total + model.weights[feature] * (features[i] as number),
    model.bias,
  );
  return 1 / (1 + Math.exp(-sum));
}
