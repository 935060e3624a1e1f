import { coarse, fuse } from "../../retrieval/coarse.ts";
import type { RetrievalContext } from "../../retrieval/context.ts";
import type { FusionWeights } from "../../retrieval/fusion.ts";
import { rank } from "../../retrieval/rank.ts";
import { refine } from "../../retrieval/refine.ts";
import type { Candidate } from "../../retrieval/values.ts";
import type { Stages } from "../../turn/stages.ts";
import { everything, type Method } from "./methods.ts";

const PRIORS = ["image", "context", "entities", "caption", "relation", "change"] as const;
const SOURCES = ["entity", "cluster", "likeness", "saliency"] as const;

/** Tiles are ranked at 512 m and the descent ends at 64 m; these are the other ways. */
const OTHER_SCALES_M = [256, 1024, 2048] as const;
const OTHER_FINEST_M = [128, 256, 512] as const;

/**
 * The whole system with one thing taken away or done otherwise: a prior of the tiles (`context` is the coarser scales), a source of candidates, imagery, maps,
 * the scale at which tiles are ranked, the cells at which the descent ends, the fusion.
 *
 * @param fusion another fusion, as one learned without hard negatives; null for none
 */
export function ablations(
  stages: Stages,
  context: RetrievalContext,
  fusion: FusionWeights | null,
): readonly (() => Method)[] {
  return [
    ...OTHER_SCALES_M.map(
      (scale) => () =>
        everything(
          { ...stages, coarse: (plan, signal) => coarse(plan, context, signal, scale) },
          `tiles ranked at ${scale} m`,
        ),
    ),
    ...OTHER_FINEST_M.map(
      (finest) => () =>
        everything(
          { ...stages, refine: (tiles, plan, signal) => refine(tiles, plan, context, signal, finest) },
          finest === 512 ? "without a descent" : `descent to ${finest} m`,
        ),
    ),
    ...(fusion
      ? [
          () =>
            everything(
              { ...stages, rank: (proved, saliency, plan) => rank(proved, saliency, plan, context, fusion) },
              "with the other fusion",
            ),
        ]
      : []),
    ...PRIORS.map((prior) => () => everything(withoutPrior(stages, prior), `without the prior ${prior}`)),
    ...SOURCES.map(
      (source) => () =>
        everything(
          onlyCandidates(stages, ({ origin }) => origin !== source),
          `without candidates by ${source}`,
        ),
    ),
    () =>
      everything(
        onlyCandidates(stages, (one) => isMapped(one) === false),
        "image only",
      ),
    () =>
      everything(
        onlyCandidates(stages, (one) => isMapped(one) !== false && one.origin !== "saliency"),
        "maps only",
      ),
  ];
}

function withoutPrior(stages: Stages, prior: string): Stages {
  return {
    ...stages,
    coarse: async (plan, signal) =>
      (await stages.coarse(plan, signal))
        .map((hit) => {
          const { [prior]: _, ...parts } = hit.parts;
          return { ...hit, parts, score: fuse(parts) };
        })
        .sort((a, b) => b.score - a.score || (a.tile.id < b.tile.id ? -1 : 1)),
  };
}

function onlyCandidates(stages: Stages, keeps: (candidate: Candidate) => boolean): Stages {
  return { ...stages, propose: (tiles, saliency, plan) => stages.propose(tiles, saliency, plan).filter(keeps) };
}

/** Whether a map alone knows it (true), imagery alone (false), or both (null). */
function isMapped({ source }: Candidate): boolean | null {
  const parts = source.split(", ").map((one) => one.startsWith("layer:"));
  return parts.every((one) => one) ? true : parts.some((one) => one) ? null : false;
}
