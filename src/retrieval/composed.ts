/**
 * Weight of the text beside the image where none is given: the best of `eval -- composed` for a half-trained encoder, on the questions it was chosen by, whose images tell scenes well and whose single
 * words tell little. The normalised similarities of all images of one scene are near one, so that even this weight orders them by the text. CLIP-sized
 * encoders want 0.3 to 0.6 (WeiCom); measure with the encoder at hand.
 */
export const DEFAULT_TEXT_WEIGHT = 0.01;

/**
 * Similarities of one query over a database as shares of a normal distribution: s → Φ((s − μ)/σ), 0..1, so that those of two modalities, whose
 * ranges differ, can be added. All alike become 0.5.
 */
export function normalisedSimilarities(similarities: ArrayLike<number>): Float64Array {
  const count = similarities.length;
  let mean = 0;
  for (let i = 0; i < count; i += 1) mean += (similarities[i] as number) / count;
  let variance = 0;
  for (let i = 0; i < count; i += 1) variance += ((similarities[i] as number) - mean) ** 2 / count;
  const deviation = Math.sqrt(variance);
  return Float64Array.from({ length: count }, (_, i) =>
    // A spread that is only rounding tells nothing.
    deviation > 1e-12 ? normalShare(((similarities[i] as number) - mean) / deviation) : 0.5,
  );
}

/**
 * "Like this, but …": the score of every image of a database for a query of an image and a text, (1 − λ)·image + λ·text of the normalised similarities.
 *
 * @param image similarity of each image to the query image
 * @param text similarity of each image to the query text
 * @param textWeight λ, 0 (image alone) to 1 (text alone)
 * @throws {RangeError} when both are not of one length, or the weight is outside 0..1
 * @see WeiCom, arXiv 2405.15587
 */
export function composedScores(
  image: ArrayLike<number>,
  text: ArrayLike<number>,
  textWeight = DEFAULT_TEXT_WEIGHT,
): Float64Array {
  if (image.length !== text.length)
    throw new RangeError(
      `There are ${image.length} image and ${text.length} text similarities; give one of each an image.`,
    );
  if (!(textWeight >= 0 && textWeight <= 1))
    throw new RangeError(`The text weight ${textWeight} is not between 0 and 1.`);
  const seen = normalisedSimilarities(image);
  const said = normalisedSimilarities(text);
  return seen.map((value, i) => (1 - textWeight) * value + textWeight * (said[i] as number));
}

/** Φ, the share of a standard normal distribution below z, to within 1.5e-7 (Abramowitz and Stegun 7.1.26). */
export function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-x * x)) / 2;
  return z < 0 ? tail : 1 - tail;
}
