import { areaM2, boxesMeet, boxOf, type Outline, sharedM2 } from "../../retrieval/planar.ts";

/** A place that a method shows, best first. Working-CRS metres. */
export interface ShownRegion {
  readonly outline: Outline;
  /** Probability where the method gives one, else any score that falls with the rank. */
  readonly probability: number;
}

/** How a shown region stands to the right answers. */
export interface JudgedRegion {
  readonly probability: number;
  /** Right answers that it is the first to show. */
  readonly claims: readonly number[];
  /** Of the answer that it fits best, where it shows one: also when an earlier region claimed it. */
  readonly fit: { readonly answer: number; readonly iou: number } | null;
  readonly kind: "right" | "repeat" | "doubt" | "wrong";
}

/** Shared area over that of the smaller of the two from which a region shows an answer. */
const SHOWS_FROM = 0.5;
/** A region larger than a tile of 256 m (rounded up) and than so many answers shows nothing in particular. */
const LARGEST_M2 = 66_000;
const LARGEST_TIMES = 16;

/**
 * Holds regions against the right answers, best first. A region shows an answer when half of the smaller of both is shared and the region is no larger than a
 * tile or sixteen answers: a coarse tile over a small thing counts, how well it fits is measured apart. Each answer is claimed once. What shows
 * nothing right but something too close to call is in doubt, and does not count.
 */
export function judgeRegions(
  regions: readonly ShownRegion[],
  answers: readonly Outline[],
  doubtful: readonly Outline[],
): readonly JudgedRegion[] {
  const boxes = answers.map(boxOf);
  const doubtBoxes = doubtful.map(boxOf);
  const claimed = new Set<number>();
  return regions.map(({ outline, probability }): JudgedRegion => {
    const box = boxOf(outline);
    const shown = answers.flatMap((answer, i) => {
      if (!boxesMeet(box, boxes[i] as (typeof boxes)[number]) || !shows(outline, answer)) return [];
      const shared = sharedM2(outline, answer);
      return [{ answer: i, iou: shared / (areaM2(outline) + areaM2(answer) - shared) }];
    });
    const claims = shown.map(({ answer }) => answer).filter((answer) => !claimed.has(answer));
    for (const answer of claims) claimed.add(answer);
    const fit = shown.reduce<JudgedRegion["fit"]>((best, one) => (best && best.iou >= one.iou ? best : one), null);
    const isDoubt = () =>
      doubtful.some((one, i) => boxesMeet(box, doubtBoxes[i] as (typeof boxes)[number]) && shows(outline, one));
    const kind = claims.length > 0 ? "right" : fit ? "repeat" : isDoubt() ? "doubt" : "wrong";
    return { probability, claims, fit, kind };
  });
}

function shows(region: Outline, answer: Outline): boolean {
  const [own, right] = [areaM2(region), areaM2(answer)];
  if (own > Math.max(LARGEST_M2, LARGEST_TIMES * right)) return false;
  return sharedM2(region, answer) >= SHOWS_FROM * Math.min(own, right) && own > 0;
}
