/** Pixels by truth and by what was said, [labels × (labels + 1)] row by row; the last column is anything that is no label. */
export type Confusion = Float64Array;

export function emptyConfusion(labels: number): Confusion {
  return new Float64Array(labels * (labels + 1));
}

export interface ClassFigures {
  readonly label: string;
  readonly pixels: number;
  readonly iou: number;
  readonly precision: number | null;
  readonly recall: number;
  /** The label that it is taken for most often, with the share of its pixels; null when it never is. */
  readonly takenFor: { readonly label: string; readonly share: number } | null;
}

export interface SegmentationFigures {
  /** Over the classes that the truth holds. */
  readonly meanIou: number;
  readonly pixelAccuracy: number;
  readonly classes: readonly ClassFigures[];
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

/** Intersection over union, precision and recall of each label that the truth holds (Everingham et al. 2010, PASCAL VOC). */
export function segmentationFigures(confusion: Confusion, labels: readonly string[]): SegmentationFigures {
  const n = labels.length;
  const at = (truth: number, said: number) => confusion[truth * (n + 1) + said] as number;
  const classes: ClassFigures[] = [];
  let [right, all] = [0, 0];
  for (const [i, label] of labels.entries()) {
    let [truth, said] = [0, 0];
    let worst = -1;
    for (let j = 0; j <= n; j += 1) {
      truth += at(i, j);
      if (j < n) said += at(j, i);
      if (j !== i && at(i, j) > 0 && (worst < 0 || at(i, j) > at(i, worst))) worst = j;
    }
    right += at(i, i);
    all += truth;
    if (truth === 0) continue;
    classes.push({
      label,
      pixels: truth,
      iou: rounded(at(i, i) / (truth + said - at(i, i))),
      precision: said > 0 ? rounded(at(i, i) / said) : null,
      recall: rounded(at(i, i) / truth),
      takenFor: worst < 0 ? null : { label: labels[worst] ?? "no label", share: rounded(at(i, worst) / truth) },
    });
  }
  return {
    meanIou: classes.length > 0 ? rounded(classes.reduce((sum, { iou }) => sum + iou, 0) / classes.length) : 0,
    pixelAccuracy: all > 0 ? rounded(right / all) : 0,
    classes,
  };
}
