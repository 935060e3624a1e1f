import type { Noun, Sort } from "../query/schema.ts";
import type { RetrievalContext } from "./context.ts";
import { flagsOf } from "./flags.ts";
import { calibrated, FUSION, type FusionWeights, fusedScore, fusionVector, kindOf, shownFrom } from "./fusion.ts";
import { nearestOf } from "./nearest.ts";
import type { Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import { areaM2, overlapOfSmaller } from "./planar.ts";
import type { ProvedCandidate, RankedCandidate, Ranking, Saliency } from "./values.ts";

/** From this share of the probability that is shown on, the evidence is too strong to deny. */
const UNDECIDED_SHARE = 0.5;
/** Two results that share this much of the smaller one are one place; the better one stays. */
const SAME_PLACE = 0.5;
const MOST_NEAR_MISSES = 5;
/** A near miss must at least be the right object with this confidence. */
const NEAR_MISS_CONCEPT = 0.25;

/**
 * Probability per proved candidate, overlaps merged, in the order that the query asks for (probability by default), cut
 * at the plan's number of regions; what fails the formula but is the right object becomes a near miss with its proof.
 * An exhausted budget yields "cannot decide", never "no match".
 */
export function rank(
  proved: readonly ProvedCandidate[],
  saliency: Saliency,
  plan: Plan,
  context: RetrievalContext,
  weights: FusionWeights = FUSION,
): Ranking {
  const scored = proved.map((entry) => score(entry, plan, weights));
  scored.sort(
    (a, b) =>
      b.probability - a.probability || b.score.total - a.score.total || (a.candidate.id < b.candidate.id ? -1 : 1),
  );
  const least = shownFrom(kindOf(plan.query), weights);
  const likely = scored.filter(({ probability }) => probability >= least);
  const isByProbability = (plan.query.sort?.by ?? "probability") === "probability";
  // Another order than that by probability may bring any of them to the front.
  const most = isByProbability && plan.query.sort?.order !== "ascending" ? plan.budget.regions : likely.length;
  const shown = withoutOverlaps(likely, most);
  const ranked = inOrder(shown, plan.query.sort, context).slice(0, plan.budget.regions);
  const nearMisses = withoutOverlaps(
    scored
      .filter(
        ({ candidate, probability, proof }) =>
          probability < least &&
          proof.failure !== null &&
          candidate.confidence >= NEAR_MISS_CONCEPT &&
          !likely.some((other) => overlapOfSmaller(other.candidate.geometry, candidate.geometry) >= SAME_PLACE),
      )
      .sort(byNearness),
    MOST_NEAR_MISSES,
  );
  const flagged = (entry: RankedCandidate) => ({ ...entry, flags: flagsOf(entry.candidate, plan, context) });
  return {
    outcome: outcomeOf(scored, shown, least, saliency, context.boxes(plan.query.target.concept).size > 0),
    ranked: ranked.map(flagged),
    nearMisses: nearMisses.map(flagged),
  };
}

/**
 * The fused score orders; the probability is what that score came to on calibration worlds for queries of this kind. What the formula rules out altogether
 * has none.
 */
function score(proved: ProvedCandidate, plan: Plan, weights: FusionWeights): RankedCandidate {
  const { candidate, proof } = proved;
  const total = proof.truth === 0 ? 0 : fusedScore(fusionVector(proved, plan), weights);
  return {
    candidate,
    proof,
    probability: proof.truth === 0 ? 0 : calibrated(total, kindOf(plan.query), weights),
    score: {
      total,
      parts: {
        truth: proof.truth,
        coarse: candidate.coarse,
        ...(candidate.saliency > 0 && { saliency: candidate.saliency }),
      },
    },
    flags: [],
  };
}

/** The first `most` of which none lies on an earlier one. */
function withoutOverlaps(candidates: readonly RankedCandidate[], most: number): readonly RankedCandidate[] {
  const kept: RankedCandidate[] = [];
  for (const entry of candidates) {
    if (kept.length >= most) break;
    const { geometry } = entry.candidate;
    if (!kept.some((other) => overlapOfSmaller(other.candidate.geometry, geometry) >= SAME_PLACE)) kept.push(entry);
  }
  return kept;
}

/** Fewest steps from success first: higher truth, then the smaller margin relative to its threshold. */
function byNearness(a: RankedCandidate, b: RankedCandidate): number {
  const relative = ({ proof }: RankedCandidate) => {
    const threshold = proof.failure?.measured?.threshold;
    const margin = proof.failure?.margin;
    return typeof threshold === "number" && threshold > 0 && margin !== undefined ? margin / threshold : 1e6;
  };
  return b.probability - a.probability || relative(a) - relative(b) || b.candidate.confidence - a.candidate.confidence;
}

function inOrder(
  candidates: readonly RankedCandidate[],
  sort: Sort | undefined,
  context: RetrievalContext,
): readonly RankedCandidate[] {
  if (!sort || sort.by === "probability") {
    return sort?.order === "ascending" ? [...candidates].reverse() : candidates;
  }
  const value = (entry: RankedCandidate): number => {
    switch (sort.by) {
      case "area":
        return areaM2(entry.candidate.geometry);
      case "distance":
        return distanceTo(entry, sort.anchor, context);
      case "count":
        return entry.candidate.entityIds.length;
      default:
        return Date.parse(entry.candidate.firstSeen ?? "0000-01-01") || 0;
    }
  };
  const sign = sort.order === "ascending" ? 1 : -1;
  return [...candidates]
    .map((entry) => ({ entry, key: value(entry) }))
    .sort((a, b) => sign * (a.key - b.key) || b.entry.probability - a.entry.probability)
    .map(({ entry }) => entry);
}

function distanceTo({ candidate }: RankedCandidate, anchor: Noun | undefined, context: RetrievalContext): number {
  return anchor ? (nearestOf(candidate.geometry, anchor.concept, context)?.distanceM ?? Number.POSITIVE_INFINITY) : 0;
}

function outcomeOf(
  scored: readonly RankedCandidate[],
  shown: readonly RankedCandidate[],
  least: number,
  saliency: Saliency,
  hasEntities: boolean,
): Outcome {
  if (shown.length > 0) return { kind: "ranked" };
  const best = scored[0]?.probability ?? 0;
  if (best >= UNDECIDED_SHARE * least) return { kind: "cannot_decide", because: "weak_evidence" };
  if (saliency.exhausted) return { kind: "cannot_decide", because: "budget" };
  // Imagery statistics that see nothing clearly are no proof that nothing is there.
  if (scored.length === 0 && !hasEntities) return { kind: "cannot_decide", because: "imagery_only" };
  return { kind: "no_match", reason: scored.length > 0 ? "formula_fails" : "no_candidate" };
}
