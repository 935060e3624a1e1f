import { FEATURES, type FeatureVector, type RerankerWeights } from "../../retrieval/knowledge/reranker.ts";

export interface Example {
  readonly features: FeatureVector;
  readonly isSource: boolean;
}

const STEPS = 3000;
const RATE = 0.5;
/** Pull of the weights towards 0. */
const RIDGE = 1e-3;

/**
 * Logistic regression by full gradient descent from zero, each class weighing half: the same examples give the same weights.
 *
 * @param made words on what it was learned from, kept in the file
 */
export function learnReranker(examples: readonly Example[], made: string, version: number): RerankerWeights {
  const count = {
    source: examples.filter(({ isSource }) => isSource).length,
    other: examples.filter(({ isSource }) => !isSource).length,
  };
  const weights = FEATURES.map(() => 0);
  let bias = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const slope = weights.map((weight) => RIDGE * weight);
    let biasSlope = 0;
    for (const { features, isSource } of examples) {
      const sum = features.reduce((total, value, i) => total + value * (weights[i] as number), bias);
      const error = (1 / (1 + Math.exp(-sum)) - (isSource ? 1 : 0)) / (2 * (isSource ? count.source : count.other));
      biasSlope += error;
      for (const [i, value] of features.entries()) slope[i] = (slope[i] as number) + error * value;
    }
    bias -= RATE * biasSlope;
    for (const [i, value] of slope.entries()) weights[i] = (weights[i] as number) - RATE * value;
  }
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return {
    version,
    made,
    bias: round(bias),
    weights: Object.fromEntries(
      FEATURES.map((feature, i) => [feature, round(weights[i] as number)]),
    ) as RerankerWeights["weights"],
  };
}
