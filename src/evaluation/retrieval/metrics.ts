import * as turf from "@turf/turf";
import { areaM2, type Outline } from "../../retrieval/planar.ts";
import type { JudgedRegion } from "./match.ts";

/** Of one query. Regions in doubt are taken out before ranks are counted; a repeat keeps its rank and gains nothing. */
export interface RankingFigures {
  /** Right answers among the first K regions over min(K, answers), at most 1. */
  readonly recall: Readonly<Record<1 | 5 | 10, number>>;
  /** Mean over min(10, answers) of the precision at each right region among the first ten. */
  readonly averagePrecision: number;
  /** Gains of 1 at right regions, discounted by log2(rank + 1), over those of min(10, answers) right ones first. */
  readonly ndcg: number;
  /** One over the rank of the first right region; 0 without one. */
  readonly reciprocalRank: number;
}

const DEPTH = 10;

/** @param answers how many right ones there are; at least one */
export function rankingFigures(judged: readonly JudgedRegion[], answers: number): RankingFigures {
  const ranked = judged.filter(({ kind }) => kind !== "doubt");
  const isRight = ranked.map(({ kind }) => kind === "right");
  const most = Math.min(DEPTH, answers);
  const recallAt = (k: number) => {
    const found = ranked.slice(0, k).reduce((sum, { claims }) => sum + claims.length, 0);
    return Math.min(1, found / Math.min(k, answers));
  };
  let [hits, precisions, gain] = [0, 0, 0];
  for (const [i, right] of isRight.slice(0, DEPTH).entries()) {
    if (!right) continue;
    hits += 1;
    precisions += hits / (i + 1);
    gain += 1 / Math.log2(i + 2);
  }
  const ideal = Array.from({ length: most }, (_, i) => 1 / Math.log2(i + 2)).reduce((sum, one) => sum + one, 0);
  const first = isRight.indexOf(true);
  return {
    recall: { 1: recallAt(1), 5: recallAt(5), 10: recallAt(10) },
    averagePrecision: Math.min(1, precisions / most),
    ndcg: Math.min(1, gain / ideal),
    reciprocalRank: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** How well a region outlines the thing that it shows. */
export interface OutlineFigures {
  /** Shared area over that of both, 0..1. */
  readonly iou: number;
  /** Metres between both centroids. */
  readonly centreDistanceM: number;
  /** |area − right area| over the right area. */
  readonly areaError: number;
  /** F1 of the boundaries within `toleranceM` of each other. */
  readonly boundaryF1: number;
}

/** Metres that a boundary may be off. */
export const BOUNDARY_TOLERANCE_M = 5;

export function outlineFigures(
  region: Outline,
  answer: Outline,
  iou: number,
  toleranceM = BOUNDARY_TOLERANCE_M,
): OutlineFigures {
  const [a, b] = [centre(region), centre(answer)];
  const right = areaM2(answer);
  return {
    iou,
    centreDistanceM: Math.hypot(a[0] - b[0], a[1] - b[1]),
    areaError: right > 0 ? Math.abs(areaM2(region) - right) / right : 0,
    boundaryF1: boundaryF1(region, answer, toleranceM),
  };
}

/** Points every two metres or closer along each boundary: the share of them within the tolerance of the other, both ways, as F1. */
export function boundaryF1(region: Outline, answer: Outline, toleranceM: number): number {
  const [own, right] = [segmentsOf(region), segmentsOf(answer)];
  const precision = shareNear(pointsOn(own), right, toleranceM);
  const recall = shareNear(pointsOn(right), own, toleranceM);
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

type Segment = readonly [number, number, number, number];
/** Metres between points on a boundary; more where it would take more than so many. */
const SPACING_M = 2;
const MOST_POINTS = 400;

function segmentsOf(outline: Outline): Segment[] {
  const polygons = outline.type === "Polygon" ? [outline.coordinates] : outline.coordinates;
  return polygons.flat().flatMap((ring) =>
    ring.slice(1).map(([x = 0, y = 0], i): Segment => {
      const [x0 = 0, y0 = 0] = ring[i] ?? [];
      return [x0, y0, x, y];
    }),
  );
}

function pointsOn(segments: readonly Segment[]): (readonly [number, number])[] {
  const length = segments.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0);
  const spacing = Math.max(SPACING_M, length / MOST_POINTS);
  return segments.flatMap(([x0, y0, x1, y1]) => {
    const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / spacing));
    return Array.from(
      { length: steps },
      (_, i) => [x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps] as const,
    );
  });
}

function shareNear(
  points: readonly (readonly [number, number])[],
  segments: readonly Segment[],
  within: number,
): number {
  if (points.length === 0) return 0;
  const near = points.filter(([x, y]) => segments.some((segment) => distanceTo(segment, x, y) <= within));
  return near.length / points.length;
}

function distanceTo([x0, y0, x1, y1]: Segment, x: number, y: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  const t = squared > 0 ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / squared)) : 0;
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

function centre(outline: Outline): readonly [number, number] {
  return turf.centerOfMass(outline).geometry.coordinates as [number, number];
}
