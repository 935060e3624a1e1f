/**
 * Log-odds coefficients from a proof's truth and the saliency under a region to its probability. The identity on truth
 * (1, 0) takes the reasoner's truth as it is: the product of calibrated confidences under independence.
 */
export const CALIBRATION = { truth: 1, saliency: 0.5, bias: 0 } as const;
