/** Seeds of demo worlds, [from, to): what was trained, what probabilities are calibrated on, and what is measured. They never mix. */
export const TRAINING_SEEDS = [2000, 3000] as const;
export const CALIBRATION_SEEDS = [3000, 4000] as const;
export const EVALUATION_SEEDS = [4000, 5000] as const;
