import { z } from "zod";
import type { Query } from "../query/schema.ts";
import weights from "./fusion-weights.json" with { type: "json" };
import type { Plan } from "./plan.ts";
import type { ProvedCandidate } from "./values.ts";

/**
 * What the fusion sees of a proved candidate. `truth`: log-odds of the proof's truth · `cluster`, `salient`, `alike`: where it came from, else it is an entity ·
 * `salientTruth`, `alikeTruth`: the log-odds again for those · `segmented`: seen by segmenter or detector and not mapped · `heat`: mean saliency under it less a half ·
 * `coarse`: best tile under it · `related`, `far`, `changed`, `described`: what the query asks beside the kind · `segmentedDescribed`: an attribute told from pixels ·
 * `changedMapped`: a change of a mapped thing.
 */
export const FUSION_FEATURES = [
  "truth",
  "cluster",
  "salient",
  "salientTruth",
  "alike",
  "alikeTruth",
  "segmented",
  "heat",
  "coarse",
  "related",
  "far",
  "changed",
  "described",
  "segmentedDescribed",
  "changedMapped",
] as const;
export type FusionFeature = (typeof FUSION_FEATURES)[number];
export type FusionVector = Readonly<Record<FusionFeature, number>>;

/** Kinds of query that are calibrated apart. */
export const QUERY_KINDS = ["object", "relation", "change", "geo"] as const;
export type QueryKind = (typeof QUERY_KINDS)[number];

/** Where the tiles' parts, the candidates' features, and what was held back meet: written by `eval -- fusion --learn`. */
export const FusionWeightsSchema = z.object({
  version: z.int().min(1),
  /** On what it was learned and calibrated, in words. */
  made: z.string(),
  coarse: z.object({ bias: z.number(), weights: z.record(z.string(), z.number()) }),
  rank: z.object({ bias: z.number(), weights: z.record(z.enum(FUSION_FEATURES), z.number()) }),
  /** By kind of query: rising points of raw and calibrated probability, joined by straight lines. */
  calibration: z.record(z.enum(QUERY_KINDS), z.array(z.tuple([z.number(), z.number()])).min(1)),
  abstention: z.object({
    /** Bound on the expected share of wrong regions among those shown. */
    alpha: z.number(),
    /** Least calibrated probability that is shown under that bound, by kind of query. */
    thresholds: z.record(z.enum(QUERY_KINDS), z.number()),
    /** Calibration queries that they rest on. */
    queries: z.record(z.enum(QUERY_KINDS), z.number()),
  }),
});
export type FusionWeights = z.infer<typeof FusionWeightsSchema>;

export const FUSION: FusionWeights = weights as unknown as FusionWeights;

/** Kind of a query for calibration; change before relation before place, as the harder part decides. */
export function kindOf({ time, relations, geo }: Query): QueryKind {
  if (time !== null && time.kind !== "as_of") return "change";
  if (relations.length > 0) return "relation";
  return geo.length > 0 ? "geo" : "object";
}

export function fusionVector({ candidate, proof }: ProvedCandidate, plan: Plan): FusionVector {
  const { query } = plan;
  const flag = (holds: boolean) => (holds ? 1 : 0);
  const truth = logOdds(proof.truth);
  const isAlike = candidate.origin === "likeness";
  const isSalient = candidate.origin === "saliency";
  const isSegmented = candidate.origin === "entity" && !candidate.source.startsWith("layer:");
  const isDescribed = query.target.attributes.length > 0;
  const isChange = query.time !== null && query.time.kind !== "as_of";
  return {
    truth,
    cluster: flag(candidate.origin === "cluster"),
    salient: flag(isSalient),
    salientTruth: isSalient ? truth : 0,
    alike: flag(isAlike),
    alikeTruth: isAlike ? truth : 0,
    segmented: flag(isSegmented),
    heat: candidate.saliency > 0 ? candidate.saliency - 0.5 : 0,
    coarse: candidate.coarse,
    related: flag(query.relations.length > 0),
    far: flag(query.relations.some(({ predicate, negated }) => predicate === "far_from" || negated)),
    changed: flag(isChange),
    described: flag(isDescribed),
    segmentedDescribed: flag(isDescribed && isSegmented),
    changedMapped: flag(isChange && candidate.origin === "entity" && !isSegmented),
  };
}

/** Probability before it is calibrated: orders candidates. */
export function fusedScore(vector: FusionVector, { rank }: FusionWeights = FUSION): number {
  const sum = FUSION_FEATURES.reduce((total, name) => total + (rank.weights[name] ?? 0) * vector[name], rank.bias);
  return 1 / (1 + Math.exp(-sum));
}

/** Calibrated probability of a raw one, by straight lines from nothing to the first point and between the points, level beyond the last. */
export function calibrated(raw: number, kind: QueryKind, { calibration }: FusionWeights = FUSION): number {
  const points: readonly (readonly [number, number])[] = [[0, 0], ...calibration[kind]];
  const after = points.findIndex(([x]) => x >= raw);
  if (after === 0) return 0;
  if (after < 0) return points.at(-1)?.[1] ?? 0;
  const [x0, y0] = points[after - 1] as readonly [number, number];
  const [x1, y1] = points[after] as readonly [number, number];
  return x1 > x0 ? y0 + ((raw - x0) / (x1 - x0)) * (y1 - y0) : y1;
}

/** A region less likely than this is not shown, whatever the bound would allow. */
const LEAST_SHOWN = 0.3;

/** Least probability that is shown for a kind of query: the expected share of wrong regions among those shown is then at most `abstention.alpha`. */
export function shownFrom(kind: QueryKind, { abstention }: FusionWeights = FUSION): number {
  return Math.max(LEAST_SHOWN, abstention.thresholds[kind]);
}

export function logOdds(truth: number): number {
  const inside = Math.min(0.999, Math.max(0.001, truth));
  return Math.log(inside / (1 - inside));
}
